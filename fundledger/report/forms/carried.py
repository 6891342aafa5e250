"""T4: what was carried over, by the year that it is of, and what is to become of it (结转结余)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fundledger.budget import Disposal, Documents, FundLots
from fundledger.ledger.lots import Lot
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import SHORT_SIGNATURES, Cell, Column, Fen, Form, Row

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 37),
    Column("形成年度", 12, "centre"),
    Column("年初结转", 15, "money"),
    Column("本年收入", 16, "money"),
    Column("本年支出", 16, "money"),
    Column("上缴收回", 14, "money"),
    Column("年末结转", 16, "money"),
    Column("结转年限", 9, "centre"),
    Column("转结余", 14, "money"),
    Column("处理意见", 28),
)


def carried(beside: Documents) -> Form:
    """Return the lots of each fund, with their sums."""
    return Form(
        "结转结余",
        f"{beside.year}年度结转结余情况表（截至{beside.day.isoformat()}）",
        _COLUMNS,
        tuple(_rows(beside.lots)),
        SHORT_SIGNATURES,
        fixed=2,
        until=beside.day,
        notes=books_behind(beside, beside.day),
    )


def _rows(funds: Sequence[FundLots]) -> Iterator[Row]:
    number = rows = 0
    for fund in funds:
        lots = fund.lots
        for lot in lots:
            number += 1
            origin = f"{lot.origin}及以前" if lot.or_before else str(lot.origin)
            figures = _figures(fund, [lot])
            *before, surplus = figures
            years = str(fund.age_years(lot))
            head: tuple[Cell, ...] = (number, fund.names.zh, origin)
            yield Row((*head, *before, years, surplus, _disposal(fund, lot)))
        rows += len(lots)
        if len(lots) > 1:
            yield _sum("小计", fund.names.zh, [_figures(fund, lots)], len(lots))
            rows += 1
    yield _sum("合计", None, [_figures(fund, fund.lots) for fund in funds], rows)


def _figures(fund: FundLots, lots: Sequence[Lot]) -> tuple[Fen, ...]:
    return (
        Fen(sum(lot.opening_fen for lot in lots)),
        Fen(sum(lot.income_fen for lot in lots)),
        Fen(sum(lot.spent_fen for lot in lots)),
        Fen(sum(lot.given_back_fen for lot in lots)),
        Fen(sum(lot.open_fen for lot in lots)),
        Fen(sum(fund.surplus_fen(lot) for lot in lots)),
    )


def _sum(label: str, name: str | None, parts: Sequence[tuple[Fen, ...]], above: int) -> Row:
    sums = [Fen(sum(part[at].fen for part in parts)) for at in range(6)]
    *before, surplus = sums
    cells: tuple[Cell, ...] = (label, name, None, *before, None, surplus, None)
    return Row(cells, sum=True, above=above)


def _disposal(fund: FundLots, lot: Lot) -> str:
    since = fund.surplus_from(lot).isoformat()
    match fund.disposal(lot):
        case Disposal.CURRENT:
            return "当年资金"
        case Disposal.CARRY:
            return "结转继续使用"
        case Disposal.LAST_YEAR:
            return f"年内用完，{since} 起为结余"
        case Disposal.SURPLUS:
            return f"{since} 起为结余，上缴"
        case None:
            return "已用完" if lot.open_fen == 0 else "超支，须查明"
