"""What differs between two proposals, line by line and step by step, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fundledger.budget.covering import covering
from fundledger.budget.kept import KeptBlocked, KeptLine, KeptProposal, KeptProvenance, KeptStep

Input = int | str
_LIMIT = "_basis_points"  # what a limit of the rules is called: one that moves nothing is no change


@dataclass(frozen=True, slots=True)
class InputChange:
    """An input of a step as it was and as it is; None where it has none."""

    name: str
    was: Input | None
    now: Input | None


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step that is another one: its fen before and after, None where there was or is none.

    `why` has `rule` and `inputs` where those changed; else `source`, what it rests on says
    something else, or `before`, it follows from steps before it.  A step that came has all of its
    inputs.
    """

    name: str
    name_zh: str
    name_en: str
    was_fen: int | None
    now_fen: int | None
    was_rule: str
    now_rule: str
    why: tuple[str, ...]
    inputs: tuple[InputChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came, went or differs; `was` and `now` are decisions, or the code it waits for.

    Of its figure last year's money covers the carry-over (结转安排), the rest is the appropriation
    (当年拨款); where the former moved, `carry_over_inputs` are those of `covering` that did.
    `rests_on` names what changed of that which it rests on: `book FUND`, `need FILE`, `rule FILE`.
    """

    fund: str
    line: str
    name_zh: str
    name_en: str
    was: str
    now: str
    was_fen: int | None
    now_fen: int | None
    was_need_fen: int | None
    now_need_fen: int | None
    was_carry_over_fen: int | None
    now_carry_over_fen: int | None
    was_appropriation_fen: int | None
    now_appropriation_fen: int | None
    carry_over_inputs: tuple[InputChange, ...]
    steps: tuple[StepChange, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TotalChange:
    """What a fund needs and asks for, before and after; None where it is not in a proposal.

    What it asks for differs by the appropriations of its lines that differ, its reserve, and what
    other sources announce.
    """

    fund: str
    was_reserve_fen: int | None
    now_reserve_fen: int | None
    was_need_fen: int | None
    now_need_fen: int | None
    was_carry_over_fen: int | None
    now_carry_over_fen: int | None
    was_request_fen: int | None
    now_request_fen: int | None
    was_other_sources_fen: int | None = None
    now_other_sources_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two proposals; nothing does where `lines` and `totals` are empty."""

    lines: tuple[LineChange, ...]
    totals: tuple[TotalChange, ...]
    rests_on: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        """Whether no line and no total differs."""
        return not self.lines and not self.totals

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)


def difference(was: KeptProposal, now: KeptProposal) -> Difference:
    """Return what differs from the first proposal to the second, in the order of the second."""
    sources = _sources(was.provenance, now.provenance)
    old, new = _by_key(was), _by_key(now)
    keys = [*new, *(key for key in old if key not in new)]
    months = was.months, now.months
    lines = (_line(old.get(key), new.get(key), sources, months) for key in keys)
    return Difference(
        tuple(line for line in lines if line is not None),
        tuple(_totals(was, now)),
        sources,
    )


Item = KeptLine | KeptBlocked


def _by_key(proposal: KeptProposal) -> dict[tuple[str, str], Item]:
    items: tuple[Item, ...] = (*proposal.lines, *proposal.blocked)
    return {(one.fund, one.line): one for one in items}


def _line(
    was: Item | None, now: Item | None, sources: tuple[str, ...], months: tuple[int, int]
) -> LineChange | None:
    shown = now or was
    old = was if isinstance(was, KeptLine) else None
    new = now if isinstance(now, KeptLine) else None
    steps = tuple(_steps(old, new)) if old and new else ()
    if shown is None or (_said(was) == _said(now) and not steps):
        return None
    own = (f"book {shown.fund}", f"need {shown.line.partition(':')[0]}.xlsx")
    return LineChange(
        fund=shown.fund,
        line=shown.line,
        name_zh=shown.name_zh,
        name_en=shown.name_en,
        was=_state(was),
        now=_state(now),
        was_fen=old.proposed_fen if old else None,
        now_fen=new.proposed_fen if new else None,
        was_need_fen=old.need_fen if old else None,
        now_need_fen=new.need_fen if new else None,
        was_carry_over_fen=old.carry_over_fen if old else None,
        now_carry_over_fen=new.carry_over_fen if new else None,
        was_appropriation_fen=old.appropriation_fen if old else None,
        now_appropriation_fen=new.appropriation_fen if new else None,
        carry_over_inputs=tuple(_covered(old, new, months)) if old and new else (),
        steps=steps,
        rests_on=tuple(one for one in sources if one in own or one.startswith("rule ")),
    )


