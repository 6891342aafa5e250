"""What a batch pays otherwise than the one before or the standards, shown before its approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import found_batch, told_reason, told_state
from fundledger.cli.complaints import told
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.files import Unfit
from fundledger.money import display_fen
from fundledger.payment.changes import Changes, changes_of
from fundledger.payment.dues import dues_beside, dues_of
from fundledger.payment.gone import gone_without_reason
from fundledger.payment.reissued import Reissued, reissued_in
from fundledger.payment.standards import above_ceiling, above_standard

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.books import Books

_SHOWN = 10


def changes_in(books: Books, batch: Batch) -> list[Changes]:
    """Return what a batch changes.

    Raises:
        Refused: FL751, a list is not there or not as it was.

    """
    with lists_of(books):
        return changes_of(batch, books)


def reissues_in(books: Books, batch: Batch) -> list[Reissued]:
    """Return which lines of other batches a reissue pays once more.

    Raises:
        Refused: FL751, a list is not there or not as it was.

    """
    with lists_of(books):
        return reissued_in(batch, books)


def doubtful_in(session: Session, books: Books, batch: Batch) -> list[Finding]:
    """Return what of a batch is to be looked at before its approval, but for what was dropped.

    That is what is above the standards (FL707), for households with what other lists pay them
    (FL720), and who was paid for the month before and is not listed any more (FL350).

    Raises:
        Refused: FL751, a list is not there or not as it was.

    """
    rates = session.office.charter.rates
    with lists_of(books):
        dues = dues_of(batch, books)
        beside = dues_beside(batch, books, rates)
        gone = list(gone_without_reason(batch, books))
    found = [*above_standard(batch.id, dues, rates), *above_ceiling(batch.id, beside, rates), *gone]
    return [finding.at(fund=books.fund) for finding in found]


@contextmanager
def lists_of(books: Books) -> Iterator[None]:
    """Refuse where a list is not there or not as it was (FL751)."""
    try:
        yield
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, books.fund)) from unfit


def tell_changes(session: Session, fund: str, name: str) -> None:
    """Show what a batch changes, by pseudonym, and what of it is to be looked at."""
    if not session.tells:
        return
    books = session.books(fund)
    batch = found_batch(session, books, name)
    if batch.kind == "reissue":
        _tell_reissued(session, reissues_in(books, batch))
    else:
        for one in changes_in(books, batch):
            _tell(session, one)
    session.lines(told(doubtful_in(session, books, batch), session, err=False))
    session.lines([""])


def _tell_reissued(session: Session, lines: Sequence[Reissued]) -> None:
    """Show which lines of which batches are paid once more, and whether to another account.

    Of one that was rejected or withdrawn nothing is.
    """
    if not lines:
        return
    batches = session.pick("、", ", ").join(sorted({one.batch for one in lines})) or "-"
    fen = display_fen(sum(one.amount_fen for one in lines))
    moved = sum(one.moved for one in lines)
    session.say(
        f"补发：批次 {batches} 中失败或退回的 {len(lines)} 笔共 {fen} 元再付一次；"
        f"其中 {moved} 笔改付新账号。",
        f"A reissue: {len(lines)} payments of {batches} that failed or came back, {fen} in all, "
        f"are paid once more, {moved} of them to another account.",
    )
    for one in lines[:_SHOWN]:
        why = " ".join(
            filter(None, (told_state(session, one.state), told_reason(session, one.reason)))
        )
        where = session.pick("改付新账号", "another account") if one.moved else ""
        session.lines([f"  {one.of} → {one.line}  {display_fen(one.amount_fen)}  {why}  {where}"])
    more = len(lines) - _SHOWN
    if more > 0:
        session.lines([f"  … (+{more})"])


def _tell(session: Session, one: Changes) -> None:
    what = f"{one.unit}:{one.category} {one.period}"
    if not one.before:
        count = len(one.new)
        session.say(
            f"{what}：首次发放，{count} 人。", f"{what}: the first payment, {count} people."
        )
        return
    session.say(
        f"{what} 与 {one.before} 相比：新增 {len(one.new)} 人，减少 {len(one.dropped)} 人，"
        f"金额变动 {len(one.amount)} 人，账号变动 {len(one.account)} 人。",
        f"{what} against {one.before}: {len(one.new)} new, {len(one.dropped)} gone, "
        f"{len(one.amount)} amounts and {len(one.account)} accounts changed.",
    )
    amounts = [
        f"{person} {display_fen(then)} → {display_fen(now)}"
        for person, (then, now) in one.amount.items()
    ]
    for label, people in (
        (session.pick("新增", "new"), one.new),
        (session.pick("减少", "gone"), one.dropped),
        (session.pick("金额", "amount"), amounts),
        (session.pick("账号", "account"), one.account),
    ):
        if people:
            more = len(people) - _SHOWN
            shown = ", ".join(people[:_SHOWN]) + (f", … (+{more})" if more > 0 else "")
            session.lines([f"  {label}: {shown}"])


def plain_changes(one: Changes) -> dict[str, Any]:
    """Return it as JSON for a machine."""
    return {
        "unit": one.unit,
        "category": one.category,
        "period": one.period,
        "before": one.before,
        "new": list(one.new),
        "dropped": list(one.dropped),
        "amount": {
            person: {"before_fen": then, "now_fen": now}
            for person, (then, now) in one.amount.items()
        },
        "account": list(one.account),
    }
