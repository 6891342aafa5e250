"""How findings and refusals are told: the same thing once with its places, and how it ended."""

from __future__ import annotations

from pathlib import Path

from support.calls import instead
from support.tables import GOOD, write_csv
from support.terminals import PAPERS, Terminal

FUNDS = 16


def test_what_holds_of_every_fund_is_told_once_with_all_of_them(empty: Terminal) -> None:
    for call in (("check",), ("status",), ("verify",)):
        page = empty.done(*call)
        assert page.count("FL618") == 1, call
        assert f"〔共 {FUNDS} 处：基金 " in page
        assert "dibao、" in page
    page = empty.run("budget", "propose", "2027", lang="en").stdout
    assert page.count("FL536") == page.count("FL618") == 1
    assert f"[{FUNDS} in all: funds charity, children, dibao, " in page
    assert empty.json("check")["warnings"] == FUNDS


def test_what_differs_by_more_than_its_place_is_told_apart(office: Terminal) -> None:
    page = office.run("check", "dibao").stdout

    assert "共" not in page.split("截至")[0]
    assert "〔基金 dibao〕" in page


def test_what_is_to_be_done_in_each_folder_is_told_of_each(office: Terminal) -> None:
    said = ("--amount", "5.00", "--date", "2026-03-23", "--narration", "一笔", *PAPERS)
    office.done("record", "union", "unknown-credit", *said)
    for fund in ("dibao", "union"):
        (office.root / "ledgers" / fund / "journal").chmod(0o777)
    page = office.run("check", "dibao", "union", lang="en").stdout
    assert page.count("FL625") == 2
    assert "and others" not in page
    for fund in ("dibao", "union"):
        assert f"may write ledgers/{fund}/journal. [fund {fund}]" in page
        assert f"chmod -R o-w ledgers/{fund}." in page


def test_the_same_fault_of_many_rows_is_told_once(office: Terminal, tmp_path: Path) -> None:
    bad = [(day, *row[1:6], "0", *row[7:]) for day in ("2026-04-01", "2026-04-02") for row in GOOD]
    table = write_csv(tmp_path / "表.csv", bad)

    result = office.run("record", "dibao", "--from", str(table))

    lines = result.stderr.splitlines()
    assert [line[:5] for line in lines if line.startswith("FL")] == ["FL303", "FL948"]
    assert "凭证 2026-04-0001 等 没有所附原始凭证" in result.stderr
    assert "共 6 处：基金 dibao，凭证 2026-04-0001，记录 7；" in result.stderr
    assert "表.csv：第 2, 3, 4, 5, 6, 7 行的凭证（2026-04-0001, " in result.stderr


def test_a_refused_act_ends_in_the_line_that_nothing_was_recorded(office: Terminal) -> None:
    said = ("--date", "2026-04-01", "--narration", "一笔", *PAPERS)
    gift = ("record", "dibao", "donation", "--amount", "5.00")
    refused: tuple[tuple[tuple[str, ...], str, str], ...] = (
        (instead((*gift, *said), "--maker", "S01"), "（基金 dibao）", " in the fund dibao"),
        (gift, "", ""),
        ((*gift, *said, "--nosuch"), "", ""),
        (("record", "nosuch", "donation", "--amount", "5.00", *said), "", ""),
        (("close", "dibao", "2026-11", "--by", "S05"), "（基金 dibao）", " in the fund dibao"),
        (("reverse", "dibao", "2026-03-0001"), "", ""),
    )
    for call, zh, en in refused:
        assert office.run(*call).stderr.splitlines()[-1] == f"未记账{zh}。", call
        english = office.run(*call, lang="en").stderr.splitlines()
        assert english[-1] == f"Nothing was recorded{en}.", call
    assert office.json(*refused[0][0], code=1)["recorded"] is False


def test_a_reading_call_that_fails_says_nothing_of_recording(office: Terminal) -> None:
    for call in (
        ("ledger", "dibao", "9999"),
        ("reconcile", "dibao"),
        ("reconcile", "dibao", "--statement", "nosuch.csv"),
        ("record", "nosuch", "--template", "form.xlsx"),
        ("verify", "nosuch"),
    ):
        result = office.run(*call)
        assert result.exit_code != 0
        assert "未记账" not in result.stderr
        assert "recorded" not in office.json(*call, code=result.exit_code)
