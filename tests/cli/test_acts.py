"""Reversing, correcting, asserting, closing, budgets and new offices, from the command line."""

from __future__ import annotations

import re
import shutil
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from fundledger.cli import program
from fundledger.ledger.surroundings import Surroundings
from support.tables import write_csv, write_xlsx
from support.terminals import PAPERS, RULES, SIGNED, Terminal

DATED = ("--date", "2026-03-25", *PAPERS)

ACTS: tuple[tuple[str, ...], ...] = (
    ("reverse", "dibao", "2026-03-0004", "--date", "2026-03-25", *SIGNED),
    (
        *("correct", "dibao", "2026-03-0004", "expense", "--amount", "29000.00"),
        *("--line", "CASC:Dibao", "--narration", "更正", *DATED),
    ),
    ("assert", "dibao", "--amount", "89987.50", "--date", "2026-03-31", "--by", "S01"),
    ("close", "dibao", "2026-03", "--by", "S05"),
    ("budget", "adopt", "dibao", "--year", "2027", "--line", "CASC:Dibao=1.00", *DATED),
    ("budget", "supplement", "dibao", "--line", "CASC:Dibao=1.00", *DATED),
    ("budget", "encumber", "dibao", "--line", "CASC:Dibao=1.00", *DATED),
)


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_a_dry_run_of_any_act_writes_nothing(office: Terminal, call: tuple[str, ...]) -> None:
    before = office.bytes()

    assert "演练" in office.done(*call, "--dry-run")
    assert "nothing was written" in office.done(*call, "-n", lang="en")
    assert office.json(*call, "-n")["recorded"] is False
    assert office.bytes() == before


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_any_act_says_that_it_adopts_rules_that_changed(
    office: Terminal, call: tuple[str, ...]
) -> None:
    path = office.root / "rules" / "controls.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"50000.00"', '"80000.00"', 1), encoding="utf-8")
    said = "审批限额由 50,000.00 改为 80,000.00"

    assert said in office.done(*call, "--dry-run")
    done = office.json(*call)
    assert [(f["code"], said in f["sentence_zh"]) for f in done["findings"]] == [("FL040", True)]
    assert said not in office.done("status", "dibao")


@pytest.mark.parametrize("call", ACTS, ids=lambda call: " ".join(call[:2]))
def test_any_act_is_done_once_for_one_key(office: Terminal, call: tuple[str, ...]) -> None:
    first = office.json(*call, "--key", "K-1")
    again = office.json(*call, "--key", "K-1")

    assert (first["recorded"], first["again"]) == (True, False)
    assert again["again"] is True
    assert again["sequence"] == first["sequence"] == 7
    assert again["vouchers"] == first["vouchers"]


def test_a_reversal_is_in_red_on_the_same_sides(office: Terminal) -> None:
    call = ("reverse", "dibao", "2026-03-0004", "--date", "2026-03-25", *SIGNED)

    (voucher,) = office.json(*call)["vouchers"]

    assert voucher["reverses"] == "2026-03-0004"
    assert [(p["side"], p["amount_fen"], p["red"]) for p in voucher["postings"]] == [
        ("debit", -30_000_00, True),
        ("credit", -30_000_00, True),
        ("debit", -30_000_00, True),
        ("credit", -30_000_00, True),
    ]


def test_a_correction_within_the_year_is_two_vouchers_in_one_record(office: Terminal) -> None:
    found = office.json(
        *("correct", "dibao", "2026-03-0004", "expense", "--amount", "29000.00"),
        *("--line", "CASC:Dibao", "--narration", "更正", *DATED),
    )

    assert [(v.get("reverses"), v.get("corrects")) for v in found["vouchers"]] == [
        ("2026-03-0004", None),
        (None, "2026-03-0004"),
    ]
    assert office.json("budget", "status", "dibao")["lines"][0]["expended_fen"] == 29_000_00


def test_an_assertion_may_be_below_zero_or_zero(office: Terminal) -> None:
    said = ("--date", "2026-03-31", "--by", "S01")

    assert "相差" in office.done("assert", "dibao", "--amount", "-5.00", *said)
    assert "相差" in office.done("assert", "dibao", "--amount", "0", *said)


