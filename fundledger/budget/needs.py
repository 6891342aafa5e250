"""The declared needs of the units (当年度需要经费数), read from workbooks without guessing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundledger.budget import form
from fundledger.budget.model import Declaration, LineKey, Need
from fundledger.budget.needfile import Faults, opened
from fundledger.errors import NeedInvalid
from fundledger.findings import Finding
from fundledger.money import LIMIT_FEN
from fundledger.people.personal import personal

if TYPE_CHECKING:
    from fundledger.bank.tables import Row
    from fundledger.budget.places import Remit

TEXT_LIMIT = 300
_REQUIRED_TEXTS = (form.HANDLER, form.HEAD)
_FREE_TEXTS = (form.BASIS, form.EXPLANATION, form.EVIDENCE)


def read_needs(
    folder: Path, remits: Sequence[Remit], year: int, *, every: bool = True
) -> tuple[Declaration, ...]:
    """Return what each unit declares for `year` in `folder`/<Unit>.xlsx.

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
            declarations.append(read_need(folder / file, remit, year))
        except NeedInvalid as error:
            findings += error.findings
    if findings:
        raise NeedInvalid(findings)
    return tuple(declarations)


def read_need(path: Path, remit: Remit, year: int) -> Declaration:
    """Return what one unit declares for `year`.

    Raises:
        NeedInvalid: FL510 to FL534, everything that is wrong in the workbook.

    """
    faults = Faults(path.name)
    rows, sha256 = opened(path, year, faults)
    reader = _Reader(remit, faults)
    for row in rows:
        reader.take(row)
    faults.refuse()
    return Declaration(remit.unit, remit.names, path.name, sha256, tuple(reader.needs))


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
    needs: list[Need] = field(default_factory=list)
    total_fen: int = 0
    total_row: int = 0
    seen: dict[LineKey, int] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Take one row: a need, the total, or nothing."""
        filled = row.filled()
        if not filled:
            return
        if self.total_row:
            if filled != [0]:
                self.faults.add("FL533", row.number, next(index for index in filled if index))
        elif row.cell(0) == form.TOTAL:
            self._take_total(row)
        else:
            self._take_need(row)

    def _take_total(self, row: Row) -> None:
        """Hold the total against the rows above it, unless one of them is unsound itself."""
        self.total_row = row.number
        before = len(self.faults.findings)
        stated_fen = self._fen(row, form.AMOUNT)
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
        households = self._whole(row, form.HOUSEHOLDS)
        persons, times = self._whole(row, form.PERSONS), self._whole(row, form.TIMES)
        standard_fen, amount_fen = self._fen(row, form.STANDARD), self._fen(row, form.AMOUNT)
        texts = {name: self._text(row, name) for name in _FREE_TEXTS}
        evidenced_fen = self._evidenced(row, amount_fen, texts[form.EVIDENCE])
        posts = {name: self._text(row, name, required=True) for name in _REQUIRED_TEXTS}
        declared = self._day(row)
        if None not in (persons, times, standard_fen, amount_fen):
            self._check_product(row, persons, times, standard_fen, amount_fen)
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

    def _check_product(self, row: Row, *figures: int | None) -> None:
        persons, times, standard_fen, amount_fen = (figure or 0 for figure in figures)
        product_fen = persons * times * standard_fen
        if product_fen != amount_fen:
            self._add(
                "FL527",
                row,
                form.AMOUNT,
                product_fen=product_fen,
                stated_fen=amount_fen,
                amount_fen=amount_fen - product_fen,
            )

    def _key(self, row: Row) -> LineKey | None:
        remit = self.remit
        before = len(self.faults.findings)
        unit = self._text(row, form.UNIT, required=True)
        if unit and unit not in (remit.unit, remit.names.zh):
            allowed = f"{remit.names.zh} / {remit.unit}"
            self._add("FL519", row, form.UNIT, found=unit[:40], allowed=allowed)
        fund_name = self._text(row, form.FUND, required=True)
        fund = remit.funds.get(fund_name, "")
        if fund_name and not fund:
            allowed = ", ".join(sorted({fund for fund, _ in remit.payable}))
            self._add("FL521", row, form.FUND, found=fund_name[:40], allowed=allowed)
        category_name = self._text(row, form.CATEGORY, required=True)
        category = remit.categories.get(category_name, "")
        if category_name and not category:
            allowed = ", ".join(sorted({category for _, category in remit.payable}))
            self._add("FL520", row, form.CATEGORY, found=category_name[:40], allowed=allowed)
        if not (fund and category):
            return None
        if (fund, category) not in remit.payable:
            allowed = ", ".join(sorted(f for f, c in remit.payable if c == category)) or "-"
            found = f"{fund} / {remit.unit}:{category}"
            self._add("FL522", row, form.CATEGORY, found=found, allowed=allowed)
            return None
        key = LineKey(fund, remit.unit, category)
        if key in self.seen:
            self._add("FL528", row, form.CATEGORY, found=key.line, first=self.seen[key])
        self.seen.setdefault(key, row.number)
        return key if len(self.faults.findings) == before else None

    def _cell(self, row: Row, name: str) -> Any:  # noqa: ANN401 - a cell holds anything
        return row.cell(form.HEADINGS.index(name))

    def _add(self, code: str, row: Row, name: str, **details: Any) -> None:  # noqa: ANN401 - as above
        self.faults.add(code, row.number, form.HEADINGS.index(name), **details)

    def _evidenced(self, row: Row, amount_fen: int | None, evidence: str) -> int:
        """Return how much of a need is backed: all of it where no sum is given and evidence is."""
        if self._cell(row, form.EVIDENCED) == "":
            return amount_fen or 0 if evidence else 0
        fen = self._fen(row, form.EVIDENCED)
        if fen is None or amount_fen is None:
            return 0
        reason = "more" if fen > amount_fen else "nothing" if fen and not evidence else ""
        if reason:
            self._add("FL538", row, form.EVIDENCED, reason=reason, evidenced_fen=fen)
        return fen

    def _text(self, row: Row, name: str, *, required: bool = False) -> str:
        cell = self._cell(row, name)
        if cell == "":
            if required:
                self._add("FL523", row, name)
            return ""
        text = " ".join(cell.split()) if isinstance(cell, str) else None
        if text is None or len(text) > TEXT_LIMIT or not all(map(_shows, text)):
            self._add("FL530", row, name, limit=TEXT_LIMIT)
            return ""
        if kind := personal(text):
            self._add("FL531", row, name, kind=kind)
        return text

    def _number(self, row: Row, name: str) -> float | None:
        cell = self._cell(row, name)
        if cell == "":
            self._add("FL523", row, name)
        elif not isinstance(cell, float):
            self._add("FL524", row, name, found=_short(cell))
        elif cell < 0:
            self._add("FL526", row, name, found=_short(cell))
        else:
            return cell
        return None

    def _whole(self, row: Row, name: str) -> int | None:
        number = self._number(row, name)
        if number is None:
            return None
        if not number.is_integer() or number > LIMIT_FEN:
            self._add("FL525", row, name, found=_short(number))
            return None
        return int(number)

    def _fen(self, row: Row, name: str) -> int | None:
        from fundledger.bank.cells import amount_fen  # noqa: PLC0415 - only workbooks need it

        number = self._number(row, name)
        if number is None:
            return None
        try:
            return amount_fen(number)
        except ValueError:
            self._add("FL525", row, name, found=_short(number))
            return None

    def _day(self, row: Row) -> date | None:
        from fundledger.bank.cells import day_and_time  # noqa: PLC0415 - only workbooks need it

        cell = self._cell(row, form.DECLARED)
        if cell == "":
            self._add("FL523", row, form.DECLARED)
            return None
        try:
            if not isinstance(cell, float):
                return day_and_time(cell)[0]
        except ValueError:
            pass
        self._add("FL529", row, form.DECLARED, found=_short(cell))
        return None


def _shows(character: str) -> bool:
    return character.isprintable() and unicodedata.category(character) != "Co"


def _short(cell: object) -> str:
    return "".join(character for character in str(cell) if character.isprintable())[:40]
