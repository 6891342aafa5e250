"""Carrying out an act: rehearse it, show the vouchers, ask on a terminal, record, acknowledge."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from fundledger.cli.adopted import adopted_again
from fundledger.cli.asking import confirmed
from fundledger.cli.complaints import INTERRUPTED, told
from fundledger.cli.output import is_terminal
from fundledger.cli.progress import waiting
from fundledger.cli.standing import balances_after
from fundledger.errors import FundledgerError, NotWritten
from fundledger.fund import Fund
from fundledger.ledger.voucher import Voucher, voucher_json
from fundledger.report.paper import voucher_paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundledger.cli.session import Session
    from fundledger.cli.tabled import Tabled
    from fundledger.findings import Finding
    from fundledger.ledger.chart import Chart
    from fundledger.ledger.plan import Receipt

Act = Callable[[Fund, str], "Receipt"]
"""Something done to a fund under a key."""

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to: its receipt, its vouchers, their chart, and the balances after it.

    `table` is the table that was recorded, if it was one.
    """

    receipt: Receipt
    vouchers: tuple[Voucher, ...]
    chart: Chart
    balances: Mapping[str, int]
    table: Tabled | None = None


def carry_out(  # noqa: PLR0913 - what is done, and by keyword how
    session: Session,
    fund_id: str,
    act: Act,
    *,
    key: str | None,
    dry_run: bool,
    yes: bool,
    more: Mapping[str, Any] = MappingProxyType({}),
    first: Callable[[], None] = lambda: None,
    before: Callable[[], None] = lambda: None,
    question: tuple[str, str] = ("确认记账？", "Record this?"),
    table: Tabled | None = None,
) -> Receipt | None:
    """Carry an act out on a fund, or only rehearse it, and tell what came of it.

    Returns the receipt, or None if nothing was recorded.  `more` is what a machine is told besides,
    `first` shows people what it is about, before they are asked and unless it is refused; `before`
    is done just before the act itself, and not where it is only rehearsed;
    `question` is what they are asked; `table` is the table that is recorded, if it is one.
    """
    session.key = key or ""
    fund = session.fund(fund_id)
    shown = None
    asked = asks(session, yes=yes)
    if dry_run or asked:
        rehearsal = fund.rehearsal()
        with waiting(fund_id):
            receipt = act(rehearsal, session.surroundings.key() if key is None else key)
        shown = _done(rehearsal, receipt, session, table, draft=True)
        first()
        if dry_run:
            _tell(session, shown, draft=True, more=more)
            return None
        _show(session, shown, draft=True)
        _total(session, shown)
        if not agreed(session, question):
            return None
    session.key = session.surroundings.key() if key is None else key
    before()
    with waiting(fund_id):
        receipt = act(fund, session.key)
    session.recorded = receipt
    if not asked:
        first()
    done = _done(fund, receipt, session, table, draft=False)
    _tell(session, done, draft=False, shown=shown, more=more)
    return receipt


def agreed(session: Session, question: tuple[str, str]) -> bool:
    """Ask; unless the answer is yes, say that nothing was written and set the exit code."""
    try:
        if confirmed(session, question):
            return True
        session.exit_code = 1
    except click.Abort:
        session.lines([""])
        session.exit_code = INTERRUPTED
    session.say("已取消，未写入任何内容。", "Cancelled; nothing was written.")
    return False


def asks(session: Session, *, yes: bool) -> bool:
    """Whether somebody sits there who is to be asked."""
    return session.tells and not yes and is_terminal(sys.stdin) and is_terminal(sys.stdout)


def _total(session: Session, done: Done) -> None:
    """Say how many vouchers a table has and what they come to."""
    if done.table is not None:
        session.lines([done.table.total(session)])


def _done(
    fund: Fund, receipt: Receipt, session: Session, table: Tabled | None, *, draft: bool
) -> Done:
    try:
        vouchers, balances = fund.recorded(receipt), fund.touched(receipt)
    except NotWritten:  # it is recorded; a full disk only keeps its paper from being shown
        vouchers, balances = (), {}
    if not receipt.again and vouchers:
        again = adopted_again(vouchers, balances, receipt.fund)
        receipt = replace(receipt, findings=(*receipt.findings, *again))
        with suppress(FundledgerError):  # it may stand already; the warning is not worth failing
            twins = fund.twins(vouchers)
            if table is not None:
                twins = table.twins(fund, vouchers, draft=draft)
            receipt = replace(receipt, findings=(*receipt.findings, *twins))
    return Done(receipt, vouchers, session.chart(fund.id), balances, table)


