"""Every bad workbook gets a sentence with its sheet, row and column, all at once; none is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from fundledger.budget import form, propose
from fundledger.budget.forms import forms, remits_for
from fundledger.budget.needform import need_workbook
from fundledger.budget.needs import read_need
from fundledger.errors import NeedInvalid
from fundledger.findings import Finding
from fundledger.office import Office
from support.budgets import AS_OF, CREATED, SOUND, TODAY, YEAR, office_at
from support.forms import MEMBERS, answers, changed, computed, filled
from support.statements import compound, encrypted_flag, repacked, xlsx_bytes

Place = tuple[str, int, str]
IDENTITY = "9" * 17 + "X"
WHO = "P-ABCDEFGHIJK2"
OTHER = "P-ABCDEFGHIJK3"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return office_at(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def sound(office: Office) -> bytes:
    """Return the unit's form with its first two rows filled in; the need was never computed."""
    (blank,) = forms(office, YEAR, units=("CASC",), as_of=AS_OF)
    return filled(blank.data, {**answers(4), **answers(5)})


def swapped(data: bytes, before: str, after: str) -> bytes:
    """Return the workbook with one shared text changed, wherever it stands."""
    return changed(data, "xl/sharedStrings.xml", lambda text: text.replace(before, after))


def sheet_changed(before: str, after: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        member = f"xl/worksheets/sheet{MEMBERS[form.SHEET]}.xml"
        return changed(data, member, lambda text: text.replace(before, after, 1))

    return change


def cells(**values: object) -> Callable[[bytes], bytes]:
    return lambda data: filled(data, values)


def persons(*rows: tuple[str, str, str]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        values = {
            f"{column}{number}": cell
            for number, row in enumerate(rows, 4)
            for column, cell in zip("ABC", row, strict=True)
            if cell
        }
        return filled(data, values, form.NAMED)

    return change


def told(place: str, value: object, formula: str = "") -> Callable[[bytes], bytes]:
    return lambda data: computed(data, place, value, formula)


TOTAL = "H15"


@dataclass(frozen=True)
class Bad:
    """What is done to a sound form, and where what is wrong with it stands."""

    name: str
    change: Callable[[bytes], bytes]
    expected: tuple[Place, ...]


def bomb(data: bytes) -> bytes:
    return repacked(data, add={"xl/big.bin": bytes(1 << 23)})


def as_macro_file(data: bytes) -> bytes:
    plain, macros = "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    return changed(data, "[Content_Types].xml", lambda text: text.replace(plain, macros))


def twice_the_sheet(data: bytes) -> bytes:
    return changed(data, "xl/workbook.xml", lambda text: text.replace(form.NAMED, form.SHEET))


def one_row_alone(_: bytes) -> bytes:
    """Return a form of one row that names a person for another line."""
    row = replace(SOUND, persons=1, named=(WHO,))
    data = need_workbook("CASC", YEAR, [row], CREATED)
    return filled(data, {"A4": "dibao", "B4": "Dibao"}, form.NAMED)


def same_line(data: bytes) -> bytes:
    return filled(data, {"B5": "dibao", "C5": "Dibao"})


BAD = (
    Bad("no workbook", lambda _: b"%PDF-1.7", (("FL511", 0, ""),)),
    Bad("text under another name", lambda _: "部门,资金\n".encode(), (("FL511", 0, ""),)),
    Bad("empty file", lambda _: b"", (("FL511", 0, ""),)),
    Bad("zip that is no workbook", lambda _: _zip(), (("FL511", 0, ""),)),
    Bad("old format", lambda _: compound({"Workbook": b"x"}), (("FL511", 0, ""),)),
    Bad("with a password", lambda _: compound({"EncryptedPackage": b"x"}), (("FL514", 0, ""),)),
    Bad("encrypted members", encrypted_flag, (("FL514", 0, ""),)),
    Bad("cut off", lambda data: data[:-300], (("FL510", 0, ""),)),
    Bad(
        "macros",
        lambda data: repacked(data, add={"xl/vbaProject.bin": b"x"}),
        (("FL513", 0, ""),),
    ),
    Bad("macro file (.xlsm) under another name", as_macro_file, (("FL513", 0, ""),)),
    Bad("zip bomb", bomb, (("FL512", 0, ""),)),
    Bad("two sheets of one name", twice_the_sheet, (("FL512", 0, ""),)),
    Bad("missing sheet", lambda _: xlsx_bytes({"Sheet1": [["x"]]}), (("FL515", 0, ""),)),
    Bad(
        "wrong year",
        lambda data: swapped(data, "2027年度部门资金需求申报表", "2026年度部门资金需求申报表"),
        (("FL518", 1, "A"),),
    ),
    Bad(
        "wrong unit",
        lambda data: swapped(data, "社区事务受理服务中心", "总工会"),
        (*(("FL519", row, "A") for row in (2, 2, *range(4, 12))),),
    ),
    Bad("renamed heading", lambda data: swapped(data, "对象人数", "人数"), (("FL516", 3, "E"),)),
    Bad(
        "text below a renamed heading",
        lambda data: cells(E4="一百")(swapped(data, "对象人数", "人数")),
        (("FL516", 3, "E"),),
    ),
    Bad("text for a number", cells(E4="一百"), (("FL524", 4, "E"),)),
    Bad("number kept as text", cells(F4="200.5"), (("FL524", 4, "F"),)),
    Bad("float noise", cells(F4=0.1 + 0.2), (("FL525", 4, "F"),)),
    Bad("half a person", cells(E4=99.5), (("FL525", 4, "E"),)),
    Bad("half a fen", cells(F4=200.505), (("FL525", 4, "F"),)),
    Bad("negative", cells(G4=-12), (("FL526", 4, "G"),)),
    Bad("negative money", cells(F4=-0.01), (("FL526", 4, "F"),)),
    Bad("overflow of a cell", cells(E4=1e300), (("FL567", 4, "E"),)),
    Bad("overflow of a product", cells(E4=10**9, F4=10**9), (("FL567", 4, "H"),)),
    Bad("formula in an input cell", cells(E4="=50+50"), (("FL517", 4, "E"),)),
    Bad("formula in a text", cells(J4='=""&"x"'), (("FL517", 4, "J"),)),
    Bad("another formula of the need", told("H4", 1, "E4*F4*G4+1"), (("FL517", 4, "H"),)),
    Bad("formula of another row", told("H5", 240_600, "E4*F4*G4"), (("FL517", 5, "H"),)),
    Bad("sum for a product", told("H4", 240_600, "SUM(H5:H5)"), (("FL517", 4, "H"),)),
    Bad("product for the sum", told(TOTAL, 1, "E15*F15*G15"), (("FL517", 15, "H"),)),
    Bad("need computed as another", told("H4", 240_600.01), (("FL527", 4, "H"),)),
    Bad("total computed as another", told(TOTAL, 481_200.01), (("FL532", 15, "H"),)),
    Bad("need overwritten by another", cells(H4=240_599.99), (("FL527", 4, "H"),)),
    Bad(
        "merged cells",
        sheet_changed("<mergeCell ref", '<mergeCell ref="I4:J5"/><mergeCell ref'),
        (("FL534", 4, "I"),),
    ),
    Bad("duplicate line", same_line, (("FL528", 5, "C"),)),
    Bad("cell left empty", cells(M4=""), (("FL523", 4, "M"),)),
    Bad("no day", cells(O4="九月"), (("FL529", 4, "O"),)),
    Bad("day of another year", cells(O4="2025-12-31"), (("FL597", 4, "O"),)),
    Bad("day to come", cells(O4="2026-11-03"), (("FL597", 4, "O"),)),
    Bad("identity number", cells(J4=f"某某 {IDENTITY}"), (("FL531", 4, "J"),)),
    Bad(
        "identity number for a code",
        persons(("最低生活保障资金", "城乡最低生活保障", IDENTITY)),
        (("FL531", 4, "C"),),
    ),
    Bad(
        "name for a code",
        persons(("最低生活保障资金", "城乡最低生活保障", "某某")),
        (("FL569", 4, "C"),),
    ),
    Bad(
        "person named twice",
        persons(*[("最低生活保障资金", "城乡最低生活保障", WHO)] * 2),
        (("FL570", 5, "C"),),
    ),
    Bad(
        "persons of another number",
        persons(("dibao", "Dibao", WHO), ("最低生活保障资金", "城乡最低生活保障", OTHER)),
        (("FL568", 4, "E"),),
    ),
    Bad("persons of a line without a row", one_row_alone, (("FL571", 4, "B"),)),
    Bad("person without a fund", persons(("", "Dibao", WHO)), (("FL523", 4, "A"),)),
    Bad("person of no fund", persons(("低保", "Dibao", WHO)), (("FL521", 4, "A"),)),
    Bad("person of no category", persons(("dibao", "低保", WHO)), (("FL520", 4, "B"),)),
    Bad("person of another purpose", persons(("dibao", "LowIncome", WHO)), (("FL522", 4, "B"),)),
    Bad(
        "formula for a code",
        persons(("dibao", "Dibao", f'="{WHO}"')),
        (("FL517", 4, "C"),),
    ),
)


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    return stream.getvalue()


def refused(office: Office, folder: Path, data: bytes) -> list[Finding]:
    """Return what is found wrong with the unit's workbook, each in a whole sentence."""
    remit = next(one for one in remits_for(office, YEAR) if one.unit == "CASC")
    path = folder / "CASC.xlsx"
    path.write_bytes(data)
    with pytest.raises(NeedInvalid) as caught:
        read_need(path, remit, YEAR, TODAY)
    return list(caught.value.findings)


def where(finding: Finding) -> Place:
    return finding.code, finding.details.get("row", 0), finding.details.get("column", "")


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_what_is_wrong_is_told_with_sheet_row_and_column(
    office: Office, sound: bytes, tmp_path: Path, bad: Bad
) -> None:
    found = refused(office, tmp_path, bad.change(sound))

    assert [where(finding) for finding in found] == list(bad.expected)
    for finding in found:
        assert finding.gates
        _, row, column = where(finding)
        for language in ("zh", "en"):
            said = finding.sentence(language)
            assert "?" not in said + finding.remedy(language)
            assert "CASC.xlsx" in said
            assert not row or str(finding.details["sheet"]) in said
            assert (f"第 {row} 行" in said or f"row {row}" in said) if row else True
            assert (f"{column} 列" in said or f"column {column}" in said) if column else True


def test_the_form_as_filled_in_is_sound(office: Office, sound: bytes, tmp_path: Path) -> None:
    remit = next(one for one in remits_for(office, YEAR) if one.unit == "CASC")
    path = tmp_path / "CASC.xlsx"
    path.write_bytes(sound)

    needs = read_need(path, remit, YEAR, TODAY).needs

    assert [(need.key.line, need.amount_fen) for need in needs] == [
        ("CASC:Dibao", 240_600_00),
        ("CASC:LowIncome", 240_600_00),
    ]


def test_ten_faults_of_one_workbook_are_told_at_once(
    office: Office, sound: bytes, tmp_path: Path
) -> None:
    data = swapped(sound, "2027年度部门资金需求申报表", "2026年度部门资金需求申报表")
    data = swapped(data, "佐证材料", "附件")
    wrong = {"D4": "九十", "E4": 99.5, "F4": 0.1 + 0.2, "G4": -1, "J4": "=1+1", "M4": ""}
    data = filled(data, {**wrong, "O5": "昨天", "F5": 1e300})
    data = persons(("dibao", "Dibao", "某某"))(data)

    assert [where(finding) for finding in refused(office, tmp_path, data)] == [
        ("FL516", 3, "K"),
        ("FL518", 1, "A"),
        ("FL517", 4, "J"),
        ("FL524", 4, "D"),
        ("FL525", 4, "E"),
        ("FL526", 4, "G"),
        ("FL525", 4, "F"),
        ("FL523", 4, "M"),
        ("FL567", 5, "F"),
        ("FL529", 5, "O"),
        ("FL569", 4, "C"),
    ]


def test_what_is_wrong_with_several_units_is_told_together_and_nothing_is_stored(
    tmp_path: Path, sound: bytes
) -> None:
    office = office_at(tmp_path / "office")
    folder = office.root / "rules" / "needs" / str(YEAR)
    folder.mkdir(parents=True)
    (folder / "CASC.xlsx").write_bytes(filled(sound, {"E4": -1, "G5": "十二"}))
    (folder / "Union.xlsx").write_bytes(b"")
    (folder / "CSO.xlsx").write_bytes(bomb(sound))
    before = {path: path.read_bytes() for path in office.root.rglob("*") if path.is_file()}

    with pytest.raises(NeedInvalid) as caught:
        propose(office, YEAR, as_of=date(2026, 10, 31))

    assert caught.value.codes == ("FL526", "FL524", "FL511", "FL512")
    assert [finding.subject for finding in caught.value.findings] == [
        *("CASC.xlsx", "CASC.xlsx", "Union.xlsx", "CSO.xlsx")
    ]
    after = {path: path.read_bytes() for path in office.root.rglob("*") if path.is_file()}
    assert after == before


def test_what_looks_like_a_person_is_not_said_again(
    office: Office, sound: bytes, tmp_path: Path
) -> None:
    data = persons(("dibao", "Dibao", "张某某"), ("dibao", "Dibao", IDENTITY))(sound)

    said = " ".join(one.sentence("zh") for one in refused(office, tmp_path, data))

    assert "张" not in said
    assert IDENTITY not in said
