"""The empty table of vouchers that a clerk fills in, with lists to choose from and a guide."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from fundledger.budget.form import lines_of
from fundledger.cli.accounts import chart_of
from fundledger.cli.guide import EXAMPLE, WAYS, needs_of
from fundledger.cli.happenings import FORMS
from fundledger.cli.moves import INCOME, MOVES
from fundledger.cli.outputs import write_new
from fundledger.cli.sheet import HEADINGS
from fundledger.ledger.chart import APPROPRIATION, DONATION, INTEREST
from fundledger.ledger.events import EVENTS
from fundledger.tables.tabular import letters

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

FONT = "SimSun"
HEAD_ROW = 1
FIRST_ROW, LAST_ROW = 2, 501
_NOT_LISTED = frozenset(("opening",))
_GIFTS = frozenset(("donation", "donor-refund"))
_WIDTHS = {
    "date": 11,
    "narration": 24,
    "event": 12,
    "amount_fen": 14,
    "line": 18,
    "source": 11,
    "giver": 13,
    "taker": 13,
    "due_from": 9,
    "due_to": 9,
    "paid_by": 13,
    "document": 13,
    "approval": 15,
    "remark": 10,
}
_WIDTH = 7
_GUIDE_WIDTHS = (14, 10, 70, 24)
_LINE_POINTS = 15
_STRICT = frozenset(("event", "settle"))
_ROLES = {"maker": "maker", "reviewer": "reviewer", "poster": "poster", "cashier": "cashier"}


_Book: TypeAlias = Any
_Sheet: TypeAlias = Any
_Format: TypeAlias = Any
"""Parts of xlsxwriter, which has no types."""


@dataclass(frozen=True, slots=True)
class _Styles:
    title: _Format
    needed: _Format
    other: _Format
    text: _Format
    day: _Format
    money: _Format
    count: _Format
    wrapped: _Format


def write_template(path: Path, charter: FundCharter, created: datetime) -> None:
    """Write the form to a new file; the same input gives the same bytes.

    Raises:
        InputInvalid: FL941, there is a file of that name.

    """
    write_new(path, template_bytes(charter, created))


def template_bytes(charter: FundCharter, created: datetime) -> bytes:
    """Return the form as an .xlsx: an empty table, a guide with an example, and lists of values.

    The example stands beside the headings in the guide, where no table of vouchers is looked for,
    so that the form cannot be recorded as it is handed out.
    """
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "凭证表", "created": created.replace(tzinfo=None)})
        styles = _styles(book)
        table = book.add_worksheet("凭证")
        guide = book.add_worksheet("填写说明")
        values = book.add_worksheet("可选值")
        ranges = _list_values(values, values_of(charter), styles)
        _lay_out(table, charter, styles)
        _choose(table, ranges)
        _explain(guide, charter, created.date(), styles)
    return stream.getvalue()


def _styles(book: _Book) -> _Styles:
    def style(**properties: object) -> _Format:
        return book.add_format({"font_name": FONT, "font_size": 11, **properties})

    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    return _Styles(
        title=style(bold=True, font_size=12),
        needed=style(**head, bg_color="#BDD7EE"),
        other=style(**head, bg_color="#EDEDED"),
        text=style(num_format="@"),
        day=style(num_format="yyyy-mm-dd", align="center"),
        money=style(num_format="#,##0.00"),
        count=style(num_format="0", align="center"),
        wrapped=style(text_wrap=True, valign="top", border=1),
    )


def values_of(charter: FundCharter) -> Mapping[str, Sequence[str]]:
    """Return, by field, what may be chosen for it in this fund, as a clerk reads it."""
    chart = chart_of(charter)
    names = {(c.unit, c.slug): c.zh for c in charter.categories}
    lines = sorted({(p.unit, p.category) for p in charter.fund.purposes})
    titles = [names.get(line, "") for line in lines]
    shown = [
        title if title and titles.count(title) == 1 else ":".join(line)
        for line, title in zip(lines, titles, strict=True)
    ]
    gifts = [DONATION] if charter.fund.donations else []
    income = [*gifts, INTEREST, *(APPROPRIATION + s.slug for s in charter.fund.sources)]
    givers = dict.fromkeys(move.giver for move in MOVES)
    takers = dict.fromkeys(
        name for move in MOVES for name in (income if move.taker == INCOME else [move.taker])
    )
    staff = {
        field: [p.code for p in charter.staff if any(held.role == role for held in p.roles)]
        for field, role in _ROLES.items()
    }
    return {
        "event": [EVENTS[FORMS[slug].event].zh for slug in _listed(charter)],
        "line": shown,
        "source": [source.zh for source in charter.fund.sources],
        "giver": [chart.names(name)[0] for name in givers],
        "taker": [chart.names(name)[0] for name in takers],
        "due_from": sorted(charter.funds),
        "due_to": sorted(charter.funds),
        "settle": ["是", "否"],
        **{field: codes for field, codes in staff.items() if codes},
    }


def _listed(charter: FundCharter) -> list[str]:
    """Return the events that the form offers: donations only where the fund takes them."""
    left = _NOT_LISTED if charter.fund.donations else _NOT_LISTED | _GIFTS
    return [slug for slug in FORMS if slug not in left]


def _list_values(
    sheet: _Sheet, values: Mapping[str, Sequence[str]], styles: _Styles
) -> dict[str, str]:
    """Write the lists, a column each, and return the range of each."""
    ranges = {}
    for column, (field, texts) in enumerate(values.items()):
        sheet.set_column(column, column, max(12, *(2 * len(text) + 2 for text in texts)))
        sheet.write_string(0, column, _word(field), styles.other)
        for row, text in enumerate(texts, 1):
            sheet.write_string(row, column, text, styles.text)
        name = letters(column)
        ranges[field] = f"=可选值!${name}$2:${name}${len(texts) + 1}"
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    return ranges


def _lay_out(sheet: _Sheet, charter: FundCharter, styles: _Styles) -> None:
    fund = charter.fund
    ways = "一行一张，只放新的行，整份一次入账；蓝色列必填，填法见“填写说明”"
    sheet.write_string(0, 0, f"凭证表　基金：{fund.zh}（{fund.id}）　{ways}", styles.title)
    formats = {"date": styles.day, "amount_fen": styles.money, "attachments": styles.count}
    for column, heading in enumerate(HEADINGS):
        shape = formats.get(heading.field, styles.text)
        sheet.set_column(column, column, _WIDTHS.get(heading.field, _WIDTH), shape)
        needed = heading.needed or heading.field in {"maker", "reviewer"}
        head = styles.needed if needed else styles.other
        sheet.write_string(HEAD_ROW, column, heading.words[0], head)
    sheet.set_row(0, 22)
    sheet.set_row(HEAD_ROW, 20)
    sheet.freeze_panes(FIRST_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD_ROW)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _choose(sheet: _Sheet, ranges: Mapping[str, str]) -> None:
    """Add to each column the list, or the kind of value, that it takes, and what to know of it."""
    for column, heading in enumerate(HEADINGS):
        field = heading.field
        rule: dict[str, Any] = {"validate": "any"}
        if field in ranges:
            rule = {"validate": "list", "source": ranges[field]}
            if field not in _STRICT:
                rule |= {"error_type": "information"}
        elif field == "date":
            span = (date(2000, 1, 1), date(2099, 12, 31))
            rule = {"validate": "date", "criteria": "between"}
            rule |= {"minimum": span[0], "maximum": span[1]}
        elif field == "amount_fen":
            rule = {"validate": "decimal", "criteria": ">", "value": 0}
        elif field == "attachments":
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
        rule |= {"input_title": heading.words[0], "input_message": WAYS[field]}
        rule |= {"error_title": heading.words[0], "error_message": WAYS[field]}
        sheet.data_validation(FIRST_ROW, column, LAST_ROW, column, rule)


def _explain(sheet: _Sheet, charter: FundCharter, day: date, styles: _Styles) -> None:
    """Write the guide: each column with an example beside it, then what each event needs."""
    for column, width in enumerate(_GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    example = {
        **EXAMPLE,
        "date": day.isoformat(),
        "narration": f"{day.month}月拨款到账",
        "source": charter.fund.sources[0].zh if charter.fund.sources else "",
        **{field: codes[0] for field, codes in values_of(charter).items() if field in _ROLES},
    }
    rows = [("列", "必填", "填写内容", "示例（仅供参照，不会入账）")]
    for heading in HEADINGS:
        needed = "是" if heading.needed or heading.field in {"maker", "reviewer"} else ""
        rows.append((heading.words[0], needed, WAYS[heading.field], example.get(heading.field, "")))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, styles.wrapped if number else styles.other)
        filled = (lines_of(*cell, 22) for cell in zip(row, _GUIDE_WIDTHS, strict=True))
        sheet.set_row(number, _LINE_POINTS * max(filled) + 2)
    start = len(rows) + 1
    sheet.write_string(start, 0, "业务", styles.other)
    sheet.merge_range(
        start, 1, start, 3, "除日期、摘要、金额、制单、审核外，还须填写", styles.other
    )
    for number, slug in enumerate(_listed(charter), start + 1):
        sheet.write_string(number, 0, EVENTS[FORMS[slug].event].zh, styles.wrapped)
        words = needs_of(slug, _word) or "—"
        sheet.merge_range(number, 1, number, 3, words, styles.wrapped)
        lines = lines_of(words, sum(_GUIDE_WIDTHS[1:]), 22)
        sheet.set_row(number, _LINE_POINTS * lines + 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _word(field: str) -> str:
    return next(heading.words[0] for heading in HEADINGS if heading.field == field)