def test_nothing_is_recorded_into_a_closed_month(office: Terminal) -> None:
    office.done("close", "dibao", "2026-03", "--by", "S05")

    result = office.run(
        *("record", "dibao", "donation", "--amount", "1.00", "--narration", "补记", *DATED)
    )

    assert result.exit_code == 1
    assert "FL307" in result.stderr


def test_a_year_is_ended_and_carried_forward(office: Terminal) -> None:
    office.clock.advance(days=90)
    office.done("close", "dibao", "2026-03", "--by", "S05")
    call = ("close", "dibao", "2026", "--year-end", "--by", "S05", *SIGNED)
    before = office.bytes()

    assert "2026年年末结转" in office.done(*call, "-n")
    assert office.bytes() == before
    found = office.json(*call)

    assert [voucher["event"] for voucher in found["vouchers"]] == ["year-end", "year-opening"]
    assert office.json("status", "dibao")["funds"][0]["closed_through"] == "2026-12"
    (line,) = office.json("budget", "status", "dibao", "--year", "2027")["lines"]
    assert line["brought_forward_fen"] == line["available_fen"] == 70_000_00
    assert office.json("check", "dibao", "--select", "FL3,FL5,FL6")["findings"] == []
    closed = office.json("balance", "dibao", "--as-of", "2026-12-31")["accounts"]
    before_closing = office.json("balance", "dibao", "--as-of", "2026-12-31", "--before-closing")[
        "accounts"
    ]
    assert {a["account"]: a["balance_fen"] for a in closed}["Expenses:CASC:Dibao"] == 0
    assert {a["account"]: a["balance_fen"] for a in before_closing}[
        "Expenses:CASC:Dibao"
    ] == 30_000_00


def test_a_budget_goes_through_all_its_stages(office: Terminal) -> None:
    for stage, amount in (
        ("supplement", "500.00"),
        ("reduce", "200.00"),
        ("allot", "300.00"),
        ("encumber", "100.00"),
        ("release", "40.00"),
    ):
        office.done("budget", stage, "dibao", "--line", f"CASC:Dibao={amount}", *DATED)

    (line,) = office.json("budget", "status", "dibao")["lines"]

    assert line["approved_fen"] == 100_300_00
    assert line["unallotted_fen"] == 0
    assert line["encumbered_fen"] == 60_00
    assert line["available_fen"] == 70_300_00 - 60_00


