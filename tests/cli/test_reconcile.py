"""The reconciliation on the command line: what is compared, and what is not."""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path

from python_calamine import CalamineWorkbook

from support.calls import instead
from support.camts import Entry, Message
from support.exports import PROFILES
from support.statements import HEAD, xlsx_bytes
from support.terminals import PAPERS, Terminal

LINES = (
    ("2026-03-02", "", "120000.00", "120000.00", "区财政局", "31001", "拨款", "A1"),
    ("2026-03-10", "30000.00", "", "90000.00", "某银行", "31002", "代发", "A2"),
    ("2026-03-21", "12.50", "", "89987.50", "", "", "手续费", "A3"),
)


def statement(path: Path, account: str) -> Path:
    """Write the statement that agrees with the book, as one of this account."""
    path.write_bytes(xlsx_bytes({"明细": (("账号", account), HEAD, *LINES)}))
    return path


def test_another_accounts_statement_is_named_and_compared_with_nothing(
    office: Terminal, tmp_path: Path
) -> None:
    own = statement(tmp_path / "对账单.xlsx", "3100000000000000101")
    other = statement(tmp_path / "他户.xlsx", "3100000000000000999")
    form = tmp_path / "调节表.xlsx"
    before = office.bytes()

    for paths in ((other,), (own, other)):
        files = [word for path in paths for word in ("--statement", str(path))]
        result = office.run("reconcile", "dibao", *files, "--xlsx", str(form))
        found = office.json("reconcile", "dibao", *files, code=1)

        assert result.exit_code == 1
        assert result.stdout == ""
        assert [line[:5] for line in result.stderr.splitlines() if line[:2] == "FL"] == ["FL850"]
        assert [finding["code"] for finding in found["findings"]] == ["FL850"]
        assert "difference_fen" not in found
        assert not form.exists()
    assert office.bytes() == before
    assert "差额 0.00" in office.done("reconcile", "dibao", "--statement", str(own))


