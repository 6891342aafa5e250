"""The payments of a fund against the rows of its statements, by the matching's tiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fundledger.ledger.batches.shares import voucher_of
from fundledger.ledger.batches.states import LineState
from fundledger.people.names import plain_name
from fundledger.reconcile.decisions import as_decided, expect_decidable
from fundledger.reconcile.naming import names_in, payees_of, stated_by, states_anybody
from fundledger.reconcile.rows import NOBODY, OPEN, BankRow, Decisions, Pair, Row, Told, plain_said
from fundledger.reconcile.stated import AccountOf, own_accounts, stated_account, stated_name

if TYPE_CHECKING:
    from fundledger.bank import BankLine, Statement
    from fundledger.charter.models import Clearing
    from fundledger.matching import Limits
    from fundledger.reconcile.register import Register

HoldersOf = Callable[[Iterable[str]], Mapping[str, str]]

_STATES = {LineState.DROPPED: "withdrawn", LineState.WRITTEN_OFF: "written_off"}
_RETURN_DAYS = 100
"""How long before the first row a line may have been debited for its payee's name to matter."""

_TOLD = """statement, "row", class, team, line, batch,
    COALESCE(diff_fen, 0), COALESCE(age_days, 0), detail"""


def _nobody(_: Iterable[str]) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the people who are paid, to know them again on a statement.

    `account_of` makes the pseudonym of an account's number, as lists have it, or '' of what is none
    or masked; `holders_of` gives, for people by pseudonym, the names that their accounts are in, by
    the pseudonyms of these; `died_of` the days on which they died, of those who have.
    """

    account_of: AccountOf
    holders_of: HoldersOf = _nobody
    died_of: HoldersOf = _nobody


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the payments and the rows: the pairs, what does not fit, and proposals.

    `payees` are whom rows are known to pay, by their marks: lines, else accounts, else batches;
    `sums` the batches of those that name one and neither a line nor anybody of the lists;
    `anonymous` the rows that say of nobody, or of the bank itself, to whom they went; `stated` the
    accounts that others state, by number or name.  It was compared `by_account` if the vault's key
    was there to know accounts by.  `start` and `end` are the first day of the statements and the
    last, `settled_until` the last one that was signed before, or ''; `late` are the lines that were
    open then.  `died` are the days on which people died, by their pseudonyms, as far as the vault
    was asked.
    """

    register: Register
    pairs: tuple[Pair, ...]
    told: tuple[Told, ...]
    proposed: tuple[Pair, ...]
    decided: Decisions = field(default_factory=dict)
    payees: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sums: Mapping[str, str] = field(default_factory=dict)
    anonymous: frozenset[str] = frozenset()
    stated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    by_account: bool = True
    start: str = ""
    end: str = ""
    settled_until: str = ""
    late: frozenset[str] = frozenset()
    died: Mapping[str, str] = field(default_factory=dict)

    def awaits(self, told: Told) -> bool:
        """Whether it tells of a line that the bank had to move by the end of these statements.

        Not of one that the books debited before them, unless it was open then, nor of one sent
        after them.
        """
        line = self.register.lines[told.line]
        debited_on = line.standing.debited_on
        past = "" < debited_on < self.start and told.line not in self.late
        return told.name.startswith(OPEN) and not past and line.sent_on <= self.end


def compare_payments(  # noqa: PLR0913 - the two sides, and by keyword what is known of them
    register: Register,
    statements: Iterable[Statement],
    *,
    as_of: date,
    carried: frozenset[str] | None = None,
    since: date | None = None,
    known: Known | None = None,
    clearing: Iterable[Clearing] = (),
    decided: Decisions = MappingProxyType({}),
    limits: Limits | None = None,
) -> Comparison:
    """Match the payments that were sent with the rows of statements.

    `carried` are the vouchers that were open in the signed reconciliation before, or None if there
    is none: the bank had not moved their money by then, whatever day they are of.  What the books
    debited from `since` on is looked for in any case.  Without `known` rows are known by the
    ids and batch numbers that they state, and by sums.  `clearing` are the bank's own accounts: a
    row that names one, and nobody of the lists, says of nobody to whom it went.  `decided` are
    lines by the marks of rows that a person knows them to be, '' for a row that is no payment of a
    batch.

    Raises:
        NotInstalled: FL840, there is no DuckDB here.
        InputInvalid: FL896, a decision of no row, no line, another amount, or of one twice.

    """
    from fundledger.matching import Limits, connect, load, match  # noqa: PLC0415 - an extra

    given = tuple(statements)
    start = min((statement.start for statement in given), default=as_of)
    days = (line.date for one in given for line in one.lines if decided.get(_mark(one, line)) != "")
    late = _late_lines(register, carried or frozenset())
    here = _Here(since or start, min(days, default=as_of), late)
    holders = _holders(register, known, here)
    account_of = known.account_of if known is not None else None
    paid = {line.of.account for line in register.lines.values()}
    own = own_accounts(clearing, paid, account_of, holders)
    every = [row for statement in given for row in _rows(statement, account_of, own)]
    expect_decidable(register, every, decided)
    rows = [as_decided(row, decided) for row in every if decided.get(row[0].mark) != ""]
    connection = connect()
    try:
        load(connection, "lines", _lines(register, holders, here))
        load(connection, "bank", [_bank_row(*row) for row in rows])
        load(connection, "batches", _batches(register))
        found = match(connection, as_of=as_of, limits=limits or Limits())
        by_mark = {row.mark: row for row, *_ in rows}
        pairs = found.matches.project('tier, line, statement, "row", days, reasons').fetchall()
        proposed = found.proposals.project('tier, line, statement, "row", 0, reasons').fetchall()
        told = found.exceptions.project(_TOLD).fetchall()
    finally:
        connection.close()

    def pair(tier: str, line: str, statement: str, number: int, *how: Any) -> Pair:  # noqa: ANN401
        row = by_mark[f"{statement}:{number}"]
        return Pair("decided" if row.mark in decided else tier, line, row, *how)

    def told_of(statement: str, number: int | None, *what: Any) -> Told:  # noqa: ANN401
        return Told(by_mark.get(f"{statement}:{number}"), *what)

    exceptional = sorted((told_of(*one) for one in told), key=_place)
    found_pairs = sorted(pair(*one) for one in pairs)
    stated = _stated(every, known, holders)
    said = names_in(register, rows, stated)
    payees = payees_of(register, said, found_pairs, exceptional)
    return Comparison(
        register,
        tuple(found_pairs),
        tuple(exceptional),
        tuple(sorted(pair(*one) for one in proposed)),
        decided,
        payees | {mark: frozenset({NOBODY}) for mark, line in decided.items() if not line},
        said.sums,
        frozenset(row.mark for row, line, _, _ in rows if not states_anybody(line)),
        stated,
        known is not None,
        start.isoformat(),
        as_of.isoformat(),
        (start - timedelta(days=1)).isoformat() if carried is not None else "",
        late,
        known.died_of(_asked(register, here)) if known is not None else {},
    )


