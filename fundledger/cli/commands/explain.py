"""`fundledger explain`: what a code means, where it comes from, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.framework import argument, command
from fundledger.cli.options import formatted

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.texts import Text


@command(
    "explain",
    zh="不写代码则列出全部。",
    en="Without a code, lists them all.",
    examples=("explain FL304", "explain", "--lang en explain FL203"),
)
@argument("code", needed=False, zh="检查代码，例如 FL304", en="a code, such as FL304")
@formatted
def explain(session: Session, code: str | None) -> None:
    """Tell one code, or list all."""
    from fundledger.texts import codes, text  # noqa: PLC0415 - heavy

    if code is None:
        _list(session, [text(known) for known in codes()])
        return
    found = code.upper()
    if found not in codes():
        session.wrong_once("FL942", code[:40], {"near": session.near(found, codes())})
        session.refuse_wrong()
    _tell(session, text(found))


def _list(session: Session, texts: list[Text]) -> None:
    from fundledger.cli.complaints import SEVERITIES  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity  # noqa: PLC0415 - heavy
    from fundledger.report.table import Column  # noqa: PLC0415 - heavy

    if not session.tells:
        session.put([_plain(item) for item in texts])
        return
    columns = (
        Column(session.pick("代码", "code")),
        Column(session.pick("级别", "severity")),
        Column(session.pick("拦截", "gates")),
        Column(session.pick("名称", "title"), wraps=True),
        Column(session.pick("依据", "source"), wraps=True),
    )
    rows = [
        (
            item.code,
            SEVERITIES[Severity(item.severity)].said(session.language),
            _gates(session, gates=item.gates),
            item.title(session.language),
            item.source_in(session.language),
        )
        for item in texts
    ]
    session.table(columns, rows)


def _tell(session: Session, item: Text) -> None:
    from fundledger.cli.complaints import SEVERITIES  # noqa: PLC0415 - heavy
    from fundledger.findings import Severity  # noqa: PLC0415 - heavy
    from fundledger.texts import readable  # noqa: PLC0415 - heavy

    if not session.tells:
        session.put(_plain(item))
        return
    colon = session.pick("：", ": ")
    gates = _gates(session, gates=item.gates)
    if _lets_facts_through(item.code):
        gates = session.pick(
            "是；已经发生的事实（到账、银行扣款等）仍予记账，随即报告",
            "yes; what has happened already (money in, a bank's debit) is recorded and told of",
        )
    language = session.language
    severity = SEVERITIES[Severity(item.severity)].said(language)
    session.lines(
        (
            f"{item.code} {item.title(language)}",
            f"{session.pick('级别', 'Severity')}{colon}{severity}",
            f"{session.pick('拦截记账', 'Refuses an act')}{colon}{gates}",
            f"{session.pick('依据', 'Source')}{colon}{item.source_in(language)}",
            f"{session.pick('内容', 'Says')}{colon}{readable(item.sentence(language), language)}",
            f"{session.pick('处理', 'Do')}{colon}{readable(item.remedy(language), language)}",
        )
    )


def _lets_facts_through(code: str) -> bool:
    """Whether a check refuses what is ours to decide, and records what is a fact."""
    from fundledger.checks.catalogue import Gates  # noqa: PLC0415 - heavy
    from fundledger.checks.listed import EVERY_CHECK  # noqa: PLC0415 - heavy

    return any(check.code == code and check.gates is Gates.ACTS for check in EVERY_CHECK)


def _gates(session: Session, *, gates: bool) -> str:
    return session.pick("是", "yes") if gates else session.pick("否", "no")


def _plain(item: Text) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": item.severity,
        "gates": item.gates,
        "source": item.source,
        **item.words,
    }
