"""A little bank that keeps a fund's account its own way: the other side of a reconciliation.

It sees what the book sees on days of its own, has not yet seen some of it at the month's end, and
has credited interest or taken a fee that the book does not know yet.  All names are made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random
from typing import NamedTuple

from fundledger.example.plan import Calendar
from fundledger.example.slips import Part, Slip, Unbooked
from fundledger.reconcile import BookLine

_CLOSES_AT = 17
_OPENS_AT = 9
_FEE_FEN = 6_00
_SLOW_DAYS = 5
_LONG_DAYS = 7  # before a long holiday the bank books on the day itself
_INTEREST_DIVISOR = 12_000


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the account as the bank has it: fen positive for money in, its own words."""

    day: date
    at: time
    signed_fen: int
    balance_fen: int
    summary: str
    memo: str
    party: str
    party_account: str
    serial: str


@dataclass(frozen=True, slots=True)
class Passbook:
    """One account at the bank over a period, from the opening to the closing balance in fen."""

    account: str
    holder: str
    bank: str
    start: date
    end: date
    opening_fen: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Habits:
    """What this bank does by the month's end that the book does not know, or the other way."""

    keeps_last: bool
    pays_interest: bool
    takes_fee: bool


def habits_of(number: int) -> Habits:
    """Return the habits of the bank of the `number`-th fund: every kind comes up, and none."""
    keeps_last = bool(number % 2)
    return Habits(
        keeps_last=keeps_last,
        pays_interest=not keeps_last and bool(number // 2 % 2),
        takes_fee=keeps_last and bool(number // 2 % 2) and not number // 4 % 2,
    )


def movements_of(  # noqa: PLR0913 - the book's side, and by keyword the bank's own
    lines: Iterable[BookLine],
    opening_fen: int,
    period: tuple[date, date],
    *,
    habits: Habits,
    slips: Mapping[str, Sequence[Part]],
    unbooked: Iterable[Unbooked],
    calendar: Calendar,
    chance: Random,
) -> tuple[Movement, ...]:
    """Return what the bank did on the account in a period, out of what the book says.

    What it did about payments of batches, which have `slips`, the book has on the same day.
    """
    start, end = period
    seen: list[_Seen] = []
    for line in _really(lines):
        if line.ref in slips:
            seen += [_Seen(line.date, fen, slip.memo, slip) for fen, slip in slips[line.ref]]
            continue
        lag_days = chance.randrange(2) if line.signed_fen < 0 else 0
        day = min(calendar.next_after(line.date, lag_days), end)
        if (day - line.date).days > _LONG_DAYS:
            day = line.date
        seen.append(_Seen(day, line.signed_fen, line.narration))
    seen.sort(key=lambda item: item.day)
    if habits.keeps_last and seen and seen[-1].slow and (end - seen[-1].day).days < _SLOW_DAYS:
        seen.pop()
    seen += [_Seen(one.day, one.fen, one.slip.memo, one.slip) for one in unbooked]
    if habits.takes_fee:
        seen.append(_Seen(calendar.from_day(end - timedelta(days=4)), -_FEE_FEN, "账户管理费"))
    if habits.pays_interest:
        held_fen = opening_fen + sum(item.fen for item in seen)
        seen.append(_Seen(end, held_fen // _INTEREST_DIVISOR, "协定存款利息"))
    seen.sort(key=lambda item: item.day)
    return _written(seen, start, opening_fen, chance)


class _Seen(NamedTuple):
    """One thing that the bank did, before it has its place on the account."""

    day: date
    fen: int
    words: str
    slip: Slip | None = None

    @property
    def slow(self) -> bool:
        """Whether it may be later than the book says: what befell payments, the bank told."""
        return self.slip is None


def _really(lines: Iterable[BookLine]) -> list[BookLine]:
    """Return what the bank was really told: mistakes of the book and their red ink it never saw.

    What was corrected it paid rightly on the day of the wrong voucher.
    """
    known = {line.ref: line for line in lines}
    undone = {line.reverses for line in known.values() if line.reverses in known}
    told = []
    for line in sorted(known.values()):
        if line.ref in undone or line.reverses in undone:
            continue
        wrong = known.get(line.corrects)
        told.append(replace(line, date=wrong.date) if wrong else line)
    return sorted(told)


def _written(
    seen: Iterable[_Seen], start: date, opening_fen: int, chance: Random
) -> tuple[Movement, ...]:
    """Put times, parties, serials and the running balance to what happened."""
    movements = []
    balance_fen = opening_fen
    clock: dict[date, int] = {}
    for number, (day, fen, words, own) in enumerate(seen, 1):
        minutes = clock.get(day, 0) + 1 + (chance.randrange(40) if own is None else 0)
        clock[day] = minutes
        balance_fen += fen
        slip = _other_side(fen, words, chance) if own is None else own
        movements.append(
            Movement(
                day=day,
                at=time(
                    _OPENS_AT + minutes // 60 % (_CLOSES_AT - _OPENS_AT), minutes % 60, number % 60
                ),
                signed_fen=fen,
                balance_fen=balance_fen,
                **slip._asdict(),
                serial=f"{start:%y%m}{number:06d}",
            )
        )
    return tuple(movements)


def _other_side(fen: int, words: str, chance: Random) -> Slip:
    """Return the bank's summary and whom it names, by artificial names and numbers."""
    if "利息" in words:
        return Slip("结息", words, "", "")
    if "管理费" in words:
        return Slip("手续费", words, "", "")
    if fen > 0:
        return Slip("转账存入", words, "示例拨款单位", "9100000000000000011")
    number = chance.randrange(1, 100)
    return Slip("代发", words, f"示例代发户{number:02d}", f"91000000000000001{number:02d}")
