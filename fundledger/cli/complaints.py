"""Everything that can go wrong, said in the user's language: a code, a sentence, what to do."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from fundledger.cli.framework import lacking
from fundledger.cli.language import Words
from fundledger.cli.naming import added, sentence_of
from fundledger.errors import FundledgerError, OutcomeUnknown
from fundledger.findings import Finding, Severity

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.plan import Receipt

_CLOSE = 0.7
CLEAN, FOUND, MISUSED, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
SEVERITIES = {severity: Words(severity.zh, severity.value) for severity in Severity}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


class Misuse(FundledgerError):  # noqa: N818 - the word of the trade
    """A call of the program that does not say what to do."""

    misuse = True


class Fault(FundledgerError):  # noqa: N818 - the word of the trade
    """A run that ended for a reason that does not tell whether something was recorded."""


def told(findings: Iterable[Finding], session: Session, *, err: bool = True) -> Iterator[str]:
    """Yield the lines that tell findings: code, severity, sentence and, below it, the remedy.

    Findings that say the same of several funds or vouchers are told once, with all the places.
    Those that follow one another and have the same remedy are told with it once, at their end.
    """
    stream = sys.stderr if err else sys.stdout
    language = session.language
    colon = session.pick("：", ": ")
    listed = [
        (alike, alike[0].remedy(language) + added(alike[0], session))
        for alike in _alike(findings, session)
    ]
    for number, (alike, remedy) in enumerate(listed, 1):
        first = alike[0]
        word = SEVERITIES[first.severity].said(language)
        mark = session.style(f"{first.code} {word}", stream, fg=_COLOURS[first.severity], bold=True)
        yield f"{mark}{colon}{_sentence(alike, session)}{_places(alike, session)}"
        if number == len(listed) or remedy != listed[number][1]:
            yield f"    {session.pick('处理', 'Do')}{colon}{remedy}"


def _sentence(alike: Sequence[Finding], session: Session) -> str:
    """Return what findings say, of the first of them by name and of the others as such."""
    first = alike[0]
    said = sentence_of(first, session)
    for place, places in (
        (first.voucher, {finding.voucher for finding in alike}),
        (first.fund, {finding.fund for finding in alike}),
    ):
        if place and len(places) > 1:
            others = session.pick(f"{place} 等", f"{place} and others")
            said = _named(place).sub(others, said)
    return said


def _named(place: str) -> re.Pattern[str]:
    """Return what finds a fund or voucher by its name, but not in a path, which is of one alone."""
    return re.compile(rf"(?<![\w/-]){re.escape(place)}(?![\w/-])", re.ASCII)


def _alike(findings: Iterable[Finding], session: Session) -> list[list[Finding]]:
    """Return the findings by what they say, whatever fund or voucher they say it of."""
    language = session.language
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        said, remedy = finding.sentence(language), finding.remedy(language)
        for place in (finding.fund, finding.voucher):
            if place:
                said, remedy = (_named(place).sub("\0", text) for text in (said, remedy))
        groups.setdefault((finding.code, said, remedy), []).append(finding)
    return list(groups.values())


def _places(findings: Sequence[Finding], session: Session) -> str:
    """Return where it is: one place in full, several as a count and a list."""
    places = list(dict.fromkeys(_place(finding, session) for finding in findings))
    if not places[0]:
        return ""
    inside = places[0]
    if len(places) > 1:
        shown = session.pick("；", "; ").join(places)
        if all(finding.voucher is None and finding.sequence is None for finding in findings):
            names = session.pick("、", ", ").join(str(finding.fund) for finding in findings)
            shown = session.pick(f"基金 {names}", f"funds {names}")
        inside = session.pick(f"共 {len(places)} 处：{shown}", f"{len(places)} in all: {shown}")
    return session.pick(f"〔{inside}〕", f" [{inside}]")


def _place(finding: Finding, session: Session) -> str:
    parts = []
    if finding.fund:
        parts.append(f"{session.pick('基金', 'fund')} {finding.fund}")
    if finding.voucher:
        parts.append(f"{session.pick('凭证', 'voucher')} {finding.voucher}")
    if finding.sequence is not None:
        parts.append(f"{session.pick('记录', 'record')} {finding.sequence}")
    return session.pick("，", ", ").join(parts)


def _refused(error: FundledgerError, session: Session) -> bool:
    """Whether it is certain that an act was to be recorded and was not."""
    return session.acts and not isinstance(error, (OutcomeUnknown, Fault))


def complain(error: FundledgerError, session: Session) -> int:
    """Tell a failure on standard error, or as JSON on standard output; return the exit code.

    Where an act was refused, the last line says that nothing was recorded, and in which fund.
    """
    if session.tells:
        complained(told(error.findings, session))
        if _refused(error, session):
            fund = session.acting_on
            zh, en = (f"（基金 {fund}）", f" in the fund {fund}") if fund else ("", "")
            complained([session.pick(f"未记账{zh}。", f"Nothing was recorded{en}.")])
    else:
        found = {"findings": [finding.as_json() for finding in error.findings]}
        session.put({"recorded": False, **found} if _refused(error, session) else found)
    return MISUSED if error.misuse else FOUND


def complained(lines: Iterable[str]) -> None:
    """Print lines on standard error, if there is one that takes them."""
    if sys.stderr is None:
        return
    with suppress(OSError):
        for line in lines:
            click.echo(line, err=True)


def not_shown(error: OSError, session: Session) -> int:
    """Tell that standard output took no more, and return the exit code.

    What is recorded stays acknowledged.  A reader of a mere report that has left is told nothing.
    """
    from fundledger.tables.files import reasons  # noqa: PLC0415 - only for this one

    zh, en = reasons(error)
    receipt = session.recorded
    if receipt is not None:
        details = {"key": receipt.key, "reason_zh": zh, "reason_en": en}
        finding = Finding("FL953", receipt.fund, details, receipt.fund, receipt.sequence)
        complained(told([finding], session))
        return CLEAN
    if not isinstance(error, BrokenPipeError):
        finding = Finding("FL954", "", {"reason_zh": zh, "reason_en": en})
        complained(told([finding], session))
    return FOUND


def misused(error: click.UsageError, session: Session) -> Misuse:
    """Return click's complaint as one of ours."""
    if isinstance(error, click.NoSuchOption):
        finding = Finding("FL921", error.option_name, {"near": _known_options(error, session)})
    elif isinstance(error, click.BadOptionUsage):
        finding = _bad_option(error)
    else:
        said = error.format_message()
        finding = Finding("FL924", "", {"text_zh": said, "text_en": said})
    path = error.ctx.command_path if error.ctx else "fundledger"
    return Misuse((*session.refusals, _at(finding, path)))


