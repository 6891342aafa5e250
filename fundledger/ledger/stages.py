"""The stages of a year's budget (两上两下): what is asked, what is folded, how they compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct

from fundledger.ledger.bodies import StageBody, StageName
from fundledger.ledger.given import expect, is_day, is_digest, is_fen, is_text, is_year
from fundledger.ledger.lines import Line, budget_account
from fundledger.ledger.voucher import Draft, Posting
from fundledger.money import LIMIT_FEN

if TYPE_CHECKING:
    from fundledger.ledger.books import Books
    from fundledger.ledger.record import Record
    from fundledger.ledger.tables import Table

STAGES: tuple[str, ...] = get_args(StageName)
STAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "declared": ("一上申报", "declared"),
    "controlled": ("一下控制数", "controlled"),
    "revised": ("二上修订", "revised"),
    "approved": ("二下批复", "approved"),
}
_ATTACHMENTS_MAX = 999_999


class Staged(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A recorded stage: by which record, what it says, by whom and when; its vouchers if any."""

    sequence: int
    body: StageBody
    actor: str
    at: str
    refs: tuple[str, ...] = ()

    @property
    def amounts_fen(self) -> dict[Line, int]:
        """What it gives each line."""
        return {line.line: line.amount_fen for line in self.body.lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class StageAct:
    """A stage of a year's budget, to be recorded by `actor`; see `StageBody` for its fields.

    `lines` has fen by (unit, category).  Where it is `approved`, the budget is adopted in the same
    record, by a voucher that `maker` and `reviewer` sign, dated `on` unless `posted_on` says
    a later day (the month of the document may be closed by then).
    """

    year: int
    stage: str
    on: date
    document_number: str
    lines: Mapping[Line, int]
    actor: str
    rests_on: str = ""
    resolution: str = ""
    replaces: int = 0
    maker: str = ""
    reviewer: str = ""
    poster: str | None = None
    posted_on: date | None = None
    attachments: int = 1
    documents: tuple[str, ...] = ()


def hold_stage(act: StageAct) -> None:
    """Refuse an act whose values are not of their types.

    Raises:
        InputInvalid: FL909.

    """
    expect(act=isinstance(act, StageAct))
    approves = act.stage == "approved"
    expect(
        year=is_year(act.year),
        stage=is_text(act.stage) and act.stage in STAGES,
        on=is_day(act.on) and is_year(act.on.year),
        document_number=is_text(act.document_number),
        lines=isinstance(act.lines, Mapping)
        and bool(act.lines)
        and all(map(_sound, act.lines.items())),
        actor=is_text(act.actor),
        rests_on=act.rests_on == "" or is_digest(act.rests_on),
        resolution=is_text(act.resolution),
        replaces=is_fen(act.replaces) and act.replaces >= 0,
        maker=is_text(act.maker) and bool(act.maker) is approves,
        reviewer=is_text(act.reviewer) and bool(act.reviewer) is approves,
        poster=act.poster is None or (approves and is_text(act.poster)),
        posted_on=act.posted_on is None or (approves and is_day(act.posted_on)),
        attachments=type(act.attachments) is int and 0 <= act.attachments <= _ATTACHMENTS_MAX,
        documents=isinstance(act.documents, tuple) and all(map(is_digest, act.documents)),
    )


def _sound(item: tuple[object, object]) -> bool:
    match item:
        case ((str(unit), str(category)), int(fen)):
            texts = all(is_text(one) and bool(one) for one in (unit, category))
            return texts and is_fen(fen) and 0 <= fen <= LIMIT_FEN
    return False


def stage_body(act: StageAct) -> dict[str, Any]:
    """Return what the record of an act says, its lines in order; what is empty is left out."""
    body: dict[str, Any] = {
        "year": act.year,
        "stage": act.stage,
        "on": act.on.isoformat(),
        "document_number": act.document_number,
        "lines": [[*line, fen] for line, fen in sorted(act.lines.items())],
    }
    more = {"rests_on": act.rests_on, "resolution": act.resolution, "replaces": act.replaces}
    return body | {name: said for name, said in more.items() if said}


def adopting(act: StageAct, given_fen: Mapping[Line, int]) -> tuple[Draft, ...]:
    """Return the voucher that adopts what is approved (预算下达); none where it gives nothing.

    `given_fen` is what lines were given before it: the approval takes that in, and only the rest of
    what it gives is unallotted anew.
    """
    if act.stage != "approved":
        return ()
    postings: list[Posting] = []
    for line in sorted({*act.lines, *given_fen}):
        fen, before_fen = act.lines.get(line, 0), given_fen.get(line, 0)
        for kind, signed_fen in (
            ("Provisional", before_fen),
            ("Unallotted", fen - before_fen),
            ("Approved", -fen),
        ):
            if signed_fen:
                postings.append(Posting(budget_account(act.year, kind, line), signed_fen))
    if not postings:
        return ()
    draft = Draft(
        date=act.posted_on or act.on,
        narration=f"{act.year}年预算下达（{act.resolution}）",
        event="budget-adopt",
        maker=act.maker,
        reviewer=act.reviewer,
        poster=act.poster,
        approval=act.document_number,
        attachments=act.attachments,
        documents=act.documents,
        postings=tuple(postings),
    )
    return (draft,)


def take_stage(stages: Table, record: Record, body: StageBody) -> None:
    """Fold a stage in, after those of its year that were recorded before."""
    year = str(body.year)
    stages[year] = [*stages[year], Staged(record.sequence, body, record.actor, record.at)]


def post_stage(stages: Table, year: str, refs: Sequence[str]) -> None:
    """Note the vouchers of the stage that was folded in last."""
    *before, last = stages[year]
    stages[year] = [*before, Staged(last.sequence, last.body, last.actor, last.at, tuple(refs))]


def stages_of(books: Books, year: int) -> tuple[Staged, ...]:
    """Return all stages of a year's budget in the order of recording, replaced ones too."""
    return tuple(books.stages[str(year)])


def standing_stages(books: Books, year: int) -> dict[str, Staged]:
    """Return the stages of a year by name, in their order; of one taken again the last stands."""
    return {staged.body.stage: staged for staged in stages_of(books, year)}


def approved_stage(books: Books, year: int) -> Staged | None:
    """Return the stage by which a year's budget was approved, or None."""
    found = (staged for staged in stages_of(books, year) if staged.body.stage == "approved")
    return next(found, None)


def budget_years(books: Books) -> list[int]:
    """Return the years that have a stage, in order."""
    return sorted(int(year) for year, _ in books.stages.rows())
