"""Which funds' books end before the day that a form states."""

from __future__ import annotations

from datetime import date

from fundledger.budget import Documents


def books_behind(beside: Documents, day: date) -> tuple[str, ...]:
    """Return notes that name each fund whose books end in a month before that of `day`, once.

    A month that was closed counts as kept.  Funds that end together share a note, those without
    any voucher the last one.
    """
    names = {fund.fund: fund.names.zh for fund in beside.lots}
    behind: dict[str, list[str]] = {}
    for fund, month in beside.recorded_through.items():
        if month < day.isoformat()[:7]:
            behind.setdefault(month, []).append(names[fund])
    return tuple(
        f"{_until(month)}：{'、'.join(behind[month])}" for month in sorted(behind, reverse=True)
    )


def _until(month: str) -> str:
    return f"账簿只记到{int(month[:4])}年{int(month[5:])}月" if month else "账簿尚无凭证"
