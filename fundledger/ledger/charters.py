"""A charter as the journal keeps it: its text, and the chart of accounts that the text makes."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from fundledger.ledger.chart import Chart


def charter_text(values: dict[str, Any]) -> str:
    """Return a charter's JSON values as text, by which charters are told from each other."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=16)
def chart_of(text: str) -> Chart:
    """Return the chart of a charter's text, one for all who read the same journal."""
    from fundledger.charter import FundCharter  # noqa: PLC0415 - pydantic only when needed

    return Chart(FundCharter.model_validate(json.loads(text)), text)