def test_a_virement_moves_budget_within_a_fund(empty: Terminal) -> None:
    dated = ("--date", "2026-03-02", *PAPERS)
    said = ("--amount", "1000.00", "--source", "District", "--narration", "拨款", *dated)
    empty.done("record", "low-income", "allocation", *said)
    shares = ("--line", "CASC:LowIncome=600.00", "--line", "因病支出型贫困家庭=400.00", *dated)
    empty.done("budget", "adopt", "low-income", *shares)
    empty.done("budget", "allot", "low-income", *shares)

    empty.done(
        *("budget", "virement", "low-income", "--from", "CASC:LowIncome"),
        *("--to", "CASC:IllnessExp", "--amount", "100.00", "--reason", "就医支出增加", *dated),
    )

    lines = empty.json("budget", "status", "low-income")["lines"]
    assert {line["line"]: (line["approved_fen"], line["available_fen"]) for line in lines} == {
        "CASC:LowIncome": (500_00, 500_00),
        "CASC:IllnessExp": (500_00, 500_00),
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_budget_is_adopted_from_a_table(empty: Terminal, tmp_path: Path, kind: str) -> None:
    write = write_csv if kind == "csv" else write_xlsx
    rows = (("CASC:LowIncome", "600.00"), ("大重病患者", 400.5))
    path = write(tmp_path / f"批复.{kind}", rows, ("部门类别", "批复数"))

    found = empty.json(
        "budget", "adopt", "low-income", "--from", str(path), "--date", "2026-03-02", *PAPERS
    )

    assert len(found["vouchers"]) == 1
    assert [p["amount_fen"] for p in found["vouchers"][0]["postings"]] == [
        60000,
        60000,
        40050,
        40050,
    ]
    assert found["vouchers"][0]["narration"] == "2026年预算下达"


def test_a_proposal_is_shown_and_written(office: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "out" / "建议.xlsx"

    result = office.run("budget", "propose", "2027", "--output", str(path))
    found = office.json("budget", "propose", "2027", code=1)

    assert result.exit_code == 1
    assert "FL540" in result.stdout
    assert path.read_bytes().startswith(b"PK")
    assert found["year"] == 2027


def test_of_a_proposal_for_a_day_that_lies_ahead_nothing_is_written(
    office: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "out" / "建议.xlsx"

    call = ("budget", "propose", "2027", "--as-of", "2026-11-30", "--output", str(path))
    result = office.run(*call)

    assert result.exit_code == 1
    assert "FL552" in result.stderr
    assert not path.parent.exists()


def test_a_statement_is_reconciled_and_the_form_written(office: Terminal, tmp_path: Path) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    form = tmp_path / "out" / "调节表.xlsx"
    call = ("reconcile", "dibao", "--statement", str(statement))
    before = office.bytes()

    page = office.done(*call, "--xlsx", str(form))
    found = office.json(*call)

    assert "差额 0.00" in page
    assert found["settled"] is True
    assert found["adjusted_book_fen"] == found["adjusted_bank_fen"] == 89_987_50
    assert found["items"] == []
    assert form.read_bytes().startswith(b"PK")
    assert office.bytes() == before
    assert "FL941" in office.run(*call, "--xlsx", str(form)).stderr


def test_what_the_bank_took_and_the_book_has_not_keeps_it_from_being_signed(
    office: Terminal, tmp_path: Path
) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-15.00", closing="89,985.00")

    found = office.json("reconcile", "dibao", "--statement", str(statement), code=1)

    assert found["settled"] is False
    assert found["difference_fen"] == 0
    assert {(item["kind"], item["amount_fen"]) for item in found["items"]} == {
        ("bank-out", 15_00),
        ("book-out", 12_50),
    }
    assert "FL861" in {finding["code"] for finding in found["findings"]}
    page = office.run("reconcile", "dibao", "--statement", str(statement)).stdout
    assert "银行已付单位未付  2026-03-21" in page
    assert "FL861 错误" in page


def test_a_reconciliation_is_signed_once_and_shown_as_signed(
    office: Terminal, tmp_path: Path
) -> None:
    office.record("donation", "500.00", day="2026-03-21")
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    call = ("reconcile", "dibao", "--statement", str(statement))
    sign = (*call, "--sign", "--by", "S01")
    form = tmp_path / "调节表.xlsx"
    before = office.bytes()

    assert "演练" in office.done(*sign, "--dry-run")
    assert office.bytes() == before
    page = office.done(*sign, "--xlsx", str(form))
    signed = office.bytes()
    assert "单位已收银行未收" in page
    assert "已记账：第 8 号记录" in page
    assert "账上签字：S01 " in first_sheet(form)
    assert "日记账第 8 号记录" in first_sheet(form)

    assert "已签字：第 8 号记录，S01，2026-11-02。" in office.done(*call)
    assert "未重复记账" in office.done(*sign)
    found = office.json(*call)
    again = office.json(*sign)
    assert found["signed"] == {"record": 8, "by": "S01", "at": "2026-11-02T09:30:00+08:00"}
    assert (again["sequence"], again["again"], again["recorded"]) == (8, True, True)
    assert again["reconciliation"] == found
    assert office.bytes() == signed

    march = ("--as-of", "2026-03-31")
    (said,) = office.json("check", "dibao", *march)["funds"][0]["assertions"]
    assert (said["state"], said["apart_fen"], said["explained_by"]) == ("explained", 500_00, 8)
    assert "调节相符（记录 8）" in office.done("check", "dibao", *march)
    assert "FL421 警告" in office.run("check", "dibao").output
    office.done("check", "dibao", "--with-beancount", *march)
    assert "差额由第 8 号记录签字的调节表说明" in office.done(
        *("assert", "dibao", "--amount", "89987.50", "--date", "2026-03-21", "--by", "S05")
    )


def test_a_form_that_is_there_already_is_found_before_anything_is_signed(
    office: Terminal, tmp_path: Path
) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    form = tmp_path / "调节表.xlsx"
    form.write_bytes(b"kept")
    before = office.bytes()

    result = office.run(
        *("reconcile", "dibao", "--statement", str(statement), "--xlsx", str(form)),
        *("--sign", "--by", "S01"),
    )

    assert "FL941" in result.stderr
    assert office.bytes() == before
    assert form.read_bytes() == b"kept"


def test_a_voucher_behind_a_signature_is_said_and_signed_again(
    office: Terminal, tmp_path: Path
) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    sign = ("reconcile", "dibao", "--statement", str(statement), "--sign", "--by", "S01")
    office.done(*sign)
    office.record("donation", "500.00", day="2026-03-20")
    close = ("close", "dibao", "2026-03", "--by", "S05")

    said = office.run(*close).stderr

    assert "FL321" in said
    assert "--sign --replaces 7 " in said
    office.done(*sign, "--replaces", "7")
    office.done(*close)


def test_red_ink_is_shown_as_set_off_and_not_as_open(office: Terminal, tmp_path: Path) -> None:
    office.record("bank-fee", "15.00", day="2026-03-20")
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    paid = "2026-03-0006"
    office.done(
        *("reverse", "dibao", paid, "--date", "2026-03-21", "--maker", "S03"),
        *("--reviewer", "S01"),
    )
    call = ("reconcile", "dibao", "--statement", str(statement))

    page = office.done(*call)
    found = office.json(*call)

    assert f"账内红字对冲，不列未达：{paid}（2026-03-20，-15.00）与红字 2026-03-" in page
    assert found["items"] == []
    assert [(pair["ref"], pair["signed_fen"]) for pair in found["set_off"]] == [(paid, -15_00)]


def first_sheet(path: Path) -> str:
    """Return the cells of a workbook's first sheet."""
    return str(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


@pytest.mark.parametrize(
    ("more", "exit_code", "code"),
    [
        (("--sign",), 2, "FL922"),
        (("--by", "S01"), 2, "FL922"),
        (("--dry-run",), 2, "FL922"),
        (("--sign", "--by", "S03"), 1, "FL323"),
        (("--sign", "--by", "S01", "--replaces", "4"), 2, "FL865"),
    ],
)
def test_a_reconciliation_that_cannot_be_signed_writes_nothing(
    more: tuple[str, ...], exit_code: int, code: str, office: Terminal, tmp_path: Path
) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-12.50", closing="89,987.50")
    before = office.bytes()

    result = office.run("reconcile", "dibao", "--statement", str(statement), *more)

    assert (result.exit_code, code in result.stderr) == (exit_code, True)
    assert office.bytes() == before


def test_a_reconciliation_with_something_severe_is_shown_and_not_signed(
    office: Terminal, tmp_path: Path
) -> None:
    statement = _statement(tmp_path / "对账单.xlsx", fee="-15.00", closing="89,985.00")
    before = office.bytes()

    result = office.run(
        "reconcile", "dibao", "--statement", str(statement), "--sign", "--by", "S01"
    )

    assert result.exit_code == 1
    assert "银行已付单位未付  2026-03-21" in result.stdout
    assert "FL864" in result.stderr
    assert office.bytes() == before


def test_a_close_shows_what_it_closes_and_on_what_it_rests(office: Terminal) -> None:
    call = ("close", "dibao", "2026-03", "--by", "S05", "--dry-run")
    bare = office.done(*call)
    assert "FL866 警告" in bare
    assert "2026-03　凭证 5 张" in bare
    assert re.search(r"本月合计 +150,012\.50 +150,012\.50", bare)
    assert "月末专户余额 89,987.50" in bare

    office.done("assert", "dibao", "--amount", "89987.50", "--date", "2026-03-30", "--by", "S01")
    short = office.done(*call)
    assert "FL866" not in short
    assert re.search(r"FL871 警告：2026-03 .*只核对到 2026-03-30", short)

    office.done("assert", "dibao", "--amount", "89987.50", "--date", "2026-03-31", "--by", "S01")
    rests = office.done(*call)
    assert "FL866" not in rests
    assert "FL871" not in rests
    assert re.search(r"2026-03-31 .* 89,987\.50 +89,987\.50 +0\.00 +相符", rests)

    closing = office.json(*call)["closing"]
    assert (closing["vouchers"], closing["bank_fen"]) == (5, 89_987_50)
    assert (closing["month_debit_fen"], closing["month_credit_fen"]) == (150_012_50, 150_012_50)
    assert [item["state"] for item in closing["asserted"]] == ["held", "held"]
    assert closing["findings"] == []


def test_the_year_so_far_is_summed_beside_the_month_that_is_closed(office: Terminal) -> None:
    office.done("close", "dibao", "2026-03", "--by", "S05")
    office.record("donation", "1.00", day="2026-04-02")

    page = office.done("close", "dibao", "2026-04", "--by", "S05", "--dry-run")

    assert re.search(r"本月合计 +1\.00 +1\.00", page)
    assert re.search(r"本年累计 +150,013\.50 +150,013\.50", page)


def _statement(path: Path, *, fee: str, closing: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "账号：3100000000000000101")
        rows = (
            ("交易日期", "摘要", "发生额", "余额"),
            ("2026-03-02", "拨款", "120,000.00", "120,000.00"),
            ("2026-03-11", "代发", "-30,000.00", "90,000.00"),
            ("2026-03-21", "手续费", fee, closing),
        )
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return path


def test_a_new_office_waits_for_its_own_accounts(empty: Terminal, tmp_path: Path) -> None:
    root = tmp_path / "new"

    page = empty.done("init", str(root))
    terminal = Terminal(root, empty.clock, empty.keys)

    assert "rules/funds.toml" in page
    text = (root / "rules" / "funds.toml").read_text(encoding="utf-8")
    assert 'number = ""' in text
    assert "31000000" not in text
    result = terminal.run("status")
    assert result.exit_code == 1
    assert "funds.toml" in result.stderr


def test_an_example_office_can_be_used_at_once(empty: Terminal, tmp_path: Path) -> None:
    root = tmp_path / "new"

    empty.done("init", str(root), "--example-rules")
    terminal = Terminal(root, empty.clock, empty.keys)
    terminal.record("donation", "5.00")

    assert terminal.json("status", "dibao")["funds"][0]["bank_fen"] == 500
    for path in RULES.glob("*.toml"):
        assert (root / "rules" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("there", ["rules", "ledgers"])
def test_a_new_office_overwrites_nothing(empty: Terminal, tmp_path: Path, there: str) -> None:
    root = tmp_path / "new"
    (root / there).mkdir(parents=True)
    (root / there / "mine").write_text("mine", encoding="utf-8")

    result = empty.run("init", str(root), "--example-rules")

    assert result.exit_code == 1
    assert "FL941" in result.stderr
    assert [path.name for path in root.rglob("*")] == [there, "mine"]


def test_an_interruption_is_told_with_the_key_to_retry_with(office: Terminal) -> None:
    def interrupted() -> datetime:
        raise KeyboardInterrupt

    said = ("--amount", "5.00", "--narration", "捐赠", *DATED, "--key", "HZ-20")
    surroundings = Surroundings(interrupted)
    call = ["-C", str(office.root), "record", "dibao", "donation", *said]

    result = CliRunner().invoke(program(surroundings), call)

    assert result.exit_code == 130
    assert "FL945" in result.stderr
    assert "未记账" not in result.stderr
    assert "--key HZ-20" in result.stderr
    assert office.json(*call[2:])["again"] is False


def test_a_rehearsal_refuses_a_linked_file_as_the_act_would(office: Terminal) -> None:
    fund = office.root / "ledgers" / "dibao"
    (segment,) = (fund / "journal").iterdir()
    shutil.copy(segment, office.root / "elsewhere")
    segment.unlink()
    segment.symlink_to(office.root / "elsewhere")
    call = ("record", "dibao", "donation", "--amount", "1.00", "--narration", "一笔", *DATED)

    rehearsed, real = office.run(*call, "-n"), office.run(*call)

    assert (rehearsed.exit_code, real.exit_code) == (1, 1)
    assert "FL603" in rehearsed.stderr
    assert "FL603" in real.stderr
