"""Texts that are looked at many at a time are found as wrong as each of them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fundledger.checks.run import TEXTS, on_key, on_vouchers
from fundledger.checks.wording import Wording
from fundledger.ledger import drafts
from fundledger.ledger.books import Books
from fundledger.ledger.record import Record
from fundledger.ledger.tables import MemoryTables
from fundledger.ledger.voucher import numbered
from support.offices import DIBAO, charter, draft

AT = "2026-03-05T09:00:00+08:00"
TEXTS_OF_PEOPLE = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.text("0123456789-｜|。 Xx１２３", max_size=24),
        st.sampled_from(
            [
                "",
                " ",
                "办公费",
                "办公",
                "费",
                "e\u0301",
                "\u0301",
                "é",
                "\u3164",
                "救\u00ad助",
                "救助金",
                "x" * 513,
            ]
        ),
        st.from_regex(r"(1[3-9]\d{9}|[1-9]\d{16}X)", fullmatch=True),
    ),
    min_size=1,
    max_size=12,
)
Odd = dict[str, Any]
PLAIN: Odd = {}
ODD = st.sampled_from(
    [
        PLAIN,
        {"approval": "示纪〔2026〕1号"},
        {"approval": "x"},
        {"links": ("a link",)},
        {"links": ("batch-1",)},
        {"documents": ("x",)},
        {"documents": ("0" * 64,)},
    ]
)
KEYS = st.lists(
    st.one_of(
        st.text("0123456789-ab", min_size=1, max_size=40),
        st.sampled_from([f"1380000-{'ab' * 16}-0000", "ab" * 32, "HZ-1", "1" + "3" * 10]),
    ),
    min_size=1,
    max_size=6,
)


def books_of() -> Books:
    books = Books("dibao", MemoryTables(), with_keys=False)
    values = charter().model_dump(mode="json", by_alias=True)
    books.begin(Record(1, AT, "S03", "charter", "", "", {"charter": values}))
    return books


def records_of(texts: Sequence[str], keys: Sequence[str], odd: Odd = PLAIN) -> list[Record]:
    """Return records of vouchers, every third of which has what `odd` says."""
    sound = draft(drafts.expense(2026, DIBAO, 1_00), date(2026, 3, 5), "expense")
    drawn = [
        replace(sound, narration=text, **({} if number % 3 else odd))
        for number, text in enumerate(texts, 2)
    ]
    return [
        Record(number, AT, "S03", "voucher", key, "", {}, (numbered(one, number),))
        for number, (one, key) in enumerate(zip(drawn, cycle(keys), strict=False), 2)
    ]


@given(TEXTS_OF_PEOPLE, KEYS, ODD, st.sampled_from([1, 2, 5, 256]))
@example(["1380000", "0000"], ["K"], PLAIN, 256)
@example(["拨款5", "1" + "3" * 10], ["a" * 16, "1" * 16], PLAIN, 256)
@example(["款"], [f"1380000-{'ab' * 16}-0000"], PLAIN, 256)
@example(["款"] * 3, ["K"], {"links": ("a link",)}, 256)
@example(["款"] * 3, ["K"], {"documents": ("x",)}, 256)
def test_many_at_a_time_say_what_each_alone_says(
    texts: list[str], keys: list[str], odd: Odd, at_once: int
) -> None:
    records = records_of(texts, keys, odd)
    alone = books_of()
    expected = [
        finding
        for record in records
        for finding in (
            *on_vouchers((alone.enter(record, record.vouchers[0]),), alone, TEXTS),
            *on_key(record, alone),
        )
    ]

    together = Wording(books_of(), at_once)
    found = [finding for record in records for finding in together.take(record)]
    found += together.look()

    assert sorted(map(str, found)) == sorted(map(str, expected))
    assert list(together.look()) == []


def test_a_text_is_judged_by_the_charter_that_was_in_force() -> None:
    strict = charter().model_dump(mode="json", by_alias=True)
    strict["controls"]["office_cost_words"] = ["救助"]
    books = books_of()
    together = Wording(books)
    change = Record(3, AT, "S03", "charter", "", "", {"charter": strict})
    (before,) = records_of(["救助金"], ["K"])
    found = list(together.take(before))
    found += together.take(change)
    books.begin(change)
    assert found == []
    found += together.take(before)
    found += together.look()

    assert [finding.code for finding in found] == ["FL204"]


@pytest.mark.parametrize("text", ["办公用品", "办 公 用品", "购办\u3000公用品"])
def test_spaces_hide_no_word_of_office_cost(text: str) -> None:
    together = Wording(books_of())
    together.take(*records_of([text], ["K"]))

    assert "FL204" in [finding.code for finding in together.look()]