def _show(session: Session, done: Done, *, draft: bool) -> None:
    """Show the vouchers, what they leave in the accounts, and what is to be said of them."""
    for voucher in done.vouchers[:SHOWN]:
        session.lines(voucher_paper(voucher, done.chart, session.language, draft=draft))
        session.lines([""])
    more = len(done.vouchers) - SHOWN
    if more > 0:
        session.say(f"……另有 {more} 张凭证。", f"... and {more} more vouchers.")
    session.lines(balances_after(done.balances, done.chart, session.language))
    _apart(session, done.receipt.findings, draft=draft)


def _apart(session: Session, findings: Sequence[Finding], *, draft: bool) -> None:
    """Tell what is found beside the act, and that it keeps nothing from being recorded."""
    if not findings:
        return
    if draft:
        session.say(
            "可以记账；以下事项须另行处理，不影响本次记账：",
            "This can be recorded; what follows is to be seen to apart and does not prevent it:",
        )
    else:
        session.say(
            "已记账；以下事项须另行处理，不影响本次记账：",
            "Recorded; what follows is to be seen to apart and does not touch what was recorded:",
        )
    session.lines(told(findings, session, err=False))


def _tell(
    session: Session,
    done: Done,
    *,
    draft: bool,
    more: Mapping[str, Any],
    shown: Done | None = None,
) -> None:
    """Tell what came of an act; what was `shown` before the question is not shown again."""
    receipt = done.receipt
    if not session.tells:
        session.put({**_as_json(done, draft=draft), **more})
        return
    if shown is None or _said(shown) != _said(done):
        _show(session, done, draft=draft)
    if receipt.again:
        session.say(
            f"此键已记过：第 {receipt.sequence} 号记录，未重复记账。键 {receipt.key}",
            f"Recorded before, as record {receipt.sequence}; not again. Key {receipt.key}",
        )
    elif not draft:
        numbers = session.pick("、", ", ").join(_spans(receipt.refs))
        session.say(
            f"已记账：第 {receipt.sequence} 号记录{'，凭证 ' + numbers if numbers else ''}。"
            f"键 {receipt.key}",
            f"Recorded: record {receipt.sequence}{', voucher ' + numbers if numbers else ''}. "
            f"Key {receipt.key}",
        )
        session.say(f"日记账链首 {receipt.head}", f"Head of the chain {receipt.head}")
    _total(session, done)
    if draft:
        session.say("演练：未写入任何内容。", "Dry run: nothing was written.")


def _said(done: Done) -> tuple[tuple[Voucher, ...], list[Finding]]:
    """Return what was shown of an act, but for equal rows (FL976): the cure alone is another."""
    return done.vouchers, [f for f in done.receipt.findings if f.code != "FL976"]


def _spans(refs: Sequence[str]) -> list[str]:
    if len(refs) <= SHOWN:
        return list(refs)
    return [f"{refs[0]} … {refs[-1]} ({len(refs)})"]


def _as_json(done: Done, *, draft: bool) -> dict[str, Any]:
    receipt = done.receipt
    return {
        "recorded": not draft,
        "fund": receipt.fund,
        "sequence": receipt.sequence,
        "again": receipt.again,
        "key": receipt.key,
        "head": None if draft else receipt.head,
        "vouchers": [voucher_values(voucher) for voucher in done.vouchers],
        "balances": [
            {"account": name, "balance_fen": balance_fen}
            for name, balance_fen in done.balances.items()
        ],
        "findings": [finding.as_json() for finding in receipt.findings],
        **(done.table.values() if done.table else {}),
    }


def voucher_values(voucher: Voucher) -> dict[str, Any]:
    """Return a voucher as JSON for a machine: each posting with its side and its fen."""
    values = {"ref": voucher.ref, **voucher_json(voucher)}
    values["postings"] = [
        {
            "account": posting.account,
            "commodity": posting.commodity,
            "side": posting.side,
            "amount_fen": posting.amount_fen,
            "red": posting.red,
        }
        for posting in voucher.postings
    ]
    return values
