"""What the funds of an office know of each other's journals: whoever cuts one is told on by others.

Each closing of a month or a year names the last record of every other fund, so that a journal can
be rewritten, cut or begun anew without a trace only together with those of all other funds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from msgspec import MsgspecError, convert

from fundledger.findings import Finding
from fundledger.ledger.bodies import BODIES, CloseBody, LossBody, YearEndBody
from fundledger.ledger.note import NOTHING, Known
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
    """Up to which record somebody gave up what a journal lacks, and when."""

    known: int
    at: str


@dataclass(slots=True)
class Testimony:
    """What the records of one journal say about the journals of an office."""

    claims: list[Claim]
    losses: list[Loss]

    def take(self, fund: str, record: Record) -> None:
        """Take in a record of a fund; a body that is none of its kind says nothing."""
        if record.kind not in BODIES or record.kind == "voucher":
            return
        with suppress(MsgspecError, ValueError):
            body = convert(record.body, BODIES[record.kind])
            if isinstance(body, (CloseBody, YearEndBody)):
                self.claims += [
                    Claim(
                        other,
                        head.sequence,
                        head.digest,
                        fund,
                        record.sequence,
                        body.month,
                        record.at,
                    )
                    for other, head in body.heads.items()
                ]
            elif isinstance(body, LossBody):
                self.losses.append(Loss(body.known, record.at))


def testimony_of(fund: str, records: Iterable[Record]) -> Testimony:
    """Return what all records of a fund say."""
    testimony = Testimony([], [])
    for record in records:
        testimony.take(fund, record)
    return testimony


def denied(
    claims: Iterable[Claim], digests: Mapping[int, str], losses: Collection[Loss]
) -> list[Claim]:
    """Return the claims about one fund that its journal does not bear out, in its order.

    `digests` are those of its records by sequence.  What was given up as lost is accounted for,
    if the closing that names it came before.
    """
    return sorted(
        claim
        for claim in claims
        if digests.get(claim.sequence) != claim.digest
        and not any(claim.sequence <= loss.known and claim.at <= loss.at for loss in losses)
    )


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


def last_denied(claims: list[Claim]) -> Known:
    """Return the last record that a journal lacks by these claims."""
    return Known(claims[-1].sequence, claims[-1].digest) if claims else NOTHING