def _place(told: Told) -> tuple[str, ...]:
    return told.name, told.line, told.batch, told.row.mark if told.row is not None else ""


def _late_lines(register: Register, carried: frozenset[str]) -> frozenset[str]:
    """Return the lines that the books had debited, and the bank not, when it was signed."""
    return frozenset(
        line
        for mark in carried
        for line in register.paid_by(mark) or ()
        if register.vouchers.get((line, "out")) == voucher_of(mark)
    )


class _Here(NamedTuple):
    """When the statements begin, their first row, and the lines that are late for them."""

    start: date
    first: date
    late: frozenset[str]

    def debited_on(self, line: str, day: str) -> str:
        """Return a day of a debit for the matching, which takes one before the first row as past.

        What the books debited within these statements, or the bank had not when they were signed
        last, is awaited still.
        """
        if day and (day >= self.start.isoformat() or line in self.late):
            return max(day, self.first.isoformat())
        return day


def _stated(
    rows: Iterable[BankRow], known: Known | None, holders: Mapping[str, str]
) -> Mapping[str, frozenset[str]]:
    """Return whom rows state, as far as accounts are known, and names."""
    if known is None:
        return {}
    return stated_by(rows, None if known.holders_of is _nobody else holders)


def _holders(register: Register, known: Known | None, here: _Here) -> Mapping[str, str]:
    """Return in whose names accounts are, as names are compared; none if nobody asked for them."""
    found = known.holders_of(_asked(register, here)) if known is not None else {}
    return {account: plain_name(name) for account, name in found.items()}


def _asked(register: Register, here: _Here) -> list[str]:
    """Return the people whom these statements may be about, or a return in them."""
    since = (here.first - timedelta(days=_RETURN_DAYS)).isoformat()
    asked = {
        line.of.person
        for line in register.sent()
        if not line.standing.debited_on or line.standing.debited_on >= since
    }
    return sorted(asked)


def _lines(
    register: Register, holders: Mapping[str, str], here: _Here
) -> Iterator[Sequence[object]]:
    for line in register.lines.values():
        of, standing = line.of, line.standing
        debited = here.debited_on(of.line, standing.debited_on)
        yield (
            of.line,
            line.batch,
            of.account,
            holders.get(of.account, ""),
            of.amount_fen,
            line.sent_on or None,
            "failed" if of.line in register.failed else _state(standing.state),
            debited or None,
            standing.credited_on or None,
            "",
        )


def _state(state: LineState) -> str:
    return _STATES.get(state, state.value)


def _batches(register: Register) -> Iterator[Sequence[object]]:
    """Yield what the bank was sent of each batch: the lines that were not dropped before."""
    sums: dict[str, list[int]] = {}
    for line in register.lines.values():
        if line.sent_on:
            own = sums.setdefault(line.batch, [0, 0])
            own[0] += 1
            own[1] += line.of.amount_fen
    for batch in register.batches:
        if batch.id in sums:
            yield (batch.id, batch.exported_on, *sums[batch.id])


def _rows(
    statement: Statement, account_of: AccountOf | None, own: Callable[[str, str], bool]
) -> Iterator[BankRow]:
    for line in statement.lines:
        row = Row(
            _mark(statement, line),
            f"{statement.name}:{line.row}",
            line.date,
            line.signed_fen,
            line.red,
        )
        said = replace(line, summary=plain_said(line.summary), text=plain_said(line.text))
        said = replace(said, serial=plain_said(line.serial))
        if own(line.counterparty_account, line.counterparty):
            yield row, replace(said, counterparty="", counterparty_account=""), "", ""
        else:
            account = stated_account(line.counterparty_account, account_of)
            yield row, said, account, stated_name(line.counterparty)


def _mark(statement: Statement, line: BankLine) -> str:
    return f"{statement.sha256}:{line.row}"


def _bank_row(row: Row, line: BankLine, account: str, name: str) -> Sequence[object]:
    statement, _, number = row.mark.partition(":")
    memo = f"{line.summary} {line.text}"
    return statement, number, row.on, row.signed_fen, line.serial, account, name, memo
