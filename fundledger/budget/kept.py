"""A proposal kept as a file: its whole content, what it rests on, and a digest over both."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

from msgspec import Meta, Struct, ValidationError, convert

from fundledger.budget.model import Proposal
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.tables.files import read_bytes

FORMAT: Final = "fundledger-proposal-1"
_MOST_BYTES: Final = 64 * 1024 * 1024
_EXACT = re.compile(r"-?[0-9]{1,900}(/[1-9][0-9]{0,899})?", re.ASCII)

Fen = Annotated[int, Meta(ge=-(10**18), le=10**18)]


class KeptStep(Struct, frozen=True):
    """A step of a line, its `exact_fen` a fraction as text; one that rules add has its name."""

    name: str
    amount_fen: Fen
    exact_fen: str
    rule: str
    source: str
    inputs: dict[str, int | str]
    name_zh: str = ""
    name_en: str = ""

    @property
    def exact(self) -> Fraction:
        """The amount in fen, exactly."""
        return Fraction(self.exact_fen)


class KeptLine(Struct, frozen=True):
    """A line with a figure; `carry_over_fen` of it last year's money covers."""

    fund: str
    line: str
    name_zh: str
    name_en: str
    decision: str
    need_fen: Fen
    proposed_fen: Fen
    carry_over_fen: Fen
    available_fen: Fen
    steps: tuple[KeptStep, ...]

    @property
    def appropriation_fen(self) -> int:
        """What of the figure is asked for as this year's money."""
        return self.proposed_fen - self.carry_over_fen


class KeptBlocked(Struct, frozen=True):
    """A line that waits."""

    fund: str
    line: str
    name_zh: str
    name_en: str
    code: str
    need_fen: Fen | None = None


class KeptTotal(Struct, frozen=True):
    """What a fund needs and asks for."""

    fund: str
    reserve_fen: Fen
    need_fen: Fen
    carry_over_fen: Fen
    request_fen: Fen
    other_sources_fen: Fen = 0


class KeptBook(Struct, frozen=True):
    """How far a journal was read."""

    fund: str
    records: Annotated[int, Meta(ge=0, le=10**12)]
    head: str


class KeptProvenance(Struct, frozen=True):
    """What a proposal rests on."""

    books: tuple[KeptBook, ...]
    needs: dict[str, str]
    rules: dict[str, str]


class KeptProposal(Struct, frozen=True):
    """What is compared of a proposal; `as_json` has all of it."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    as_of: date
    months: Annotated[int, Meta(ge=1, le=12)]
    lines: tuple[KeptLine, ...]
    blocked: tuple[KeptBlocked, ...]
    funds: tuple[KeptTotal, ...]
    provenance: KeptProvenance


class Kept(Struct, frozen=True):
    """A proposal file: its name, the version that wrote it, its digest, and what it says.

    `file_sha256` is of its bytes, `sha256` of what it says.
    """

    file: str
    version: str
    sha256: str
    content: dict[str, Any]
    proposal: KeptProposal
    file_sha256: str


def kept_bytes(proposal: Proposal) -> bytes:
    """Return the bytes of a proposal file: the same proposal and version give the same bytes."""
    content = plain(proposal)
    written = version("fundledger")
    whole = {
        "format": FORMAT,
        "version": written,
        "sha256": digest(written, content),
        "proposal": content,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def plain(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as a file has it."""
    read: dict[str, Any] = json.loads(json.dumps(proposal.as_json()))
    return read


def digest(written: str, content: Mapping[str, Any]) -> str:
    """Return the sha256 over format, version and content, whatever the order of their keys."""
    whole = {"format": FORMAT, "version": written, "proposal": content}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_kept(path: Path) -> Kept:
    """Return what a proposal file says, in which nothing was changed.

    Raises:
        InputInvalid: FL564, it is none, or not as it was written; FL927, FL940, it cannot be read.

    """
    file = path.name
    data = read_bytes(path, _MOST_BYTES)
    try:
        whole = json.loads(data, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        _refuse(file, "json")
    parts = ("format", "version", "sha256", "proposal")
    if not isinstance(whole, dict) or set(whole) != set(parts) or whole["format"] != FORMAT:
        _refuse(file, "form")
    written, said, content = whole["version"], whole["sha256"], whole["proposal"]
    if not isinstance(written, str) or not isinstance(content, dict):
        _refuse(file, "form")
    try:
        if digest(written, content) != said:
            _refuse(file, "digest")
        proposal = convert(content, KeptProposal)
    except (ValidationError, UnicodeError, RecursionError):  # half a letter, say
        _refuse(file, "form")
    _expect_sums(file, proposal)
    return Kept(file, written, said, content, proposal, hashlib.sha256(data).hexdigest())


def compared_of(proposal: Proposal) -> KeptProposal:
    """Return what is compared of a proposal that was just derived."""
    return convert(plain(proposal), KeptProposal)


def _expect_sums(file: str, proposal: KeptProposal) -> None:
    """Refuse lines that stand twice, and lines that their steps do not add up to."""
    items: tuple[KeptLine | KeptBlocked, ...] = (*proposal.lines, *proposal.blocked)
    keys = [(one.fund, one.line) for one in items]
    if len(set(keys)) != len(keys):
        _refuse(file, "form")
    for line in proposal.lines:
        if not all(_EXACT.fullmatch(text) for step in line.steps for text in _exact_of(step)):
            _refuse(file, "form")
        exact_fen = sum((step.exact for step in line.steps), Fraction(0))
        if not exact_fen == sum(step.amount_fen for step in line.steps) == line.proposed_fen:
            _refuse(file, "sums")


def _exact_of(step: KeptStep) -> list[str]:
    """Return the fractions of a step as texts."""
    inputs = step.inputs.items()
    return [step.exact_fen, *(str(value) for name, value in inputs if name.endswith("_fen"))]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _refuse(file: str, reason: str) -> NoReturn:
    raise InputInvalid(Finding("FL564", file, {"file": file, "reason": reason}, gates=True))
