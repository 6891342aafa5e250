"""T7 and T9 by hand: what came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support.matching import Batch, Line, Row
from support.matching.facts import failed, lines_named, words
from support.matching.lumps import Lumps
from support.matching.meeting import kind_of, meet


class Credits(Lumps):
    """The credits, once all debits are known."""

    def credits(self) -> None:
        self.left = [
            row
            for row in self.bank
            if row.signed_fen > 0 and len(lines_named(row)) < 2 and len(self.names_batch[row]) < 2
        ]
        self.out = [ln for ln in self.lines if self.out_day(ln) is not None]
        serials = {row.serial for row in self.alone.values()} - {""}
        repeated = {row: (words(row) | {row.serial}) & serials for row in self.left}
        for named in (True, False):
            self.lump_back([row for row in self.left if len(repeated[row]) != 1], named=named)

        def by_line(line: Line, row: Row) -> bool:
            return line.line in lines_named(row)

        def by_serial(line: Line, row: Row) -> bool:
            return line in self.alone and repeated[row] == {self.alone[line].serial}

        def by_account(line: Line, row: Row) -> bool:
            return line.account == row.account != "" and self.soon(line, row)

        def by_name(line: Line, row: Row) -> bool:
            return line.person == row.person != "" and row.account == "" and self.soon(line, row)

        def in_batch(line: Line, row: Row) -> bool:
            return line.batch == self.batch_of(row) != ""

        def free(row: Row) -> bool:
            return not lines_named(row)

        steps: list[Callable[[Line, Row], bool]] = [
            by_line,
            lambda ln, row: free(row) and by_serial(ln, row),
            lambda ln, row: free(row) and in_batch(ln, row) and by_account(ln, row),
            lambda ln, row: free(row) and not self.batch_of(row) and by_account(ln, row),
            lambda ln, row: free(row) and in_batch(ln, row) and by_name(ln, row),
            lambda ln, row: free(row) and not self.batch_of(row) and by_name(ln, row),
        ]
        for fits in steps:
            self.back_step(fits)

    def back_step(self, fits: Callable[[Line, Row], bool]) -> None:
        """Match what left the account with what is open of the credits."""

        def agree(line: Line, row: Row) -> bool:
            return line.amount_fen == row.fen and self.later(line, row) and fits(line, row)

        pairs, teams = meet(
            self.out,
            self.left,
            agree,
            lambda line: (line.account, line.person, self.out_day(line)),
            lambda line: line.line,
        )
        for line, row in pairs:
            self.back(line, row)
        self.back_teams(teams)

    def lump_back(self, silent: list[Row], *, named: bool) -> None:
        """Match what failed of a batch with the credits that repeat no serial of a line."""
        groups = {}
        for batch in self.batches:
            lines = [ln for ln in self.out if ln.batch == batch.batch and failed(ln)]
            if lines:
                groups[batch] = lines
        rows = [
            row
            for row in silent
            if self.to_nobody(row) and not lines_named(row) and bool(self.batch_of(row)) is named
        ]

        def fits(batch: Batch, row: Row) -> bool:
            lines = groups[batch]
            day = max(day for ln in lines if (day := self.out_day(ln)))
            last = row.on if named else day + timedelta(days=self.limits.return_days)
            return (
                sum(ln.amount_fen for ln in lines) == row.fen
                and day <= row.on <= last
                and (self.batch_of(row) == batch.batch if named else True)
            )

        pairs, teams = meet(
            list(groups), rows, fits, lambda batch: batch.batch, lambda batch: batch.batch
        )
        for batch, row in pairs:
            for line in groups[batch]:
                self.back(line, row)
        for batches, rows_of in teams:
            for batch in batches:
                self.found.told.append((kind_of(batches, rows_of), "", batch.batch, "", None, None))
                self.out = [ln for ln in self.out if ln not in groups[batch]]
            for row in rows_of:
                self.tell(kind_of(batches, rows_of), None, row)
        self.left = [row for row in self.left if row not in self.used]

    def back(self, line: Line, row: Row) -> None:
        self.credit[line] = row
        self.used.add(row)
        tier = "T7" if failed(line) else "T9"
        self.found.matches.add(
            (tier, line.line, line.batch, row.statement, row.row, line.amount_fen)
        )
        self.out = [ln for ln in self.out if ln != line]
        self.left = [other for other in self.left if other != row]

    def back_teams(self, teams: list[tuple[list[Line], list[Row]]]) -> None:
        for lines, rows in teams:
            for line in lines:
                self.tell(kind_of(lines, rows), line, None)
            for row in rows:
                self.tell(kind_of(lines, rows), None, row)
            self.out = [ln for ln in self.out if ln not in lines]
            self.left = [row for row in self.left if row not in rows]

    def loose_credits(self) -> None:
        unknown = [row for row in self.bank if row.signed_fen < 0 and row not in self.used]
        days = timedelta(days=self.limits.return_days)
        for row in self.bank:
            if row.signed_fen < 0 or row in self.used:
                continue
            named = sorted(lines_named(row))
            if len(named) > 1:
                self.tell("bank-credit-without-book", None, row)
            elif named:
                self.named_credit(self.by_id.get(named[0]), row)
            elif any(
                other.fen == row.fen
                and other.on <= row.on <= other.on + days
                and (
                    other.account == row.account
                    if row.account
                    else other.person == row.person != ""
                )
                for other in unknown
            ):
                self.tell("return-of-unknown-payment", None, row)
            else:
                larger = [
                    ln
                    for ln in self.out
                    if ln.account == row.account != ""
                    and ln.amount_fen > row.fen
                    and self.soon(ln, row)
                ]
                if len(larger) == 1:
                    self.tell("partial-return", larger[0], row, row.fen - larger[0].amount_fen)
                else:
                    self.tell("bank-credit-without-book", None, row)

    def named_credit(self, line: Line | None, row: Row) -> None:
        if line is None or self.out_day(line) is None:
            self.tell("return-of-unknown-payment", line, row)
        elif line in self.out and row.fen < line.amount_fen and self.later(line, row):
            self.tell("partial-return", line, row, row.fen - line.amount_fen)
        else:
            self.tell("bank-credit-without-book", line, row)
