"""The reading commands say what the books say, alike in tables and JSON, and write nothing."""

from __future__ import annotations

import re

import pytest

from fundledger.money import display_fen
from fundledger.report.table import width
from fundledger.texts import codes, places, readable, text
from fundledger.texts.places import words_of_places
from support.terminals import PAPERS, Terminal

MARCH = ("--as-of", "2026-03-31")
READS = (
    ("status",),
    ("status", "dibao", "--as-of", "2026-03-31"),
    ("check", *MARCH),
    ("check", "dibao", "--assertions", *MARCH),
    ("check", "dibao", "--with-beancount", *MARCH),
    ("verify",),
    ("verify", "dibao"),
    ("balance", "dibao"),
    ("balance", "dibao", "--budget", "--before-closing", "--as-of", "2026-03-15"),
    ("ledger", "dibao", "1002"),
    ("journal", "dibao"),
    ("journal", "dibao", "--records"),
    ("explain",),
    ("explain", "FL304"),
    ("budget", "status", "dibao"),
    ("balance", "tekun"),
    ("journal", "tekun"),
)
REPORTS = tuple(call for call in READS if "--records" not in call)


@pytest.mark.parametrize("call", READS, ids=" ".join)
def test_reading_writes_nothing(office: Terminal, call: tuple[str, ...]) -> None:
    before = office.bytes()

    office.done(*call)
    office.done(*call, lang="en")
    office.json(*call)

    assert office.bytes() == before


@pytest.mark.parametrize("call", REPORTS, ids=" ".join)
def test_every_figure_of_the_json_stands_in_the_table(
    office: Terminal, call: tuple[str, ...]
) -> None:
    printed = office.done(*call)

    for key, amount_fen in _amounts(office.json(*call)):
        shown = display_fen(amount_fen)
        assert shown in printed or display_fen(abs(amount_fen)) in printed, key


@pytest.mark.parametrize("call", REPORTS, ids=" ".join)
def test_keys_of_the_json_are_plain_ascii_words(office: Terminal, call: tuple[str, ...]) -> None:
    for key in _keys(office.json(*call)):
        assert re.fullmatch(r"[a-z_]+", key), key


def _amounts(value: object) -> list[tuple[str, int]]:
    if isinstance(value, list):
        return [found for item in value for found in _amounts(item)]
    if not isinstance(value, dict):
        return []
    found = [(k, v) for k, v in value.items() if k.endswith("_fen") and isinstance(v, int)]
    shown = [item for item in found if item[0] != "asserted_fen"]
    return shown + [item for inner in value.values() for item in _amounts(inner)]


def _keys(value: object) -> list[str]:
    if isinstance(value, list):
        return [key for item in value for key in _keys(item)]
    if not isinstance(value, dict):
        return []
    return [*value, *(key for inner in value.values() for key in _keys(inner))]


@pytest.mark.parametrize(
    "call", [call for call in READS if call[0] not in {"explain", "check"}], ids=" ".join
)
def test_the_rows_of_a_table_end_where_its_rule_ends(
    office: Terminal, call: tuple[str, ...]
) -> None:
    lines = office.done(*call).splitlines()
    rules = [index for index, line in enumerate(lines) if re.fullmatch(r"-+(  -+)+", line)]

    assert rules
    for index in rules:
        assert width(lines[index - 1]) <= len(lines[index])
        if index + 1 < len(lines):
            assert width(lines[index + 1]) <= len(lines[index])


def test_balances_show_opening_turnover_and_side(office: Terminal) -> None:
    found = office.json("balance", "dibao")
    accounts = {item["account"]: item for item in found["accounts"]}

    assert found["as_of"] == "2026-11-02"
    assert accounts["Assets:Bank:Dedicated"] == {
        "account": "Assets:Bank:Dedicated",
        "code": "1002",
        "title": "银行存款",
        "name_zh": "专户存款",
        "name_en": "dedicated bank account",
        "commodity": "CNY",
        "opening_fen": 0,
        "debit_fen": 120_000_00,
        "credit_fen": 30_012_50,
        "balance_fen": 89_987_50,
    }
    assert sum(item["balance_fen"] for item in found["accounts"]) == 0
    shown = office.done("balance", "dibao")
    assert re.search(r"1002 银行存款（专户存款） .* 借 +89,987\.50\n", shown)


