"""The declared needs of the units (当年度需要经费数), read from workbooks without guessing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.budget import form
from fundledger.budget.inputs import Declaration, LineKey, Need
from fundledger.budget.needfields import Cells
from fundledger.budget.needfile import Faults, opened
from fundledger.budget.needpersons import with_persons
from fundledger.budget.reasons import names_something
from fundledger.errors import NeedInvalid
from fundledger.findings import Finding
from fundledger.money import LIMIT_FEN, display_fen

if TYPE_CHECKING:
    from datetime import date

    from fundledger.bank.tables import Row
    from fundledger.budget.places import Remit

_REQUIRED_TEXTS = (form.HANDLER, form.HEAD)
_AMOUNT = form.HEADINGS.index(form.AMOUNT)
_KEYS = frozenset(map(form.HEADINGS.index, (form.UNIT, form.FUND, form.CATEGORY)))
_FREE_TEXTS = (form.BASIS, form.EXPLANATION, form.EVIDENCE)


def read_needs(
    folder: Path, remits: Sequence[Remit], year: int, today: date, *, every: bool = True
) -> tuple[Declaration, ...]:
    """Return what each unit declares for `year` in `folder`/<Unit>.xlsx, by `today`.

    A unit without a workbook has a declaration without digest.  `every=False` reads only the
    units' own files and lets others be.

    Raises:
        NeedInvalid: FL510 to FL535, everything that is wrong in any of the workbooks.

    """
    findings: list[Finding] = []
    declarations = []
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    if every:
        findings += _strangers(names, remits)
    for remit in remits:
        file = f"{remit.unit}.xlsx"
        if file not in names:
            declarations.append(Declaration(remit.unit, remit.names, file))
            continue
        try:
            declarations.append(read_need(folder / file, remit, year, today))
        except NeedInvalid as error:
            findings += error.findings
    if findings:
        raise NeedInvalid(findings)
    return tuple(declarations)


def read_need(path: Path, remit: Remit, year: int, today: date) -> Declaration:
    """Return what one unit declares for `year`, on no day after `today`.

    A row of which nothing but fund and category is filled in declares nothing; a form of which no
    row is filled in was not handed in.

    Raises:
        NeedInvalid: FL510 to FL538, FL567 to FL571, FL597, everything that is wrong in the
            workbook.

    """
    faults = Faults(path.name)
    book = opened(path, year, remit, faults)
    cells = Cells(faults, book.needs.marks)
    faults.unread |= cells.unread(book.needs.rows)
    reader = _Reader(remit, faults, cells, year, today)
    for row in book.needs.rows:
        reader.take(row)
    needs = tuple(reader.needs)
    if book.named is not None:
        needs = with_persons(needs, book.named, remit, faults, reader.lines)
    faults.refuse()
    sha256 = book.sha256 if needs else ""
    return Declaration(remit.unit, remit.names, path.name, sha256, needs)


def _strangers(names: Iterable[str], remits: Sequence[Remit]) -> list[Finding]:
    """Return a finding for each file that nothing reads; hidden and lock files are let be."""
    known = [f"{remit.unit}.xlsx" for remit in remits]
    return [
        Finding("FL535", name[:80], {"file": name[:80], "allowed": ", ".join(known)}, gates=True)
        for name in names
        if name not in known and not name.startswith((".", "~$"))
    ]


@dataclass(slots=True)
class _Reader:
    """One workbook's rows, taken from the top down."""

    remit: Remit
    faults: Faults
    cells: Cells
    year: int
    today: date
    needs: list[Need] = field(default_factory=list)
    total_fen: int = 0
    total_row: int = 0
    seen: dict[LineKey, int] = field(default_factory=dict)
    lines: set[LineKey] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Take one row: a need, the total, or nothing."""
        filled = row.filled()
        if self.cells.computes(row) and row.cell(_AMOUNT) in ("", 0.0) and not self.total_row:
            filled = [column for column in filled if column != _AMOUNT]
        if not filled:
            return
        if self.total_row:
            if filled != [0]:
                self.faults.add("FL533", row.number, next(index for index in filled if index))
        elif row.cell(0) == form.TOTAL:
            self._take_total(row)
        elif set(filled) <= _KEYS and self.faults.reads(row.number, _AMOUNT):
            if key := self._key(row, declares=False):
                self.lines.add(key)
        else:
            self._take_need(row)

    def _take_total(self, row: Row) -> None:
        """Hold the total against the rows above it, unless one of them is unsound itself."""
        self.total_row = row.number
        before = len(self.faults.findings)
        if self.cells.computes(row):
            if not before and self.total_fen > LIMIT_FEN:
                self.cells.add("FL567", row, form.AMOUNT, found=display_fen(self.total_fen))
            stated_fen = self.cells.cached(row)
        else:
            stated_fen = self.cells.fen(row, form.AMOUNT)
        if stated_fen is not None and not before and stated_fen != self.total_fen:
            self.faults.add(
                "FL532",
                row.number,
                form.HEADINGS.index(form.AMOUNT),
                stated_fen=stated_fen,
                sum_fen=self.total_fen,
                amount_fen=stated_fen - self.total_fen,
            )

    def _take_need(self, row: Row) -> None:
        before = len(self.faults.findings)
        for column in row.filled():
            if column >= len(form.HEADINGS):
                self.faults.add("FL533", row.number, column)
        key = self._key(row)
        households = self.cells.whole(row, form.HOUSEHOLDS)
        persons, times = self.cells.whole(row, form.PERSONS), self.cells.whole(row, form.TIMES)
        standard_fen = self.cells.fen(row, form.STANDARD)
        amount_fen = self._amount(row, persons, times, standard_fen)
        texts = {name: self.cells.text(row, name) for name in _FREE_TEXTS}
        evidenced_fen = self._evidenced(row, amount_fen, texts[form.EVIDENCE])
        posts = {name: self.cells.text(row, name, required=True) for name in _REQUIRED_TEXTS}
        declared = self.cells.day(row, self.year, self.today)
        self.total_fen += amount_fen or 0
        if len(self.faults.findings) > before or key is None or declared is None:
            return
        self.needs.append(
            Need(
                key=key,
                row=row.number,
                households=households or 0,
                persons=persons or 0,
                standard_fen=standard_fen or 0,
                times=times or 0,
                amount_fen=amount_fen or 0,
                basis=texts[form.BASIS],
                explanation=texts[form.EXPLANATION],
                evidence=texts[form.EVIDENCE],
                evidenced_fen=evidenced_fen,
                handler=posts[form.HANDLER],
                head=posts[form.HEAD],
                declared=declared,
            )
        )

    def _amount(self, row: Row, *factors: int | None) -> int | None:
        """Return the needed amount, which multiplies out; a formula is computed and compared."""
        known = [factor for factor in factors if factor is not None]
        product_fen = prod(known) if len(known) == len(factors) else None
        if product_fen is not None and product_fen > LIMIT_FEN:
            self.cells.add("FL567", row, form.AMOUNT, found=display_fen(product_fen))
            return None
        if self.cells.computes(row):
            if product_fen is None:
                return None
            stated_fen = self.cells.cached(row)
            stated_fen = product_fen if stated_fen is None else stated_fen
        else:
            read_fen = self.cells.fen(row, form.AMOUNT)
            if read_fen is None or product_fen is None:
                return read_fen
            stated_fen = read_fen
        if product_fen != stated_fen:
            self.cells.add(
                "FL527",
                row,
                form.AMOUNT,
                product_fen=product_fen,
                stated_fen=stated_fen,
                amount_fen=stated_fen - product_fen,
            )
        return product_fen

    def _key(self, row: Row, *, declares: bool = True) -> LineKey | None:
        """Return the line of a row; one that `declares` something stands there once."""
        remit = self.remit
        before = len(self.faults.findings)
        unit = self.cells.text(row, form.UNIT, required=True)
        if unit and unit not in (remit.unit, remit.names.zh):
            allowed = f"{remit.names.zh} / {remit.unit}"
            self.cells.add("FL519", row, form.UNIT, found=unit[:40], allowed=allowed)
            return None
        fund_name = self.cells.text(row, form.FUND, required=True)
        fund = remit.funds.get(fund_name, "")
        if fund_name and not fund:
            allowed = ", ".join(sorted({fund for fund, _ in remit.payable}))
            self.cells.add("FL521", row, form.FUND, found=fund_name[:40], allowed=allowed)
        category_name = self.cells.text(row, form.CATEGORY, required=True)
        category = remit.categories.get(category_name, "")
        if category_name and not category:
            allowed = ", ".join(sorted({category for _, category in remit.payable}))
            self.cells.add("FL520", row, form.CATEGORY, found=category_name[:40], allowed=allowed)
        if not (fund and category):
            return None
        if (fund, category) not in remit.payable:
            allowed = ", ".join(sorted(f for f, c in remit.payable if c == category)) or "-"
            found = f"{fund} / {remit.unit}:{category}"
            self.cells.add("FL522", row, form.CATEGORY, found=found, allowed=allowed)
            return None
        key = LineKey(fund, remit.unit, category)
        if not declares:
            return key
        if key in self.seen:
            self.cells.add("FL528", row, form.CATEGORY, found=key.line, first=self.seen[key])
        self.seen.setdefault(key, row.number)
        self.lines.add(key)
        return key if len(self.faults.findings) == before else None

    def _evidenced(self, row: Row, amount_fen: int | None, evidence: str) -> int:
        """Return how much of a need is backed: all of it where no sum is given and evidence is."""
        if not self.cells.reads(row, form.EVIDENCED):
            return 0
        backed = names_something(evidence)
        if row.cell(form.HEADINGS.index(form.EVIDENCED)) == "":
            return amount_fen or 0 if backed else 0
        fen = self.cells.fen(row, form.EVIDENCED)
        if fen is None or amount_fen is None:
            return 0
        reason = "more" if fen > amount_fen else "nothing" if fen and not backed else ""
        if reason:
            self.cells.add("FL538", row, form.EVIDENCED, reason=reason, evidenced_fen=fen)
        return fen
