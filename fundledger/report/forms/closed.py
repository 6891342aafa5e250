"""T8: what the year before came to, fund by fund, and that the account has it (收支决算表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fundledger.budget import Documents, Outturn
from fundledger.money import display_fen
from fundledger.report.forms.behind import books_behind
from fundledger.report.forms.cells import SHORT_SIGNATURES, Column, Fen, Form, Row

_COLUMNS = (
    Column("序号", 5, "centre"),
    Column("资金", 20),
    Column("上年结转", 13, "money"),
    Column("拨入", 14, "money"),
    Column("利息", 9, "money"),
    Column("捐赠", 11, "money"),
    Column("支出", 14, "money"),
    Column("上缴", 12, "money"),
    Column("以前年度调整", 13, "money"),
    Column("年末结余", 14, "money"),
    Column("应付未付", 11, "money"),
    Column("应收未收", 11, "money"),
    Column("专户余额", 14, "money"),
    Column("核对", 24),
)


def closed(beside: Documents) -> Form:
    """Return the outturn of each fund, and their sums."""
    over = beside.day == date(beside.year, 12, 31)
    until = f"截至{beside.day.isoformat()}{'' if over else '，年度未终了'}"
    return Form(
        "收支决算",
        f"{beside.year}年度收支决算表（{until}）",
        _COLUMNS,
        tuple(_rows(beside.outturns)),
        SHORT_SIGNATURES,
        fixed=2,
        until=beside.day,
        notes=books_behind(beside, beside.day),
    )


def _rows(outturns: Sequence[Outturn]) -> Iterator[Row]:
    for number, one in enumerate(outturns, 1):
        yield Row((number, one.names.zh, *map(Fen, one.figures_fen), _held(one)))
    columns = zip(*(one.figures_fen for one in outturns), strict=True)
    sums = (Fen(sum(column)) for column in columns)
    yield Row(("合计", None, *sums, None), sum=True, above=len(outturns))


def _held(one: Outturn) -> str:
    if one.apart_fen:
        return f"不符，差 {display_fen(one.apart_fen)}"
    if one.signed:
        return "相符，已签字调节"
    if one.signed_on is None:
        return "相符，尚未调节"
    return f"相符，调节至 {one.signed_on.isoformat()}"
