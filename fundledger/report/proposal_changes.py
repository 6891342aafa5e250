"""What differs between two proposals, in words: figures, steps, and why."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from fundledger.budget import Difference, InputChange, LineChange, StepChange, TotalChange
from fundledger.money import display_fen
from fundledger.report.proposal_words import input_words, rule, shown_input, state_words, step_words

_INDEX: Final = MappingProxyType({"zh": 0, "en": 1})
_WHY: Final = MappingProxyType(
    {
        "source": ("所依据的资料已不同", "what it rests on is not the same"),
        "before": ("随此前各步而变", "it follows from the steps before"),
    }
)
_KINDS: Final = MappingProxyType(
    {"book": ("账簿", "books of"), "need": ("申报表", "form"), "rule": ("规则", "rules")}
)


def difference_told(found: Difference, language: str) -> list[str]:
    """Return the lines that tell a difference; one that says so where there is none."""
    return [_printable(line) for line in _told(found, language)]


def _told(found: Difference, language: str) -> Iterator[str]:
    zh = language == "zh"
    if found.nothing:
        yield "各项和各资金均无变动。" if zh else "No line and no fund differs."
    for line in found.lines:
        yield from _line(line, language)
    for total in found.totals:
        yield _total(total, language)
    if found.rests_on:
        yield _rests_on(found.rests_on, language)


def _line(change: LineChange, language: str) -> Iterator[str]:
    zh = language == "zh"
    name = change.name_zh if zh else change.name_en
    yield f"{change.fund}/{change.line} {name}  {_figures(change.was_fen, change.now_fen)}"
    if change.was != change.now:
        was, now = (state_words(one, language) or "-" for one in (change.was, change.now))
        yield f"    {was} → {now}"
    if change.was_need_fen != change.now_need_fen:
        needs = _figures(change.was_need_fen, change.now_need_fen)
        yield f"    {'申报数' if zh else 'need'} {needs}"
    for step in change.steps:
        yield f"    {_step(step, language)}"
    if (change.was_carry_over_fen or 0) != (change.now_carry_over_fen or 0):
        yield f"    {_carry_over(change, language)}"
        asked = _figures(change.was_appropriation_fen, change.now_appropriation_fen)
        yield f"    {'当年拨款' if zh else 'appropriation'} {asked}"
    if change.rests_on:
        yield f"    {_rests_on(change.rests_on, language)}"


def _step(change: StepChange, language: str) -> str:
    zh = language == "zh"
    own = change.name_zh if zh else change.name_en
    name = own or step_words(change.name, language)
    why = []
    if "rule" in change.why:
        why.append(f"{rule(change.was_rule, language)} → {rule(change.now_rule, language)}")
    if change.was_fen is None:
        why = [shown_input(o.name, o.now, language) for o in change.inputs if o.now is not None]
    else:
        why += [_input(one, language) for one in change.inputs]
    why += [_WHY[one][_INDEX[language]] for one in change.why if one in _WHY]
    said = ("；" if zh else "; ").join(why)
    colon = "：" if zh else ": "
    return f"{name} {_figures(change.was_fen, change.now_fen)}{colon + said if said else ''}"


def _carry_over(change: LineChange, language: str) -> str:
    zh = language == "zh"
    moved = _figures(change.was_carry_over_fen, change.now_carry_over_fen)
    why = [_input(one, language) for one in change.carry_over_inputs]
    said = ("；" if zh else "; ").join(why)
    colon = "：" if zh else ": "
    return f"{'结转安排' if zh else 'carry-over'} {moved}{colon + said if said else ''}"


def _input(one: InputChange, language: str) -> str:
    was, now = (
        "-" if value is None else shown_input(one.name, value, language, bare=True)
        for value in (one.was, one.now)
    )
    return f"{input_words(one.name, language)} {was} → {now}"


def _total(change: TotalChange, language: str) -> str:
    zh = language == "zh"
    figures = [
        ("需求合计" if zh else "need", change.was_need_fen, change.now_need_fen),
        ("申请拨款" if zh else "request", change.was_request_fen, change.now_request_fen),
    ]
    beside = (
        ("其中预备金" if zh else "of it reserve", change.was_reserve_fen, change.now_reserve_fen),
        ("结转安排" if zh else "carry-over", change.was_carry_over_fen, change.now_carry_over_fen),
        (
            "其他来源" if zh else "other sources",
            change.was_other_sources_fen,
            change.now_other_sources_fen,
        ),
    )
    figures[1:1] = [one for one in beside if (one[1] or 0) != (one[2] or 0)]
    said = [f"{name} {_figures(was_fen, now_fen)}" for name, was_fen, now_fen in figures]
    return f"{'资金' if zh else 'Fund'} {change.fund}  {('；' if zh else '; ').join(said)}"


def _figures(was_fen: int | None, now_fen: int | None) -> str:
    was, now = ("-" if fen is None else display_fen(fen) for fen in (was_fen, now_fen))
    if was_fen is None or now_fen is None:
        return f"{was} → {now}"
    if was_fen == now_fen:
        return now
    moved_fen = now_fen - was_fen
    return f"{was} → {now} ({'+' if moved_fen > 0 else ''}{display_fen(moved_fen)})"


def _rests_on(sources: tuple[str, ...], language: str) -> str:
    names = []
    for one in sources:
        kind, _, name = one.partition(" ")
        names.append(f"{_KINDS[kind][_INDEX[language]]} {name}")
    if language == "zh":
        return f"依据不同：{'、'.join(names)}"
    return f"Not the same: {', '.join(names)}"


def _printable(line: str) -> str:
    """Return a line whose texts may be a stranger's as a terminal may show it."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)
