"""A proposal as plain JSON values: ASCII keys, amounts in whole fen, fractions beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fundledger.budget.inputs import Declaration, Place
from fundledger.budget.model import (
    Blocked,
    FundTotal,
    Line,
    Proposal,
)


def proposal_json(proposal: Proposal) -> dict[str, object]:
    """Return what `Proposal.as_json` promises."""
    return {
        "office_zh": proposal.office.zh,
        "office_en": proposal.office.en,
        "year": proposal.year,
        "as_of": proposal.as_of.isoformat(),
        "cut_off": proposal.cut_off.isoformat(),
        "months": proposal.months,
        "complete": proposal.complete,
        "lines": [_line(line) for line in proposal.lines],
        "blocked": [_blocked(item) for item in proposal.blocked],
        "deferred": [
            {**_key(line.place), "amount_fen": line.deferred_fen} for line in proposal.deferred
        ],
        "funds": [_total(total) for total in proposal.totals],
        "declarations": [_declaration(item) for item in proposal.declarations],
        "findings": [finding.as_json() for finding in proposal.findings],
        "provenance": {
            "books": [asdict(book) for book in proposal.provenance.books],
            "needs": dict(proposal.provenance.needs),
            "rules": dict(proposal.provenance.rules),
        },
    }


def _key(place: Place) -> dict[str, Any]:
    return {"fund": place.key.fund, "line": place.key.line}


def _place(place: Place) -> dict[str, Any]:
    return {
        **_key(place),
        "treatment": "rigid" if place.rigid else "discretionary",
        "name_zh": place.category.zh,
        "name_en": place.category.en,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        **_place(line.place),
        "decision": line.decision.value,
        **asdict(line.history),
        "need_fen": line.need_fen,
        "base_fen": str(line.base_fen),
        "gap_fen": str(line.gap_fen),
        "proposed_fen": line.proposed_fen,
        "computed_fen": line.computed_fen,
        "overridden": asdict(line.overridden) if line.overridden else None,
        "carry_over_fen": line.carry_over_fen,
        "appropriation_fen": line.appropriation_fen,
        "deferred_fen": line.deferred_fen,
        "warned": list(line.warned),
        "steps": [
            {
                "name": step.name,
                "amount_fen": shown_fen,
                "exact_fen": str(step.amount_fen),
                "rule": step.rule,
                "source": step.source,
                "inputs": dict(step.inputs),
                **({"name_zh": step.names.zh, "name_en": step.names.en} if step.names else {}),
            }
            for step, shown_fen in zip(line.steps, line.shown_fen(), strict=True)
        ],
    }


def _blocked(item: Blocked) -> dict[str, Any]:
    need_fen = item.need.amount_fen if item.need else None
    return {**_place(item.place), "code": item.code, **asdict(item.history), "need_fen": need_fen}


def _total(total: FundTotal) -> dict[str, Any]:
    return {
        "fund": total.fund,
        "lines": total.lines,
        "blocked": total.blocked,
        "complete": total.complete,
        "proposed_fen": total.proposed_fen,
        "reserve_fen": total.reserve_fen,
        "need_fen": total.need_fen,
        "carry_over_fen": total.carry_over_fen,
        "other_sources_fen": total.other_sources_fen,
        "request_fen": total.request_fen,
        "other_sources": [
            {
                "source": one.source,
                "name_zh": one.names.zh,
                "name_en": one.names.en,
                "amount_fen": one.amount_fen,
                "document": one.document,
            }
            for one in total.other_sources
        ],
    }


def _declaration(declaration: Declaration) -> dict[str, Any]:
    def row(values: Mapping[str, Any]) -> dict[str, Any]:
        fund, unit, category = values["key"]
        kept = {key: value for key, value in values.items() if key not in {"key", "named"}}
        kept["named"] = len(values["named"])
        declared = values["declared"].isoformat()
        return {"fund": fund, "line": f"{unit}:{category}", **kept, "declared": declared}

    return {
        "unit": declaration.unit,
        "file": declaration.file,
        "sha256": declaration.sha256,
        "needs": [row(asdict(need)) for need in declaration.needs],
    }
