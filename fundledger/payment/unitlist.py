"""A unit's payment list (发放清单): each row read for itself, and the list as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid
from fundledger.findings import Finding, Severity
from fundledger.payment.beneath import kind_of, off, parted
from fundledger.payment.cells import ListCells, Reading
from fundledger.payment.known import Roster, Slip, against, meant
from fundledger.payment.standards import Due, above_ceiling, above_standard
from fundledger.payment.swapped import swapped
from fundledger.people import Identity, same_name
from fundledger.tables import Heading, read_table
from fundledger.tables.tabular import Terms

if TYPE_CHECKING:
    from fundledger.charter import FundCharter
    from fundledger.charter.models import Rate

HEADINGS = (
    Heading("name", ("姓名", "救助对象", "人员姓名", "对象姓名", "name"), needed=True),
    Heading("kind", ("证件类型", "证件种类", "document")),
    Heading(
        "number",
        ("身份证号", "身份证号码", "证件号码", "证件号", "公民身份号码", "身份证", "id"),
        needed=True,
    ),
    Heading("household", ("户号", "家庭编号", "户编号", "household")),
    Heading("committee", ("居委", "居委会", "居(村)委会", "社区", "committee")),
    Heading("category", ("救助类别", "类别", "补助项目", "救助项目", "category")),
    Heading("period", ("所属月份", "发放月份", "所属期", "月份", "期间", "period")),
    Heading(
        "amount",
        (
            "金额",
            "金额(元)",
            "发放金额",
            "发放金额(元)",
            "应发金额",
            "救助金额",
            "救助金额(元)",
            "补助金额",
            "amount",
        ),
        needed=True,
    ),
    Heading("holder", ("户名", "收款人", "账户名", "开户名", "收款户名", "holder")),
    Heading(
        "account",
        ("银行账号", "收款账号", "账号", "卡号", "银行卡号", "银行卡", "account"),
        needed=True,
    ),
    Heading("bank", ("开户行", "开户银行", "收款银行", "bank")),
    Heading("phone", ("电话", "联系电话", "手机", "手机号", "phone")),
    Heading("serial", ("序号", "编号", "no.")),
    Heading("remark", ("备注", "remark")),
)
_OF_A_REFUSAL = frozenset({"FL709", "FL742", "FL745"})
TERMS = Terms(
    most_rows=1_000_000, most_bytes=200 * 1024 * 1024, old=True, others=True, foot=kind_of
)


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """One row as it was read; it prints without the person.

    `holder` and `bank` are empty where the list does not say: then the account is the person's own.
    """

    row: int
    name: str
    identity: Identity
    household: str
    committee: str
    unit: str
    category: str
    period: str
    amount_fen: int
    holder: str
    account: str
    bank: str
    phone: str

    def __repr__(self) -> str:
        return f"Entry(row {self.row}, {self.category} {self.period}, {self.amount_fen} fen)"


@dataclass(frozen=True, slots=True)
class UnitList:
    """A list that holds: its entries, and what is doubtful about them.

    `aside` are the headings of columns that nobody asked for, which were left aside.
    """

    file: str
    sha256: str
    unit: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    aside: tuple[str, ...]

    @property
    def amount_fen(self) -> int:
        """What the list pays in all."""
        return sum(entry.amount_fen for entry in self.entries)


Paid = Callable[[str, Sequence[Entry]], Iterable[Finding]]
"""Gives what is wrong with the entries of a file because of what is paid already."""


def read_unit_list(  # noqa: PLR0913 - the list, and what holds where it says nothing
    path: Path,
    charter: FundCharter,
    unit: str,
    today: date,
    *,
    category: str = "",
    period: str = "",
    on: date | None = None,
    roster: Roster | None = None,
    rates: Sequence[Rate] = (),
    paid: Paid | None = None,
) -> UnitList:
    """Return a unit's list for a fund; `category` and `period` hold where a row says none.

    A row that says another than these is refused (FL971).  Months are held against the day `on`
    which the list is prepared, or against `today` if that is not known.  With a `roster` the list
    is held against the people who are known, and a wrong number may be known to be meant for one of
    them.  What is above the standards of `rates` is doubtful; `paid` yields who of the entries is
    paid already.

    Raises:
        InputInvalid: FL927 to FL949, it is no such table; FL346, FL701 to FL704, FL709, FL711,
            FL732 to FL746, FL971, everything that is wrong in any row, each with its place, and
            never a person's name or number.  A total or subtotal is held against rows that hold
            (FL737).

    """
    table = read_table(path, HEADINGS, TERMS)
    cells = ListCells(charter, unit, today, category=category, period=period, on=on)
    wrong = list(cells.beside(table.file, table.rows[0].places))
    doubtful: list[Finding] = []
    entries: list[Entry] = []
    slips: list[Slip] = []
    rows, sums = parted(table.rows)
    for filled in rows:
        reading = Reading(filled, cells)
        entry = _entry(reading, unit)
        for finding in reading.findings:
            kept = wrong if finding.severity is Severity.ERROR else doubtful
            kept.append(finding)
        if entry is not None:
            entries.append(entry)
        if roster is not None:
            slips += reading.slips()
    if exchanged := swapped(table.file, rows, cells, wrong):
        raise InputInvalid(exchanged)
    if roster is not None:
        asked = {entry.identity for entry in entries}
        asked.update(identity for slip in slips for identity in slip.candidates)
        known = roster(asked)
        told = [*against(table.file, entries, known), *meant(slips, known)]
        wrong += (finding for finding in told if finding.code in _OF_A_REFUSAL)
        doubtful += (finding for finding in told if finding.code not in _OF_A_REFUSAL)
    wrong += _twice(table.file, entries)
    wrong += _of_two_names(table.file, entries)
    wrong += paid(table.file, entries) if paid is not None else ()
    if not wrong:
        wrong += off(table.file, entries, sums, cells)
    if wrong:
        raise InputInvalid([replace(finding, gates=True) for finding in wrong])
    doubtful += _shared(table.file, entries)
    dues = list(_dues(entries))
    doubtful += (*above_standard(table.file, dues, rates), *above_ceiling(table.file, dues, rates))
    return UnitList(table.file, table.sha256, unit, tuple(entries), tuple(doubtful), table.aside)


def _entry(reading: Reading, unit: str) -> Entry | None:
    """Return the row's entry, or None with its findings noted."""
    name, identity = reading.name(), reading.identity()
    category, period = reading.category(), reading.period()
    amount_fen, account = reading.amount_fen(), reading.account()
    holder = reading.text("holder") or ""
    household, committee = reading.text("household"), reading.text("committee")
    bank, phone = reading.text("bank"), reading.text("phone")
    if name is not None and holder and not same_name(name, holder):
        reading.note("FL739", "holder")
    match name, identity, category, period, amount_fen, account:
        case str(), Identity(), str(), str(), int(), str():
            return Entry(
                row=reading.number,
                name=name,
                identity=identity,
                household=household,
                committee=committee,
                unit=unit,
                category=category,
                period=period,
                amount_fen=amount_fen,
                holder=holder,
                account=account,
                bank=bank,
                phone=phone,
            )
    return None


def _twice(file: str, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Nobody stands twice for one category and period (FL736)."""
    rows: dict[tuple[Identity, str, str], list[int]] = defaultdict(list)
    for entry in entries:
        rows[entry.identity, entry.category, entry.period].append(entry.row)
    for (_, category, period), found in rows.items():
        if len(found) > 1:
            details = {"rows": ", ".join(map(str, found)), "category": category, "period": period}
            yield Finding("FL736", f"{file} [{found[-1]}]", details)


def _of_two_names(file: str, entries: Iterable[Entry]) -> Iterator[Finding]:
    """One identity number is of one person, by one name (FL746)."""
    first: dict[Identity, Entry] = {}
    for entry in entries:
        known = first.setdefault(entry.identity, entry)
        if not same_name(known.name, entry.name):
            details = {"rows": f"{known.row}, {entry.row}"}
            yield Finding("FL746", f"{file} [{entry.row}]", details)


def _dues(entries: Iterable[Entry]) -> Iterator[Due]:
    """Yield what each row is to pay, by its number."""
    for entry in entries:
        line = f"{entry.unit}:{entry.category}"
        yield Due(f"[{entry.row}]", line, entry.period, entry.amount_fen, entry.household)


def _shared(file: str, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Several people are paid to one account (FL738)."""
    rows: dict[str, dict[Identity, int]] = defaultdict(dict)
    for entry in entries:
        rows[entry.account].setdefault(entry.identity, entry.row)
    for found in rows.values():
        if len(found) > 1:
            shown = ", ".join(map(str, found.values()))
            details = {"rows": shown, "count": len(found)}
            yield Finding("FL738", f"{file} [{max(found.values())}]", details)
