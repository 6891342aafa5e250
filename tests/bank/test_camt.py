"""A statement as camt.053 is read like any other: exact to the fen, each entry a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.bank import BankLine, Statement, read_statement
from support.camts import (
    VERSIONS,
    Entry,
    Message,
    Payment,
    amount,
    balance,
    camt_file,
    side,
    tag,
    words,
)
from support.honest_bank import line_of
from support.statements import ACCOUNT

GRANT = Entry(
    100000,
    "2026-03-02",
    (Payment("NOTPROVIDED", 100000, "区财政局", "31001", ("拨款",)),),
    serial="A1",
)
PAID = Entry(
    -20000,
    "2026-03-05T14:06:51+08:00",
    (Payment(line_of(1), 20000, "某学校", "31002", ("助学",)),),
    serial="A2",
)
INTEREST = Entry(55, "2026-03-21", kind="INT")
THREE = Message((GRANT, PAID, INTEREST))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_says_the_same(tmp_path: Path, version: str) -> None:
    statement = read_statement(replace(THREE, version=version).file(tmp_path))

    assert statement.lines == (
        BankLine(
            row=1,
            date=date(2026, 3, 2),
            direction="in",
            amount_fen=100000,
            counterparty="区财政局",
            counterparty_account="31001",
            summary="TRF",
            text="TRF 拨款",
            serial="A1",
        ),
        BankLine(
            row=2,
            date=date(2026, 3, 5),
            direction="out",
            amount_fen=20000,
            counterparty="某学校",
            counterparty_account="31002",
            summary="TRF",
            text=f"TRF {line_of(1)} 助学",
            serial="A2",
            time=time(14, 6, 51),
        ),
        BankLine(
            row=3,
            date=date(2026, 3, 21),
            direction="in",
            amount_fen=55,
            summary="INT",
            text="INT",
        ),
    )
    assert (statement.opening_fen, statement.closing_fen) == (50000, 130055)
    assert (statement.start, statement.end) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (statement.account, statement.stated_period) == (ACCOUNT, True)
    assert read_statement(tmp_path / "statement.xml") == statement


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_a_message_may_be_written_in_gb18030(tmp_path: Path, encoding: str) -> None:
    text = THREE.text()
    if encoding.startswith("gb"):
        text = text.replace("UTF-8", encoding.upper())
    statement = read_statement(camt_file(tmp_path, text, encoding))
    assert [line.counterparty for line in statement.lines] == ["区财政局", "某学校", ""]


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = THREE.file(tmp_path).rename(tmp_path / "三月.xlsx")
    assert len(read_statement(path).lines) == 3


def test_prefixes_and_line_ends_say_nothing(tmp_path: Path) -> None:
    text = THREE.text()
    body = text[text.index("<Document") :].replace("</", "</c:").replace("<", "<c:")
    prefixed = body.replace("<c:/c:", "</c:").replace("xmlns=", "xmlns:c=").replace("\n", "\r\n")
    read = read_statement(camt_file(tmp_path, prefixed))
    assert read.lines == read_statement(THREE.file(tmp_path)).lines


def test_the_order_is_that_of_the_days(tmp_path: Path) -> None:
    turned = replace(THREE, entries=THREE.entries[::-1])
    statement = read_statement(turned.file(tmp_path))
    assert [(line.row, line.date.day) for line in statement.lines] == [(3, 2), (2, 5), (1, 21)]


def one(tmp_path: Path, entry: Entry, **message: object) -> BankLine:
    """Return the one line of a message with this entry alone."""
    whole = Message((entry,), **message)  # type: ignore[arg-type]
    (line,) = read_statement(whole.file(tmp_path)).lines
    return line


def test_a_lump_is_one_line_and_says_what_holds_for_all_its_payments(tmp_path: Path) -> None:
    payments = (
        Payment(line_of(1), 1000, "某甲", "1", ("低保 三月",), batch="B2026-03-001"),
        Payment(line_of(2), 2000, "某乙", "2", ("低保 三月",), batch="B2026-03-001"),
    )
    line = one(tmp_path, Entry(-3000, payments=payments, batch="B2026-03-001"))

    assert (line.signed_fen, line.counterparty) == (-3000, "")
    assert line.text == "TRF B2026-03-001 低保 三月"


def test_a_lump_without_its_payments_names_its_batch(tmp_path: Path) -> None:
    line = one(tmp_path, Entry(-3000, batch="B2026-03-001"))
    assert line.text == "TRF B2026-03-001"


def test_several_payments_may_come_back_in_one_entry(tmp_path: Path) -> None:
    payments = (
        Payment(line_of(1), 1000, reason="AC04"),
        Payment(line_of(2), 2000, reason="BE01"),
    )
    line = one(tmp_path, Entry(3000, payments=payments, more="退汇"))
    assert (line.signed_fen, line.text) == (3000, "TRF 退汇")


def test_a_payment_that_came_back_says_which_and_why(tmp_path: Path) -> None:
    line = one(tmp_path, Entry(1000, payments=(Payment(line_of(1), 1000, reason="AC04"),)))
    assert line.text.split() == ["TRF", line_of(1), "AC04"]
    assert (line.direction, line.red) == ("in", False)


@pytest.mark.parametrize(
    ("said", "fen", "expected"),
    [
        ("true", 3000, ("in", True)),
        ("1", -3000, ("out", True)),
        ("false", 3000, ("in", False)),
        ("0", -3000, ("out", False)),
    ],
)
def test_a_reversal_is_the_banks_red_ink(
    tmp_path: Path, said: str, fen: int, expected: tuple[str, bool]
) -> None:
    line = one(tmp_path, Entry(fen, reversal=said))
    assert (line.direction, line.red) == expected


def test_who_has_our_own_account_is_not_the_other_side(tmp_path: Path) -> None:
    back = Entry(1000, payments=(Payment(line_of(1), 1000, "某专户", ACCOUNT),))
    text = Message((back,)).text()
    payee = tag("Cdtr", tag("Pty", words("Nm", "某甲")))
    number = tag("CdtrAcct", tag("Id", tag("Othr", words("Id", "6222"))))
    text = text.replace("</RltdPties>", payee + number + "</RltdPties>")
    (line,) = read_statement(camt_file(tmp_path, text)).lines
    assert (line.counterparty, line.counterparty_account) == ("某甲", "6222")


def test_a_memo_that_fills_its_element_goes_on_in_the_next(tmp_path: Path) -> None:
    memo = "三" * 130 + line_of(5)
    entry = Entry(-10, payments=(Payment("", 10, memo=(memo[:140], memo[140:], "低保")),))
    line = one(tmp_path, entry)
    assert line.text.split() == ["TRF", memo, "低保"]


def test_the_line_holds_all_that_the_bank_says_of_it(tmp_path: Path) -> None:
    """Structured memos, other references and the words of a return, wherever they stand."""
    text = Message((Entry(10, payments=(Payment(line_of(1), 10, reason="NARR"),)),)).text()
    said = {
        "</Refs>": "<ChqNb>C7</ChqNb><Prtry><Tp>T</Tp><Ref>B2026-03-009</Ref></Prtry></Refs>",
        "<RtrInf>": "<RmtInf><Strd><CdtrRefInf><Ref>R8</Ref></CdtrRefInf>"
        "<AddtlRmtInf>低保</AddtlRmtInf><AddtlRmtInf>三月</AddtlRmtInf></Strd></RmtInf><RtrInf>",
        "</RtrInf>": "<AddtlInf>已销户</AddtlInf></RtrInf><AddtlTxInf>退汇</AddtlTxInf>",
    }
    for old, new in said.items():
        text = text.replace(old, new)
    (line,) = read_statement(camt_file(tmp_path, text)).lines
    assert line.text.split() == [
        *("TRF", line_of(1), "C7", "B2026-03-009", "R8", "低保", "三月"),
        *("退汇", "NARR", "已销户"),
    ]


def test_the_kind_of_an_entry_is_the_banks_code_or_that_of_iso_20022(tmp_path: Path) -> None:
    domain = (
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn>"
    )
    text = Message((Entry(10),)).text()
    own = text[text.index("<BkTxCd>") : text.index("</BkTxCd>")]
    for new, summary in ((own, "TRF"), (domain, "PMNT-RCDT-RRTN"), ("<BkTxCd>", "")):
        (line,) = read_statement(camt_file(tmp_path, text.replace(own, new))).lines
        assert (line.summary, line.text) == (summary, summary)


@pytest.mark.parametrize("inside", [{"A9"}, {"A8", "A9"}, set()])
def test_the_serial_is_the_banks_or_the_entrys(tmp_path: Path, inside: set[str]) -> None:
    payments = [Payment("", 10 // max(1, len(inside))) for _ in inside]
    text = Message((Entry(10, payments=payments),)).text()
    for serial in sorted(inside):
        refs = f"<TxDtls><Refs><AcctSvcrRef>{serial}</AcctSvcrRef></Refs><Amt"
        text = text.replace("<TxDtls><Amt", refs, 1)
    text = text.replace("<Ntry>", "<Ntry><NtryRef>17</NtryRef>")
    (line,) = read_statement(camt_file(tmp_path, text)).lines
    assert line.serial == ("A9" if inside == {"A9"} else "17")


@pytest.mark.parametrize(
    ("period", "closed_on", "expected"),
    [
        (("2026-03-01T00:00:00", "2026-03-31T23:59:59"), "2026-03-31", (1, date(2026, 3, 31))),
        (("2026-03-01T00:00:00", "2026-04-01T00:00:00"), "2026-03-31", (1, date(2026, 3, 31))),
        (("2026-02-28T16:00:00Z", "2026-03-31T15:59:59Z"), "2026-03-31", (1, date(2026, 3, 31))),
        (("2026-03-01T00:00:00", "2026-04-01T00:00:00"), "2026-04-01", (1, date(2026, 4, 1))),
        (None, "2026-03-31", (2, date(2026, 3, 31))),
    ],
)
def test_the_period_is_of_days_in_china(
    tmp_path: Path,
    period: tuple[str, str] | None,
    closed_on: str,
    expected: tuple[int, date],
) -> None:
    message = replace(THREE, period=period, closed_on=closed_on)
    statement = read_statement(message.file(tmp_path))
    assert (statement.start.day, statement.end) == expected
    assert statement.stated_period == (period is not None)


def test_the_closing_of_the_day_before_opens(tmp_path: Path) -> None:
    statement = read_statement(replace(THREE, opened_as="PRCD").file(tmp_path))
    assert statement.opening_fen == 50000


def test_other_balances_are_passed_over(tmp_path: Path) -> None:
    more = balance("CLAV", 1, "2026-03-31") + balance("ITBD", 7, "2026-03-09")
    assert read_statement(replace(THREE, extra=more).file(tmp_path)).closing_fen == 130055


def test_an_account_may_be_overdrawn(tmp_path: Path) -> None:
    statement = read_statement(Message((Entry(-60000),)).file(tmp_path))
    assert statement.closing_fen == -10000


def test_a_masked_account_is_not_known(tmp_path: Path) -> None:
    statement = read_statement(replace(THREE, account="3100****0101").file(tmp_path))
    assert statement.account is None


def test_a_month_without_entries_is_a_statement(tmp_path: Path) -> None:
    statement = read_statement(Message(()).file(tmp_path))
    assert (statement.lines, statement.opening_fen, statement.closing_fen) == ((), 50000, 50000)


def test_totals_that_agree_are_taken(tmp_path: Path) -> None:
    totals = tag(
        "TxsSummry",
        tag("TtlNtries", words("NbOfNtries", "003"), words("Sum", "1200.55")),
        tag("TtlCdtNtries", words("NbOfNtries", "2"), words("Sum", "1000.55")),
        tag("TtlDbtNtries", words("NbOfNtries", "1"), words("Sum", "200.00")),
    )
    assert len(read_statement(replace(THREE, extra=totals).file(tmp_path)).lines) == 3


def test_a_charge_may_be_taken_from_a_payment(tmp_path: Path) -> None:
    text = Message((Entry(-20050, payments=(Payment("", 20000),)),)).text()
    charge = tag("Chrgs", tag("Rcrd", amount(50), side(-1)))
    text = text.replace("<NtryDtls>", charge + "<NtryDtls>")
    (line,) = read_statement(camt_file(tmp_path, text)).lines
    assert line.amount_fen == 20050


def test_amounts_may_have_zeros_behind_the_second_decimal(tmp_path: Path) -> None:
    text = Message((Entry(-20000),)).text().replace(">200.00<", ">200.00000<")
    (line,) = read_statement(camt_file(tmp_path, text)).lines
    assert line.amount_fen == 20000


def test_other_namespaces_and_comments_are_passed_over(tmp_path: Path) -> None:
    strange = '<x:Ntry xmlns:x="urn:bank"><x:Amt>1</x:Amt></x:Ntry><!-- <Ntry/> -->'
    assert read_statement(replace(THREE, extra=strange).file(tmp_path)).closing_fen == 130055


entries = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(-(10**11), 10**11).filter(bool),
        st.text("甲乙丙&<>\"'", min_size=1, max_size=9),
        st.integers(0, 10**6),
        st.booleans(),
    ),
    max_size=8,
)


@given(entries, st.integers(-(10**11), 10**11), st.sampled_from(VERSIONS), st.booleans())
def test_what_a_bank_says_is_what_is_read(
    drawn: Sequence[tuple[int, int, str, int, bool]],
    opening_fen: int,
    version: str,
    backward: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    day = date(2026, 1, 1)
    said = []
    for at, (later, fen, name, number, red) in enumerate(drawn):
        day += timedelta(days=later)
        payment = Payment(line_of(number), abs(fen), name, str(number), ("三月",))
        said.append(
            Entry(fen, day.isoformat(), (payment,), serial=f"T{at}", reversal="true" if red else "")
        )
    told = said[::-1] if backward else said
    period = ("2026-01-01T00:00:00", "2026-12-31T00:00:00")
    message = Message(told, opening_fen, version=version, period=period)
    statement = read(message)

    assert (statement.opening_fen, statement.closing_fen) == (opening_fen, message.closing_fen)
    assert sorted(statement.lines, key=lambda line: line.serial) == [
        BankLine(
            row=len(said) - at if backward else at + 1,
            date=date.fromisoformat(entry.day),
            direction="in" if entry.fen > 0 else "out",
            amount_fen=abs(entry.fen),
            counterparty=entry.payments[0].party,
            counterparty_account=entry.payments[0].account,
            summary="TRF",
            text=f"TRF {entry.payments[0].reference} 三月",
            serial=entry.serial,
            red=entry.reversal == "true",
        )
        for at, entry in enumerate(said)
    ]
    days = [line.date for line in statement.lines]
    assert days == sorted(days)


def read(message: Message) -> Statement:
    """Read a message, twice."""
    with TemporaryDirectory() as folder:
        path = message.file(Path(folder))
        statement = read_statement(path)
        assert read_statement(path) == statement
        return statement
