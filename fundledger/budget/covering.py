"""Why last year's money covers as much of a line's figure as it does, of what a file keeps."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from fundledger.budget.annual import ANNUALISATION, without_next_round
from fundledger.budget.kept import KeptLine
from fundledger.budget.model import exact_sum


def covering(line: KeptLine, months: int) -> dict[str, int | str]:
    """Return what decides on the carry-over of a line, by name, in fen or exact fractions as text.

    `months` of the year before are in the books.

    What is available, what the rest of the year takes of it, and what is left of both and covers
    nothing: `beyond_figure_fen`, for there is no more of the figure; else `not_carried_fen`, for it
    is a surplus that goes back, or its fund carries nothing over.
    """
    rests = (step for step in line.steps if step.name == ANNUALISATION)
    to_come = (
        without_next_round(step.exact, step.inputs.get("turned_fen", 0), months) for step in rests
    )
    rest_fen = max(Fraction(0), exact_sum(to_come))
    found: dict[str, int | str] = {
        "available_fen": line.available_fen,
        "to_come_fen": str(rest_fen),
    }
    unused_fen = max(0, floor(line.available_fen - rest_fen)) - line.carry_over_fen
    if unused_fen > 0:
        whole = line.carry_over_fen == line.proposed_fen
        found["beyond_figure_fen" if whole else "not_carried_fen"] = unused_fen
    return found