def _known_options(error: click.NoSuchOption, session: Session) -> str:
    """Return all options of a command: those that are meant, perhaps, then in the help's order."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for this one

    parameters = [] if error.ctx is None else error.ctx.command.params
    known = [name for p in parameters for name in p.opts if name.startswith("--")]
    close = get_close_matches(error.option_name, known, n=3, cutoff=_CLOSE)
    return session.pick("、", ", ").join(dict.fromkeys((*close, *known)))


def _bad_option(error: click.BadOptionUsage) -> Finding:
    """Return that an option lacks its value, or that a flag was given one."""
    name = error.option_name
    parameters = error.ctx.command.params if error.ctx else []
    if any(name in p.opts and getattr(p, "is_flag", False) for p in parameters):
        texts = {
            "text_zh": f"选项 {name} 不带值。",
            "text_en": f"the option {name} takes no value.",
        }
        return Finding("FL924", name, texts)
    return Finding("FL922", name, lacking(error.ctx, name))


def _at(finding: Finding, path: str) -> Finding:
    return Finding(finding.code, finding.subject, {**finding.details, "command": path})


def _after(receipt: Receipt, error: FundledgerError | OSError, session: Session) -> int:
    """Tell what failed after something was recorded, and that it stays recorded (FL959)."""
    if isinstance(error, OSError):
        from fundledger.tables.files import unusable  # noqa: PLC0415 - only for this one

        name = error.filename if isinstance(error.filename, str) else ""
        error = FundledgerError(unusable(name, error))
    details = {"key": receipt.key, "record": receipt.sequence}
    stands = Finding("FL959", receipt.fund, details, receipt.fund)
    complained(told((*error.findings, stands), session))
    return FOUND


def settled(error: BaseException, session: Session) -> int:
    """Tell whatever ended a run, and return the exit code for it.

    A fault of our own is raised again where FUNDLEDGER_TRACE is set in the environment.
    """
    if session.recorded is not None and isinstance(error, (FundledgerError, OSError)):
        return _after(session.recorded, error, session)
    if isinstance(error, FundledgerError):
        return complain(error, session)
    if isinstance(error, click.UsageError):
        return complain(misused(error, session), session)
    if isinstance(error, (click.Abort, KeyboardInterrupt, EOFError)):
        zh = f"如正在记账，请用同一个键重试（--key {session.key}）：已记则返回原结果，未记则补记。"
        en = (
            f"If something was being recorded, retry with the same key (--key {session.key}): "
            "it is recorded exactly once."
        )
        if not session.key:
            zh, en = "未写入任何内容，可重新运行。", "Nothing was written; run it again."
        finding = Finding("FL945", session.key, {"how_zh": zh, "how_en": en})
        complain(Fault(finding), session)
        return INTERRUPTED
    if isinstance(error, OSError):
        from fundledger.tables.files import unusable  # noqa: PLC0415 - only for this one

        name = error.filename if isinstance(error.filename, str) else ""
        return complain(Fault(unusable(name, error)), session)
    if os.environ.get("FUNDLEDGER_TRACE"):
        raise error
    shown = f"{type(error).__name__}: {error}"
    complain(Fault(Finding("FL946", "", {"text": shown[:200]})), session)
    return FAILED
