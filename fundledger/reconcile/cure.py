"""What would cure an exception: the step of a batch that books what the bank did."""

from __future__ import annotations

from typing import NamedTuple


class Cure(NamedTuple):
    """A step of a batch that would book what the bank did; without lines it takes the whole batch.

    `rows` are the bank's, by their marks; `code` is that of the finding.
    """

    code: str
    batch: str
    step: str
    on: str
    lines: tuple[str, ...]
    payments: int
    amount_fen: int
    rows: tuple[str, ...]

    def words(self, fund: str) -> tuple[str, ...]:
        """Return the command that takes the step, but for who signs it and on what paper."""
        named = [word for line in self.lines for word in ("--line", line)]
        return ("batch", self.step, fund, self.batch, "--date", self.on, *named)
