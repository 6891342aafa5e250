"""What would come out if the rules said otherwise: derived twice, and nothing written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from fundledger.budget.history import Progress
from fundledger.budget.model import Proposal
from fundledger.budget.propose import derived_from
from fundledger.budget.sources import gathered
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.office import Office

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules

_UPLIFT = "uplift."
_OFFERED = 8
_DIGITS = 12


def what_if(  # noqa: PLR0913 - as `propose`, and what is tried
    office: Office,
    year: int,
    conditions: Iterable[str],
    *,
    as_of: date | None = None,
    needs_dir: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> tuple[Proposal, Proposal]:
    """Return the proposal as the rules have it, and as it would be under `conditions`.

    A condition is such as `tolerance_basis_points=800` or `uplift.dibao=800`, the latter for each
    assumed rise of that rate; values are written as in `rules/budget.toml`.

    Raises:
        InputInvalid: FL563, one is none.
        And as `propose` does.

    """
    rules = office.budget_rules
    assumed = assuming(rules, conditions)
    sources = gathered(office, year, as_of=as_of, needs_dir=needs_dir, progress=progress)
    return derived_from(sources, rules), derived_from(sources, assumed)


def assuming(rules: BudgetRules, conditions: Iterable[str]) -> BudgetRules:
    """Return the rules with some of their single values replaced.

    Raises:
        InputInvalid: FL563, all that cannot be tried.

    """
    known = _known(rules)
    findings: list[Finding] = []
    seen: set[str] = set()
    for text in conditions:
        key, equals, value = (part.strip() for part in text.partition("="))
        reason = ""
        if not equals or not key:
            reason = "form"
        elif key not in known:
            reason = "key"
        elif key in seen:
            reason = "twice"
        else:
            changed = _with(rules, key, value)
            if changed is None:
                reason = "value"
            rules = changed or rules
        seen.add(key)
        if reason:
            nearest = sorted(known, key=lambda one: (-_like(one, key), one))
            shown = [f"{one}={known[one]}" for one in nearest[:_OFFERED]]
            allowed = ", ".join(shown) + (" …" if len(known) > _OFFERED else "")
            details = {"text": text[:60], "reason": reason, "allowed": allowed}
            findings.append(Finding("FL563", key[:60], details, gates=True))
    if findings:
        raise InputInvalid(findings)
    return rules


def _like(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _known(rules: BudgetRules) -> Mapping[str, str]:
    """Return the keys that can be tried, each with its value as the file has it."""
    from fundledger.money import format_fen  # noqa: PLC0415 - brings the texts along

    values = dict(rules)
    found = {}
    for one in rules.sources:
        name = one.name if one.name in values else f"{one.name}_fen"
        value = values[name]
        found[one.name] = format_fen(value) if name.endswith("_fen") else str(value)
    for uplift in rules.uplifts:
        found[f"{_UPLIFT}{uplift.rate}"] = str(uplift.basis_points)
    return found


def _with(rules: BudgetRules, key: str, value: str) -> BudgetRules | None:
    """Return the rules with one value replaced; None where they may not have it."""
    from pydantic import ValidationError  # noqa: PLC0415 - heavy

    from fundledger.charter.budget import BudgetRules, Uplift  # noqa: PLC0415 - pydantic

    number: int | str = int(value) if _is_number(value) else value
    try:
        if not key.startswith(_UPLIFT):
            name = key if key in dict(rules) else f"{key}_fen"
            given = value if name.endswith("_fen") else number
            return BudgetRules.model_validate({**dict(rules), name: given})
        rate = key.removeprefix(_UPLIFT)
        uplifts = tuple(
            Uplift.model_validate({**dict(one), "basis_points": number})
            if one.rate == rate
            else one
            for one in rules.uplifts
        )
        return BudgetRules.model_validate({**dict(rules), "uplifts": uplifts})
    except ValidationError:
        return None


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS
