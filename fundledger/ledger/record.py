"""Journal records and their lines: one line is one commit, chained by sha256."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, NamedTuple, NoReturn

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, Encoder

from fundledger.ledger.voucher import Voucher

FORMAT = "fundledger journal 1"
Kind = Literal[
    "charter",
    "voucher",
    "assertion",
    "reconciliation",
    "close",
    "year-end",
    "loss",
    "batch",
    "budget-stage",
]

LINE_HEAD = b'{"sha256":"'
_MIDDLE = b'","record":'
_DIGEST_AT = len(LINE_HEAD)
_MIDDLE_AT = _DIGEST_AT + 64
_RECORD_AT = _MIDDLE_AT + len(_MIDDLE)


class Record(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One commit: a kind, a body, none or more vouchers; `at` is ISO time, `actor` a staff code.

    `key` is the caller's idempotency key, `request` the sha256 of what was asked under it.  Its
    fields in this order are its JSON object in the journal.
    """

    sequence: int
    at: str
    actor: str
    kind: Kind
    key: str
    request: str
    body: dict[str, Any] = {}
    vouchers: tuple[Voucher, ...] = ()


class Place(NamedTuple):
    """Where a voucher stands: the segment's name, the line's offset, the position in the line."""

    segment: str
    offset: int
    position: int


def genesis(fund: str) -> str:
    """Return the digest that a fund's first line follows: sha256 of format version and fund."""
    return hashlib.sha256(f"{FORMAT} {fund}".encode()).hexdigest()


def request_digest(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the sha256 of what was asked, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def encode_line(record: Record, previous: str) -> tuple[bytes, str]:
    """Return the journal line of a record after the line with digest `previous`, and its digest."""
    content = _ENCODER.encode(record)
    digest = hashlib.sha256(previous.encode() + content).hexdigest()
    return LINE_HEAD + digest.encode() + _MIDDLE + content + b"}\n", digest


def record_bytes(line: bytes) -> bytes:
    """Return the record's bytes in a line as `encode_line` makes it."""
    return line[_RECORD_AT:-2]


def frame(line: bytes) -> tuple[str, bytes] | None:
    """Return the digest that a line claims and its record's bytes; None if it is no such line."""
    if (
        line[:_DIGEST_AT] != LINE_HEAD
        or line[_MIDDLE_AT:_RECORD_AT] != _MIDDLE
        or line[-2:] != b"}\n"
    ):
        return None
    try:
        return line[_DIGEST_AT:_MIDDLE_AT].decode("ascii"), line[_RECORD_AT:-2]
    except UnicodeDecodeError:
        return None


def chained(line: bytes, previous: str) -> tuple[str, bytes] | None:
    """Return the digest and record bytes of a line that follows `previous`; None if it does not."""
    content = line[_RECORD_AT:-2]
    digest = hashlib.sha256(previous.encode() + content).hexdigest()
    if line[:_RECORD_AT] == b"%b%b%b" % (LINE_HEAD, digest.encode(), _MIDDLE) and (
        line[-2:] == b"}\n"
    ):
        return digest, content
    return None


def decode_record(content: bytes, *, trusted: bool = False) -> Record:
    """Return the record of a line's bytes, which must be just the bytes that we would write.

    `trusted` leaves that comparison to another reader of the same line.

    Raises:
        ValueError: not JSON, a key missing, unknown, twice or out of order, a value not of its
            type, a number with a point, or a space too many.

    """
    try:
        record = _DECODER.decode(content)
        exact = trusted or _ENCODER.encode(record) == content
    except (MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not exact:
        message = "not the canonical text of a record"
        raise ValueError(message)
    return record


def _no_float(text: str) -> NoReturn:
    """Refuse a number with a point, which a body of any JSON could hold."""
    message = f"{text} is no whole number"
    raise ValueError(message)


_ENCODER = Encoder()
_DECODER = Decoder(Record, float_hook=_no_float)
