"""T5, T6 and T8 by hand: debits of whole batches, and what may be part of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations

from support.matching import Batch, Line, Row
from support.matching.debits import Debits
from support.matching.facts import failed, lines_named
from support.matching.meeting import kind_of, meet


class Lumps(Debits):
    """The debits that are of a batch."""

    def at_once(self) -> None:
        """Before T1: the one debit that names a batch and is its sum, or that less its failures."""
        for batch in self.batches:
            if not self.is_whole(batch):
                continue
            naming = [
                row
                for row in self.bank
                if row.signed_fen < 0
                and not lines_named(row)
                and len(self.names_batch[row]) < 2
                and self.to_nobody(row)
            ]
            for tier in ("T5", "T6"):
                rows = [row for row in naming if self.is_lump(batch, row, tier, named=True)]
                if len(rows) == 1:
                    self.pay_at_once(tier, batch, rows[0])
                if rows:
                    break
        self.open_lines = [line for line in self.open_lines if line not in self.lumped]

    def pay_at_once(self, tier: str, batch: Batch, row: Row) -> None:
        for line in self.sent_of(batch.batch):
            if tier == "T5" or not failed(line):
                self.lumped.add(line)
                self.pair(tier, line, row, alone=False)

    def lumps(self) -> None:
        """T5 and T6, those debits first that name a batch."""
        whole = [batch for batch in self.batches if self.is_whole(batch)]
        for tier in ("T5", "T6"):
            for named in (True, False):
                whole = self.lump_step(tier, whole, named=named)
        self.rests()
        self.open_lines = [line for line in self.open_lines if line not in self.lumped]

    def left_of(self, batch: Batch) -> list[Line]:
        return [
            line
            for line in self.sent_of(batch.batch)
            if line in self.open_lines and not self.settled(line)
        ]

    def rests(self) -> None:
        """T5 and T6 again: what is left of a batch that is not whole any more, by its number."""
        partly = [batch for batch in self.batches if not self.is_whole(batch)]
        partly = [batch for batch in partly if self.is_as_said(batch) and self.left_of(batch)]
        for tier in ("T5", "T6"):
            rows = [row for row in self.debits if self.to_nobody(row) and self.batch_of(row)]

            def fits(batch: Batch, row: Row, tier: str = tier) -> bool:
                left = self.left_of(batch)
                if tier == "T6":
                    left = [line for line in left if not failed(line)]
                    if len(left) in {0, len(self.left_of(batch))}:
                        return False
                if row.account or row.person:
                    return False
                return (
                    self.batch_of(row) == batch.batch
                    and sum(ln.amount_fen for ln in left) == row.fen
                )

            pairs, teams = meet(partly, rows, fits, lambda one: one.batch, lambda one: one.batch)
            for batch, row in pairs:
                for line in self.left_of(batch):
                    self.lumped.add(line)
                    if tier == "T5" or not failed(line):
                        self.pair(tier, line, row, alone=False)
            self.tell_teams(teams)
            gone = [batch for batch, _ in pairs] + [batch for some, _ in teams for batch in some]
            partly = [batch for batch in partly if batch not in gone]

    def is_whole(self, batch: Batch) -> bool:
        """Whether a batch is the sum of its lines, all of them open."""
        lines = self.sent_of(batch.batch)
        is_open = all(line in self.open_lines and not self.settled(line) for line in lines)
        return bool(lines) and is_open and self.is_as_said(batch)

    def is_as_said(self, batch: Batch) -> bool:
        """Whether a batch has so many lines, of that sum, as it is said to have."""
        lines = self.sent_of(batch.batch)
        return (len(lines), sum(ln.amount_fen for ln in lines)) == (batch.count, batch.amount_fen)

    def lump_step(self, tier: str, whole: list[Batch], *, named: bool) -> list[Batch]:
        """Match batches by one tier; returns those that are still open."""

        def fits(batch: Batch, row: Row) -> bool:
            return self.is_lump(batch, row, tier, named=named)

        rows = [
            row for row in self.debits if self.to_nobody(row) and bool(self.batch_of(row)) is named
        ]
        pairs, teams = meet(whole, rows, fits, lambda batch: batch.batch, lambda batch: batch.batch)
        for batch, row in pairs:
            for line in self.sent_of(batch.batch):
                self.lumped.add(line)
                if tier == "T5" or not failed(line):
                    self.pair(tier, line, row, alone=False)
        self.tell_teams(teams)
        gone = [batch for batch, _ in pairs] + [batch for some, _ in teams for batch in some]
        return [batch for batch in whole if batch not in gone]

    def tell_teams(self, teams: Iterable[tuple[list[Batch], list[Row]]]) -> None:
        for batches, rows_of in teams:
            for batch in batches:
                self.found.told.append((kind_of(batches, rows_of), "", batch.batch, "", None, None))
            for row in rows_of:
                self.tell(kind_of(batches, rows_of), None, row)
        self.close()

    def is_lump(self, batch: Batch, row: Row, tier: str, *, named: bool) -> bool:
        lines = self.sent_of(batch.batch)
        if tier == "T6" and not any(failed(ln) for ln in lines):
            return False
        lines = [ln for ln in lines if tier == "T5" or not failed(ln)]
        fen = sum(ln.amount_fen for ln in lines)
        if fen == 0 or fen != row.fen or self.is_one_payment(lines, row, named=named):
            return False
        if named:
            return self.batch_of(row) == batch.batch
        last = batch.sent_on + timedelta(days=self.limits.window_days)
        return batch.sent_on <= row.on <= last

    def is_one_payment(self, lines: list[Line], row: Row, *, named: bool) -> bool:
        """Whether a sum is one payment that says nothing of whose it is, or that went elsewhere."""
        return len(lines) == 1 and (bool(row.account or row.person) or not named)

    def choices(self, row: Row) -> Iterator[tuple[Line, ...]]:
        tried = []
        for batch in sorted({ln.batch for ln in self.open_lines} - {""}):
            lines = [
                ln
                for ln in self.open_lines
                if ln.batch == batch
                and ln.sent_on is not None
                and not failed(ln)
                and not self.settled(ln)
            ]
            if not 2 <= len(lines) <= 16 or row.fen > sum(ln.amount_fen for ln in lines):
                continue
            first = min(ln.sent_on for ln in lines if ln.sent_on)
            near = first <= row.on <= first + timedelta(days=self.limits.window_days)
            silent = not (self.batch_of(row) or row.account or row.person)
            if self.batch_of(row) == batch or (silent and near):
                tried.append(lines)
        if len(tried) > 8:
            return
        for lines in tried:
            for size in range(1, len(lines) + 1):
                for some in combinations(lines, size):
                    if sum(ln.amount_fen for ln in some) == row.fen:
                        yield some

    def proposals(self) -> None:
        rows = [row for row in self.debits if self.to_nobody(row)]
        answers = {row: list(self.choices(row)) for row in rows}
        single = {row: some[0] for row, some in answers.items() if len(some) == 1}
        wanted = [line for some in single.values() for line in some]
        for row, some in answers.items():
            if row in single and all(wanted.count(line) == 1 for line in single[row]):
                self.tell("proposal", None, row)
                self.found.proposals |= {(ln.line, row.statement, row.row) for ln in single[row]}
            elif some:
                self.tell("ambiguous", None, row)
        self.close()

    def residuals(self) -> None:
        known = {batch.batch for batch in self.batches}
        for row in self.debits:
            batch = self.batch_of(row)
            lines = [
                ln
                for ln in self.open_lines
                if ln.batch == batch and ln.sent_on is not None and not self.settled(ln)
            ]
            elsewhere = (row.account or row.person) and any(
                row.fen == ln.amount_fen for ln in lines
            )
            if batch in known and lines and self.to_nobody(row) and not elsewhere:
                difference = row.fen - sum(ln.amount_fen for ln in lines)
                self.used.add(row)
                self.found.told.append(
                    ("lump-residual", "", batch, row.statement, row.row, difference)
                )
        self.close()
