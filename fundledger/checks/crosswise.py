"""What the funds of an office know of each other's journals: whoever cuts one is told on by others.

Each closing of a month or a year names the last record of every other fund, so that a journal can
be rewritten, cut or begun anew without a trace only together with those of all other funds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from msgspec import MsgspecError, convert

from fundledger.findings import Finding
from fundledger.ledger.bodies import BODIES, Body, CloseBody, LossBody, YearEndBody
from fundledger.ledger.clock import ahead_of
from fundledger.ledger.journal import Line, Torn, record_of
from fundledger.ledger.record import Record


class Claim(NamedTuple):
    """What one closing says of another fund: that its journal holds a record with this digest."""

    fund: str
    sequence: int
    digest: str
    by: str
    record: int
    month: str
    at: str


class Loss(NamedTuple):
    """From which record to which somebody gave up what a journal lacks, and when."""

    since: int
    known: int
    at: str

    def accounts_for(self, claim: Claim) -> bool:
        """Whether what a closing saw is what was given up after it, by clocks a day apart at most.

        What stood before the first record that was given up holds as it did.
        """
        within = self.since <= claim.sequence <= self.known
        return within and claim.at <= ahead_of(self.at)


def claims_of(fund: str, record: Record) -> list[Claim]:
    """Return what a record of a fund says of others; a body that is none of its kind says nothing.

    Only closings say something.
    """
    body = _body(record)
    if not isinstance(body, (CloseBody, YearEndBody)):
        return []
    return [
        Claim(other, head.sequence, head.digest, fund, record.sequence, body.month, record.at)
        for other, head in body.heads.items()
    ]


def _body(record: Record) -> Body | None:
    if record.kind in BODIES and record.kind != "voucher":
        with suppress(MsgspecError, ValueError):
            return convert(record.body, BODIES[record.kind])
    return None


def denied(fund: str, lines: Iterable[Line | Torn], claims: Iterable[Claim]) -> list[Claim]:
    """Return the claims about a fund that its journal does not bear out, in its order.

    What was given up as lost is accounted for.

    Raises:
        JournalBroken: FL602, it cannot be read to its end.

    """
    about = sorted(claims)
    named = {claim.sequence for claim in about}
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
        claim
        for claim in about
        if digests.get(claim.sequence) != claim.digest
        and not any(loss.accounts_for(claim) for loss in losses)
    ]


def told_on(fund: str, claims: list[Claim]) -> Iterator[Finding]:
    """Say once of a fund that its journal is not the one which others saw (FL626)."""
    for claim in claims[:1]:
        details = {
            "by": claim.by,
            "record": claim.record,
            "month": claim.month,
            "known": claim.sequence,
            "digest": claim.digest[:12],
            "times": len(claims),
        }
        yield Finding("FL626", fund, details, fund, claim.sequence)
