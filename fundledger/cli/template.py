"""The empty table of vouchers that a clerk fills in."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.cli.outputs import write_new
from fundledger.cli.sheet import HEADINGS
from fundledger.ledger.events import EVENTS

if TYPE_CHECKING:
    from fundledger.charter import FundCharter

_ROWS = 500
_EVENTS = (
    *("allocation", "donation", "interest", "bank-fee", "expense", "unknown-credit"),
    *("unknown-debit", "transfer", "surrender", "allot", "encumber", "release"),
)
_WIDTHS = {"date": 12, "narration": 28, "amount_fen": 14, "line": 18, "event": 12}
_TEXTUAL = frozenset(("maker", "reviewer", "poster", "cashier", "approval", "key", "document"))


def write_template(path: Path, charter: FundCharter, created: datetime) -> None:
    """Write the form to a new file; the same input gives the same bytes.

    Raises:
        InputInvalid: FL941, there is a file of that name.

    """
    write_new(path, template_bytes(charter, created))


def template_bytes(charter: FundCharter, created: datetime) -> bytes:
    """Return the form as an .xlsx: headings, one example row, a list to choose events from."""
    import xlsxwriter  # noqa: PLC0415 - heavy, and only workbooks need it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "凭证表", "created": created.replace(tzinfo=None)})
        sheet = book.add_worksheet("凭证")
        font = {"font_name": "SimSun", "font_size": 11}
        head = book.add_format({**font, "bold": True, "border": 1, "bg_color": "#EDEDED"})
        text = book.add_format({**font, "num_format": "@"})
        day = book.add_format({**font, "num_format": "yyyy-mm-dd"})
        money = book.add_format({**font, "num_format": "0.00"})
        formats = {"date": day, "amount_fen": money}
        for column, heading in enumerate(HEADINGS):
            shape = formats.get(heading.field, text if heading.field in _TEXTUAL else None)
            sheet.set_column(column, column, _WIDTHS.get(heading.field, 11), shape)
            sheet.write_string(0, column, heading.words[0], head)
        for field, value in _example(charter, created).items():
            column = next(i for i, heading in enumerate(HEADINGS) if heading.field == field)
            if field == "date":
                sheet.write_datetime(1, column, created.date(), day)
            elif field == "amount_fen":
                sheet.write_number(1, column, 120000, money)
            else:
                sheet.write_string(1, column, value, text)
        events = [EVENTS[slug].zh for slug in _EVENTS]
        sheet.data_validation(1, 2, _ROWS, 2, {"validate": "list", "source": events})
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return stream.getvalue()


def _example(charter: FundCharter, created: datetime) -> dict[str, str]:
    today, sources = created.date(), charter.fund.sources
    roles = {held.role: person.code for person in charter.staff for held in person.roles}
    return {
        "date": today.isoformat(),
        "narration": "示例：拨款到账（请改写或删去本行）",
        "event": EVENTS["allocation"].zh,
        "amount_fen": "120000.00",
        "source": next((s.slug for s in sources if s.holds(today)), sources[0].slug),
        "attachments": "2",
        "maker": roles.get("maker", ""),
        "reviewer": roles.get("reviewer", ""),
    }
