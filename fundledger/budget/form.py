"""The form on which a unit declares its needs (部门资金需求申报表): its sheet and headings."""

from __future__ import annotations

import re
from typing import Final

FONT: Final = "宋体"
SHEET: Final = "部门资金需求申报表"
TITLE: Final = "{year}年度部门资金需求申报表"
TITLE_PATTERN: Final = re.compile(r"(\d{4})年度部门资金需求申报表", re.ASCII)
HEADING_ROW: Final = 3
TOTAL: Final = "合计"
NAMED: Final = "对象名单"
NAMED_TITLE: Final = "{year}年度部门资金需求对象名单"
REFERENCE: Final = "上年情况"
UNIT_LINE: Final = "申报单位："
JOINT_ZH: Final = "联席会议"
JOINT_EN: Final = "joint conference"

UNIT: Final = "申报部门"
FUND: Final = "资金"
CATEGORY: Final = "救助类别"
HOUSEHOLDS: Final = "对象户数"
PERSONS: Final = "对象人数"
STANDARD: Final = "补助标准(元/人·月)"
TIMES: Final = "月(次)数"
AMOUNT: Final = "需求金额"
BASIS: Final = "政策依据(文号)"
EXPLANATION: Final = "测算说明"
EVIDENCE: Final = "佐证材料"
EVIDENCED: Final = "其中有佐证金额"
HANDLER: Final = "经办人"
HEAD: Final = "部门负责人"
DECLARED: Final = "申报日期"

HEADINGS: Final = (
    *(UNIT, FUND, CATEGORY, HOUSEHOLDS, PERSONS, STANDARD, TIMES, AMOUNT),
    *(BASIS, EXPLANATION, EVIDENCE, EVIDENCED, HANDLER, HEAD, DECLARED),
)
PERSON: Final = "对象代码"
NAMED_HEADINGS: Final = (FUND, CATEGORY, PERSON)

_SUM: Final = re.compile(r"SUM\(H\d+:H\d+\)", re.ASCII)


def product_formula(row: int) -> str:
    """Return the locked formula of the needed amount in a row: empty until it can be told."""
    return f'IF(COUNT(E{row}:G{row})=3,ROUND(E{row}*F{row}*G{row},2),"")'


def is_product(formula: str, row: int) -> bool:
    """Tell whether a formula of that row is persons times standard times `times`."""
    plain = formula.replace(" ", "").replace("$", "").upper()
    product = f"E{row}*F{row}*G{row}"
    return plain in {product_formula(row), f"ROUND({product},2)", product}


def is_total(formula: str) -> bool:
    """Tell whether a formula adds up needed amounts."""
    return _SUM.fullmatch(formula.replace(" ", "").replace("$", "").upper()) is not None


_NEVER_LAST: Final = r"[（《「『“‘(\[{]*"
_NEVER_FIRST: Final = r"[，。；：、！？）》」』”’…%)\]},.;:!?·]*"
_PIECE: Final = re.compile(rf"{_NEVER_LAST}(?:[!-~]+|\S|(?=\s)){_NEVER_FIRST}\s*")


def lines_of(text: str, width: int, half_points: int = 18) -> int:
    """Return how many lines a text fills in a column of `width` characters of a workbook.

    Chinese counts double; a workbook measures columns in characters of about 10.5 points.  A word
    or number is not broken, and no closing mark begins a line: what does not fit goes on the next.
    """
    room = max(2, 21 * width // half_points)
    return sum(_filled(line, room) for line in text.split("\n"))


def _filled(text: str, room: int) -> int:
    lines, used = 1, 0
    for piece in _PIECE.findall(text):
        length = sum(1 if character.isascii() else 2 for character in piece.rstrip())
        if used and used + length > room:
            lines, used = lines + 1, 0
        while length > room:
            lines, length = lines + 1, length - room
        used += length + len(piece) - len(piece.rstrip())
    return lines
