"""The empty forms: protected, with the year before beside; filled in and read back they agree."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from fundledger.budget import NeedRow, form, write_need
from fundledger.budget.forms import Form, forms, remits_for
from fundledger.budget.inputs import Declaration, Need
from fundledger.budget.needs import read_need, read_needs
from fundledger.errors import InputInvalid, NeedInvalid
from fundledger.office import Office
from support.budgets import (
    AS_OF,
    CREATED,
    SOUND,
    TODAY,
    YEAR,
    declared,
    funded,
    need,
    office_at,
    paid,
)
from support.forms import MEMBERS, answers, changed, computed, filled

ILLNESS = ("CASC", "MajorIllness")
PRODUCT = form.HEADINGS.index(form.AMOUNT)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office that paid one line and had its needs of the year before declared."""
    office = office_at(tmp_path_factory.mktemp("office"))
    funded(office, "low-income", ILLNESS, 48_000_00)
    paid(office, "low-income", ILLNESS, [(date(2026, 3, 10), 4_000_00)])
    last_year = replace(SOUND, persons=20, standard_fen=200_00, times=12)
    declared(office, "CASC", [last_year], YEAR - 1)
    return office


@pytest.fixture(scope="module")
def casc(office: Office) -> Form:
    (made,) = forms(office, YEAR, units=("CASC",), as_of=AS_OF)
    return made


def read(office: Office, folder: Path, data: bytes) -> Declaration:
    remit = next(one for one in remits_for(office, YEAR) if one.unit == "CASC")
    path = folder / "CASC.xlsx"
    path.write_bytes(data)
    return read_need(path, remit, YEAR, TODAY)


