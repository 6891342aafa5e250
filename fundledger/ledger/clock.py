"""How far the journal's times may be ahead of a clock: they never go back, so one holds for all."""

from __future__ import annotations

from datetime import datetime, timedelta

from fundledger.errors import Refused
from fundledger.findings import Finding

AHEAD = timedelta(days=1)
_LAST = "9999-12-31T23:59:59+08:00"


def hold_clock(last: str, now: str, sequence: int, fund: str) -> None:
    """Hold the journal's last time, which no later record may precede, against the clock.

    Raises:
        Refused: FL622, it is more than a day ahead.

    """
    if last > now and last > ahead_of(now):
        raise Refused(ahead(last, now, sequence, fund))


def ahead_of(now: str) -> str:
    """Return the latest time that a record may have when the clock says `now`."""
    try:
        return (datetime.fromisoformat(now) + AHEAD).isoformat(timespec="seconds")
    except OverflowError:
        return _LAST


def ahead(at: str, now: str, sequence: int, fund: str) -> Finding:
    """Return that a record's time is further ahead of the clock than it may be."""
    return Finding("FL622", at, {"at": at, "now": now}, fund, sequence, gates=True)
