"""How a line came to its figure: the sum after each step, and which limit decided its gap."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fundledger.budget.annual import WHOLE_BASIS_POINTS
from fundledger.budget.derive import ACCEPTED_GAP
from fundledger.budget.model import Line

GAP, TOLERANCE, EVIDENCE, CAP = "gap", "tolerance", "evidence", "cap"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a gap at discretion is held against, exactly in fen, and which of it decided.

    `decided_by` is `gap` where all of it was accepted, else `tolerance`, `evidence` or `cap`.
    """

    gap_fen: Fraction
    tolerance_fen: Fraction
    evidence_fen: Fraction
    cap_fen: Fraction
    accepted_fen: Fraction
    decided_by: str

    def as_json(self) -> dict[str, str]:
        """Return it as plain JSON values, amounts as exact fractions of fen."""
        return {
            "gap_fen": str(self.gap_fen),
            "tolerance_fen": str(self.tolerance_fen),
            "evidence_fen": str(self.evidence_fen),
            "cap_fen": str(self.cap_fen),
            "accepted_fen": str(self.accepted_fen),
            "decided_by": self.decided_by,
        }


def limits_of(line: Line) -> Limits | None:
    """Return the limits of a line whose need at discretion lies above its base; else None."""
    step = next((step for step in line.steps if step.name == ACCEPTED_GAP), None)
    inputs = dict(step.inputs) if step else {}
    if step is None or "cap_basis_points" not in inputs or line.gap_fen <= 0 or line.base_fen <= 0:
        return None
    tolerance_fen = Fraction(inputs["tolerance_basis_points"]) / WHOLE_BASIS_POINTS * line.base_fen
    evidence_fen = Fraction(inputs["evidenced_share"]) * line.gap_fen
    cap_fen = Fraction(inputs["cap_basis_points"]) / WHOLE_BASIS_POINTS * line.base_fen
    if step.amount_fen == line.gap_fen:
        decided_by = GAP
    elif cap_fen < max(tolerance_fen, evidence_fen):
        decided_by = CAP
    else:
        decided_by = EVIDENCE if evidence_fen > tolerance_fen else TOLERANCE
    return Limits(line.gap_fen, tolerance_fen, evidence_fen, cap_fen, step.amount_fen, decided_by)


def running_fen(line: Line) -> tuple[Fraction, ...]:
    """Return the exact sum after each step; the last one is the proposed figure."""
    sums: list[Fraction] = []
    for step in line.steps:
        sums.append((sums[-1] if sums else Fraction(0)) + step.amount_fen)
    return tuple(sums)
