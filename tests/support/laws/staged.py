"""Stages of a budget drawn for the two laws, what is adopted beside them, and what before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fundledger.fund import Fund
from fundledger.ledger import drafts
from fundledger.ledger.disk import RealDisk
from fundledger.ledger.plan import Content, Plan
from fundledger.ledger.stages import STAGES, StageAct, adopting, stage_body
from fundledger.ledger.store import Store
from fundledger.ledger.voucher import Draft
from fundledger.recorder import GATE
from support.laws.acts import as_numbered, recording
from support.laws.kinds import Drawn, Said, but, drawn
from support.laws.world import AT, TODAY, Act, Made, World
from support.offices import DIBAO, ILLNESS, draft

YEAR = 2027
SINCE = date(2027, 1, 4)
FEN = st.integers(1, 90_000_00)
LOW_INCOME = ("CASC", "LowIncome")


def _act(said: Said) -> StageAct:
    approves = said["stage"] == "approved"
    signed: Mapping[str, Any] = {"maker": "S03", "reviewer": "S01"} if approves else {}
    return StageAct(
        year=YEAR,
        stage=said["stage"],
        on=said["on"],
        document_number=said["number"],
        lines=said["lines"],
        actor=said["actor"],
        resolution=said.get("resolution", "例联〔2027〕2号" if approves else ""),
        replaces=said.get("replaces", 0),
        posted_on=said.get("posted_on"),
        **signed,
    )


def _staging(world: World, said: Said) -> Act:
    """Return the act of recording a stage; one whose voucher posts otherwise goes by the store."""
    act = _act(said)
    posted = replace(act, lines=said["posts"]) if "posts" in said else act

    def carry() -> Sequence[Draft]:
        return adopting(posted, {})

    def made(fund: Fund) -> Made:
        return Made("budget-stage", stage_body(act), as_numbered(fund, carry()), act.actor)

    if posted is act:
        return Act(lambda fund: fund.stage(act), made)
    return Act(lambda fund: _ask(world.root, fund, act, carry()), made)


def _ask(root: Path, fund: Fund, act: StageAct, carried: Sequence[Draft]) -> None:
    content = Content(stage_body(act), carried)
    store = Store(RealDisk(root / "dibao"), fund.id, GATE, index_path=":memory:", clock=lambda: AT)
    try:
        store.commit(Plan("budget-stage", act.actor, "forged", "", lambda _: content))
    finally:
        store.close()


def _sound(data: st.DataObject, _: World) -> Said:
    stage = data.draw(st.sampled_from(STAGES))
    return {
        "before": STAGES[: STAGES.index(stage)],
        "stage": stage,
        "actor": "S01" if stage == "approved" else "S06",
        "number": "例财〔2027〕8号",
        "lines": {DIBAO: data.draw(FEN), ILLNESS: data.draw(FEN)},
        "on": data.draw(st.dates(SINCE, TODAY)),
    }


def _laid(world: World, said: Said) -> Said:
    """Record the stages that come before."""
    for stage in said["before"]:
        actor = "S01" if stage == "approved" else "S06"
        earlier = {
            "stage": stage,
            "actor": actor,
            "on": SINCE,
            "number": "例民〔2026〕31号",
            "lines": {DIBAO: 5_00, ILLNESS: 1},
        }
        world.must(_staging(world, earlier))
    return said


_APPROVED = {"stage": "approved", "before": STAGES[:3], "actor": "S01"}
STAGED = Drawn(
    "stage",
    _sound,
    (
        ("FL507", but(stage="controlled", before=(), actor="S06")),
        ("FL507", but(stage="revised", before=STAGES[:1], actor="S06")),
        ("FL507", but(stage="declared", before=STAGES[:2], actor="S06")),
        ("FL507", but(stage="revised", before=STAGES, actor="S06")),
        ("FL507", but(stage="controlled", before=STAGES[:2], actor="S06")),
        ("FL507", drawn(replaces=st.integers(1, 60))),
        ("FL507", drawn(on=st.dates(TODAY + timedelta(days=1), date(2027, 12, 31)))),
        ("FL507", drawn(on=st.dates(date(2024, 1, 1), date(2025, 12, 31)))),
        ("FL507", but(**_APPROVED, on=TODAY, posted_on=TODAY - timedelta(days=1))),
        ("FL509", but(**_APPROVED, posts={DIBAO: 1, ILLNESS: 1}, lines={DIBAO: 2, ILLNESS: 1})),
        ("FL509", but(**_APPROVED, posts={DIBAO: 2}, lines={DIBAO: 2, ILLNESS: 1})),
        ("FL575", drawn(actor=st.sampled_from(("S02", "S04", "S99")))),
        ("FL575", but(**{**_APPROVED, "actor": "S06"})),
        ("FL576", but(lines={DIBAO: 1, ILLNESS: 1, LOW_INCOME: 1})),
        ("FL576", but(stage="controlled", before=STAGES[:1], actor="S06", lines={DIBAO: 1})),
        ("FL577", drawn(number=st.sampled_from(("", "会议", "S03", "会议\u200b2027")))),
        ("FL577", but(**_APPROVED, resolution="")),
    ),
    _staging,
    _laid,
)


def _supplement(data: st.DataObject, _: World) -> Said:
    day = data.draw(st.dates(SINCE, TODAY))
    return {"before": STAGES, "fen": data.draw(FEN), "day": day, "event": "supplement"}


def _supplementing(_: World, said: Said) -> Act:
    return recording([draft(drafts.adoption(YEAR, DIBAO, said["fen"]), said["day"], said["event"])])


BESIDE = Drawn(
    "beside its stages",
    _supplement,
    (
        ("FL574", but(event="budget-adopt")),
        ("FL574", drawn(before=st.sampled_from([STAGES[:n] for n in (1, 2, 3)]))),
        ("FL574", drawn(day=st.dates(date(2027, 1, 1), SINCE - timedelta(days=1)))),
    ),
    _supplementing,
    _laid,
)


def _provisional(data: st.DataObject, _: World) -> Said:
    spent = data.draw(st.integers(1, 50_00))
    day = data.draw(st.dates(date(2027, 3, 1), TODAY))
    return {
        "before": STAGES[:1],
        "spent": spent,
        "fen": data.draw(st.integers(1, spent)),
        "day": day,
    }


def _spent(world: World, said: Said) -> Said:
    """Spend something in last year's March, and declare this year's budget."""
    paid = draft(drafts.expense(2026, DIBAO, said["spent"]), date(2026, 3, 5), "expense")
    world.must(recording([paid]))
    return _laid(world, said)


def _giving(_: World, said: Said) -> Act:
    given = drafts.provisional(YEAR, DIBAO, said["fen"])
    return recording([draft(given, said["day"], "provisional")])


BEFORE = Drawn(
    "before its approval",
    _provisional,
    (
        ("FL581", drawn(fen=st.integers(10**9, 10**10))),
        ("FL581", drawn(day=st.dates(date(2027, 1, 1), date(2027, 1, 31)))),
        ("FL581", but(before=())),
        ("FL581", but(before=STAGES)),
    ),
    _giving,
    _spent,
)
OF_BUDGETS = (STAGED, BESIDE, BEFORE)
