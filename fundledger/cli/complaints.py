"""Everything that can go wrong, said in the user's language: a code, a sentence, what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from fundledger.cli.framework import lacking
from fundledger.cli.language import Words
from fundledger.cli.naming import holders, sentence_of
from fundledger.errors import FundledgerError
from fundledger.findings import Finding, Severity

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.store import Receipt

CLEAN, FOUND, MISUSED, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
SEVERITIES = {
    Severity.ERROR: Words("错误", "error"),
    Severity.WARNING: Words("警告", "warning"),
    Severity.NOTE: Words("提示", "note"),
}
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


class Misuse(FundledgerError):  # noqa: N818 - the word of the trade
    """A call of the program that does not say what to do."""

    misuse = True


def told(findings: Iterable[Finding], session: Session, *, err: bool = True) -> Iterator[str]:
    """Yield the lines that tell findings: code, severity, sentence and, below it, the remedy.

    Findings that follow one another and have the same remedy are told with it once, at their end.
    """
    stream = sys.stderr if err else sys.stdout
    language = session.language
    listed = [
        (finding, finding.remedy(language) + holders(finding, session)) for finding in findings
    ]
    for number, (finding, remedy) in enumerate(listed, 1):
        word = SEVERITIES[finding.severity].said(language)
        mark = session.style(
            f"{finding.code} {word}", stream, fg=_COLOURS[finding.severity], bold=True
        )
        place = _place(finding, session)
        colon = session.pick("：", ": ")
        yield f"{mark}{colon}{sentence_of(finding, session)}{place}"
        if number == len(listed) or remedy != listed[number][1]:
            yield f"    {session.pick('处理', 'Do')}{colon}{remedy}"


def _place(finding: Finding, session: Session) -> str:
    parts = []
    if finding.fund:
        parts.append(f"{session.pick('基金', 'fund')} {finding.fund}")
    if finding.voucher:
        parts.append(f"{session.pick('凭证', 'voucher')} {finding.voucher}")
    if finding.sequence is not None:
        parts.append(f"{session.pick('记录', 'record')} {finding.sequence}")
    if not parts:
        return ""
    inside = session.pick("，", ", ").join(parts)
    return session.pick(f"〔{inside}〕", f" [{inside}]")


def complain(error: FundledgerError, session: Session) -> int:
    """Tell a failure on standard error, or as JSON on standard output; return the exit code."""
    if session.tells:
        complained(told(error.findings, session))
    else:
        session.put({"findings": [finding.as_json() for finding in error.findings]})
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
    from fundledger.cli.files import reasons  # noqa: PLC0415 - only for this one

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
        known = [] if error.ctx is None else [o for p in error.ctx.command.params for o in p.opts]
        near = session.near(error.option_name, [name for name in known if name.startswith("--")])
        finding = Finding("FL921", error.option_name, {"near": near})
    elif isinstance(error, click.BadOptionUsage):
        finding = _bad_option(error)
    else:
        said = error.format_message()
        finding = Finding("FL924", "", {"text_zh": said, "text_en": said})
    path = error.ctx.command_path if error.ctx else "fundledger"
    return Misuse((*session.refusals, _at(finding, path)))


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
        from fundledger.cli.files import unusable  # noqa: PLC0415 - only for this one

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
        complain(FundledgerError(finding), session)
        return INTERRUPTED
    if isinstance(error, OSError):
        from fundledger.cli.files import unusable  # noqa: PLC0415 - only for this one

        name = error.filename if isinstance(error.filename, str) else ""
        return complain(FundledgerError(unusable(name, error)), session)
    if os.environ.get("FUNDLEDGER_TRACE"):
        raise error
    shown = f"{type(error).__name__}: {error}"
    complain(FundledgerError(Finding("FL946", "", {"text": shown[:200]})), session)
    return FAILED
