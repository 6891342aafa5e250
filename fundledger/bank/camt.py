"""A statement as ISO 20022 camt.053: account, period, balances and totals around its entries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from fundledger.bank.entries import Entries
from fundledger.bank.fields import (
    account_in,
    day_in,
    direction_in,
    fen_in,
    moment_of,
    text_at,
)
from fundledger.bank.markup import MarkupUnreadError, parsed, without_namespace
from fundledger.bank.preamble import Stated
from fundledger.bank.problems import Problems

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from fundledger.bank.statement import BankLine

_NAME: Final = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:[a-z]{4}\.\d{3}\.")
_DOCUMENT = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d))\}Document")
_FIRST_VERSION = 2
_HEAD_BYTES = 4096
_SUMS = {"TtlDbtNtries": "out", "TtlCdtNtries": "in"}


def is_message(data: bytes) -> bool:
    """Whether these bytes are a message of ISO 20022, of whatever kind."""
    return _NAME.search(data[:_HEAD_BYTES]) is not None


def camt_lines(data: bytes, problems: Problems) -> tuple[list[BankLine | None], Stated]:
    """Return the entries of the one statement in a message, and what it states around them.

    Row numbers are those of the elements: the third `Ntry` is row 3.  The bank's DBIT is money out
    for us, as its 借 is.  Only booked entries are taken, and of balances only those that open and
    close the period.

    Raises:
        StatementInvalid: FL808, FL809, FL838: nothing in it can be read.

    """
    statement = _statement(data, problems)
    stated = Stated()
    account = account_in(statement.find("Acct"), (1, "Acct"), problems)
    if account and "*" not in account:
        stated.accounts[account] = 1
    currency = text_at(statement, "Acct/Ccy")
    if currency and currency != "CNY":
        problems.add("FL823", row=1, column="Acct/Ccy", text=currency)
    closed_on = _Balances(statement, problems).into(stated)
    _period(statement, closed_on, stated, problems)
    entries = Entries(account, problems)
    slots = [entries.line(entry, row) for row, entry in enumerate(statement.iterfind("Ntry"), 1)]
    _check_summary(statement, slots, problems)
    return slots, stated


def _statement(data: bytes, problems: Problems) -> Element:
    """Return the one statement of a message that is whole."""
    root = _root(data, problems)
    found = _DOCUMENT.fullmatch(root.tag)
    if found is None or int(found[2]) < _FIRST_VERSION:
        _other(problems)
    without_namespace(root, found[1])
    reports = root.findall("BkToCstmrStmt")
    if len(reports) != 1:
        _other(problems)
    (report,) = reports
    statements = report.findall("Stmt")
    if len(statements) > 1:
        problems.stop("FL838", reason="several")
    if not statements or len(statements[0].findall("Acct")) != 1:
        _other(problems)
    (statement,) = statements
    pages = (report.find("GrpHdr/MsgPgntn"), statement.find("StmtPgntn"))
    if any(page is not None and not _is_whole(page) for page in pages):
        problems.stop("FL838", reason="page")
    return statement


def _root(data: bytes, problems: Problems) -> Element:
    try:
        return parsed(data)
    except MarkupUnreadError as error:
        if error.why == "encoding":
            problems.stop("FL809", encoding=error.said)
        if error.why == "torn":
            problems.stop("FL808", reason="XML")
        problems.stop("FL838", reason=error.why)


def _is_whole(page: Element) -> bool:
    """Whether a page is the first and the last."""
    return text_at(page, "PgNb") == "1" and text_at(page, "LastPgInd") in {"true", "1"}


def _other(problems: Problems) -> NoReturn:
    problems.stop("FL838", reason="other")


@dataclass(frozen=True, slots=True)
class _Balances:
    """The balances of a statement; PRCD, the closing of the day before, opens as OPBD does."""

    statement: Element
    problems: Problems

    def into(self, stated: Stated) -> date | None:
        """Take the opening and closing balance into `stated`; return the day of the closing one."""
        met: dict[str, list[tuple[int, date | None]]] = {}
        intermediate = False
        for row, balance in enumerate(self.statement.iterfind("Bal"), 1):
            code = text_at(balance, "Tp/CdOrPrtry/Cd")
            within = text_at(balance, "Tp/SubTp/Cd") == "INTM" or code == "ITBD"
            intermediate = intermediate or within
            if code not in {"OPBD", "PRCD", "CLBD"} or within:
                continue
            amount_fen = fen_in(balance, "Amt", (row, "Bal/Amt"), self.problems)
            direction = direction_in(balance, (row, "Bal/CdtDbtInd"), self.problems)
            day, _ = day_in(balance, "Dt", (row, "Bal/Dt"), self.problems)
            if amount_fen is not None and direction is not None:
                signed_fen = amount_fen if direction == "in" else -amount_fen
                met.setdefault(code, []).append((signed_fen, day))
        if any(len(set(said)) > 1 for said in met.values()):
            self.problems.add("FL838", reason="balances")
        opening = met.get("OPBD") or met.get("PRCD")
        closing = met.get("CLBD")
        if intermediate and not (opening and closing):
            self.problems.add("FL838", reason="intermediate")
        if opening:
            stated.opening_fen = opening[0][0]
        if closing:
            stated.closing_fen, closed_on = closing[0]
            return closed_on
        return None


def _period(statement: Element, closed_on: date | None, stated: Stated, problems: Problems) -> None:
    """Take the period into `stated`; without one it ends on the day of the closing balance.

    A period that ends at midnight ends with the day before, if that is the closing balance's.
    """
    period = statement.find("FrToDt")
    if period is None:
        stated.end = closed_on
        return
    said = {}
    for name in ("FrDtTm", "ToDtTm"):
        text = text_at(period, name)
        try:
            said[name] = moment_of(text)
        except ValueError:
            problems.add("FL818", row=1, column=f"FrToDt/{name}", text=text)
            return
    stated.start = said["FrDtTm"].date()
    stated.end = _last_day(said["ToDtTm"], closed_on)


def _last_day(end: datetime, closed_on: date | None) -> date:
    before = end.date() - timedelta(days=1)
    return before if end.time() == time.min and closed_on == before else end.date()


def _check_summary(statement: Element, slots: list[BankLine | None], problems: Problems) -> None:
    """Add FL838 for a number of entries, and FL827 for a sum, that the entries do not give."""
    lines = [line for line in slots if line is not None]
    for name, direction, found in _counted(lines):
        part = statement.find(f"TxsSummry/{name}")
        if part is None:
            continue
        count = text_at(part, "NbOfNtries")
        number = len(slots) if direction is None else len(found)
        if count and count.lstrip("0") != str(number).lstrip("0"):
            problems.add("FL838", reason="count")
        if len(lines) < len(slots) or not text_at(part, "Sum"):
            continue
        sum_fen = fen_in(part, "Sum", (1, f"TxsSummry/{name}/Sum"), problems, bare=True)
        found_fen = sum(line.amount_fen for line in found)
        if sum_fen is not None and sum_fen != found_fen:
            problems.add(
                "FL827",
                which=f"sum {name}",
                which_zh=f"合计“{name}”",
                stated_fen=sum_fen,
                found_fen=found_fen,
                amount_fen=sum_fen - found_fen,
            )


def _counted(lines: list[BankLine]) -> Iterator[tuple[str, str | None, list[BankLine]]]:
    yield "TtlNtries", None, lines
    for name, direction in _SUMS.items():
        yield name, direction, [line for line in lines if line.direction == direction]
