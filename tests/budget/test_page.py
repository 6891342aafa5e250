"""The page of a proposal shows its own figures, and each leads to how it came about."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from fundledger.budget import Line, Names, Proposal
from fundledger.money import display_fen
from fundledger.report.charts import Bar, bar_chart
from fundledger.report.forms import items
from fundledger.report.proposal_page import proposal_page
from support.budgets import of_every_kind

VOID = {"meta", "line", "rect", "br", "col"}


class Read(HTMLParser):
    """What a page has: its tags in balance, ids, links, and the cells of its tables."""

    def __init__(self, page: str) -> None:
        """Read all of it."""
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.rects: list[dict[str, str | None]] = []
        self.rows: list[list[str]] = []
        self._cell = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value[1:] for name, value in attrs if name == "href" and value]
        if tag == "rect":
            self.rects.append(found)
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self.rows[-1].append("")
            self._cell = True
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
        if tag == "td":
            self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    return of_every_kind(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def read(proposal: Proposal) -> Read:
    return Read(proposal_page(proposal))


def test_it_is_whole_and_needs_nothing_else(proposal: Proposal, read: Read) -> None:
    assert read.open == []
    page = proposal_page(proposal)
    assert "<script" not in page
    assert "http" not in page
    assert page == proposal_page(proposal)


def test_each_line_leads_to_its_derivation(proposal: Proposal, read: Read) -> None:
    assert len(read.ids) == len(set(read.ids))
    assert set(read.links) <= set(read.ids)
    keys = {"-".join(item.key) for item in items(proposal)}
    assert keys <= set(read.links)


def test_each_line_has_its_figures(proposal: Proposal, read: Read) -> None:
    for line in proposal.lines:
        name = f"{line.place.unit.zh} · {line.place.category.zh}"
        (row,) = [row for row in read.rows if row and row[0] == name and len(row) == 9]
        assert row[4:7] == [
            display_fen(line.proposed_fen),
            display_fen(line.carry_over_fen),
            display_fen(line.appropriation_fen),
        ]


def test_the_steps_run_up_to_the_figure(proposal: Proposal, read: Read) -> None:
    ends = [row for row in read.rows if row and row[0] == "核定建议数"]
    befores = [read.rows[read.rows.index(row) - 1] for row in ends]

    lines = [item for item in items(proposal) if isinstance(item, Line)]
    assert [row[2] for row in ends] == [display_fen(line.proposed_fen) for line in lines]
    assert [row[2] for row in befores] == [row[2] for row in ends]


def test_the_chart_goes_from_what_was_paid_to_what_is_proposed(proposal: Proposal) -> None:
    page = proposal_page(proposal)
    total = display_fen(sum(line.proposed_fen for line in proposal.lines))
    actual = display_fen(sum(line.history.actual_fen for line in proposal.lines))

    chart = page[page.index("<svg") : page.index("</svg>")]
    assert f">{actual}</text>" in chart
    assert f">{total}</text>" in chart
    assert chart.index(f">{actual}<") < chart.index(f">{total}<")
    assert f"未含暂缺的 {len(proposal.blocked)} 项" in page


def test_names_are_text_and_no_part_of_the_page(proposal: Proposal) -> None:
    first, *others = proposal.lines
    sly = Names('<b id="x">&', "-")
    changed = replace(first, place=replace(first.place, category=sly, fund=sly))
    page = proposal_page(replace(proposal, lines=(changed, *others)))

    assert "&lt;b id=&quot;x&quot;&gt;&amp;" in page
    assert "x" not in Read(page).ids


@pytest.mark.parametrize("low", [0, -50])
def test_bars_are_as_long_as_their_values(low: int) -> None:
    bars = [
        Bar("甲", Fraction(0), Fraction(100), "100"),
        Bar("乙", Fraction(100), Fraction(low), "b", "down"),
        Bar("丙 <&>", Fraction(0), Fraction(25), "c", link="x"),
    ]
    read = Read(f"<html>{bar_chart('图', bars)}</html>")

    first, second, third = (float(rect["width"] or "") for rect in read.rects)
    assert abs(second - first * (100 - low) / 100) < 0.02
    assert abs(third - first / 4) < 0.02
    assert read.open == []
