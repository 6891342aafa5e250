"""What findings tell, as plain text that is the same each time, and the goldens that hold it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fundledger.findings import Finding, yuan

TESTS = Path(__file__).parents[1]
_TELLS = re.compile(r"^(FL\d{3}) (?:error|warning|note)\b", re.ASCII | re.MULTILINE)


def told(findings: Iterable[Finding | Mapping[str, Any]]) -> str:
    """Return code, severity, subject, and in both languages sentence and remedy of each.

    A finding may be given as the JSON that a command prints of it.
    """
    return "\n".join(_block(f.as_json() if isinstance(f, Finding) else f) for f in findings)


def _block(found: Mapping[str, Any]) -> str:
    gates = "refuses" if found["gates"] else "reports"
    amount = "" if found["amount_fen"] is None else f", amount {yuan(found['amount_fen'])}"
    return (
        f"{found['code']} {found['severity']}, {gates}: subject {found['subject']}{amount}\n"
        f"  {found['sentence_zh']}\n"
        f"    {found['remedy_zh']}\n"
        f"  {found['sentence_en']}\n"
        f"    {found['remedy_en']}\n"
    )


def golden(folder: Path, code: str, text: str) -> str:
    """Return what stands in the golden of a code; `REFRESH_GOLDENS=1` writes it first."""
    path = folder / f"{code}.txt"
    if os.environ.get("REFRESH_GOLDENS"):
        folder.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def cases_by_code() -> dict[str, set[str]]:
    """Return by code the cases of all tests in whose golden it is told, by their paths."""
    found: dict[str, set[str]] = {}
    for path in _goldens():
        for code in _TELLS.findall(path.read_text(encoding="utf-8")):
            found.setdefault(code, set()).add(path.relative_to(TESTS).as_posix())
    return found


def _goldens() -> Iterator[Path]:
    """Yield the goldens that tell findings: each is compared by the tests beside it."""
    yield from (TESTS / "checks" / "cases").glob("FL*/finding.txt")
    yield from (TESTS / "reconcile" / "cases").glob("*.txt")
    yield from TESTS.glob("*/golden/FL*.txt")