def test_a_line_that_the_bank_took_back_is_shown_as_set_off(
    office: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "对账单.xlsx"
    red = (
        ("2026-03-22", "300.00", "", "89687.50", "", "", "扣款", "A4"),
        ("2026-03-25", "-300.00", "", "89987.50", "", "", "冲正", "A5"),
        ("合计", "30012.50", "120000.00"),
    )
    path.write_bytes(xlsx_bytes({"明细": (("账号", "3100000000000000101"), HEAD, *LINES, *red)}))
    form = tmp_path / "调节表.xlsx"
    call = ("reconcile", "dibao", "--statement", str(path))

    page = office.done(*call, "--xlsx", str(form))
    found = office.json(*call)
    cells = CalamineWorkbook.from_path(str(form)).get_sheet_by_index(0).to_python()

    first, back = "对账单.xlsx:6", "对账单.xlsx:7"
    assert (
        f"银行冲正对冲，不列未达：{first}（2026-03-22，-300.00）与红字 {back}（2026-03-25）。"
        in page
    )
    assert f"银行冲正对冲 1 组，不列未达：{first} 与 {back}。" in str(cells)
    assert found["items"] == found["set_off"] == []
    assert found["bank_set_off"] == [
        {
            "ref": first,
            "date": "2026-03-22",
            "red_ref": back,
            "red_date": "2026-03-25",
            "signed_fen": -300_00,
        }
    ]


def test_a_voucher_with_swapped_digits_is_named_before_it_is_booked_again(
    office: Terminal, tmp_path: Path
) -> None:
    office.record("donation", "12345.60", day="2026-03-25")
    line = ("2026-03-25", "", "12435.60", "102423.10", "", "", "捐款", "A4")
    path = tmp_path / "对账单.xlsx"
    path.write_bytes(xlsx_bytes({"明细": (("账号", "3100000000000000101"), HEAD, *LINES, line)}))
    call = ("reconcile", "dibao", "--statement", str(path))

    page = office.done(*call)
    found = office.json(*call)

    assert "差额 0.00" in page
    assert "不要再记" in page
    (slip,) = [one for one in found["findings"] if one["code"] == "FL873"]
    assert (slip["severity"], slip["amount_fen"]) == ("warning", 90_00)


def test_a_row_that_the_books_lack_is_recorded_as_is_shown(
    office: Terminal, tmp_path: Path
) -> None:
    line = ("2026-03-25", "300.00", "", "89687.50", "某外人", "", "转账", "A4")
    path = tmp_path / "对账单.xlsx"
    path.write_bytes(xlsx_bytes({"明细": (("账号", "3100000000000000101"), HEAD, *LINES, line)}))
    call = ("reconcile", "dibao", "--statement", str(path))

    shown = office.run(*call)
    (one,) = office.json(*call, code=1)["proposed"]
    assert one["digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert one["command"][:4] == ["fundledger", "-C", str(office.root), "record"]
    office.done(*instead(tuple(one["command"][1:]), *PAPERS))
    after = office.json(*call)

    assert shlex.join(one["command"]) in shown.output
    assert "借 Assets:Suspense 300.00" in shown.output
    assert (one["code"], one["event"], one["ref"]) == ("FL861", "unknown-debit", "对账单.xlsx:6")
    assert "某外人" not in shlex.join(one["command"])
    assert (after["settled"], after["proposed"]) == (True, [])


def test_what_the_bank_gives_back_is_recorded_as_is_shown(office: Terminal, tmp_path: Path) -> None:
    """A wrong debit and its giving back; or both booked as unexplained, and cleared by one more."""

    def suspended() -> list[str]:
        found = office.json("check", "dibao", "--as-of", "2026-03-31")["findings"]
        return [one["subject"] for one in found if one["subject"].endswith("Suspense")]

    taken = ("2026-03-25", "300.00", "", "89687.50", "", "", "转账", "A4")
    back = ("2026-03-27", "", "300.00", "89987.50", "", "", "转账", "A5")
    path = tmp_path / "对账单.xlsx"
    rows = (("账号", "3100000000000000101"), HEAD, *LINES, taken, back)
    path.write_bytes(xlsx_bytes({"明细": rows}))
    call = ("reconcile", "dibao", "--statement", str(path))
    office.record("unknown-debit", "300.00", day="2026-03-25")
    (one,) = office.json(*call)["proposed"]
    ref = one["clears"]

    assert (one["code"], one["event"], ref[:8]) == ("FL862", "transfer", "2026-03-")
    assert f"不明扣款退回（{ref}）" in office.done(*call)
    office.done(*instead(tuple(one["command"][1:]), *PAPERS))
    after = office.json(*call)
    assert (after["settled"], after["proposed"], after["items"]) == (True, [], [])
    assert suspended() == []

    office.record("unknown-debit", "40.00", day="2026-03-28")
    office.record("unknown-credit", "40.00", day="2026-03-29")
    assert suspended() == ["Assets:Suspense", "Liabilities:Suspense"]
    shown = office.done("check", "dibao", "--as-of", "2026-03-31")
    assert "--from 待查来款 --to 待查扣款" in shown
    both = ("--from", "待查来款", "--to", "待查扣款")
    office.record("transfer", "40.00", *both, day="2026-03-30")
    assert suspended() == []


def test_a_camt_053_is_reconciled_and_signed_once(office: Terminal, tmp_path: Path) -> None:
    message = Message(
        (
            Entry(120000_00, "2026-03-02"),
            Entry(-30000_00, "2026-03-10"),
            Entry(-12_50, "2026-03-21"),
        ),
        opening_fen=0,
        account="3100000000000000101",
    )
    path = message.file(tmp_path)
    call = ("reconcile", "dibao", "--statement", str(path))

    assert "差额 0.00" in office.done(*call)
    office.done(*call, "--sign", "--by", "S01", "--yes")
    signed = office.bytes()
    office.run(*call, "--sign", "--by", "S01", "--yes")
    assert office.bytes() == signed


def test_a_wrong_camt_053_is_told_by_entry_and_changes_nothing(
    office: Terminal, tmp_path: Path
) -> None:
    path = Message((Entry(120000_00, "2026-03-02", status="PDNG"),), 0).file(tmp_path)
    before = office.bytes()

    result = office.run("reconcile", "dibao", "--statement", str(path), "--sign", "--by", "S01")

    assert result.exit_code == 1
    assert "FL839 错误：statement.xml 第 1 笔（Ntry/Sts）：不是已入账（BOOK）。" in result.stderr
    assert office.bytes() == before


def test_a_statement_is_held_against_the_bank_that_is_named(
    office: Terminal, tmp_path: Path
) -> None:
    own = statement(tmp_path / "对账单.xlsx", "3100000000000000101")
    call = ("reconcile", "dibao", "--statement", str(own))
    before = office.bytes()

    result = office.run(*call, "--bank", "spdb")
    codes = [line[:5] for line in result.stderr.splitlines() if line[:2] == "FL"]
    assert (result.exit_code, set(codes)) == (1, {"FL835"})
    assert "“spdb”：没有列“存入金额”" in result.stderr
    assert [
        finding["code"] for finding in office.json(*call, "--bank", "no", code=1)["findings"]
    ] == ["FL762"]
    assert office.done(*call, "--bank", "generic") == office.done(*call)
    spdb = tmp_path / "浦发.xlsx"
    spdb.write_bytes(xlsx_bytes({"明细": PROFILES["spdb"]}))
    other = office.json("reconcile", "dibao", "--statement", str(spdb), "--bank", "spdb", code=1)
    assert {item["ref"] for item in other["items"]} >= {"浦发.xlsx:3", "浦发.xlsx:4"}
    assert office.bytes() == before


def test_the_layouts_of_the_funds_own_bank_are_taken(office: Terminal, tmp_path: Path) -> None:
    rules = office.root / "rules" / "banks.toml"
    text = rules.read_text(encoding="utf-8")
    text = text.replace('known_as = ["浦东发展银行", "浦发银行"]', 'known_as = ["示例银行"]')
    own = statement(tmp_path / "对账单.xlsx", "3100000000000000101")
    call = ("reconcile", "dibao", "--statement", str(own))

    rules.write_text(text, encoding="utf-8")
    assert "差额 0.00" in office.done(*call)
    rules.write_text(text.replace("verified = false", "verified = true"), encoding="utf-8")
    assert "FL835" in office.run(*call).stderr
    rules.write_text(text + "colour = 1", encoding="utf-8")
    assert "FL007" in office.run(*call).stderr
    rules.unlink()
    assert "差额 0.00" in office.done(*call)
