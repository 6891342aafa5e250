"""The vouchers that the books lack, as a reconciliation shows them: none is recorded by it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from fundledger.cli.accounts import chart_of
from fundledger.money import display_fen

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.voucher import Posting
    from fundledger.reconcile import Cure, Proposed, Trial

_SHOWN = 20


def tell_cures(session: Session, fund: str, trial: Trial) -> None:
    """Say how each step that the books lack is taken, and how each other row could be booked."""
    names_of = chart_of(session.charter(fund)).names
    office = session.said_root
    if trial.adjustment.cures:
        session.lines([""])
        session.say(
            "下列步骤银行已做、账上没有；补上岗位后逐条登记（先加 --dry-run 看凭证）：",
            "The bank took these steps and the books have not; add who signs and record each "
            "(--dry-run first):",
        )
        for cure in trial.adjustment.cures:
            postings = (posting for voucher in cure.vouchers for posting in voucher.postings)
            _command(session, cure.words(fund, office), postings, names_of)
    if trial.proposed:
        session.lines([""])
        session.say(
            "其余未达的银行流水可这样入账；查明是什么之前记待查，补上岗位后逐条登记：",
            "The other rows that the books have not may be booked so; as unexplained until it is "
            "known what they are. Add who signs and record each:",
        )
        for one in trial.proposed[:_SHOWN]:
            _command(session, one.words(fund, office), one.postings, names_of)
        more = len(trial.proposed) - _SHOWN
        if more > 0:
            session.say(
                f"  另有 {more} 条，见 --format json 的 proposed。",
                f"  {more} more: see `proposed` with --format json.",
            )


def cures_json(session: Session, fund: str, trial: Trial) -> dict[str, Any]:
    """Return the same as JSON, all of it."""
    office = session.said_root
    return {
        "cures": [_cure_json(cure, cure.words(fund, office)) for cure in trial.adjustment.cures],
        "proposed": [_proposed_json(one, one.words(fund, office)) for one in trial.proposed],
    }


def _command(
    session: Session,
    words: Sequence[str],
    postings: Iterable[Posting],
    names_of: Callable[[str], tuple[str, str]],
) -> None:
    sides = (
        f"      {_side(session, posting)} {posting.account} {display_fen(abs(posting.signed_fen))}"
        f" {session.pick(*names_of(posting.account))}"
        for posting in postings
    )
    session.lines([f"  fundledger {shlex.join(words)}", *sides])


def _side(session: Session, posting: Posting) -> str:
    return session.pick("借", "debit") if posting.signed_fen > 0 else session.pick("贷", "credit")


def _cure_json(cure: Cure, words: Sequence[str]) -> dict[str, Any]:
    return {
        "code": cure.code,
        "batch": cure.batch,
        "step": cure.step,
        "on": cure.on,
        "lines": list(cure.lines),
        "payments": cure.payments,
        "amount_fen": cure.amount_fen,
        "rows": list(cure.rows),
        "digest": cure.digest,
        "command": ["fundledger", *words],
        "vouchers": [_voucher_json(one.on, one.postings) for one in cure.vouchers],
    }


def _proposed_json(one: Proposed, words: Sequence[str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "event": one.event,
        "ref": one.ref,
        "row": one.row,
        "amount_fen": one.amount_fen,
        "clears": one.clears,
        "digest": one.digest,
        "command": ["fundledger", *words],
        "vouchers": [_voucher_json(one.on, one.postings)],
    }


def _voucher_json(on: str, postings: Iterable[Posting]) -> dict[str, Any]:
    sides = [{"account": one.account, "signed_fen": one.signed_fen} for one in postings]
    return {"date": on, "postings": sides}