def test_an_opening_and_an_ending_each_stand_on_their_side_without_a_sign(
    office: Terminal,
) -> None:
    office.clock.now = office.clock.now.replace(year=2027, month=1, day=20)
    call = ("balance", "dibao", "--as-of", "2027-01-15")

    rows = [re.split(r"  +", line) for line in office.done(*call).splitlines()]
    english = office.done(*call, lang="en")
    accounts = office.json(*call)["accounts"]

    (head,) = (row for row in rows if row[0] == "科目")
    assert head[2:] == ["期初余额", "本年借方", "本年贷方", "期末余额"]
    assert ["贷 120,000.00", "0.00", "0.00", "贷 120,000.00"] in [row[2:] for row in rows]
    assert "Cr 120,000.00  " in english
    assert "-" not in "".join(cell for row in rows[3:-3] for cell in row[2:])
    assert {a["opening_fen"] for a in accounts} >= {-120_000_00, 89_987_50}


def test_balances_as_of_a_day_leave_later_vouchers_out(office: Terminal) -> None:
    found = office.json("balance", "dibao", "--as-of", "2026-03-10")

    assert {a["account"]: a["balance_fen"] for a in found["accounts"]} == {
        "Assets:Bank:Dedicated": 90_000_00,
        "Expenses:CASC:Dibao": 30_000_00,
        "Income:Appropriation:District": -120_000_00,
    }


@pytest.mark.parametrize(
    "account", ["Assets:Bank:Dedicated", "1002", "银行存款", "专户存款", "dedicated bank account"]
)
def test_an_account_is_found_by_name_code_or_title(office: Terminal, account: str) -> None:
    found = office.json("ledger", "dibao", account, "--from", "2026-03-10", "--to", "2026-03-20")

    assert found["account"] == "Assets:Bank:Dedicated"
    assert found["opening_fen"] == 120_000_00
    assert [(e["voucher"], e["side"], e["balance_fen"]) for e in found["entries"]] == [
        ("2026-03-0004", "credit", 90_000_00)
    ]
    assert found["balance_fen"] == 90_000_00


def test_a_ledger_runs_to_level_and_says_so(office: Terminal) -> None:
    office.record("interest", "3.00", day="2026-06-21")
    office.record("surrender", "3.00", day="2026-06-30")

    lines = office.done("ledger", "dibao", "Liabilities:TreasuryPayable").splitlines()

    assert re.fullmatch(r"2026-06-21 .* 贷 +3\.00", lines[4])
    assert re.fullmatch(r"2026-06-30 .* 平 +0\.00", lines[5])
    assert " nil " in office.done("ledger", "dibao", "Liabilities:TreasuryPayable", lang="en")


def test_the_journal_is_in_order_of_date_not_of_recording(office: Terminal) -> None:
    office.record("interest", "1.00", day="2026-03-01")

    vouchers = office.json("journal", "dibao")["vouchers"]

    assert [v["ref"][-4:] for v in vouchers] == ["0006", "0001", "0002", "0003", "0004", "0005"]
    assert vouchers[0]["postings"][0] == {
        "account": "Assets:Bank:Dedicated",
        "commodity": "CNY",
        "side": "debit",
        "amount_fen": 100,
        "red": False,
    }


def test_the_records_are_in_the_order_of_recording(office: Terminal) -> None:
    records = office.json("journal", "dibao", "--records")["records"]

    assert [record["sequence"] for record in records] == [1, 2, 3, 4, 5, 6]
    assert [record["kind"] for record in records] == ["charter", *["voucher"] * 5]


def test_status_tells_what_is_closed_and_what_is_open(office: Terminal) -> None:
    office.done("close", "dibao", "2026-03", "--by", "S05")
    office.record("interest", "1.00", day="2026-06-21")

    (found,) = office.json("status", "dibao")["funds"]

    assert found["bank_fen"] == 89_988_50
    assert found["available_fen"] == 70_000_00
    assert found["closed_through"] == "2026-03"
    assert found["open_months"] == ["2026-06"]
    assert found["last_voucher"] == "2026-06-0001"
    assert found["rules_pending"] is False


def test_status_tells_of_rules_that_the_next_record_will_adopt(office: Terminal) -> None:
    path = office.root / "rules" / "funds.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("最低生活保障资金", "低保资金", 1), encoding="utf-8")

    (found,) = office.json("status", "dibao")["funds"]

    assert found["rules_pending"] is True
    assert found["rules_changes"] == [
        {
            "code": "FL040",
            "key": "fund zh",
            "zh": "规则已改，下一次记账时生效：基金名称由 最低生活保障资金 改为 低保资金。",
            "en": "The rules have changed, and the next record adopts it: "
            "the fund's Chinese name: was 最低生活保障资金, is now 低保资金.",
        }
    ]
    assert "基金名称由 最低生活保障资金 改为 低保资金" in office.done("status", "dibao")
    assert "rules have changed" in office.done("status", "dibao", lang="en")


