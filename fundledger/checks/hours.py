"""When vouchers are recorded: what is recorded at weekends or at night is looked at once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from fundledger.findings import Finding

if TYPE_CHECKING:
    from fundledger.charter.duties import Controls
    from fundledger.ledger.record import Record

_SHANGHAI_MINUTES = 8 * 60
_DAY_MINUTES = 24 * 60
_SATURDAY = 5


class OffHours:
    """Counts, as records pass, the vouchers that are recorded outside the office's hours.

    The hours are those of the charter that is in force then; without any, nothing is counted.
    """

    def __init__(self, fund: str) -> None:
        """Begin with no record of the fund."""
        self._fund = fund
        self._counts: Counter[tuple[str, str]] = Counter()
        self._said: dict[tuple[str, str], tuple[str, str, str]] = {}

    def take(self, record: Record, controls: Controls) -> None:
        """Take the next record in, with the controls that are in force."""
        hours = controls.office_hours
        if hours is not None and record.vouchers and _is_off(record.at, *hours):
            of = (record.at[:7], record.actor)
            self._counts[of] += len(record.vouchers)
            self._said.setdefault(of, (record.at, *hours))

    def findings(self) -> Iterator[Finding]:
        """Yield FL334 for each month and person."""
        for (month, staff), count in sorted(self._counts.items()):
            at, opens, closes = self._said[month, staff]
            details = {"month": month, "staff": staff, "count": count, "at": at}
            yield Finding("FL334", staff, {**details, "opens": opens, "closes": closes}, self._fund)


@lru_cache(maxsize=100_000)
def _is_off(at: str, opens: str, closes: str) -> bool:
    """Whether an ISO time is on a Saturday or Sunday, or not between two times, in Shanghai."""
    said = datetime.fromisoformat(at)
    ahead_minutes = (said.utcoffset() or timedelta()) // timedelta(minutes=1)
    minutes = said.hour * 60 + said.minute + _SHANGHAI_MINUTES - ahead_minutes
    days, minute = divmod(minutes, _DAY_MINUTES)
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    weekday = (said.weekday() + days) % 7
    return weekday >= _SATURDAY or not opens <= clock <= closes
