"""T1 to T4 by hand: debits of single lines."""

from __future__ import annotations

from collections.abc import Callable

from support.matching import Line, Row
from support.matching.facts import Facts, lines_named
from support.matching.meeting import kind_of, meet, told_apart


class Debits(Facts):
    """The debits that are of one line each."""

    def by_line_id(self) -> None:
        """T1: a debit that names one line; the amount has to agree too."""
        naming = [row for row in self.bank if row.signed_fen < 0 and lines_named(row)]
        of_line: dict[Line, list[Row]] = {}
        for row in naming:
            (first, *more) = sorted(lines_named(row))
            if not more and first in self.by_id:
                of_line.setdefault(self.by_id[first], []).append(row)
        for line, rows in of_line.items():
            self.said_of(line, rows)
        together = [self.many_in_one(row, of_line) for row in naming if len(lines_named(row)) > 1]
        named = set(of_line).union(*together)
        self.decided |= named - set(of_line)
        self.open_lines = [line for line in self.open_lines if line not in named]

    def said_of(self, line: Line, rows: list[Row]) -> None:
        """All debits that name this line alone."""
        agreeing = [row for row in rows if row.fen == line.amount_fen]
        if line in self.lumped:
            for row in rows:
                self.tell("line-debited-twice", line, row)
            return
        if len(agreeing) == 1:
            self.pair("T1", line, agreeing[0])
            rows = [row for row in rows if row not in agreeing]
        else:
            self.decided.add(line)
        for row in rows:
            difference = row.fen - line.amount_fen
            if agreeing:
                self.tell("line-debited-twice", line, row)
            elif len(rows) > 1:
                self.tell("one-to-many", line, row)
            else:
                self.tell("short-paid" if difference < 0 else "over-paid", line, row, difference)

    def many_in_one(self, row: Row, of_line: dict[Line, list[Row]]) -> set[Line]:
        """One debit that names several lines, of which some may be named alone elsewhere."""
        several = {self.by_id[word] for word in lines_named(row) if word in self.by_id}
        if several:
            self.tell("many-to-one", None, row)
        for line in several - set(of_line) - self.decided - self.lumped:
            self.tell("many-to-one", line, None)
        return several

    def singly(self) -> None:
        """T2 to T4, by what the bank says of the payee."""

        def receipt(line: Line, row: Row) -> bool:
            return line.receipt == row.serial != "" and account(line, row)

        def batch_account(line: Line, row: Row) -> bool:
            return line.batch == self.batch_of(row) != "" and account(line, row)

        def account(line: Line, row: Row) -> bool:
            return line.account == row.account != ""

        def only_account(line: Line, row: Row) -> bool:
            return self.batch_of(row) == "" and account(line, row) and self.in_window(line, row)

        def name(line: Line, row: Row) -> bool:
            same = line.person == row.person != "" and row.account == ""
            return same and self.in_window(line, row)

        def batch_name(line: Line, row: Row) -> bool:
            return line.batch == self.batch_of(row) != "" and name(line, row)

        def only_name(line: Line, row: Row) -> bool:
            return self.batch_of(row) == "" and name(line, row)

        self.step("T2", receipt, by_name=True)
        self.step("T2", batch_account, by_name=True)
        self.step("T3", only_account, by_name=True)
        self.step("T4", batch_name)
        self.step("T4", only_name)

    def step(self, tier: str, fits: Callable[[Line, Row], bool], *, by_name: bool = False) -> None:
        """Match what is open by one tier; teams of more than one and one are told."""

        def agree(line: Line, row: Row) -> bool:
            return line.amount_fen == row.fen and fits(line, row)

        pairs, teams = meet(
            self.open_lines,
            self.debits,
            agree,
            lambda line: (line.account, line.person, line.sent_on),
            lambda line: line.line,
        )
        for line, row in pairs:
            self.pair(tier, line, row)
        for lines, rows in teams:
            named = told_apart(lines, rows, agree) if by_name else []
            for line, row in named:
                self.pair(tier, line, row)
            if named:
                continue
            for line in lines:
                self.decided.add(line)
                self.tell(kind_of(lines, rows), line, None)
            for row in rows:
                self.tell(kind_of(lines, rows), None, row)
        self.close()

    def differing(self) -> None:
        """T2 but for the amount: told, and never matched."""

        def receipt(line: Line, row: Row) -> bool:
            return line.receipt == row.serial != "" and line.account == row.account != ""

        def batch(line: Line, row: Row) -> bool:
            return line.batch == self.batch_of(row) != "" and line.account == row.account != ""

        for reference in (receipt, batch):
            pairs, _ = meet(
                self.open_lines,
                self.debits,
                reference,
                lambda line: line.line,
                lambda line: line.line,
            )
            for line, row in pairs:
                self.decided.add(line)
                difference = row.fen - line.amount_fen
                self.tell("short-paid" if difference < 0 else "over-paid", line, row, difference)
            self.close()
