"""A payment list has one text, in any order of its lines, and no other is taken for one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundledger.ledger.batches.paylist import (
    HEADER,
    LIST_PATH,
    LineTotal,
    PaymentLine,
    line_id,
    list_digest,
    list_path,
    parse_list,
    reissued,
    render_list,
    root_of,
    totals_of,
)

LETTERS = st.text(st.sampled_from(string.ascii_uppercase + "234567"), min_size=12, max_size=12)
PERIODS = st.builds("{:04d}-{:02d}".format, st.integers(2000, 2099), st.integers(1, 12))


@st.composite
def payment_lines(draw: st.DrawFn) -> PaymentLine:
    person, unit = f"P-{draw(LETTERS)}", draw(st.sampled_from(("CASC", "Union")))
    category, period = draw(st.sampled_from(("Dibao", "Festival-1"))), draw(PERIODS)
    household = draw(st.one_of(st.just(""), LETTERS.map("H-{}".format)))
    line = line_id("dibao", unit, category, period, person)
    if draw(st.booleans()):
        line = reissued(line)
    amount_fen = draw(st.integers(1, 10**13 - 1))
    account = f"A-{draw(LETTERS)}"
    return PaymentLine(line, person, household, unit, category, period, amount_fen, account)


LISTS = st.lists(payment_lines(), max_size=8, unique_by=lambda line: line.line)


@given(LISTS, st.randoms())
def test_a_list_reads_back_as_it_was_written_in_any_order(
    lines: list[PaymentLine], chance: object
) -> None:
    data = render_list(lines)
    chance.shuffle(lines)  # type: ignore[attr-defined]

    assert render_list(lines) == data
    assert list(parse_list(data)) == sorted(lines)
    assert LIST_PATH.fullmatch(list_path(list_digest(data)))


@given(LISTS, st.integers(0, 10**6), st.binary(min_size=1, max_size=2))
def test_no_other_bytes_are_the_same_list(lines: list[PaymentLine], where: int, put: bytes) -> None:
    data = render_list(lines)
    at = where % (len(data) + 1)
    for other in (data[:at] + put + data[at:], data[:at] + put + data[at + len(put) :]):
        try:
            read = list(parse_list(other))
        except ValueError:
            continue
        assert render_list(read) == other


def test_a_line_that_stands_twice_is_refused() -> None:
    line = PaymentLine(
        "L-AAAAAAAAAAAA", "P-AAAAAAAAAAAA", "", "CASC", "Dibao", "2026-03", 1, "A-AAAAAAAAAAAA"
    )

    with pytest.raises(ValueError, match="3"):
        render_list([line, line._replace(amount_fen=2)])


@pytest.mark.parametrize(
    "changes",
    [
        {"line": "L-AAAAAAAAAAA"},
        {"line": "L-AAAAAAAAAAAA-0"},
        {"person": "王某"},
        {"person": "310112195002010070"},
        {"household": "3号"},
        {"unit": "民政"},
        {"category": "Di,bao"},
        {"period": "2026-13"},
        {"period": "2026-3"},
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 10**13},
        {"amount_fen": 1.5},
        {"account": "6222021234567890128"},
        {"account": ""},
        {"account": "A-AAAAAAAAAAAA\n"},
    ],
)
def test_a_field_of_another_form_is_refused(changes: dict[str, object]) -> None:
    sound = PaymentLine(
        "L-AAAAAAAAAAAA", "P-AAAAAAAAAAAA", "", "CASC", "Dibao", "2026-03", 1, "A-AAAAAAAAAAAA"
    )
    assert render_list([sound])

    with pytest.raises(ValueError, match=r"1|2|3"):
        render_list([sound._replace(**changes)])  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", HEADER[:-1], b"\xef\xbb\xbf" + HEADER, HEADER + b"\n"])
def test_what_is_no_list_is_none(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"1|2"):
        list(parse_list(data))


@given(LISTS)
def test_totals_add_up(lines: list[PaymentLine]) -> None:
    totals = totals_of(lines)

    assert sum(total.payments for total in totals.values()) == len(lines)
    assert sum(total.amount_fen for total in totals.values()) == sum(
        line.amount_fen for line in lines
    )
    assert list(totals) == sorted({(line.unit, line.category) for line in lines})
    assert totals_of([]) == {}
    assert all(isinstance(total, LineTotal) for total in totals.values())


def test_an_entitlement_has_one_line_and_a_reissue_shows_its_root() -> None:
    line = line_id("dibao", "CASC", "Dibao", "2026-03", "P-AAAAAAAAAAAA")

    assert line == line_id("dibao", "CASC", "Dibao", "2026-03", "P-AAAAAAAAAAAA")
    for other in (
        line_id("tekun", "CASC", "Dibao", "2026-03", "P-AAAAAAAAAAAA"),
        line_id("dibao", "CASC", "Tekun", "2026-03", "P-AAAAAAAAAAAA"),
        line_id("dibao", "CASC", "Dibao", "2026-04", "P-AAAAAAAAAAAA"),
        line_id("dibao", "CASC", "Dibao", "2026-03", "P-AAAAAAAAAAAB"),
    ):
        assert other != line
    assert reissued(line) == f"{line}-1"
    assert reissued(reissued(line)) == f"{line}-2"
    assert root_of(reissued(line)) == root_of(line) == line
