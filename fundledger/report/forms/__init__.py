"""The forms that go to the joint conference (年度社会救助资金预算建议) as rows of plain values."""

from fundledger.report.forms.cells import Cell, Column, Fen, Form, Kind, Points, Row, Share
from fundledger.report.forms.every import forms, forms_beside
from fundledger.report.forms.items import Item, items, line_id, line_name

__all__ = [
    "Cell",
    "Column",
    "Fen",
    "Form",
    "Item",
    "Kind",
    "Points",
    "Row",
    "Share",
    "forms",
    "forms_beside",
    "items",
    "line_id",
    "line_name",
]
