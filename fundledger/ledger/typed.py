"""Whether the values of a draft are of their types, so that it can be examined at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.drafts import ATTACHMENTS_MAX
from fundledger.ledger.given import is_day, is_fen, is_text
from fundledger.ledger.voucher import Draft, Posting

_TEXTS = ("narration", "maker", "reviewer", "event")
_OPTIONAL_TEXTS = ("poster", "cashier", "approval")
_REFERENCES = ("reverses", "corrects")


def checked(draft: Draft) -> Draft:
    """Return the draft if its values are of their types, so that it can be examined at all.

    Raises:
        InputInvalid: FL909 for each field of another type.

    """
    wrong: list[Finding] = []

    def hold(field: str, *, holds: bool) -> None:
        if not holds:
            wrong.append(Finding("FL909", field, {"field": field}))

    hold("date", holds=is_day(draft.date))
    for field in _TEXTS:
        hold(field, holds=is_text(getattr(draft, field)))
    for field in _OPTIONAL_TEXTS:
        value = getattr(draft, field)
        hold(field, holds=value is None or is_text(value))
    for field in _REFERENCES:
        value = getattr(draft, field)
        hold(field, holds=value is None or (is_text(value) and value != ""))
    for field in ("documents", "links"):
        values: Any = getattr(draft, field)
        hold(field, holds=isinstance(values, tuple) and all(map(is_text, values)))
    attachments: Any = draft.attachments
    hold("attachments", holds=type(attachments) is int and 0 <= attachments <= ATTACHMENTS_MAX)
    hold("closing", holds=isinstance(draft.closing, bool))
    hold("postings", holds=bool(draft.postings) and all(map(_is_posting, draft.postings)))
    if wrong:
        raise InputInvalid(wrong)
    return replace(draft)


def _is_posting(value: object) -> bool:
    return (
        isinstance(value, Posting)
        and is_text(value.account)
        and is_fen(value.signed_fen)
        and isinstance(value.red, bool)
    )
