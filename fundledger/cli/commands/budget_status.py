"""`fundledger budget status`: how each line of a year's budget is used."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import command, option
from fundledger.cli.kinds import YEAR
from fundledger.cli.options import as_of, formatted, fund

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.books import Books

_KINDS = ("Approved", "BroughtForward", "Unallotted", "Available", "Encumbered", "Expended")
_KEYS = {
    "Approved": "approved_fen",
    "BroughtForward": "brought_forward_fen",
    "Unallotted": "unallotted_fen",
    "Available": "available_fen",
    "Encumbered": "encumbered_fen",
    "Expended": "expended_fen",
}


@command(
    "budget status",
    zh="执行率为已支出除以批复与上年结转之和，保留一位小数，四舍五入。",
    en="The rate is what is expended of what was approved and brought forward, to one decimal, "
    "half up.",
    examples=("budget status dibao", "budget status dibao --year 2026 --as-of 2026-09-30"),
)
@fund
@option(
    "--year",
    type=YEAR,
    metavar="YEAR",
    zh="预算年度；默认为截至日的年度",
    en="the budget's year; that of the day if not said",
)
@as_of
@formatted
def status(session: Session, fund: str, year: int | None, as_of: date | None) -> None:
    """Show how a year's budget is used."""
    day = as_of or session.today
    of_year = year or day.year
    rows = _lines(session.books(fund), of_year, day)
    if session.tells:
        _tell(session, fund, of_year, day, rows)
    else:
        session.put({"fund": fund, "year": of_year, "as_of": day.isoformat(), "lines": rows})


def _lines(books: Books, year: int, day: date) -> list[dict[str, Any]]:
    from fundledger.ledger.chart import SOURCE_KINDS  # noqa: PLC0415 - heavy

    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for name in books.account_names():
        account = books.accounts.account(name)
        if account.kind != "budget" or account.year != year or account.budget_kind not in _KEYS:
            continue
        key = (account.unit, account.category)
        zh, en = books.accounts.names(f"Expenses:{account.unit}:{account.category}")
        line = lines.setdefault(
            key,
            {
                "line": ":".join(key),
                "name_zh": zh,
                "name_en": en,
                **dict.fromkeys(_KEYS.values(), 0),
            },
        )
        sign = -1 if account.budget_kind in SOURCE_KINDS else 1
        line[_KEYS[account.budget_kind]] = sign * books.balance(name, day)
    rows = [lines[key] for key in sorted(lines)]
    for row in rows:
        row["rate_basis_points"] = _rate(row)
    return rows


_SPARE = (0, 3, 0, 0, 2, 0)


def _rate(row: dict[str, Any]) -> int | None:
    """Return the share expended in basis points, half up; None where nothing was given."""
    given_fen: int = row["approved_fen"] + row["brought_forward_fen"]
    if given_fen <= 0:
        return None
    spent_fen: int = row["expended_fen"]
    return (spent_fen * 20_000 + given_fen) // (2 * given_fen)


def _tell(session: Session, fund: str, year: int, day: date, rows: list[dict[str, Any]]) -> None:
    from fundledger.money import display_fen  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    session.say(
        f"{year}年预算执行　基金 {fund}　截至 {day}　单位：元",
        f"Budget of {year}, fund {fund}, as of {day}, in yuan",
    )
    words = (
        session.pick("批复", "approved"),
        session.pick("上年结转", "brought forward"),
        session.pick("未分配", "unallotted"),
        session.pick("可用", "available"),
        session.pick("已占用", "encumbered"),
        session.pick("已支出", "expended"),
    )
    columns = (
        Column(session.pick("部门:类别", "line"), wraps=True, spare=1),
        Column(session.pick("名称", "name"), wraps=True),
        *(Column(word, right=True, spare=rank) for word, rank in zip(words, _SPARE, strict=True)),
        Column(session.pick("执行率", "rate"), right=True),
    )
    body = [
        (
            row["line"],
            session.pick(row["name_zh"], row["name_en"]),
            *(display_fen(row[_KEYS[kind]]) for kind in _KINDS),
            _percent(row["rate_basis_points"]),
        )
        for row in rows
    ]
    sums: dict[str, Any] = {key: sum(row[key] for row in rows) for key in _KEYS.values()}
    total = (
        session.pick("合计", "total"),
        "",
        *(display_fen(sums[_KEYS[kind]]) for kind in _KINDS),
        _percent(_rate(sums)),
    )
    session.table(columns, body, total)


def _percent(basis_points: int | None) -> str:
    if basis_points is None:
        return "-"
    tenths = (basis_points + 5) // 10
    return f"{tenths // 10}.{tenths % 10}%"
