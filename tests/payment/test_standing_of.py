"""How a line stands is told for those that a list has, and for no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.errors import InputInvalid, NotFound, Refused
from fundledger.ledger.batches.states import LineState
from support.paying import Given, Payments, entitlement


@pytest.fixture
def payments(tmp_path: Path) -> Payments:
    return Payments(tmp_path, granted_fen=10_000_00)


def list_of(payments: Payments, root: Path, batch: str) -> Path:
    return root / "dibao" / "lists" / f"{payments.batch(batch).list}.csv"


def test_a_line_stands_as_its_own_batch_says(payments: Payments) -> None:
    march, (one, two) = payments.sent([entitlement(1), entitlement(2)])
    april, (three,) = payments.sent([entitlement(1, period="2026-04")], "2026-03-12")
    payments.result(march, "2026-03-12", {one: "paid", two: "failed"})
    books = payments.fund.books()

    states = [books.standing_of(line).state for line in (one, two, three)]
    assert states == [LineState.PAID, LineState.FAILED, LineState.EXPORTED]
    assert books.standing_of(two).reason == "AC04"
    assert april != march


@pytest.mark.parametrize(
    "given",
    ["L-AAAAAAAAAAAA", "L-unknown", "", "\n", "line", "{line},{person}", "{line}-1", "x" * 9_999],
)
def test_a_line_of_no_list_is_not_found(payments: Payments, given: str) -> None:
    batch, _ = payments.sent([entitlement(1)])
    (line,) = payments.lines(batch)

    with pytest.raises(NotFound) as missing:
        payments.fund.books().standing_of(given.format(line=line.line, person=line.person))
    assert missing.value.codes == ("FL977",)
    assert missing.value.findings[0].fund == "dibao"
    assert len(str(missing.value)) < 200


@pytest.mark.parametrize("given", [None, 5, b"L-AAAAAAAAAAAA", "\ud800", ["L-AAAAAAAAAAAA"]])
def test_a_line_is_a_text(payments: Payments, given: Given) -> None:
    with pytest.raises(InputInvalid) as refusal:
        payments.fund.books().standing_of(given)
    assert [(one.code, one.subject) for one in refusal.value.findings] == [("FL909", "line")]


def test_where_a_list_is_gone_nothing_is_said_of_its_lines(
    payments: Payments, tmp_path: Path
) -> None:
    march, (one,) = payments.sent([entitlement(1)])
    april, (two,) = payments.sent([entitlement(2)], "2026-03-12")
    list_of(payments, tmp_path, april).unlink()
    books = payments.fund.books()

    assert books.standing_of(one).state is LineState.EXPORTED
    for line in (two, "L-AAAAAAAAAAAA"):  # it may have stood there
        with pytest.raises(Refused) as refusal:
            books.standing_of(line)
        assert refusal.value.codes == ("FL751",)
    assert march != april


def test_where_a_result_is_gone_nothing_is_said_of_the_lines_of_its_batch(
    payments: Payments, tmp_path: Path
) -> None:
    batch, (line,) = payments.sent([entitlement(1)])
    lists = tmp_path / "dibao" / "lists"
    before = set(lists.iterdir())
    payments.result(batch, "2026-03-12", {line: "failed"})
    (said,) = set(lists.iterdir()) - before
    said.unlink()

    with pytest.raises(Refused) as refusal:
        payments.fund.books().standing_of(line)
    (finding,) = refusal.value.findings
    assert (finding.code, finding.subject, finding.details["reason"]) == ("FL751", batch, "unread")
