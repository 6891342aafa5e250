"""Accounts by any of their names, and the one way round in which money moves between two."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.cli.accounts import accounts_of, chart_of
from fundledger.cli.moves import MOVES
from support.offices import charter
from support.tables import write_csv
from support.terminals import PAPERS, Terminal

SAID = ("--date", "2026-04-01", "--narration", "一笔业务", *PAPERS)
BANK, CASH = "Assets:Bank:Dedicated", "Assets:Cash"
ODD, UNKNOWN = "Assets:Suspense", "Liabilities:Suspense"
BACK, OFFICE = "Assets:DueFrom:Bank", "Assets:DueFrom:OfficeExpenses"

# From, to; what is debited, what is credited.
DIRECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("库存现金", "专户存款", BANK, CASH),
    ("专户存款", "库存现金", CASH, BANK),
    ("待查扣款", "专户存款", BANK, ODD),
    ("应收银行退款", "1002", BANK, BACK),
    ("应收追回款", "专户存款", BANK, "Assets:Receivable:Recovery"),
    ("应收工作经费", "1002 专户存款", BANK, OFFICE),
    ("待查扣款", "due from the bank", BACK, ODD),
    ("待查扣款", OFFICE, OFFICE, ODD),
    ("专户存款", "待查来款", UNKNOWN, BANK),
    ("待查来款", "专户存款", UNKNOWN, BANK),
    ("待查来款", "待查扣款", UNKNOWN, ODD),
    ("待查来款", "应收银行退款", UNKNOWN, BACK),
    ("待查来款", "应收工作经费", UNKNOWN, OFFICE),
    ("待查来款", "捐赠收入", UNKNOWN, "Income:Donation"),
    ("unexplained credits", "Interest", UNKNOWN, "Income:Interest"),
    ("待查来款", "拨款收入-区级财政", UNKNOWN, "Income:Appropriation:District"),
    ("待查来款", "应缴财政款", UNKNOWN, "Liabilities:TreasuryPayable"),
)


@pytest.mark.parametrize(("giver", "taker", "debited", "credited"), DIRECTIONS)
def test_a_transfer_is_posted_the_one_way_round_that_there_is(
    office: Terminal, giver: str, taker: str, debited: str, credited: str
) -> None:
    row = ("2026-04-01", "划转", "基金内划转", "5.00", giver, taker, "1", "S03", "S01")
    head = ("日期", "摘要", "业务", "金额", "转出", "转入", "附件", "制单", "审核")
    path = write_csv(office.root / "a.csv", [row], head)
    typed = ("record", "dibao", "transfer", "--amount", "5.00", "--from", giver, "--to", taker)
    before = office.run("balance", "dibao").output

    for call in ((*typed, *SAID), ("record", "dibao", "--from", str(path))):
        result = office.run(*call, "-n", "--format", "json")
        if result.exit_code == 0:
            assert _sides(office.json(*call, "-n")["vouchers"][0]) == (debited, credited)
        else:  # the gate has its say only on a voucher that is made, on the right sides
            assert '"code": "FL95' not in result.output
    assert office.run("balance", "dibao").output == before


def _sides(voucher: dict[str, list[dict[str, object]]]) -> tuple[object, object]:
    (debited,) = [p["account"] for p in voucher["postings"] if p["side"] == "debit"]
    (credited,) = [p["account"] for p in voucher["postings"] if p["side"] == "credit"]
    return debited, credited


def test_every_move_of_the_table_is_tried_above() -> None:
    made = {(debited, credited) for _, _, debited, credited in DIRECTIONS}
    listed = {
        (move.giver, move.taker) if move.debits_giver else (move.taker, move.giver)
        for move in MOVES
        if not move.taker.endswith(":")
    }

    assert listed <= made


def test_a_move_that_there_is_not_is_refused_with_those_that_there_are(office: Terminal) -> None:
    call = ("record", "dibao", "transfer", "--amount", "5.00", "--from", "1002", "--to", "捐赠收入")

    chinese, english = office.run(*call, *SAID), office.run(*call, *SAID, lang="en")

    assert (chinese.exit_code, english.exit_code) == (2, 2)
    assert "基金内划转不能从“专户存款”到“捐赠收入”" in chinese.stderr
    assert "提取现金：从 专户存款 到 库存现金" in chinese.stderr
    assert "不明来款查明为收入：从 待查来款 到 任一收入科目" in chinese.stderr
    assert "nothing is transferred from dedicated bank account to donations" in english.stderr
    assert "from unexplained credits to any account of income" in english.stderr


def test_a_move_that_can_be_said_in_two_ways_is_listed_once(office: Terminal) -> None:
    back = "不明来款退回付款方"
    call = ("record", "dibao", "transfer", "--amount", "5.00", *SAID)

    from_bank = office.run(*call, "--from", "1002", "--to", "捐赠收入").stderr
    from_nothing = office.run(*call, "--from", "捐赠收入", "--to", "累计盈余").stderr
    from_credits = office.run(*call, "--from", "待查来款", "--to", "库存现金").stderr

    assert [page.count(back) for page in (from_bank, from_nothing, from_credits)] == [1, 1, 1]
    assert f"{back}：从 专户存款 到 待查来款" in from_bank
    assert f"{back}：从 待查来款 到 专户存款" in from_credits


def test_lines_are_written_with_any_name_of_an_account(empty: Terminal) -> None:
    lines = ("--debit", "1002=5.00", "--debit", "Due from the Bank=2.00", "--credit", "3001=7.00")

    (voucher,) = empty.json("record", "dibao", "opening", *lines, *SAID, "-n")["vouchers"]

    assert [posting["account"] for posting in voucher["postings"]] == [
        BANK,
        BACK,
        "Equity:CarriedForward",
    ]


def test_an_account_that_is_not_there_is_told_with_near_ones(office: Terminal) -> None:
    result = office.run("ledger", "dibao", "专户存")
    english = office.run("ledger", "dibao", "dedicated bank acount", lang="en")

    assert "没有科目“专户存”" in result.stderr
    assert "专户存款 (Assets:Bank:Dedicated)" in result.stderr
    assert "fundledger accounts dibao" in result.stderr
    assert "dedicated bank account (Assets:Bank:Dedicated)" in english.stderr


def test_a_code_of_several_accounts_means_the_one_that_the_book_has(office: Terminal) -> None:
    """The fee of March is the only 1218 in the book, so its ledger is meant; to post it is not."""
    assert office.json("ledger", "dibao", "1218")["account"] == OFFICE


def test_an_assertion_takes_an_account_by_name(office: Terminal) -> None:
    said = ("--amount", "12.50", "--date", "2026-03-31", "--by", "S01")

    assert "相符" in office.done("assert", "dibao", "--account", "应收工作经费", *said)


def test_balances_can_be_of_one_account(office: Terminal) -> None:
    found = office.json("balance", "dibao", "--account", "1002", "--account", "库存现金")

    assert [(a["account"], a["balance_fen"]) for a in found["accounts"]] == [(BANK, 89_987_50)]


def test_the_accounts_of_a_fund_are_listed_with_all_their_names(office: Terminal) -> None:
    found = office.json("accounts", "dibao", "--as-of", "2026-03-09")
    accounts = {item["account"]: item for item in found["accounts"]}

    assert accounts[BANK] == {
        "account": BANK,
        "code": "1002",
        "name_zh": "专户存款",
        "name_en": "dedicated bank account",
        "title": "银行存款",
        "commodity": "CNY",
        "used": True,
        "balance_fen": 120_000_00,
    }
    assert accounts[CASH]["used"] is False
    assert "Assets:DueFrom:Fund:Union" not in accounts
    every = {item["account"] for item in office.json("accounts", "dibao", "--all")["accounts"]}
    assert "Assets:DueFrom:Fund:Union" in every
    budget = {item["account"] for item in office.json("accounts", "dibao", "--budget")["accounts"]}
    assert "Equity:Budget:2026:Available:CASC:Dibao" in budget
    assert "1002  银行存款" in office.done("accounts", "dibao")


def test_every_account_of_a_fund_is_found_by_each_of_its_own_names() -> None:
    chart = chart_of(charter())
    names = accounts_of(chart)

    titles = [title for name in names for title in chart.names(name)]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("act", ["adopt", "supplement", "reduce"])
def test_a_decision_on_the_budget_needs_its_document_number(office: Terminal, act: str) -> None:
    said = ("--date", "2026-03-25", "--attachments", "1", "--maker", "S03", "--reviewer", "S01")

    result = office.run("budget", act, "dibao", "--line", "CASC:Dibao=1.00", *said)
    english = office.run("budget", act, "dibao", "--line", "CASC:Dibao=1.00", *said, lang="en")

    assert (result.exit_code, english.exit_code) == (2, 2)
    assert "须写批准文号" in result.stderr
    assert "--approval" in result.stderr
    assert "needs the number of its document" in english.stderr


def test_so_does_a_virement_and_a_row_of_a_table(office: Terminal, tmp_path: Path) -> None:
    said = ("--date", "2026-03-25", "--attachments", "1", "--maker", "S03", "--reviewer", "S01")
    row = ("2026-04-01", "追加", "预算追加", "5.00", "CASC:Dibao", "1", "S03", "S01")
    head = ("日期", "摘要", "业务", "金额", "部门类别", "附件", "制单", "审核")
    path = write_csv(tmp_path / "a.csv", [row], head)
    moved = ("--from", "CASC:Dibao", "--to", "CASC:Dibao", "--amount", "1.00", "--reason", "x")

    assert "FL957" in office.run("budget", "virement", "dibao", *moved, *said).stderr
    assert "FL957" in office.run("record", "dibao", "--from", str(path)).stderr
    assert "a.csv 2 [批准]" in office.run("record", "dibao", "--from", str(path)).stderr
    office.done("record", "dibao", "--from", str(path), "--approval", "例财〔2026〕9号")


def test_what_only_moves_inside_the_office_needs_none(office: Terminal) -> None:
    said = ("--date", "2026-03-25", "--attachments", "1", "--maker", "S03", "--reviewer", "S01")

    office.done("budget", "encumber", "dibao", "--line", "CASC:Dibao=1.00", *said)
    office.done("budget", "release", "dibao", "--line", "CASC:Dibao=1.00", *said)