def _state(item: Item | None) -> str:
    return "" if item is None else item.code if isinstance(item, KeptBlocked) else item.decision


def _said(item: Item | None) -> tuple[str | int, ...]:
    if isinstance(item, KeptLine):
        return item.decision, item.proposed_fen, item.need_fen, item.carry_over_fen
    return (_state(item),)


def _covered(was: KeptLine, now: KeptLine, months: tuple[int, int]) -> Iterator[InputChange]:
    if was.carry_over_fen != now.carry_over_fen:
        yield from _inputs(covering(was, months[0]), covering(now, months[1]))


def _steps(was: KeptLine, now: KeptLine) -> Iterator[StepChange]:
    old = {step.name: step for step in was.steps}
    new = {step.name: step for step in now.steps}
    for name in (*new, *(name for name in old if name not in new)):
        change = _step(old.get(name), new.get(name))
        if change is not None:
            yield change


def _step(was: KeptStep | None, now: KeptStep | None) -> StepChange | None:
    shown = now or was
    if shown is None:
        return None
    why: tuple[str, ...] = ()
    inputs: tuple[InputChange, ...] = ()
    if was and now:
        inputs = tuple(_inputs(was.inputs, now.inputs))
        reasons = (("rule", was.rule != now.rule), ("inputs", bool(inputs)))
        why = tuple(name for name, holds in reasons if holds)
        limits_alone = all(one.name.endswith(_LIMIT) for one in inputs)
        if was.exact == now.exact and was.rule == now.rule and limits_alone:
            return None
        why = why or (("source",) if was.source != now.source else ("before",))
    elif now:
        inputs = tuple(_inputs({}, now.inputs))
    return StepChange(
        name=shown.name,
        name_zh=shown.name_zh,
        name_en=shown.name_en,
        was_fen=was.amount_fen if was else None,
        now_fen=now.amount_fen if now else None,
        was_rule=was.rule if was else "",
        now_rule=now.rule if now else "",
        why=why,
        inputs=inputs,
    )


def _inputs(was: Mapping[str, Input], now: Mapping[str, Input]) -> Iterator[InputChange]:
    for name in dict.fromkeys((*now, *was)):
        if was.get(name) != now.get(name):
            yield InputChange(name, was.get(name), now.get(name))


def _totals(was: KeptProposal, now: KeptProposal) -> Iterator[TotalChange]:
    old = {total.fund: total for total in was.funds}
    new = {total.fund: total for total in now.funds}
    for fund in dict.fromkeys((*new, *old)):
        before, after = old.get(fund), new.get(fund)
        if before == after:
            continue
        yield TotalChange(
            fund,
            was_reserve_fen=before.reserve_fen if before else None,
            now_reserve_fen=after.reserve_fen if after else None,
            was_need_fen=before.need_fen if before else None,
            now_need_fen=after.need_fen if after else None,
            was_carry_over_fen=before.carry_over_fen if before else None,
            now_carry_over_fen=after.carry_over_fen if after else None,
            was_request_fen=before.request_fen if before else None,
            now_request_fen=after.request_fen if after else None,
            was_other_sources_fen=before.other_sources_fen if before else None,
            now_other_sources_fen=after.other_sources_fen if after else None,
        )


def _sources(was: KeptProvenance, now: KeptProvenance) -> tuple[str, ...]:
    """Return what of that which two proposals rest on is not the same."""
    kinds = (
        ("book", _heads(was), _heads(now)),
        ("need", was.needs, now.needs),
        ("rule", was.rules, now.rules),
    )
    return tuple(
        f"{kind} {name}"
        for kind, old, new in kinds
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )


def _heads(provenance: KeptProvenance) -> dict[str, str]:
    return {book.fund: f"{book.records} {book.head}" for book in provenance.books}
