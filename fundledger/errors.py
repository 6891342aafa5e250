"""One exception class per failure; each carries the findings that say it to a person."""

from __future__ import annotations

from collections.abc import Iterable

from fundledger.findings import Finding


class FundledgerError(Exception):
    """Any failure of this library; `findings` say what is wrong, where, and what to do."""

    misuse = False

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        """Keep the findings; there is always at least one."""
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__(*self.codes)

    def __str__(self) -> str:
        """Say what is wrong, by the codes alone where no file can be opened for their words."""
        try:
            return "; ".join(f"{f.code} {f.sentence('en')}" for f in self.findings)
        except OSError:
            return "; ".join(self.codes)

    def __reduce__(self) -> tuple[type[FundledgerError], tuple[tuple[Finding, ...]]]:
        """Pickle by the findings, so that a refusal crosses from one process to another."""
        return type(self), (self.findings,)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, in order."""
        return tuple(finding.code for finding in self.findings)


class Refused(FundledgerError):  # noqa: N818 - the word of the trade
    """An act that a gating check does not allow; nothing was written."""


class CharterInvalid(FundledgerError):  # noqa: N818 - the word of the trade
    """The files in `rules/` contradict themselves or their schema."""


class StatementInvalid(FundledgerError):  # noqa: N818 - the word of the trade
    """A bank statement that cannot be read without guessing."""


class NeedInvalid(FundledgerError):  # noqa: N818 - the word of the trade
    """A unit's declared needs that cannot be read without guessing."""


class InputInvalid(FundledgerError):  # noqa: N818 - the word of the trade
    """A value that a person gave and that cannot be taken as it stands."""


class InvalidAmount(InputInvalid):
    """A text that is not an amount of money."""


class KeyConflict(FundledgerError):  # noqa: N818 - the word of the trade
    """An idempotency key that was used before for something else."""


class OutcomeUnknown(FundledgerError):  # noqa: N818 - the word of the trade
    """A write or fsync failed: retry with the same key."""


class NotWritten(FundledgerError):  # noqa: N818 - the word of the trade
    """The disk refused before the commit point: nothing was recorded."""


class NotReadable(FundledgerError):  # noqa: N818 - the word of the trade
    """The system would not let a fund's files be read: nothing is known of them now."""


class JournalBroken(FundledgerError):  # noqa: N818 - the word of the trade
    """A journal whose chain does not hold: nothing more is written to it."""


class VaultClosed(FundledgerError):  # noqa: N818 - the word of the trade
    """The vault of people, its key or the log of its reads is not as it has to be."""


class NotInstalled(FundledgerError):  # noqa: N818 - the word of the trade
    """A library that one of the extras brings is not there."""


class Busy(FundledgerError):  # noqa: N818 - the word of the trade
    """Another process held the fund's lock for too long."""


class NotFound(FundledgerError):  # noqa: N818 - the word of the trade
    """An office, fund, voucher or file that is not there."""

    misuse = True
