"""What the commands that pay people in batches have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fundledger.cli.framework import argument, option
from fundledger.cli.kinds import COUNT, DAY
from fundledger.cli.options import signed

if TYPE_CHECKING:
    from datetime import date

    from fundledger.cli.session import Session
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.paylist import PaymentLine
    from fundledger.ledger.books import Books
    from fundledger.ledger.plan import Receipt
    from fundledger.payer import BatchAct
    from fundledger.payment import UnitList
    from fundledger.payment.known import Roster
    from fundledger.payment.unitlist import Paid

_Function = TypeVar("_Function", bound=Callable[..., Any])

_SHOWN = 3

batch_id = argument("batch", metavar="BATCH", zh="批次号，例如 B2026-03-001", en="the batch's id")


def unit_list(function: _Function) -> _Function:
    """Add the list that a unit hands in, whose it is, and what holds where it says nothing."""
    for decorate in reversed(
        (
            argument("file", metavar="FILE", zh="发放清单", en="the list"),
            option(
                "--unit",
                metavar="UNIT",
                needed=True,
                zh="交清单的部门",
                en="the unit that hands it in",
            ),
            option(
                "--category",
                metavar="CATEGORY",
                default="",
                zh="整张清单的救助类别；清单有该列而写得不同的，该行不收（FL971）",
                en="the category of the whole list; a row that says another is refused (FL971)",
            ),
            option(
                "--period",
                metavar="MONTH",
                default="",
                zh="整张清单的所属月份；清单有该列而写得不同的，该行不收（FL971）",
                en="the month of the whole list; a row that says another is refused (FL971)",
            ),
        )
    ):
        function = decorate(function)
    return function


def by(zh: str, en: str) -> Callable[[_Function], _Function]:
    """Return the option that says who acts."""
    return option("--by", "actor", metavar="STAFF", needed=True, zh=zh, en=en)


def day(zh: str, en: str) -> Callable[[_Function], _Function]:
    """Return the option that says on which day."""
    return option("--date", "day", type=DAY, metavar="YYYY-MM-DD", needed=True, zh=zh, en=en)


def signing(function: _Function) -> _Function:
    """Add who signs the vouchers of a step."""
    for decorate in reversed(
        (
            signed,
            option(
                "--poster",
                metavar="STAFF",
                zh="记账人的岗位代码",
                en="who posts it, by staff code",
            ),
            option(
                "--cashier",
                metavar="STAFF",
                zh="出纳的岗位代码，动用专户的步骤要写",
                en="the cashier, by staff code, where the bank account moves",
            ),
            option(
                "--approval",
                metavar="TEXT",
                zh="批准文号或审批单号",
                en="the approval's document number",
            ),
            option(
                "--attachments",
                type=COUNT,
                metavar="N",
                default="1",
                zh="所附单据张数，默认 1",
                en="number of papers attached, 1 if not said",
            ),
        )
    ):
        function = decorate(function)
    return function


def found_batch(session: Session, books: Books, name: str) -> Batch:
    """Return a batch by its id, or refuse.

    Raises:
        NotFound: FL793, there is no such batch.

    """
    from fundledger.errors import NotFound  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy

    batch = books.batch(name)
    if batch is None:
        from difflib import get_close_matches  # noqa: PLC0415 - only when something is wrong

        known = [one.id for one in books.batches()]
        close = get_close_matches(name.upper(), known, n=_SHOWN, cutoff=0.5) or known[-_SHOWN:]
        near = session.pick("、", ", ").join(close) or session.pick("无", "none")
        raise NotFound(Finding("FL793", name[:20], {"near": near}, books.fund))
    return batch


def prepared_by(books: Books, receipt: Receipt, on: date) -> str:
    """Return the id of the batch that an act prepared, or would prepare if it was rehearsed."""
    known = (batch.id for batch in books.batches() if batch.sequence == receipt.sequence)
    return next(known, "") or books.next_batch_id(on.isoformat()[:7])


def lines_of(books: Books, batch: Batch) -> list[PaymentLine]:
    """Return the lines of a batch by its list.

    Raises:
        Refused: FL751, the list is not there or not as it was.

    """
    from fundledger.errors import Refused  # noqa: PLC0415 - heavy
    from fundledger.findings import Finding  # noqa: PLC0415 - heavy
    from fundledger.ledger.batches.files import Unfit, lines_in  # noqa: PLC0415 - heavy

    try:
        return lines_in(books, batch.list)
    except Unfit as unfit:
        said = unfit.problem
        raise Refused(Finding(said.code, said.subject, said.details, books.fund)) from unfit


def act_of(step: str, given: dict[str, Any], document: str, outcomes: Any = ()) -> BatchAct:  # noqa: ANN401 - outcomes of any length
    """Return the step that the options of `signing`, `by` and `day` describe."""
    from fundledger.payer import BatchAct  # noqa: PLC0415 - heavy

    return BatchAct(
        batch=given["batch"],
        step=step,
        on=given["day"],
        actor=given["actor"],
        maker=given["maker"],
        reviewer=given["reviewer"],
        poster=given["poster"],
        cashier=given["cashier"],
        approval=given["approval"],
        attachments=given["attachments"],
        document=document,
        outcomes=tuple(outcomes),
        note=given.get("note") or "",
    )


def told_reason(session: Session, code: str) -> str:
    """Return a reason as it is shown: the office's with its words, a bank's by its code."""
    from fundledger.ledger.batches.reasons import REASONS  # noqa: PLC0415 - only where it is shown

    words = REASONS.get(code)
    return code if words is None else f"{code} {session.pick(*words)}"


def told_state(session: Session, state: str) -> str:
    """Return the word for a state of a batch or line, as findings say it (FL750)."""
    from fundledger.texts import text  # noqa: PLC0415 - only where states are shown

    return str(text("FL750").value("state", state, session.language))


def digest_of(session: Session, document: str) -> str:
    """Return the sha256 of a document; one that cannot be read is noted in the session."""
    from fundledger.cli.drafting import document_digest  # noqa: PLC0415 - heavy
    from fundledger.errors import InputInvalid  # noqa: PLC0415 - heavy

    try:
        return document_digest(document)
    except InputInvalid as error:
        session.wrong(error.findings)
        return ""


def read_list(  # noqa: PLR0913 - a list, and what it is held against
    session: Session,
    fund: str,
    file: str,
    unit: str,
    *,
    category: str,
    period: str,
    roster: Roster | None,
    paid: Paid | None = None,
    on: date | None = None,
) -> UnitList:
    """Return a unit's list for a fund; what is another kind of file is told as that (FL949)."""
    from fundledger.cli.wrong_file import given_as  # noqa: PLC0415 - heavy
    from fundledger.payment import read_unit_list  # noqa: PLC0415 - heavy

    with given_as("list", session, fund, [file]):
        return read_unit_list(
            Path(file),
            session.charter(fund),
            unit,
            session.today,
            category=category,
            period=period,
            on=on,
            roster=roster,
            rates=session.office.charter.rates,
            paid=paid,
        )
