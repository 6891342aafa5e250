"""What the funds of an office know of each other's journals: whoever cuts one is told on by others.

Each closing of a month or a year names the last record of every other fund, so that a journal can
be rewritten, cut or begun anew without a trace only together with those of all other funds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec import MsgspecError, convert

from fundledger.findings import Finding
from fundledger.ledger.bodies import BODIES, Body, CloseBody, LossBody, YearEndBody
from fundledger.ledger.clock import ahead_of
from fundledger.ledger.journal import Line, Torn, record_of
from fundledger.ledger.record import Record

_CLOSINGS = frozenset({"close", "year-end"})


class Attestation(NamedTuple):
    """What one closing says of another fund: that its journal holds a record with this digest."""

    fund: str
    sequence: int
    digest: str
    by: str
    record: int
    month: str
    at: str


def are_attestations(values: object) -> bool:
    """Whether somebody gave a list or tuple of attestations."""
    return isinstance(values, (list, tuple)) and all(isinstance(v, Attestation) for v in values)


class Loss(NamedTuple):
    """From which record to which somebody gave up what a journal lacks, and when."""

    since: int
    known: int
    at: str

    def accounts_for(self, attestation: Attestation) -> bool:
        """Whether what a closing saw is what was given up after it, by clocks a day apart at most.

        What stood before the first record that was given up holds as it did.
        """
        within = self.since <= attestation.sequence <= self.known
        return within and attestation.at <= ahead_of(self.at)


def attestations_of(fund: str, record: Record) -> list[Attestation]:
    """Return what a record of a fund says of others; a body that is none of its kind says nothing.

    Only closings say something, and of their own journal, whose chain says it, nothing.
    """
    if record.kind not in _CLOSINGS:  # most are none, and a body is costly to read
        return []
    body = _body(record)
    if not isinstance(body, (CloseBody, YearEndBody)):
        return []
    return [
        Attestation(other, head.sequence, head.digest, fund, record.sequence, body.month, record.at)
        for other, head in body.heads.items()
        if other != fund
    ]


def _body(record: Record) -> Body | None:
    if record.kind in BODIES and record.kind != "voucher":
        with suppress(MsgspecError, ValueError):
            return convert(record.body, BODIES[record.kind])
    return None


def denied(
    fund: str, lines: Iterable[Line | Torn], attestations: Iterable[Attestation]
) -> list[Attestation]:
    """Return the attestations about a fund that its journal does not bear out, in its order.

    What was given up as lost is accounted for.

    Raises:
        JournalBroken: FL602, it cannot be read to its end.

    """
    about = sorted(attestations)
    named = {attestation.sequence for attestation in about}
    digests: dict[int, str] = {}
    losses: list[Loss] = []
    for sequence, line in enumerate(lines, 1):
        if isinstance(line, Torn):
            break
        if sequence in named:
            digests[sequence] = line.digest
        if b'"kind":"loss"' in line.content:
            record = record_of(line, fund, sequence)
            body = _body(record)
            if isinstance(body, LossBody):
                losses.append(Loss(body.since or sequence, body.known, record.at))
    return [
        attestation
        for attestation in about
        if digests.get(attestation.sequence) != attestation.digest
        and not any(loss.accounts_for(attestation) for loss in losses)
    ]


def told_on(
    fund: str, attestations: list[Attestation], doubted: Collection[str] = ()
) -> Iterator[Finding]:
    """Say once of a fund that its journal is not the one which others saw (FL626).

    A witness that is none of the `doubted`, whose own journals are denied, is named before others.
    """
    for attestation in sorted(attestations, key=lambda one: one.by in doubted)[:1]:
        details = {
            "by": attestation.by,
            "record": attestation.record,
            "month": attestation.month,
            "known": attestation.sequence,
            "digest": attestation.digest[:12],
            "times": len(attestations),
            "witness": "doubted" if attestation.by in doubted else "sound",
        }
        yield Finding("FL626", fund, details, fund, attestation.sequence)
