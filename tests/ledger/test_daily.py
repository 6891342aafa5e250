"""Balances by day: what is remembered of the lowest one says what looking at all days says."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from fundledger.ledger.chart import Group
from fundledger.ledger.daily import HEADROOM, Daily
from fundledger.ledger.tables import MemoryTables

BANK = "Assets:Bank:Dedicated"
FIRST = date(2026, 1, 25)
DAYS = 12
LAST = FIRST + timedelta(days=DAYS)
STEPS = st.sampled_from((0, 0, 0, 0, 1, 2, -1, -4))
GROUP = Group((BANK,), (), ((0, 1),), ())


class Moved(Daily):
    """An account, and the headroom beside it, that are moved without vouchers."""

    def move(self, day: date, amount_fen: int) -> None:
        """Put an amount on a day, as a fold does."""
        text = day.isoformat()
        if text != self._day:
            self._settle(text)
        if GROUP not in self._moved:
            self._begin_day(GROUP)
        self.balances[BANK] += amount_fen
        self.balances[HEADROOM] -= amount_fen
        self.months[text[:7]] += 1
        self.head.last_day = max(text, self.head.last_day)


def lowest_fen(moves: list[tuple[date, int]], since: date, sign: int) -> int:
    """Return the lowest balance at the end of a day, of every day from one on."""
    days = [since + timedelta(days=number) for number in range((LAST - since).days + 1)]
    return min(sign * sum(fen for day, fen in moves if day <= end) for end in days)


@settings(max_examples=400)
@given(
    st.lists(
        st.tuples(STEPS, st.integers(-50, 50), st.none() | STEPS, st.sampled_from((1, 1, 1, -1))),
        min_size=1,
        max_size=30,
    )
)
def test_a_dip_below_zero_is_told_just_when_there_is_one(
    acts: list[tuple[int, int, int | None, int]],
) -> None:
    daily = Moved(MemoryTables())
    done: list[tuple[date, int]] = []
    at = 0
    for step, amount_fen, asked, sign in acts:
        at = min(max(at + step, 0), DAYS)
        daily.move(FIRST + timedelta(days=at), amount_fen)
        done.append((FIRST + timedelta(days=at), amount_fen))
        if asked is None:
            continue
        since = FIRST + timedelta(days=min(max(at + asked, 0), DAYS))
        for account, way in ((BANK, sign), (HEADROOM, -sign)):
            dip = daily.dip(account, since, way)
            expected_fen = lowest_fen(done, since, sign)
            assert (dip is None) == (expected_fen >= 0)
            if dip is not None:
                assert dip == daily.lowest(account, since, way)
                assert dip[0] == expected_fen
                on = date.fromisoformat(dip[1])
                assert way * daily.fen(account, on) == expected_fen
                assert on >= since
