"""Recording: each event's postings, the paper form, dry runs, keys, and tables of vouchers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from support.calls import instead
from support.tables import GOOD, HEAD, write_csv, write_xlsx
from support.terminals import PAPERS, SIGNED, Terminal

SAID = ("--date", "2026-04-01", "--narration", "一笔业务", *PAPERS)
BANK = "Assets:Bank:Dedicated"
LINE = "Equity:Budget:2026:{}:CASC:Dibao"
PAID = "2026-03-0004"
PAID_OUT = (*SIGNED, "--cashier", "S06")

EVENTS: tuple[tuple[str, tuple[str, ...], str, dict[str, int]], ...] = (
    ("allocation", ("--source", "区级财政"), "allocation", {"Income:Appropriation:District": -1}),
    ("拨款到账", ("--source", "City"), "allocation", {"Income:Appropriation:City": -1}),
    ("donation", (), "donation", {"Income:Donation": -1}),
    ("interest", (), "interest", {"Liabilities:TreasuryPayable": -1}),
    ("unknown-credit", (), "unknown-credit", {"Liabilities:Suspense": -1}),
    ("银行手续费", (), "bank-fee", {"Assets:DueFrom:OfficeExpenses": 1}),
    ("bank-fee", (), "bank-fee", {"Assets:DueFrom:OfficeExpenses": 1}),
    ("unknown-debit", (), "unknown-debit", {"Assets:Suspense": 1}),
    (
        "expense",
        ("--line", "城乡最低生活保障"),
        "expense",
        {"Expenses:CASC:Dibao": 1, LINE.format("Expended"): 1, LINE.format("Available"): -1},
    ),
    (
        "transfer",
        ("--from", "Assets:DueFrom:OfficeExpenses", "--to", BANK),
        "transfer",
        {"Assets:DueFrom:OfficeExpenses": -1},
    ),
    (
        "interfund",
        ("--due-from", "union", "--line", "CASC:Dibao", "--paid-by", PAID),
        "interfund",
        {
            "Assets:DueFrom:Fund:Union": 1,
            "Expenses:CASC:Dibao": -1,
            LINE.format("Available"): 1,
            LINE.format("Expended"): -1,
        },
    ),
    (
        "interfund",
        ("--due-to", "union", "--line", "CASC:Dibao"),
        "interfund",
        {
            "Liabilities:DueTo:Fund:Union": -1,
            "Expenses:CASC:Dibao": 1,
            LINE.format("Available"): -1,
            LINE.format("Encumbered"): 1,
        },
    ),
)
SETTLED = (
    (
        ("--due-from", "union"),
        (),
        {BANK: ("debit", 8_50), "Assets:DueFrom:Fund:Union": ("credit", 8_50)},
    ),
    (
        ("--due-to", "union"),
        ("--line", "CASC:Dibao"),
        {
            "Liabilities:DueTo:Fund:Union": ("debit", 8_50),
            BANK: ("credit", 8_50),
            LINE.format("Expended"): ("debit", 8_50),
            LINE.format("Encumbered"): ("credit", 8_50),
        },
    ),
)


@pytest.mark.parametrize(("event", "more", "slug", "moves"), EVENTS)
def test_each_event_posts_what_its_table_says(
    office: Terminal, event: str, more: tuple[str, ...], slug: str, moves: dict[str, int]
) -> None:
    found = office.json("record", "dibao", event, "--amount", "8.50", *more, *SAID)

    (voucher,) = found["vouchers"]
    posted = {p["account"]: (p["side"], p["amount_fen"]) for p in voucher["postings"]}
    expected = {name: ("debit" if sign > 0 else "credit", 850) for name, sign in moves.items()}
    money = sum(sign for name, sign in moves.items() if not name.startswith("Equity:Budget:"))
    if money:
        expected[BANK] = ("credit" if money > 0 else "debit", 850)
    assert found["recorded"] is True
    assert voucher["event"] == slug
    assert voucher["ref"] == "2026-04-0001"
    assert posted == expected


@pytest.mark.parametrize(("other", "line", "postings"), SETTLED)
def test_a_due_is_settled_once_it_is_there(
    office: Terminal,
    other: tuple[str, ...],
    line: tuple[str, ...],
    postings: dict[str, tuple[str, int]],
) -> None:
    due = ("record", "dibao", "interfund", "--amount", "8.50", *other)
    too_early = office.run(*due, "--settle", *line, *SAID)
    paid_by = ("--paid-by", PAID) if "--due-from" in other else ()
    office.done(*due, "--line", "CASC:Dibao", *paid_by, *SAID)

    (voucher,) = office.json(*due, "--settle", *line, *SAID)["vouchers"]

    assert too_early.exit_code == 1
    assert "FL404" in too_early.stderr
    assert {p["account"]: (p["side"], p["amount_fen"]) for p in voucher["postings"]} == postings


def test_a_claim_names_the_payment_and_nothing_else_does(office: Terminal) -> None:
    due = ("record", "dibao", "interfund", "--amount", "8.50", "--due-from", "union", *SAID)
    line = ("--line", "CASC:Dibao")
    unnamed = office.run(*due, *line)
    settling = office.run(*due, "--settle", "--paid-by", PAID)

    assert (unnamed.exit_code, "FL341" in unnamed.stderr) == (1, True)
    assert (settling.exit_code, "FL970" in settling.stderr) == (2, True)
    (voucher,) = office.json(*due, *line, "--paid-by", PAID)["vouchers"]
    assert voucher["corrects"] == PAID

    payment = office.run(
        *("reverse", "dibao", PAID, "--date", "2026-04-02"),
        *("--maker", "S03", "--reviewer", "S01", "--yes"),
    )
    assert (payment.exit_code, "FL341" in payment.stderr) == (1, True)


def test_a_fund_is_opened_with_what_is_on_its_account(empty: Terminal) -> None:
    found = empty.json("record", "dibao", "opening", "--amount", "8.50", *SAID)

    posted = [(p["account"], p["side"]) for p in found["vouchers"][0]["postings"]]
    assert posted == [(BANK, "debit"), ("Equity:CarriedForward", "credit")]


def test_postings_can_be_written_line_by_line(empty: Terminal) -> None:
    lines = ("--debit", f"{BANK}=5.00", "--debit", "Assets:DueFrom:Bank=2.00")

    found = empty.json(
        "record", "dibao", "opening", *lines, "--credit", "Equity:CarriedForward=7.00", *SAID
    )

    assert [(p["account"], p["amount_fen"]) for p in found["vouchers"][0]["postings"]] == [
        (BANK, 500),
        ("Assets:DueFrom:Bank", 200),
        ("Equity:CarriedForward", 700),
    ]


def test_the_form_reads_as_on_paper(office: Terminal) -> None:
    form = office.done(
        *("record", "dibao", "allocation", "--amount", "120000.00", "--source", "District"),
        *("--date", "2026-04-01", "--narration", "4月拨款到账", "--attachments", "2", *SIGNED),
        *("--poster", "S05", "--cashier", "S06", "--approval", "例批1号", "--key", "HZ-17"),
    )

    assert form.splitlines() == [
        "                                 记 账 凭 证",
        "基金：最低生活保障资金（dibao）                             记-2026-04-0001 号",
        "日期：2026年4月1日                                                   附件 2 张",
        "业务：拨款到账",
        "=" * 78,
        "摘要               科目                                       借方        贷方",
        "-----------------  -----------------------------------  ----------  ----------",
        "4月拨款到账        1002 专户存款                        120,000.00",
        "                   4001 拨款收入-区级财政                           120,000.00",
        "-----------------  -----------------------------------  ----------  ----------",
        "合计 壹拾贰万元整                                       120,000.00  120,000.00",
        "=" * 78,
        "制单：S03 制单会计                      审核：S01 复核会计",
        "记账：S05 记账会计                      出纳：S06 出纳",
        "批准：例批1号",
        "",
        "记账后余额：",
        "  1002 专户存款  借  209,987.50",
        "",
        "已记账：第 7 号记录，凭证 2026-04-0001。键 HZ-17",
        f"日记账链首 {office.json('verify', 'dibao')['funds'][0]['head']}",
    ]


def test_a_dry_run_shows_the_draft_and_writes_nothing(office: Terminal) -> None:
    before = office.bytes()
    call = ("record", "dibao", "expense", "--amount", "700.00", "--line", "CASC:Dibao", *SAID)

    shown = office.done(*call, "--dry-run")
    found = office.json(*call, "-n")

    assert office.bytes() == before
    assert "记-2026-04-0001 号（草稿）" in shown
    assert "柒佰元整" in shown
    assert "演练：未写入任何内容。" in shown
    assert found["recorded"] is False
    assert found["head"] is None


def test_a_dry_run_of_a_new_fund_does_not_even_make_its_folder(empty: Terminal) -> None:
    before = empty.bytes()

    empty.done("record", "tekun", "donation", "--amount", "1.00", *SAID, "-n")

    assert empty.bytes() == before


def test_a_dry_run_is_refused_for_the_reasons_of_the_act_itself(office: Terminal) -> None:
    approved = instead(SAID, "--approval", "例批2号")
    said = ("--amount", "70000.01", "--line", "CASC:Dibao", *approved)
    call = ("record", "dibao", "expense", *said)
    before = office.bytes()

    rehearsed, real = office.run(*call, "--dry-run"), office.run(*call)

    assert (rehearsed.exit_code, real.exit_code) == (1, 1)
    assert "FL502" in rehearsed.stderr
    assert rehearsed.stderr == real.stderr
    assert {k: v for k, v in office.bytes().items() if ".state" not in k} == {
        k: v for k, v in before.items() if ".state" not in k
    }


def test_the_same_key_records_once_and_says_so(office: Terminal) -> None:
    call = ("record", "dibao", "donation", "--amount", "5.00", *SAID, "--key", "HZ-18")
    office.done(*call)
    before = office.json("balance", "dibao")

    assert "未重复记账" in office.done(*call)
    assert office.json(*call)["again"] is True
    assert office.json("balance", "dibao") == before


def test_the_same_key_for_something_else_is_a_conflict(office: Terminal) -> None:
    office.done("record", "dibao", "donation", "--amount", "5.00", *SAID, "--key", "HZ-18")

    result = office.run("record", "dibao", "donation", "--amount", "5.01", *SAID, "--key", "HZ-18")

    assert result.exit_code == 1
    assert "FL904" in result.stderr


def test_a_document_is_named_by_its_digest_and_counts_as_an_attachment(
    office: Terminal, tmp_path: Path
) -> None:
    paper = tmp_path / "回单.pdf"
    paper.write_bytes(b"paper")
    said = ("--date", "2026-04-01", "--narration", "一笔", *PAID_OUT, "--document", str(paper))

    (voucher,) = office.json("record", "dibao", "donation", "--amount", "5.00", *said)["vouchers"]

    assert voucher["documents"] == [hashlib.sha256(b"paper").hexdigest()]
    assert voucher["attachments"] == 1


@pytest.mark.parametrize("kind", ["xlsx", "utf-8", "utf-8-sig", "gb18030"])
def test_a_table_of_vouchers_is_one_record(office: Terminal, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "凭证表"
    if kind == "xlsx":
        write_xlsx(path, GOOD)
    else:
        write_csv(path, GOOD, encoding=kind)

    found = office.json("record", "dibao", "--from", str(path))

    assert [v["ref"] for v in found["vouchers"]] == [f"2026-03-000{n}" for n in (6, 7, 8)]
    assert [v["date"] for v in found["vouchers"]] == ["2026-03-05", "2026-03-06", "2026-03-21"]
    assert [v["postings"][0]["amount_fen"] for v in found["vouchers"]] == [150_025, 70_000, 10]
    assert [v["attachments"] for v in found["vouchers"]] == [2, 1, 1]
    assert found["sequence"] == 7
    assert len(found["key"]) == 64


def test_the_same_table_twice_is_recorded_once(office: Terminal, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", GOOD)
    office.done("record", "dibao", "--from", str(path))
    before = office.json("journal", "dibao")

    again = office.json("record", "dibao", "--from", str(path.rename(tmp_path / "b.xlsx")))

    assert again["again"] is True
    assert office.json("journal", "dibao") == before


def test_a_dry_run_of_a_table_writes_nothing(office: Terminal, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", GOOD)
    before = office.bytes()

    shown = office.done("record", "dibao", "--from", str(path), "-n")

    assert shown.count("记 账 凭 证") == 3
    assert office.bytes() == before


def test_headings_may_be_english_and_in_any_order(office: Terminal, tmp_path: Path) -> None:
    head = (
        "Amount",
        "Event",
        "remark",
        "DATE",
        "narration",
        "maker",
        "reviewer",
        "attachments",
        "cashier",
    )
    row = ("5", "donation", "x", "20260401", "a gift", "S03", "S01", "1", "S06")

    found = office.json(
        "record", "dibao", "--from", str(write_csv(tmp_path / "a.csv", [row], head))
    )

    assert found["vouchers"][0]["narration"] == "a gift"


def test_a_row_may_be_any_event_with_what_it_needs(office: Terminal, tmp_path: Path) -> None:
    (tmp_path / "回单.pdf").write_bytes(b"paper")
    names = ("日期", "摘要", "业务", "金额", "部门类别", "转出", "转入", "应收基金", "应付基金")
    head = (*names, "结清", "付款凭证", "单据", "制单", "审核", "批准", "出纳")
    line, paper = "CASC:Dibao", "回单.pdf"
    signed = ("S03", "S01", "例财〔2026〕1号", "S06")
    rows = (
        (
            *("2026-04-01", "划转", "基金内划转", "1.00", "", "应收工作经费", "专户存款"),
            "",
            "",
            "",
            "",
        ),
        (*("2026-04-02", "代垫", "基金间往来", "2.00", line, "", ""), "union", "", "否", PAID),
        (*("2026-04-03", "收回", "interfund", "2.00", "", "", ""), "union", "", "是", ""),
        (*("2026-04-04", "占用", "指标占用", "3.00", line, "", ""), "", "", "", ""),
        (*("2026-04-05", "调剂", "virement", "4.00", "", line, line), "", "", "", ""),
    )
    path = write_csv(tmp_path / "a.csv", [(*row, paper, *signed) for row in rows], head)

    vouchers = office.json("record", "dibao", "--from", str(path))["vouchers"]

    assert [(v["event"], v["postings"][0]["account"]) for v in vouchers] == [
        ("transfer", BANK),
        ("interfund", "Assets:DueFrom:Fund:Union"),
        ("interfund", BANK),
        ("encumber", LINE.format("Encumbered")),
        ("virement", LINE.format("Approved")),
    ]
    assert {v["attachments"] for v in vouchers} == {1}
    assert {tuple(v["documents"]) for v in vouchers} == {(hashlib.sha256(b"paper").hexdigest(),)}


def test_signers_may_be_said_once_for_all_rows(office: Terminal, tmp_path: Path) -> None:
    rows = [row[:7] for row in GOOD]
    path = write_xlsx(tmp_path / "a.xlsx", rows, HEAD[:7])

    found = office.json("record", "dibao", "--from", str(path), *PAID_OUT)

    assert {(v["maker"], v["reviewer"]) for v in found["vouchers"]} == {("S03", "S01")}


def test_a_key_in_the_table_is_its_key(office: Terminal, tmp_path: Path) -> None:
    rows = [(*row, "BATCH-1") for row in GOOD]
    path = write_xlsx(tmp_path / "a.xlsx", rows, (*HEAD, "键"))

    assert office.json("record", "dibao", "--from", str(path))["key"] == "BATCH-1"


def test_one_bad_voucher_refuses_the_whole_table_and_its_row_is_named(
    office: Terminal, tmp_path: Path
) -> None:
    rows = [
        *GOOD,
        ("2026-03-22", "低保金", "直接支付", "99999.00", "CASC:Dibao", "", 1, "S03", "S01"),
    ]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    before = office.json("journal", "dibao")

    result = office.run("record", "dibao", "--from", str(path))

    assert result.exit_code == 1
    assert "FL502" in result.stderr
    assert "a.xlsx：第 5 行的凭证（2026-03-0009）" in result.stderr
    assert "2026-03-0009" in result.stderr
    assert office.json("journal", "dibao") == before


def test_the_empty_form_does_not_overwrite_a_file(office: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "凭证表.xlsx"
    path.write_bytes(b"mine")

    result = office.run("record", "dibao", "--template", str(path))

    assert result.exit_code == 1
    assert "FL941" in result.stderr
    assert path.read_bytes() == b"mine"