def test_a_check_warns_of_rules_that_changed_and_refuses_what_rewrites_the_past(
    office: Terminal,
) -> None:
    path = office.root / "rules" / "funds.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("opened = 2025-01-01", "opened = 2026-03-04", 1), encoding="utf-8")

    found = office.json("check", "dibao", "--as-of", "2026-03-31", code=1)

    assert [
        (item["code"], item["subject"]) for item in found["findings"] if "L04" in item["code"]
    ] == [
        ("FL041", "fund opened"),
        ("FL040", "fund opened"),
    ]


def test_a_fund_that_the_rules_dropped_is_told_with_all_funds(office: Terminal) -> None:
    (office.root / "ledgers" / "dibao").rename(office.root / "ledgers" / "old")

    found = office.json("check", "--select", "FL104", code=1)

    told = [(item["code"], item["subject"]) for item in found["findings"]]
    assert told == [("FL104", "ledgers/old")]
    assert office.json("check", "dibao", "--select", "FL104")["findings"] == []


def test_check_reports_an_assertion_that_is_off_and_by_how_much(office: Terminal) -> None:
    said = ("--date", "2026-03-31", "--by", "S01")
    assert "相符" in office.done("assert", "dibao", "--amount", "89987.50", *said)
    assert "相差 0.01" in office.done("assert", "dibao", "--amount", "89987.49", *said)

    result = office.run("check", "dibao", "--assertions", *MARCH)
    found = office.json("check", "dibao", *MARCH, code=1)

    assert result.exit_code == 1
    assert "FL401 错误" in result.stdout
    assert re.search(r"2026-03-31 .* 89,987\.49 +89,987\.50 +0\.01 +不符 0\.01 +8", result.stdout)
    assert re.search(r"2026-03-31 .* 89,987\.50 +89,987\.50 +0\.00 +相符 +7", result.stdout)
    assert [(a["state"], a["off_fen"]) for a in found["funds"][0]["assertions"]] == [
        ("held", 0),
        ("off", 1),
    ]
    assert [finding["code"] for finding in found["findings"]] == ["FL401", "FL420", "FL412"]


def test_a_figure_that_was_replaced_is_shown_with_the_one_that_stands(office: Terminal) -> None:
    call = ("assert", "dibao", "--date", "2026-03-31", "--by", "S01", "--amount")
    office.done(*call, "98987.50")
    said = office.done(*call, "89987.50")
    assert "第 7 号记录写的是 98,987.50" in said

    page = office.run("check", "dibao", "--assertions").stdout
    assert "FL420" in page
    office.done(*call, "89987.50", "--replaces", "7")

    every = office.done("check", "dibao", "--assertions", *MARCH)
    last = office.done("check", "dibao", *MARCH)
    assert re.search(r"98,987\.50 +89,987\.50 +-9,000\.00 +已更正（记录 9） +7", every)
    assert "已更正" not in last
    assert "FL420" not in every + last


def test_check_shows_which_month_of_an_account_has_no_statement(office: Terminal) -> None:
    for day, amount in (("2026-03-15", "90000.00"), ("2026-03-31", "89987.50")):
        office.done("assert", "dibao", "--amount", amount, "--date", day, "--by", "S01")
    office.done("assert", "dibao", "--amount", "89987.50", "--date", "2026-05-31", "--by", "S01")
    call = ("check", "dibao", "--as-of", "2026-06-10")

    months = office.json(*call, code=1)["funds"][0]["months"]
    assert [(m["month"], m["last"], m["age_days"], m["running"]) for m in months] == [
        ("2026-03", "2026-03-31", 71, False),
        ("2026-04", None, None, False),
        ("2026-05", "2026-05-31", 10, False),
        ("2026-06", None, None, True),
    ]
    words = "Assets:Bank:Dedicated 没有核对的月份：2026-04\n"
    assert words in office.run(*call, "--assertions").output


