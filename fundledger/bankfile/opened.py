"""A bank's file opened with care: what can be in a workbook or a .csv, before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid, StatementInvalid
from fundledger.findings import Finding
from fundledger.tables.unfit import (
    BINARY,
    ERROR_VALUE,
    FORMULA,
    Reason,
    unread,
    unread_for,
    untaken,
)

if TYPE_CHECKING:
    from fundledger.bank.tables import Sheet

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELLS = {"FL814": FORMULA, "FL815": ERROR_VALUE}
_HIDDEN = "…"
_HOW = (
    "向银行重新下载原文件，不要另存或改动",
    "Download the bank's own file again, and do not save or change it",
)


def sheets_in(data: bytes, name: str) -> tuple[Sequence[Sheet], bool]:
    """Return the sheets of a file, known by what it is and not by its name, and if it is a text.

    Raises:
        InputInvalid: FL773, FL937, FL949.

    """
    from fundledger.bank.compound import guard_xls  # noqa: PLC0415 - beside the readers
    from fundledger.bank.problems import Problems  # noqa: PLC0415 - as above
    from fundledger.bank.tables import delimited, text_of, workbook  # noqa: PLC0415 - as above
    from fundledger.bank.zipped import guard_xlsx  # noqa: PLC0415 - as above

    problems = Problems(name)
    try:
        if data.startswith((_ZIP, _OLE)):
            guard = guard_xlsx if data.startswith(_ZIP) else guard_xls
            guard(data, problems)
            problems.refuse()
            return workbook(data, problems), False
        text, _ = text_of(data, None, problems)
        if "\0" in text:
            raise InputInvalid(refused(name, BINARY))
        if text and not text.endswith("\n"):
            raise InputInvalid(Finding("FL773", name, {"reason": "end"}))
        tabbed = text.count("\t") > text.count(",")
        return [delimited(text, "\t" if tabbed else ",", problems)], True
    except StatementInvalid as error:
        raise InputInvalid([_ours(finding, name) for finding in error.findings]) from None


def _ours(finding: Finding, name: str) -> Finding:
    """Return what the readers of statements found, said of this file; no sheet is named."""
    if finding.code in _CELLS:
        place = f"{name} {finding.details['cell']}"
        return _own(untaken(place, _CELLS[finding.code]))
    if "sheet" in finding.details:
        details = {**finding.details, "sheet": _HIDDEN}
        finding = Finding(finding.code, finding.subject, details)
    return _own(unread_for(finding, name))


def _own(finding: Finding) -> Finding:
    """Return a finding whose cure is the bank's own file: nobody mends what a bank wrote."""
    return replace(finding, details={**finding.details, "how_zh": _HOW[0], "how_en": _HOW[1]})


def refused(name: str, reason: Reason, /, **details: object) -> Finding:
    """Return why a file is no such table (FL949)."""
    return _own(unread(name, reason, **details))
