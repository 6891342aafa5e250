"""What stands in a list beside its people: subtotals, the total, and who made and signed it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from fundledger.findings import Finding
from fundledger.payment.cells import ListCells, Reading
from fundledger.people.names import is_name
from fundledger.people.plain import plain_number
from fundledger.tables.foot import SIGNED, SUBTOTAL, TOTAL, foot_of

if TYPE_CHECKING:
    from fundledger.bank.tables import Cell
    from fundledger.payment.unitlist import Entry
    from fundledger.tables import Filled

_NUMBER = re.compile(r"[A-Z]{0,2}\d{7,}[0-9X]|\d(?:\.\d+)?E\+?\d+", re.ASCII)
_FIGURE = re.compile(r"[\d,，]+(?:\.\d+)?元?")
_LONGEST_AMOUNT = 10**10
_SUM = "(?:合计|总计|共计)(?:人数|金额)?[:：]?"
_TOTAL = re.compile(rf"(?:本表|以上)?{_SUM}|(?:grand)?total:?")
_SUBTOTAL = re.compile(rf".{{0,20}}小计(?:人数|金额)?[:：]?|本页{_SUM}|sub-?total:?")
_DOES = (
    "制表|制单|填表|填报|编制|造册|经办|经手|审核|复核|审批|审定|批准|主管|分管|负责|会计|出纳|"
    "单位|部门|科室|盖章|公章|签字|签名|签章|日期"
)
_MORE = "人|人员|领导|负责人|单位|部门|日期|时间|签字|签名|签章|盖章|公章|意见"
_SIGNED = re.compile(
    rf"(?:{_DOES})(?:{_MORE})*(?:[(（](?:{_MORE})+[)）])?(?:[:：].*)?"
    rf"|.{{0,20}}[(（](?:{_MORE})+[)）][:：]?|(?:\d{{4}})?年\d{{0,2}}月\d{{0,2}}日"
)


def kind_of(cells: Iterable[Cell]) -> str:
    """Return what a row is beside the people, or an empty text.

    One with a number of a person or account is none of it, and who signs is said in its first cell.
    """
    filled = [cell for cell in cells if cell != ""]
    texts = ["".join(cell.split()).lower() for cell in filled if isinstance(cell, str)]
    figures = [cell for cell in filled if isinstance(cell, float)]
    if any(_NUMBER.fullmatch(plain_number(text)) for text in texts):
        return ""
    if any(figure >= _LONGEST_AMOUNT for figure in figures):
        return ""
    for kind, words in ((TOTAL, _TOTAL), (SUBTOTAL, _SUBTOTAL)):
        if any(map(words.fullmatch, texts)):
            return kind
    if figures or any(map(_FIGURE.fullmatch, texts)):
        return ""
    first = texts[0] if filled and isinstance(filled[0], str) else ""
    return SIGNED if _SIGNED.fullmatch(first) else ""


def _kind(row: Filled) -> str:
    """Return what a row is beside the people; where a person is named it is theirs."""
    kind = kind_of(row.cells.values())
    name = row.cells["name"]
    named = isinstance(name, str) and is_name(name) and not kind_of([name])
    return "" if named and kind != SIGNED else kind


class Sum(NamedTuple):
    """A row that states what those above it come to, and whether it is the total of all."""

    row: Filled
    whole: bool


def parted(rows: Sequence[Filled]) -> tuple[list[Filled], list[Sum]]:
    """Return the rows of people, and those that sum them up; who signs is left out.

    Only what has nobody behind it is the total.
    """
    kinds = [_kind(row) for row in rows]
    total = foot_of(kinds)
    people = [
        row
        for at, (row, kind) in enumerate(zip(rows, kinds, strict=True))
        if not kind or (kind == TOTAL and at != total)
    ]
    sums = [
        Sum(row, whole=at == total)
        for at, (row, kind) in enumerate(zip(rows, kinds, strict=True))
        if kind == SUBTOTAL or at == total
    ]
    return people, sums


def off(
    file: str, entries: Sequence[Entry], sums: Sequence[Sum], cells: ListCells
) -> Iterator[Finding]:
    """Each sum that a list states is what its rows come to (FL737).

    The total is that of all rows, a subtotal that of all since the beginning or another subtotal.
    """
    if not entries and not sums:
        yield Finding("FL939", file)
    so_far = [0, *accumulate(entry.amount_fen for entry in entries)]
    begins = {0: 0}
    count = 0
    for row, whole in sums:
        while count < len(entries) and entries[count].row < row.number:
            count += 1
        since = 0 if whole else max(begins.values())
        if not entries or row.cells["amount"] != "":
            yield from _off(row, cells, so_far[count], {0: 0} if whole else begins, count - since)
        begins[so_far[count]] = count


def _off(
    row: Filled, cells: ListCells, so_far_fen: int, begins: dict[int, int], count: int
) -> Iterator[Finding]:
    """Yield FL737 for a sum that is not that of the rows from one of these beginnings on."""
    reading = Reading(row, cells)
    stated_fen = reading.amount_fen()
    if stated_fen is None:
        yield from reading.findings
    elif so_far_fen - stated_fen not in begins:
        last_fen = max(begins, key=lambda fen: begins[fen])
        details = {"stated_fen": stated_fen, "found_fen": so_far_fen - last_fen, "count": count}
        yield Finding("FL737", reading.place("amount"), details)
