"""Findings: what is wrong with some content, as values that a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from fundledger.texts import fill, text


class Severity(StrEnum):
    """How bad a finding is: an error must be cured, a warning explained, a note read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def zh(self) -> str:
        """The one word for it on every screen and sheet in Chinese; the value is the English."""
        return _WORDS[self]


_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
_LONGEST = 4_000
_WIDEST = 10**40
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it is, and how far.

    `subject` names the account, file or key; `details` fill the sentence; `amount_fen` is the
    amount at stake in fen; `gates` says that an act is refused because of it.
    """

    code: str
    subject: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    fund: str | None = None
    sequence: int | None = None
    voucher: str | None = None
    amount_fen: int | None = None
    gates: bool = False

    @property
    def severity(self) -> Severity:
        """The severity that the catalogue gives this code."""
        return Severity(text(self.code).severity)

    @property
    def source(self) -> str:
        """The article, clause or standard that the rule comes from."""
        return text(self.code).source

    def title(self, language: str = "zh") -> str:
        """Return the name of the rule in `zh` or `en`."""
        return text(self.code).title(language)

    def sentence(self, language: str = "zh") -> str:
        """Return one plain sentence that says what is wrong and where."""
        return fill(text(self.code).sentence(language), self._values(language))

    def remedy(self, language: str = "zh") -> str:
        """Return what to do about it."""
        return fill(text(self.code).remedy(language), self._values(language))

    def at(
        self, *, fund: str | None = None, sequence: int | None = None, voucher: str | None = None
    ) -> Finding:
        """Return the same finding, placed in a fund, record and voucher."""
        return replace(
            self,
            fund=fund or self.fund,
            sequence=self.sequence if sequence is None else sequence,
            voucher=voucher or self.voucher,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the finding as plain JSON values, with its sentences in both languages.

        Whatever a stranger put into it, `json.dumps` takes the result and UTF-8 writes it; a text
        of more than 4,000 letters is cut.
        """
        return {
            "code": self.code,
            "severity": self.severity.value,
            "gates": self.gates,
            "fund": _plain(self.fund),
            "sequence": _plain(self.sequence),
            "voucher": _plain(self.voucher),
            "subject": _plain(self.subject),
            "amount_fen": _plain(self.amount_fen),
            "details": {key: _plain(value) for key, value in self.details.items()},
            "sentence_zh": self.sentence("zh"),
            "sentence_en": self.sentence("en"),
            "remedy_zh": self.remedy("zh"),
            "remedy_en": self.remedy("en"),
            "source": self.source,
        }

    def _values(self, language: str) -> dict[str, Any]:
        values: dict[str, Any] = {
            "subject": self.subject,
            "fund": self.fund or "",
            "voucher": self.voucher or "",
            "sequence": "" if self.sequence is None else self.sequence,
        }
        if self.amount_fen is not None:
            values["amount"] = self.amount_fen
        values.update(self.details)
        words = text(self.code)
        return {
            key: yuan(_bounded(value))
            if key == "amount" or key.endswith("_fen")
            else _on_one_line(words.value(key, value, language))
            for key, value in values.items()
        }


def yuan(value: object) -> str:
    """Return fen as yuan with a thousands separator, as sentences show it."""
    if not isinstance(value, int):
        return str(value)
    sign = "-" if value < 0 else ""
    return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02d}"


def by_weight(finding: Finding) -> tuple[int, str, str, int]:
    """Return a sort key: errors first, then fund, code and place in the journal."""
    sequence = -1 if finding.sequence is None else finding.sequence
    return (_RANK[finding.severity], finding.fund or "", finding.code, sequence)


def _on_one_line(value: object) -> object:
    """Return a text as a sentence may quote it, whoever wrote it: on one line, all of it seen."""
    value = _bounded(value)
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(value.split()))


def _bounded(value: object) -> object:
    """Return a text or number as output can carry it, of bearable length; all else as it is."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[: _LONGEST - 1]}…"
    if isinstance(value, int) and not -_WIDEST < value < _WIDEST:
        return "-…" if value < 0 else "…"
    return value


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if value is not None and not isinstance(value, (int, str)):
        value = str(value)
    value = _bounded(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
