"""A form as a unit fills it in: values put into the cells of the very file that was written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from xml.sax.saxutils import escape

from fundledger.budget import form

Cells = Mapping[str, object]
_FIRST_DAY = date(1899, 12, 30)
MEMBERS = {form.SHEET: 1, form.NAMED: 2, form.REFERENCE: 3}


def filled(data: bytes, cells: Cells, sheet: str = form.SHEET) -> bytes:
    """Return the workbook with values in cells such as `E4`; formulas keep what they last said."""
    member = f"xl/worksheets/sheet{MEMBERS[sheet]}.xml"

    def change(content: str) -> str:
        for place, value in cells.items():
            found = re.search(rf'<c r="{place}"( s="\d+")?[^>]*?(/>|>.*?</c>)', content)
            assert found is not None, place
            content = content.replace(found[0], _cell(place, found[1] or "", value), 1)
        return content

    return changed(data, member, change)


def computed(data: bytes, place: str, value: object, formula: str = "") -> bytes:
    """Return the workbook with a formula of the form computed to a value, or with another one."""

    def change(content: str) -> str:
        found = re.search(rf'<c r="{place}"( s="\d+")?[^>]*?><f>(.*?)</f>.*?</c>', content)
        assert found is not None, place
        told = escape(formula) or found[2]
        new = f'<c r="{place}"{found[1] or ""}><f>{told}</f><v>{value}</v></c>'
        return content.replace(found[0], new, 1)

    return changed(data, f"xl/worksheets/sheet{MEMBERS[form.SHEET]}.xml", change)


def changed(data: bytes, member: str, change: Callable[[str], str]) -> bytes:
    """Return the zip with one member's text changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", 8) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == member:
                content = change(content.decode()).encode()
            new.writestr(info.filename, content)
    return stream.getvalue()


def _cell(place: str, style: str, value: object) -> str:
    if isinstance(value, date):
        value = (value - _FIRST_DAY).days
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{place}"{style}><f>{escape(value[1:])}</f><v>1</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"{style}><v>{value!r}</v></c>'


def answers(row: int, persons: int = 100, standard: float = 200.5, times: int = 12) -> Cells:
    """Return what a unit writes into one row of its form."""
    return {
        f"D{row}": persons,
        f"E{row}": persons,
        f"F{row}": standard,
        f"G{row}": times,
        f"I{row}": "例文〔2026〕1号",
        f"J{row}": "E 按在册人数测算",
        f"M{row}": "S10",
        f"N{row}": "S11",
        f"O{row}": date(2026, 9, 15),
    }
