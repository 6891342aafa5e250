"""The empty table of vouchers: nothing in it can be recorded, and all that it offers can."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from fundledger.charter import load_charter
from fundledger.cli.accounts import account_named, chart_of
from fundledger.cli.guide import WAYS, needs_of
from fundledger.cli.happenings import FORMS, form_of
from fundledger.cli.named import line_named, source_named
from fundledger.cli.sheet import HEADINGS
from fundledger.cli.template import template_bytes, values_of
from support.tables import write_csv
from support.terminals import NOW, RULES, Terminal

FUNDS = ("dibao", "low-income", "union", "charity")


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def test_the_form_as_it_is_handed_out_records_nothing(office: Terminal) -> None:
    path = office.root / "凭证表.xlsx"
    office.done("record", "dibao", "--template", str(path))
    before = office.bytes()

    result = office.run("record", "dibao", "--from", str(path))

    assert result.exit_code == 1
    assert "FL939" in result.stderr
    assert office.bytes() == before


def test_its_headings_are_those_that_are_read_and_the_example_stands_apart(
    office: Terminal,
) -> None:
    path = office.root / "凭证表.xlsx"
    office.done("record", "dibao", "--template", str(path))

    sheets = _sheets(path)

    assert list(sheets) == ["凭证", "填写说明", "可选值"]
    table, guide = sheets["凭证"], sheets["填写说明"]
    assert "（dibao）" in str(table[0][0])
    assert table[1] == [heading.words[0] for heading in HEADINGS]
    assert len(table) == 2
    assert [row[0] for row in guide[1 : len(HEADINGS) + 1]] == table[1]
    assert guide[3] == ["业务", "是", WAYS["event"], "拨款到账"]


def test_a_row_that_is_filled_in_by_the_guide_is_recorded(office: Terminal) -> None:
    path = office.root / "凭证表.xlsx"
    office.done("record", "dibao", "--template", str(path))
    sheets = _sheets(path)
    guide = {str(row[0]): str(row[3]) for row in sheets["填写说明"][1 : len(HEADINGS) + 1]}
    head = [str(word) for word in sheets["凭证"][1]]
    filled = write_csv(office.root / "a.csv", [[guide[word] for word in head]], head)

    (voucher,) = office.json("record", "dibao", "--from", str(filled), "-n")["vouchers"]

    assert voucher["event"] == "allocation"
    assert [posting["amount_fen"] for posting in voucher["postings"]] == [120_000_00] * 2
    assert (voucher["date"], voucher["narration"]) == ("2026-11-02", "11月拨款到账")


def test_donations_are_offered_only_where_the_fund_takes_them(tmp_path: Path) -> None:
    rules = load_charter(RULES)

    for fund, takes in (("dibao", False), ("charity", True)):
        path = tmp_path / f"{fund}.xlsx"
        path.write_bytes(template_bytes(rules.fund_charter(fund), NOW))
        said = {str(cell) for rows in _sheets(path).values() for row in rows for cell in row}
        assert ("捐赠收入" in said) is takes, fund
        assert "利息收入" in said


@pytest.mark.parametrize("fund", FUNDS)
def test_whatever_can_be_chosen_is_understood(fund: str) -> None:
    charter = load_charter(RULES).fund_charter(fund)
    chart = chart_of(charter)

    values = values_of(charter)

    assert all(form_of(text) for text in values["event"])
    assert len({line_named(text, charter, "") for text in values["line"]}) == len(values["line"])
    assert {source_named(text, charter, "") for text in values["source"]} == {
        source.slug for source in charter.fund.sources
    }
    for field in ("giver", "taker"):
        assert len({account_named(text, chart, "") for text in values[field]}) == len(values[field])
    assert set(values["due_from"]) <= set(charter.funds)
    codes = {person.code for person in charter.staff}
    assert all(set(values[field]) <= codes for field in ("maker", "reviewer"))


def test_every_column_that_offers_a_choice_has_its_list_and_every_column_its_word(
    tmp_path: Path,
) -> None:
    path = tmp_path / "form.xlsx"
    charter = load_charter(RULES).fund_charter("dibao")
    path.write_bytes(template_bytes(charter, NOW))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()

    listed = re.findall(r'type="list"[^>]*sqref="([A-Z]+)3:', sheet)
    told = re.findall(r'prompt="([^"]+)"', sheet)

    assert listed == ["C", "E", "F", "G", "H", "I", "J", "K", "O", "P", "Q", "R"]
    assert told == [WAYS[heading.field] for heading in HEADINGS]
    assert max(map(len, told)) <= 255
    assert '<pane xSplit="2" ySplit="2"' in sheet
    assert 'orientation="landscape"' in sheet
    assert template_bytes(charter, NOW) == path.read_bytes()


def test_no_row_of_the_guide_is_lower_than_its_text(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(template_bytes(load_charter(RULES).fund_charter("dibao"), NOW))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    heights = [float(ht) for ht in re.findall(r'<row r="\d+"[^>]* ht="(\S+?)"', sheet)]

    high = [heading.words[0] for heading, ht in zip(HEADINGS, heights[1:], strict=False) if ht > 30]
    assert high == ["部门类别", "付款凭证", "批准"]


def test_the_guide_says_what_each_event_needs() -> None:
    words = {heading.field: heading.words[0] for heading in HEADINGS}

    said = {slug: needs_of(slug, words.__getitem__) for slug in FORMS}

    assert said["expense"] == "部门类别"
    assert said["transfer"] == "转出、转入"
    assert said["virement"] == "转出、转入、批准"
    assert said["donation"] == ""
    assert (
        said["interfund"]
        == "应收、应付基金二选一；部门类别或结清，付出时都写；收到归还外写批准；应收写付款凭证"
    )
