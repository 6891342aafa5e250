"""Bad input of every kind gets a code and a sentence, never a traceback, and writes nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_input import acts, bookfiles, journals, sheets, typed, vouchers
from bad_input import rules as rulebooks
from bad_input.desk import Desk, Row, set_up
from click.testing import Result

from fundledger.charter import Charter, load_charter
from fundledger.errors import FundledgerError
from fundledger.findings import Finding
from support.terminals import let_give

RULES = Path(__file__).parents[2] / "rules"
AREAS = {
    "voucher": vouchers.ROWS,
    "act": acts.ROWS,
    "program": typed.ROWS,
    "sheet": sheets.ROWS,
    "journal": journals.ROWS,
    "book": bookfiles.ROWS,
    "rules": rulebooks.ROWS,
}
TABLE = [pytest.param(row, id=f"{area}: {row.given}") for area in AREAS for row in AREAS[area]]
_TOLD = re.compile(
    r"^(FL\d{3}) (?:错误|警告|提示|error|warning|note)(?:：|: )(.*)\n    (?:处理：|Do: )(.*)$",
    re.MULTILINE,
)


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the example's rules, by which dibao takes donations."""
    folder = tmp_path_factory.mktemp("rules") / "rules"
    shutil.copytree(RULES, folder)
    let_give(folder)
    return folder


@pytest.fixture(scope="session")
def charter(rules: Path) -> Charter:
    return load_charter(rules)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, rules: Path, charter: Charter) -> Path:
    """The folder of an office that stays as it is."""
    root = tmp_path_factory.mktemp("kept") / "office"
    shutil.copytree(rules, root / "rules")
    set_up(root, charter)
    return root


@pytest.fixture
def desk(kept: Path, charter: Charter, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(kept, tmp_path / "office")
    (tmp_path / "tray").mkdir()
    desk = Desk(tmp_path / "office", tmp_path / "tray", charter)
    yield desk
    desk.fund.close_files()


@pytest.mark.parametrize("row", TABLE)
def test_bad_input_is_told_by_its_code_in_both_languages_and_writes_nothing(
    desk: Desk, row: Row
) -> None:
    row.arrange(desk)
    before = desk.bytes()

    told = _told(desk, row)

    assert {code for code, *_ in told} == set(row.codes.split())
    for _, *sentences in told:
        assert all(map(_readable, sentences)), sentences
    assert desk.bytes() == before


def test_the_table_is_as_long_as_it_must_be() -> None:
    assert len(TABLE) >= 80
    assert len({param.id for param in TABLE}) == len(TABLE)


def _told(desk: Desk, row: Row) -> list[tuple[str, ...]]:
    """Return each code that was told, with its sentences."""
    try:
        answer = row.act(desk)
    except FundledgerError as error:
        return [_said(finding) for finding in error.findings]
    assert isinstance(answer, tuple), f"taken as if it were sound: {answer!r}"
    found: list[tuple[str, ...]] = []
    for part in answer:
        found += [_said(part)] if isinstance(part, Finding) else _printed(part)
    return found


def _said(finding: Finding) -> tuple[str, ...]:
    sentences = (getattr(finding, what)(lang) for what in _WORDS for lang in ("zh", "en"))
    return (finding.code, *sentences)


_WORDS = ("title", "sentence", "remedy")


def _printed(result: Result) -> list[tuple[str, ...]]:
    assert result.exit_code in {1, 2}, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return [match.groups() for match in _TOLD.finditer(result.output)]


def _readable(sentence: str) -> bool:
    """Whether every place of a sentence is filled, and all of it can be seen on one line."""
    return bool(sentence.strip()) and sentence.isprintable() and not set("{}?") & set(sentence)
