"""Balances by day: what is remembered of the lowest one says what looking at all days says."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from fundledger.ledger.chart import Group
from fundledger.ledger.daily import Daily
from fundledger.ledger.tables import MemoryTables

BANK = "Assets:Bank:Dedicated"
FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 100).map(lambda days: FIRST + timedelta(days=days))
MOVES = st.tuples(DAYS, st.integers(-50, 50), st.booleans())


class Moved(Daily):
    """One account that is moved without vouchers."""

    def move(self, day: date, amount_fen: int, group: Group) -> None:
        """Put an amount on a day, as a fold does."""
        text = day.isoformat()
        if text != self._day:
            self._settle(text)
        if group not in self._moved:
            self._begin_day(group)
        self.balances[BANK] += amount_fen
        self.months[text[:7]] += 1
        self.head.last_day = max(text, self.head.last_day)


def lowest_fen(moves: list[tuple[date, int]], since: date, sign: int) -> int:
    """Return the lowest balance at the end of a day with a move, from a day on."""
    in_order = sorted({day for day, _ in moves})
    by_day = [sum(fen for day, fen in moves if day == one) for one in in_order]
    ends = zip(in_order, accumulate(by_day), strict=True)
    return min(sign * fen for day, fen in ends if day >= since)


@given(st.lists(MOVES, min_size=1, max_size=40), st.sampled_from((1, -1)))
def test_a_dip_below_zero_is_told_just_when_there_is_one(
    moves: list[tuple[date, int, bool]], sign: int
) -> None:
    daily = Moved(MemoryTables())
    group = Group((BANK,), (), (), ())
    done: list[tuple[date, int]] = []
    for day, amount_fen, asked in moves:
        daily.move(day, amount_fen, group)
        done.append((day, amount_fen))
        if not asked:
            continue
        expected_fen = lowest_fen(done, day, sign)
        dip = daily.dip(BANK, day, sign)
        assert (dip is None) == (expected_fen >= 0)
        assert dip is None or dip[0] == expected_fen == daily.lowest(BANK, day, sign)[0]