def test_check_selects_and_ignores_by_code_and_beginning(office: Terminal) -> None:
    office.done("assert", "dibao", "--amount", "1.00", "--date", "2026-03-31", "--by", "S01")

    found = {f["code"] for f in office.json("check", *MARCH, code=1)["findings"]}
    assert found == {"FL401", "FL412", "FL618"}
    found = {f["code"] for f in office.json("check", *MARCH, "--ignore", "FL401,FL618")["findings"]}
    assert found == {"FL412"}
    assert office.json("check", *MARCH, "--select", "FL412,FL2")["errors"] == 0
    assert office.json("check", "dibao", "--ignore", "fl4")["findings"] == []


def test_warnings_alone_leave_the_exit_code_at_zero(office: Terminal) -> None:
    found = office.json("check", *MARCH)

    assert found["warnings"] == 1 + 15
    assert [f["code"] for f in found["findings"]].count("FL618") == 15
    assert found["errors"] == 0


def test_check_finds_a_voucher_that_was_edited_in_the_journal(office: Terminal) -> None:
    (segment,) = (office.root / "ledgers" / "dibao" / "journal").iterdir()
    segment.write_bytes(segment.read_bytes().replace(b"3000000", b"2999999", 1))

    for call in (("check", "dibao"), ("verify", "dibao")):
        result = office.run(*call)
        assert result.exit_code == 1
        assert "FL602" in result.stdout


def test_check_finds_a_book_that_was_edited_and_verify_writes_it_anew(office: Terminal) -> None:
    book = office.root / "ledgers" / "dibao" / "2026" / "03.beancount"
    good = book.read_bytes()
    book.write_bytes(good.replace(b"30000.00", b"29999.99", 1))

    assert "FL601" in office.run("check", "dibao").stdout
    assert "2026/03.beancount" in office.done("verify", "dibao", "--rebuild-books")
    assert book.read_bytes() == good
    office.done("check", "dibao", *MARCH)


def test_a_head_noted_earlier_is_found_in_the_chain_and_a_false_one_is_not(
    office: Terminal,
) -> None:
    head = office.json("verify", "dibao")["funds"][0]["head"]
    office.record("interest", "1.00")

    office.done("verify", "dibao", "--known-head", head)
    office.done("verify", "dibao", "--known-head", head[:12])
    result = office.run("verify", "dibao", "--known-head", "0" * 64)
    assert result.exit_code == 1
    assert "FL944" in result.stdout


def test_explain_tells_one_code_with_words_for_its_places(office: Terminal) -> None:
    page = office.done("explain", "fl304")

    assert "会计基础工作规范" in page
    assert "‹岗位› 既制单又审核凭证 ‹凭证号›" in page
    assert "拦截记账：是" in page
    assert "‹对象› 所列‹项目› ‹所列金额›，按明细为 ‹实际金额›" in office.done("explain", "FL827")
    english = office.done("explain", "FL827", lang="en")
    assert "‹subject›: the ‹figure› is stated as ‹amount stated›" in english


def test_no_code_is_explained_with_a_place_that_has_no_words() -> None:
    used = set()
    for code in codes():
        words = text(code).words
        for key in ("sentence_zh", "sentence_en", "remedy_zh", "remedy_en"):
            said = readable(words[key], key[-2:])
            used |= set(places(words[key]))
            assert "{" not in said, code
            assert said.count("‹") == len(places(words[key])), (code, said)
    words_of = words_of_places()
    assert used == set(words_of)
    assert all(en.isascii() and not zh.isascii() for zh, en in words_of.values())


def test_explain_lists_every_code(office: Terminal) -> None:
    assert [item["code"] for item in office.json("explain")] == list(codes())


def test_budget_status_shows_each_line_and_its_rate(office: Terminal) -> None:
    moved = ("--line", "CASC:Dibao=20000.00", "--date", "2026-03-12", *PAPERS)
    office.done("budget", "encumber", "dibao", *moved)

    (line,) = office.json("budget", "status", "dibao")["lines"]

    assert (
        line.items()
        >= {
            "line": "CASC:Dibao",
            "name_zh": "城乡最低生活保障",
            "name_en": "minimum living allowance",
            "approved_fen": 100_000_00,
            "brought_forward_fen": 0,
            "unallotted_fen": 0,
            "available_fen": 50_000_00,
            "encumbered_fen": 20_000_00,
            "expended_fen": 30_000_00,
            "rate_basis_points": 3_000,
        }.items()
    )
    assert "30.0%" in office.done("budget", "status", "dibao")
    assert office.json("budget", "status", "dibao", "--year", "2025")["lines"] == []