def xml(data: bytes, sheet: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(f"xl/worksheets/sheet{MEMBERS[sheet]}.xml").decode()


def styles(data: bytes) -> list[str]:
    """Return how each style of cell is written, by its number."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/styles.xml").decode()
    return re.findall(r"<xf [^>]*/>|<xf [^>]*[^/]>.*?</xf>", text.partition("<cellXfs")[2])


def open_cells(data: bytes, sheet: str) -> set[str]:
    """Return the cells that can be changed while the sheet is protected."""
    kinds = styles(data)
    return {
        place
        for place, style in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', xml(data, sheet))
        if 'locked="0"' in kinds[int(style)]
    }


def test_every_unit_with_a_line_in_force_has_a_form_with_a_row_for_each(office: Office) -> None:
    made = {one.unit: one for one in forms(office, YEAR, as_of=AS_OF)}

    assert set(made) == {remit.unit for remit in remits_for(office, YEAR)}
    for remit in remits_for(office, YEAR):
        one = made[remit.unit]
        book = CalamineWorkbook.from_filelike(io.BytesIO(one.data))
        rows = book.get_sheet_by_name(form.SHEET).to_python(skip_empty_area=False)
        lines = {
            (remit.funds[str(cells[1])], remit.categories[str(cells[2])])
            for cells in rows[form.HEADING_ROW : form.HEADING_ROW + one.lines]
        }
        assert lines == remit.payable
        assert one.file == f"{remit.unit}.xlsx"


def test_only_what_is_to_be_filled_in_can_be_changed(casc: Form) -> None:
    last = form.HEADING_ROW + casc.lines

    for sheet in (form.SHEET, form.NAMED, form.REFERENCE):
        protection = re.search(r"<sheetProtection [^>]*>", xml(casc.data, sheet))
        assert protection is not None
        assert "password" not in protection[0]
        assert "hash" not in protection[0]
    known = {place for place in open_cells(casc.data, form.SHEET) if int(place[1:]) <= last}
    assert known == {f"{column}{row}" for column in "DEFGIJKLMNO" for row in range(4, last + 1)}
    assert open_cells(casc.data, form.REFERENCE) == set()
    assert not {place for place in open_cells(casc.data, form.NAMED) if int(place[1:]) <= 3}


def test_cells_are_held_to_what_the_reader_takes(casc: Form) -> None:
    kinds = re.findall(r'<dataValidation type="(\w+)"', xml(casc.data, form.SHEET))

    assert {*kinds} == {"whole", "decimal", "date", "list"}
    assert re.findall(r'<dataValidation type="(\w+)"', xml(casc.data, form.NAMED)) == [
        *("list", "list", "custom")
    ]


def test_what_is_known_of_the_year_before_stands_beside_and_is_no_need(
    office: Office, casc: Form, tmp_path: Path
) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(casc.data))
    rows = book.get_sheet_by_name(form.REFERENCE).to_python(skip_empty_area=False)
    hint = "上年申报 20 人×200.00 元×12＝48,000.00 元；上年列支 4,000.00 元（截至 2026-10-31）"

    (told,) = [cells for cells in rows if "大重病患者" in str(cells[1])]
    assert told[2:8] == [20, 200.0, 12, 48_000.0, 48_000.0, 4_000.0]
    assert hint in xml(casc.data, form.SHEET)
    assert read(office, tmp_path, casc.data).needs == ()


def test_a_form_that_nobody_filled_in_was_not_handed_in(office: Office, tmp_path: Path) -> None:
    for one in forms(office, YEAR, as_of=AS_OF):
        (tmp_path / one.file).write_bytes(one.data)

    handed_in = read_needs(tmp_path, remits_for(office, YEAR), YEAR, TODAY)

    assert [item.sha256 for item in handed_in] == [""] * len(handed_in)


def test_a_row_that_is_left_open_declares_nothing_for_its_line(
    office: Office, casc: Form, tmp_path: Path
) -> None:
    (one,) = read(office, tmp_path, filled(casc.data, answers(5))).needs

    assert (one.row, one.key.category) == (5, "LowIncome")


def test_a_row_that_is_begun_is_finished(office: Office, casc: Form, tmp_path: Path) -> None:
    with pytest.raises(NeedInvalid) as caught:
        read(office, tmp_path, filled(casc.data, {"E4": 10}))

    assert [finding.details["column"] for finding in caught.value.findings] == [
        *("D", "G", "F", "M", "N", "O")
    ]


@pytest.mark.parametrize("value", ["240600", "240600.00000000003", "240599.99999999997"])
def test_a_need_is_computed_again_whatever_the_last_bits_of_what_was_computed(
    office: Office, casc: Form, tmp_path: Path, value: str
) -> None:
    data = computed(filled(casc.data, answers(4)), "H4", value)

    (one,) = read(office, tmp_path, data).needs
    assert one.amount_fen == 240_600_00


@pytest.mark.parametrize(
    "formula", ["E4*F4*G4", "ROUND(E4*F4*G4, 2)", "$E$4*$F$4*$G$4", "round(e4*f4*g4,2)"]
)
def test_the_same_product_in_other_words_is_taken(
    office: Office, casc: Form, tmp_path: Path, formula: str
) -> None:
    (one,) = read(
        office, tmp_path, computed(filled(casc.data, answers(4)), "H4", 240_600, formula)
    ).needs

    assert one.amount_fen == 240_600_00


@pytest.mark.parametrize(("rule", "codes"), [("E4*F4*G4", ()), ("$E$4*$F$4*$G$4", ("FL517",))])
def test_a_formula_that_was_filled_down_is_that_of_its_row(
    office: Office, casc: Form, tmp_path: Path, rule: str, codes: tuple[str, ...]
) -> None:
    data = filled(casc.data, {**answers(4), **answers(5)})

    def shared(content: str) -> str:
        for row, text in ((4, f'<f t="shared" ref="H4:H5" si="0">{rule}</f>'), (5, "")):
            found = re.search(rf'<c r="H{row}"( s="\d+")[^>]*?>.*?</c>', content)
            assert found is not None
            formula = text or '<f t="shared" si="0"/>'
            cell = f'<c r="H{row}"{found[1]}>{formula}<v>240600</v></c>'
            content = content.replace(found[0], cell, 1)
        return content

    data = changed(data, "xl/worksheets/sheet1.xml", shared)
    found: tuple[str, ...] = ()
    try:
        assert len(read(office, tmp_path, data).needs) == 2
    except NeedInvalid as error:
        found = error.codes

    assert found == codes


def rows_of(needs: Sequence[Need]) -> set[tuple[object, ...]]:
    """Return what was declared, wherever it stood."""
    return {
        (*one.key, one.persons, one.standard_fen, one.times, one.amount_fen, one.named)
        for one in needs
    }


ANSWERS = st.tuples(
    st.integers(0, 10**5), st.integers(0, 10**7), st.integers(0, 12), st.integers(0, 3)
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(st.dictionaries(st.integers(4, 11), ANSWERS, min_size=1))
def test_a_form_filled_in_says_what_was_filled_in(
    office: Office, casc: Form, tmp_path: Path, said: dict[int, tuple[int, int, int, int]]
) -> None:
    cells: dict[str, object] = {}
    for row, (persons, standard_fen, times, _) in said.items():
        cells |= answers(row, persons, standard_fen / 100, times)

    needs = read(office, tmp_path, filled(casc.data, cells)).needs

    assert {
        one.row: (one.persons, one.standard_fen, one.times, one.amount_fen) for one in needs
    } == {
        row: (persons, standard_fen, times, persons * standard_fen * times)
        for row, (persons, standard_fen, times, _) in said.items()
    }


CATEGORIES = ("MajorIllness", "LowIncome", "TradRelief", "IllnessExp")
CODES = [f"P-{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number] * 12}" for number in range(12)]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(
    st.dictionaries(st.sampled_from(CATEGORIES), st.sets(st.sampled_from(CODES)), min_size=1),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_and_sheets_is_all_one(
    office: Office, tmp_path: Path, who: dict[str, set[str]], random: Random
) -> None:
    rows: list[NeedRow] = [
        replace(SOUND, category=category, persons=len(named) or 7, named=tuple(named))
        for category, named in who.items()
    ]
    shuffled = [replace(row, named=tuple(random.sample(row.named, len(row.named)))) for row in rows]
    random.shuffle(shuffled)
    remit = next(one for one in remits_for(office, YEAR) if one.unit == "CASC")
    found = []
    for name, order in (("a", rows), ("b", shuffled)):
        path = tmp_path / name / "CASC.xlsx"
        path.parent.mkdir(exist_ok=True)
        write_need(path, "CASC", YEAR, order, CREATED)
        if name == "b" and any(who.values()):
            path.write_bytes(turned(path.read_bytes()))
        found.append(rows_of(read_need(path, remit, YEAR, TODAY).needs))

    assert found[0] == found[1]
    assert {row[2]: row[-1] for row in found[0]} == {
        key: frozenset(own) for key, own in who.items()
    }


def turned(data: bytes) -> bytes:
    """Return a workbook with its sheets in the other order."""

    def change(content: str) -> str:
        sheets = re.findall(r"<sheet [^>]*/>", content)
        return content.replace("".join(sheets), "".join(reversed(sheets)))

    return changed(data, "xl/workbook.xml", change)


def test_no_whole_month_of_the_year_before_gives_no_form(office: Office) -> None:
    with pytest.raises(InputInvalid) as caught:
        forms(office, YEAR, as_of=date(2026, 1, 15))

    assert caught.value.codes == ("FL549",)


def test_what_was_declared_before_needs_a_sound_form(tmp_path: Path) -> None:
    office = office_at(tmp_path)
    declared(office, "CASC", [need("low-income", "MajorIllness", 1_00)], YEAR - 1)
    path = office.root / "rules" / "needs" / str(YEAR - 1) / "CASC.xlsx"
    path.write_bytes(filled(path.read_bytes(), {"E4": -1}))

    with pytest.raises(NeedInvalid) as caught:
        forms(office, YEAR, as_of=AS_OF)

    assert caught.value.codes == ("FL526",)


def test_persons_named_for_a_row_that_is_left_open_are_let_be(
    office: Office, casc: Form, tmp_path: Path
) -> None:
    named = filled(casc.data, {"A4": "dibao", "B4": "Dibao", "C4": CODES[0]}, form.NAMED)

    assert read(office, tmp_path, named).sha256 == ""
    (one,) = read(office, tmp_path, filled(named, answers(5))).needs
    assert (one.key.category, one.named) == ("LowIncome", frozenset())


def test_whom_the_lists_pay_in_their_last_month_may_be_filled_in_by_code(tmp_path: Path) -> None:
    """The books of the example have payment lists: their last month, and each person once."""
    root = Path(__file__).parents[2]
    office = Office(root, office_at(tmp_path).surroundings)
    (made,) = forms(office, YEAR, units=("CASC",), as_of=AS_OF, named=True)
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.data))
    rows = book.get_sheet_by_name(form.NAMED).to_python(skip_empty_area=False)

    listed = [tuple(cells[:3]) for cells in rows[form.HEADING_ROW :] if cells[2]]
    paid_for = Counter(cells[:2] for cells in listed)

    assert len(listed) == len(set(listed))
    lists = sorted((root / "ledgers" / "dibao" / "lists").glob("*.csv"))
    lines = [line.split(",") for path in lists for line in path.read_text().splitlines()[1:]]
    october = {cells[1] for cells in lines if cells[4] == "Dibao" and cells[5] == "2026-10"}
    assert paid_for["最低生活保障资金", "城乡最低生活保障"] == len(october)
    assert {cells[2] for cells in listed if cells[1] == "城乡最低生活保障"} == october
    assert read(office, tmp_path, made.data).needs == ()
