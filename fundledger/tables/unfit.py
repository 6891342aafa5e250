"""Why a file is no table, or a cell of it cannot be taken, each with the cure that fits."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from fundledger.findings import Finding


class Reason(NamedTuple):
    """Why something cannot be taken, and what to do about it, in both languages."""

    zh: str
    en: str
    how_zh: str
    how_en: str


_SAVE_ZH = "另存为不带宏、公式和密码的 .xlsx，或 UTF-8、GB18030 编码的 .csv"
_SAVE_EN = "Save it as .xlsx without macros, formulas or password, or as .csv in UTF-8 or GB18030"
_DAMAGED = Reason("已损坏", "it is damaged", _SAVE_ZH, _SAVE_EN)
_BY_CODE = {
    "FL801": Reason("无法打开", "it cannot be opened", _SAVE_ZH, _SAVE_EN),
    "FL804": Reason("不是 .xlsx 或 .csv 文件", "it is neither .xlsx nor .csv", _SAVE_ZH, _SAVE_EN),
    "FL805": Reason(
        "压缩包内部结构异常",
        "the inside of the zip is not that of a workbook",
        _SAVE_ZH,
        _SAVE_EN,
    ),
    "FL806": Reason("含有宏", "it has macros in it", _SAVE_ZH, _SAVE_EN),
    "FL807": Reason("有打开密码", "it has a password", _SAVE_ZH, _SAVE_EN),
    "FL808": _DAMAGED,
    "FL809": Reason(
        "编码不是 UTF-8 或 GB18030", "it is in neither UTF-8 nor GB18030", _SAVE_ZH, _SAVE_EN
    ),
    "FL867": Reason(
        "工作表“{sheet}”是隐藏的，其中有内容",
        'its sheet "{sheet}" is hidden and holds something',
        "取消隐藏并核对；不入账的，删去该工作表",
        "Unhide the sheet and look at it; if it is not to be recorded, delete it",
    ),
    "FL868": Reason(
        "工作表“{sheet}”有隐藏的行，其中有内容：第 {rows} 行",
        'its sheet "{sheet}" has hidden rows that hold something: {rows}',
        "取消隐藏（或清除筛选）并核对；不入账的行请删去",
        "Unhide the rows, or clear the filter, and look at them; delete what is not to be recorded",
    ),
    "FL869": Reason(
        "引用了其他文件（{member}）",
        "it links to other files ({member})",
        "断开与其他文件的链接，引用处改为数值",
        "Break the links and turn what they gave into values",
    ),
}
SHEETS = Reason(
    "有几张表都像要读的表，只能有一张",
    "several sheets look like it; there may be one only",
    "只留要记的一张，删去其余，或分别存成几个文件",
    "Keep the one that is to be recorded and delete the others, or save them as files of their own",
)
ABOVE = Reason(
    "标题行上方第 {rows} 行还有数据",
    "there are rows of data above the headings: {rows}",
    "把标题行移到数据之上，上方只留表名",
    "Move the headings above all rows; only a title may stand over them",
)
OTHER_SHEET = Reason(
    "第 {place} 张工作表还有内容",
    "sheet {place} holds something too",
    "一个文件只留一张清单，其余的另存或删去",
    "Leave one list in the file; save the others as files of their own, or delete them",
)
BINARY = Reason("不是文本", "it is no text", _SAVE_ZH, _SAVE_EN)
MERGED = Reason(
    "第 {row} 行有合并的单元格",
    "cells are merged in row {row}",
    "取消合并并逐行填写",
    "Unmerge them and fill in every row",
)
SWAPPED = Reason(
    "{one}列和{other}列的内容像是填反了（共 {count} 行）",
    "columns {one} and {other} seem to be swapped ({count} rows)",
    "对照原始材料，把两列的表头或内容对调过来",
    "Look at the papers, and exchange the headings or the contents of the two columns",
)
FORMULA = Reason(
    "是公式",
    "it is a formula",
    "改为数值（复制后选择性粘贴为“数值”）；合计行请删去",
    "Turn it into a value (copy, then paste values only); delete a row of totals",
)
ERROR_VALUE = Reason(
    "是错误值", "it is an error value", "改为数值或文字", "Write a figure or a text"
)
NOT_TEXT = Reason(
    "不是文字",
    "it is no text",
    "改为一行文字；编码先把单元格设为文本格式再填写",
    "Write one line of text; for a code, format the cell as text first",
)
UNPRINTABLE = Reason(
    "含有换行或不可见字符",
    "it has line breaks or invisible characters in it",
    "改为一行文字，去掉换行和不可见字符",
    "Write one line of text, without line breaks and invisible characters",
)
NOT_YES = Reason("只能填“是”或“否”", "it is neither yes nor no", "填“是”或“否”", "Write yes or no")
TIMED = Reason(
    "日期不应带时刻",
    "a day has no time of day",
    "去掉时刻，只填日期，例如 2026-03-05",
    "Leave the time out and write the day alone, such as 2026-03-05",
)
UNFORMATTED = Reason(
    "{text} 是未设日期格式的数字",
    "{text} is a number that is not formatted as a day",
    "把该单元格设为日期格式，核对日期；或写作 2026-03-05",
    "Format the cell as a date and check the day, or write it as 2026-03-05",
)


def unread(name: str, reason: Reason, /, **details: object) -> Finding:
    """Return that a file cannot be read as a table (FL949)."""
    return Finding("FL949", name, _said(reason, details))


def unread_for(finding: Finding, name: str) -> Finding:
    """Return what the readers of bank files found, said of a table (FL949)."""
    return unread(name, _BY_CODE.get(finding.code, _DAMAGED), **finding.details)


def lacking(name: str, columns: str, allowed: str) -> Finding:
    """Return that a table has no such columns; `allowed` are all that it needs (FL933)."""
    how = f"表头一行须有：{allowed}", f"The row of headings needs: {allowed}"
    said = {"column": columns, "allowed": allowed, "how_zh": how[0], "how_en": how[1]}
    return Finding("FL933", name, said)


def with_form(finding: Finding) -> Finding:
    """Return what is wrong with a table of vouchers; its cure names the command of the form."""
    if finding.code not in {"FL933", "FL949"}:
        return finding
    details = dict(finding.details)
    details["how_zh"] += "；凭证的空白表可用 fundledger record --template 生成"
    details["how_en"] += "; `fundledger record --template` writes an empty form for vouchers"
    return replace(finding, details=details)


def untaken(place: str, reason: Reason, /, **details: object) -> Finding:
    """Return that a cell cannot be taken (FL937)."""
    return Finding("FL937", place, _said(reason, details))


def _said(reason: Reason, details: dict[str, object]) -> dict[str, str]:
    return {
        "reason_zh": reason.zh.format(**details),
        "reason_en": reason.en.format(**details),
        "how_zh": reason.how_zh,
        "how_en": reason.how_en,
    }
