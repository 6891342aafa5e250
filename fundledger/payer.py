"""What pays people in batches: prepare a list, take each step, pay once more what came back."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from msgspec import to_builtins

from fundledger.errors import InputInvalid, Refused
from fundledger.findings import Finding
from fundledger.ledger.batches.acts import BatchAct, Entitlement, entitlements_given, hold_act
from fundledger.ledger.batches.advance import advance
from fundledger.ledger.batches.batch import Batch
from fundledger.ledger.batches.files import Unfit, bytes_of, lines_in
from fundledger.ledger.batches.known import news
from fundledger.ledger.batches.outcomes import Outcome, expect_outcomes, render_outcomes
from fundledger.ledger.batches.paylist import (
    PaymentLine,
    line_id,
    list_digest,
    off_list,
    render_list,
    root_of,
    totals_of,
)
from fundledger.ledger.batches.postings import Posted, posted, undone_on
from fundledger.ledger.batches.prepare import Earlier, earlier_lines, next_id
from fundledger.ledger.batches.rows import OffForm
from fundledger.ledger.batches.states import STEPS, Step
from fundledger.ledger.bodies import BatchBody
from fundledger.ledger.books import Books
from fundledger.ledger.given import expect, is_day, is_digest, is_text, is_year
from fundledger.ledger.plan import Content, Receipt
from fundledger.ledger.record import request_digest
from fundledger.ledger.voucher import Draft
from fundledger.recorder import Recorder

__all__ = ("BatchAct", "Entitlement", "Payer")


class Payer(Recorder):
    """One fund as people are paid out of it."""

    def prepare_batch(
        self,
        entitlements: Iterable[Entitlement],
        *,
        on: date,
        actor: str,
        document: str,
        key: str | None = None,
    ) -> Receipt:
        """Record a payment list to be reviewed; `document` is the sha256 of the unit's own list.

        Raises:
            InputInvalid: FL909, a value is not of its form.
            Refused: FL753, somebody is paid for the same in another batch; FL748, FL759; nothing
                was written.

        """
        wanted = entitlements_given(entitlements)
        expect(on=is_day(on) and is_year(on.year), document=is_digest(document))

        def make(books: Books) -> Content:
            ids = [
                line_id(books.fund, one.unit, one.category, one.period, one.person)
                for one in wanted
            ]
            lines = [PaymentLine(name, *one) for name, one in zip(ids, wanted, strict=True)]
            earlier = _earlier(books, lines)
            numbered = [
                line._replace(line=next_id(line.line, earlier.get(line.line, ()))) for line in lines
            ]

            return _listed(
                books,
                numbered,
                on,
                document,
                "payment",
                lambda wrong: wrong.named("entitlements", without="line"),
            )

        request = ["prepare", on.isoformat(), document, [list(one) for one in sorted(wanted)]]
        return self._commit("batch", actor, key, request, make)

    def prepare_reissue(  # noqa: PLR0913 - what a reissue rests on
        self,
        accounts: Mapping[str, str],
        *,
        on: date,
        actor: str,
        document: str,
        reconfirmed: bool = False,
        key: str | None = None,
    ) -> Receipt:
        """Record a list that pays lines once more which failed or came back.

        `accounts` has, for each of their ids, the account that is paid now; where it is the same
        one, `reconfirmed` says that the payee confirmed it.  `document` is the sha256 of what says
        so.

        Raises:
            InputInvalid: FL909, a value is not of its form.
            Refused: FL757, a line cannot be paid again; nothing was written.

        """
        expect(
            accounts=isinstance(accounts, Mapping)
            and bool(accounts)
            and all(map(is_text, (*accounts, *accounts.values()))),
            on=is_day(on) and is_year(on.year),
            document=is_digest(document),
            reconfirmed=isinstance(reconfirmed, bool),
        )

        def make(books: Books) -> Content:
            before = _lines_of(books, set(accounts))
            missing = sorted(set(accounts) - {line.line for line in before})
            if missing:
                details = {"reason": "nothing", "other": missing[0]}
                raise Refused(Finding("FL757", missing[0], details, self.id, gates=True))
            earlier = _earlier(books, before)
            lines = [
                line._replace(
                    line=next_id(root_of(line.line), earlier[root_of(line.line)]),
                    account=accounts[line.line],
                )
                for line in before
            ]

            return _listed(
                books,
                lines,
                on,
                document,
                "reissue",
                lambda wrong: f"accounts[{before[wrong.at].line}]",
                reconfirmed=reconfirmed,
            )

        request = ["reissue", on.isoformat(), document, dict(accounts), reconfirmed]
        return self._commit("batch", actor, key, request, make)

    def advance_batch(self, act: BatchAct, *, key: str | None = None) -> Receipt:
        """Record a step of a batch with the vouchers that follow from it, all or nothing.

        A result leaves out what is known already: the same file twice changes nothing.

        Raises:
            InputInvalid: FL909, a value is not of its form.
            Refused: FL748 to FL759, the step cannot be taken; and what else refuses a voucher;
                nothing was written.

        """
        hold_act(act)
        outcomes = tuple(Outcome(*one) for one in act.outcomes)

        def make(books: Books) -> Content:
            batch, step = books.batch(act.batch), STEPS[act.step]
            said = outcomes
            if batch is not None and step.slug == "result":
                with _told(books):
                    said = news(books, batch, outcomes)
                if outcomes and not said:
                    details = {"reason": "known", "step": step.slug, "state": batch.state}
                    details["when"] = ""
                    raise Refused(Finding("FL750", batch.id, details, self.id, gates=True))
            body, files = _step_body(act, step, batch, said)
            day = self._now()[:10]
            with books.with_files(files):
                moves = advance(books, body, sequence=0, actor=act.actor, day=day).moves
            keeps = books.charter.fund.carry_over == "keep"
            undone = undone_on(step.slug, moves)
            drafts = tuple(
                _draft(act, step, one, undone) for one in posted(step.slug, moves, keeps=keeps)
            )
            return Content(to_builtins(body), drafts, files)

        request = ["step", _plain(act, outcomes)]
        if key is None and act.step == "recover":
            key = _own_key(act.batch, request)  # the same money is not taken twice
        return self._commit("batch", act.actor, key, request, make)


def _earlier(books: Books, lines: Iterable[PaymentLine]) -> Mapping[str, Sequence[Earlier]]:
    with _told(books):
        return earlier_lines(books, lines)


def _lines_of(books: Books, names: set[str]) -> list[PaymentLine]:
    """Return the lines of these ids in any list of the fund."""
    with _told(books):
        return [
            line
            for batch in books.batches()
            if _holds_any(books, batch, names)
            for line in lines_in(books, batch.list)
            if line.line in names
        ]


def _holds_any(books: Books, batch: Batch, names: set[str]) -> bool:
    """Whether the list of a batch may have one of these lines, without reading it as a list."""
    data = bytes_of(books, batch.list)
    return any(f"\n{name},".encode() in data for name in names)


@contextmanager
def _told(books: Books) -> Iterator[None]:
    """Say of a list that is not there what the gate would say.

    Raises:
        Refused: FL751.

    """
    try:
        yield
    except Unfit as unfit:
        said = unfit.problem
        finding = Finding(said.code, said.subject, said.details, books.fund, gates=True)
        raise Refused(finding) from unfit


def _listed(  # noqa: PLR0913, PLR0917 - what a prepared list says
    books: Books,
    lines: list[PaymentLine],
    on: date,
    document: str,
    kind: str,
    named: Callable[[OffForm], str],
    *,
    reconfirmed: bool = False,
) -> Content:
    """Return the record of a list; `named` says what was given for a field that is of no form."""
    try:
        data = render_list(lines)
    except ValueError as error:
        expect(**{named(wrong): False for wrong in off_list(lines)})
        raise InputInvalid(Finding("FL909", "entitlements", {"field": "entitlements"})) from error
    totals = totals_of(lines)
    digest = list_digest(data)
    body = {
        "batch": books.next_batch_id(on.isoformat()[:7]),
        "step": "prepare",
        "on": on.isoformat(),
        "payments": len(lines),
        "amount_fen": sum(line.amount_fen for line in lines),
        "lines": digest,
        "document": document,
        "totals": [[unit, category, *total] for (unit, category), total in totals.items()],
    }
    if kind != "payment":
        body["kind"] = kind
    if reconfirmed:
        body["reconfirmed"] = True
    return Content(body, (), {digest: data})


def _step_body(
    act: BatchAct, step: Step, batch: Batch | None, outcomes: Sequence[Outcome]
) -> tuple[BatchBody, dict[str, bytes]]:
    """Return what the record of a step says, and the file of the lines that it names."""
    files: dict[str, bytes] = {}
    digest = ""
    if outcomes:
        try:
            data = render_outcomes(outcomes)
        except InputInvalid:
            expect_outcomes(act.outcomes)  # what is known already was left out: by their places
            raise
        digest = list_digest(data)
        files[digest] = data
        count, fen = len(outcomes), sum(one.amount_fen for one in outcomes)
    else:
        groups = [] if batch is None else [*batch.groups()]
        taken = [total for standing, _, total in groups if step.takes_unnamed(standing)]
        count = sum(total.payments for total in taken)
        fen = sum(total.amount_fen for total in taken)
    body = BatchBody(
        act.batch,
        step.slug,
        act.on.isoformat(),
        max(count, 1),
        max(fen, 1),
        digest,
        act.document,
        receipt=act.receipt,
    )
    return body, files


def _draft(act: BatchAct, step: Step, one: Posted, undone: Sequence[str]) -> Draft:
    """Return the voucher of a step; of what is taken back it says the days (art. 51(5))."""
    of = f"（注销{'、'.join(undone)}所记）" if undone else ""
    return Draft(
        date=date.fromisoformat(one.on),
        narration=f"{act.batch} {step.zh}{of}，{one.payments}笔"
        + (f"：{act.note}" if act.note else ""),
        maker=act.maker,
        reviewer=act.reviewer,
        event=step.event,
        postings=one.postings,
        attachments=act.attachments,
        poster=act.poster,
        cashier=act.cashier,
        approval=act.approval,
    )


def _own_key(batch: str, request: object) -> str:
    """Return a key that follows from what is asked; in letters, for digits may look like people."""
    digest = bytes.fromhex(request_digest(request))
    return f"{batch} {base64.b32encode(digest).decode().rstrip('=')}"


def _plain(act: BatchAct, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return what was asked, as JSON values; what is not there was never asked for."""
    left = {"on", "outcomes", *(name for name in ("note", "receipt") if not getattr(act, name))}
    values = {
        name: getattr(act, name) for name in BatchAct.__dataclass_fields__ if name not in left
    }
    said = {**values, "on": act.on.isoformat(), "outcomes": [list(one) for one in outcomes]}
    return said if act.receipt is None else {**said, "receipt": to_builtins(act.receipt)}
