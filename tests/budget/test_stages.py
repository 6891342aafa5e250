"""The life of a budget (两上两下): declared, controlled, revised, approved, and only so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundledger.charter import FundCharter
from fundledger.errors import InputInvalid, KeyConflict, Refused
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.stages import STAGES, StageAct, stages_of, standing_stages
from fundledger.ledger.surroundings import Surroundings
from support.offices import (
    DIBAO,
    ILLNESS,
    LATE,
    Clock,
    charter,
    charter_values,
    draft,
    numbered_keys,
)
from support.stories import Stage

APPROVED = "Equity:Budget:2027:Approved:CASC:Dibao"
UNALLOTTED = "Equity:Budget:2027:Unallotted:CASC:Dibao"
_DAYS = {
    "declared": date(2026, 9, 20),
    "controlled": date(2026, 10, 30),
    "revised": date(2026, 12, 5),
    "approved": date(2026, 12, 28),
}


@pytest.fixture
def fund(tmp_path: Path) -> Fund:
    return opened(tmp_path / "dibao")


def opened(root: Path, at: datetime = LATE) -> Fund:
    return open_fund(root, charter(), Surroundings(Clock(at), numbered_keys()))


def act(stage: str, fen: int = 100_00, **changes: Any) -> StageAct:  # noqa: ANN401 - any field
    """Return a stage of the budget of 2027 as it should be, but for `changes`."""
    given: dict[str, Any] = {"actor": "S06", "document_number": "例财〔2026〕31号"}
    if stage == "approved":
        given = {
            "actor": "S01",
            "document_number": "例财〔2026〕88号",
            "resolution": "例联〔2026〕9号",
            "maker": "S03",
            "reviewer": "S01",
        }
    given |= {"year": 2027, "stage": stage, "on": _DAYS[stage], "lines": {DIBAO: fen}}
    return StageAct(**(given | changes))


def up_to(fund: Fund, last: str) -> None:
    for stage in STAGES[: STAGES.index(last) + 1]:
        fund.stage(act(stage))


def refused(fund: Fund, given: StageAct) -> list[tuple[str, object]]:
    """Return code and reason of all that refuses a stage; nothing is written."""
    before = len(list(fund.records()))
    with pytest.raises(Refused) as refusal:
        fund.stage(given)
    assert len(list(fund.records())) == before
    for finding in refusal.value.findings:
        for language in ("zh", "en"):
            assert "?" not in finding.sentence(language) + finding.remedy(language)
    return [(one.code, one.details.get("reason")) for one in refusal.value.findings]


def test_what_is_approved_is_adopted_by_the_same_record(fund: Fund) -> None:
    up_to(fund, "revised")
    assert fund.books().account_names() == []

    receipt = fund.stage(act("approved", lines={DIBAO: 90_00, ILLNESS: 0}))

    books = fund.books()
    assert (books.fen(APPROVED), books.fen(UNALLOTTED)) == (-90_00, 90_00)
    (voucher,) = fund.recorded(receipt)
    assert (voucher.event, voucher.approval) == ("budget-adopt", "例财〔2026〕88号")
    assert "例联〔2026〕9号" in voucher.narration
    assert standing_stages(books, 2027)["approved"].refs == receipt.refs == (voucher.ref,)
    assert [f for f in fund.check(date(2026, 12, 31)).findings if f.code >= "FL5"] == []


@pytest.mark.parametrize(
    ("last", "given", "expected"),
    [
        ("", act("controlled"), ("FL507", "skipped")),
        ("", act("approved"), ("FL507", "skipped")),
        ("declared", act("revised"), ("FL507", "skipped")),
        ("controlled", act("declared", on=_DAYS["controlled"], replaces=2), ("FL507", "back")),
        ("revised", act("revised"), ("FL507", "twice")),
        ("revised", act("revised", replaces=3), ("FL507", "replaces")),
        ("controlled", act("revised", replaces=3), ("FL507", "replaces")),
        ("declared", act("controlled", on=date(2026, 9, 19)), ("FL507", "before")),
        ("", act("declared", on=date(2027, 7, 1)), ("FL507", "future")),
        ("", act("declared", on=date(2025, 12, 31)), ("FL507", "year")),
        ("revised", act("approved", actor="S06"), ("FL575", "same")),
        ("revised", act("approved", actor="S03"), ("FL575", "role")),
        ("", act("declared", actor="S04"), ("FL575", "role")),
        ("", act("declared", lines={("CASC", "LowIncome"): 1}), ("FL576", "purpose")),
        ("", act("declared", document_number=""), ("FL577", "missing")),
        ("", act("declared", document_number="会议"), ("FL577", "form")),
        ("", act("declared", document_number="电话 13" + "0" * 9), ("FL577", "phone-number")),
        ("", act("declared", resolution="例联〔2026〕9号"), ("FL577", "early")),
        ("revised", act("approved", resolution=""), ("FL577", "missing")),
    ],
    ids=str,
)
def test_a_stage_out_of_turn_is_refused_and_says_why(
    fund: Fund, last: str, given: StageAct, expected: tuple[str, str]
) -> None:
    if last:
        up_to(fund, last)
    else:
        fund.record(draft(drafts.allocation("District", 1_00)))

    assert expected in refused(fund, given)


def test_nothing_follows_the_approval_but_what_changes_it(fund: Fund) -> None:
    up_to(fund, "approved")
    again = act("approved", replaces=5, on=date(2027, 1, 5))

    assert ("FL507", "approved") in refused(fund, again)
    assert ("FL507", "approved") in refused(fund, act("revised", on=date(2027, 1, 5)))
    postings = drafts.adoption(2027, DIBAO, 5_00)
    fund.record(draft(postings, date(2027, 2, 1), "supplement"))
    fund.record(draft(drafts.reduction(2027, DIBAO, 1_00), date(2027, 2, 2), "reduction"))
    assert fund.books().fen(APPROVED) == -104_00


def test_a_budget_with_stages_is_not_adopted_beside_them(fund: Fund) -> None:
    fund.stage(act("declared"))
    for event in ("budget-adopt", "supplement"):
        with pytest.raises(Refused) as early:
            fund.record(draft(drafts.adoption(2027, DIBAO, 1), date(2027, 1, 4), event))
        assert [(f.code, f.details["reason"]) for f in early.value.findings] == [("FL574", "early")]
    fund.record(draft(drafts.adoption(2026, DIBAO, 1), date(2026, 1, 4), "budget-adopt"))
    fund.stage(act("controlled"))
    fund.stage(act("revised"))
    (ref,) = fund.stage(act("approved")).refs

    with pytest.raises(Refused) as second:
        fund.record(draft(drafts.adoption(2027, DIBAO, 1), date(2027, 1, 4), "budget-adopt"))
    with pytest.raises(Refused) as undone:
        fund.reverse(ref, on=date(2026, 12, 29), maker="S03", reviewer="S06")
    assert [f.details["reason"] for f in second.value.findings] == ["again"]
    assert [f.details["reason"] for f in undone.value.findings if f.code == "FL574"] == ["undone"]


def test_a_year_without_stages_is_adopted_as_ever_and_has_none_afterwards(fund: Fund) -> None:
    fund.record(draft(drafts.adoption(2027, DIBAO, 7_00), date(2027, 1, 4), "budget-adopt"))

    assert refused(fund, act("declared")) == [("FL507", "adopted")]
    assert [f.code for f in fund.check(date(2027, 1, 31)).findings if f.code >= "FL5"] == []


def test_the_last_stage_may_be_taken_again_and_both_stay(fund: Fund) -> None:
    up_to(fund, "revised")
    fund.stage(act("revised", 80_00, on=date(2026, 12, 9), replaces=4))
    fund.stage(act("revised", 85_00, on=date(2026, 12, 12), replaces=5))

    assert ("FL507", "replaces") in refused(fund, act("revised", on=date(2026, 12, 13), replaces=4))
    books = fund.books()
    assert [one.sequence for one in stages_of(books, 2027)] == [2, 3, 4, 5, 6]
    standing = standing_stages(books, 2027)
    assert {name: one.amounts_fen[DIBAO] for name, one in standing.items()} == {
        "declared": 100_00,
        "controlled": 100_00,
        "revised": 85_00,
    }


def test_a_purpose_that_ended_in_the_year_before_has_no_budget(tmp_path: Path) -> None:
    purposes = [
        {"unit": "CASC", "category": "Dibao", "from": "2025-01-01"},
        {"unit": "CASC", "category": "MajorIllness", "from": "2025-01-01", "until": "2026-12-31"},
    ]
    kept_under = charter(purposes=purposes)
    fund = open_fund(tmp_path / "dibao", kept_under, Surroundings(Clock(LATE), numbered_keys()))

    assert refused(fund, act("declared", lines={DIBAO: 1, ILLNESS: 1})) == [("FL576", "purpose")]
    fund.stage(act("declared", year=2026, lines={DIBAO: 1, ILLNESS: 1}))


def test_nobody_s_post_is_undone_after_they_approved(fund: Fund, tmp_path: Path) -> None:
    up_to(fund, "approved")
    fund.close_files()
    values = charter_values()
    values["staff"][0]["roles"] = [{"role": "reviewer", "from": "2025-01-01"}]
    rules = FundCharter.model_validate(values)
    surroundings = Surroundings(Clock(LATE), numbered_keys("R"))
    changed = open_fund(tmp_path / "dibao", rules, surroundings)

    with pytest.raises(Refused) as refusal:
        changed.record(draft(drafts.allocation("District", 1_00)))
    assert [(f.code, f.subject) for f in refusal.value.findings] == [
        ("FL041", "staff S01 budget-approved")
    ]


def test_a_line_that_gets_nothing_any_more_is_given_nothing_in_figures(fund: Fund) -> None:
    fund.stage(act("declared", lines={DIBAO: 2, ILLNESS: 1}))

    assert refused(fund, act("controlled", lines={DIBAO: 2})) == [("FL576", "left-out")]
    again = act("declared", lines={ILLNESS: 1}, replaces=2)
    assert refused(fund, again) == [("FL576", "left-out")]
    fund.stage(act("controlled", lines={DIBAO: 2, ILLNESS: 0}))


def test_one_key_records_a_stage_once(fund: Fund) -> None:
    first = fund.stage(act("declared"), key="YS")
    again = fund.stage(act("declared"), key="YS")

    assert again.again
    assert (first.sequence, first.head) == (again.sequence, again.head)
    with pytest.raises(KeyConflict):
        fund.stage(act("declared", 1), key="YS")


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 27},
        {"stage": "adjusted"},
        {"on": "2026-09-20"},
        {"document_number": None},
        {"lines": {}},
        {"lines": {DIBAO: -1}},
        {"lines": {DIBAO: 1.0}},
        {"lines": {DIBAO: True}},
        {"lines": {DIBAO: 10**18}},
        {"lines": {"CASC:Dibao": 1}},
        {"lines": [(DIBAO, 1)]},
        {"rests_on": "abc"},
        {"replaces": -1},
        {"maker": "S03"},
        {"posted_on": date(2026, 9, 21)},
        {"documents": ["0" * 64]},
    ],
    ids=str,
)
def test_a_value_of_another_form_is_named(fund: Fund, changes: Mapping[str, Any]) -> None:
    (field,) = changes

    with pytest.raises(InputInvalid) as refusal:
        fund.stage(replace(act("declared"), **changes))
    assert [(f.code, f.subject) for f in refusal.value.findings] == [("FL909", field)]


def test_an_approval_dated_in_a_closed_month_is_posted_on_another_day(fund: Fund) -> None:
    up_to(fund, "revised")
    fund.record(draft(drafts.allocation("District", 1_00), date(2026, 12, 1)))
    fund.close_year(2026, actor="S02", maker="S03", reviewer="S01")

    assert "FL307" in [code for code, _ in refused(fund, act("approved"))]
    receipt = fund.stage(act("approved", posted_on=date(2027, 1, 5)))
    assert receipt.refs[0].startswith("2027-01-")


@pytest.mark.parametrize("posted_on", [date(2026, 12, 27), date(2026, 1, 1)])
def test_an_approval_is_posted_on_no_day_before_its_document(fund: Fund, posted_on: date) -> None:
    """Else the budget could be allotted and spent before anybody had approved it."""
    up_to(fund, "revised")

    assert refused(fund, act("approved", posted_on=posted_on)) == [("FL507", "posted")]
    fund.stage(act("approved", posted_on=_DAYS["approved"]))


def test_an_approval_that_was_posted_before_its_document_is_found_in_a_journal(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path, {})
    lines = "CASC:Dibao 100.00"
    stage.tell([{"stage": name, "lines": lines} for name in STAGES[:-1]])
    stage.do_anyway({"stage": "approved", "lines": lines, "posted_on": date(2026, 3, 1)})

    (found,) = [one for one in stage.seen() if one.code in {"FL507", "FL509", "FL574"}]

    assert (found.code, found.sequence, found.details["reason"]) == ("FL507", 5, "posted")
    assert "下达凭证的日期早于批复文件的日期" in found.sentence("zh")
    assert "its voucher is dated before its document" in found.sentence("en")


def test_what_changes_a_budget_is_dated_no_day_before_its_approval(fund: Fund) -> None:
    """Else a supplement would be allotted and spent before there is a budget."""
    up_to(fund, "revised")
    fund.stage(act("approved", on=date(2027, 2, 10)))

    for postings, event in (
        (drafts.adoption(2027, DIBAO, 5_00), "supplement"),
        (drafts.virement(2027, DIBAO, ILLNESS, 5_00), "virement"),
    ):
        with pytest.raises(Refused) as refusal:
            fund.record(draft(postings, date(2027, 2, 9), event))
        reasons = [f.details["reason"] for f in refusal.value.findings if f.code == "FL574"]
        assert reasons == ["before"]
    fund.record(draft(drafts.adoption(2027, DIBAO, 5_00), date(2027, 2, 10), "supplement"))


class _Model:
    """What the office may do next, told apart from the program: the order alone."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.handed_up: set[str] = set()

    def allows(self, stage: str, actor: str, replaces: int) -> bool:
        last, sequence = self.taken[-1] if self.taken else ("", 0)
        if last == "approved":
            return False
        following = STAGES[STAGES.index(last) + 1] if last else "declared"
        in_turn = (stage, replaces) in {(following, 0), (last, sequence)}
        posts = {"S01": True, "S06": stage != "approved", "S03": stage != "approved"}
        apart = stage != "approved" or actor not in self.handed_up
        return in_turn and posts.get(actor, False) and apart

    def take(self, stage: str, actor: str, sequence: int) -> None:
        self.taken.append((stage, sequence))
        if stage in {"declared", "revised"}:
            self.handed_up.add(actor)


_TRIES = st.tuples(
    st.sampled_from(STAGES),
    st.sampled_from(["S01", "S01", "S03", "S06", "S06", "S04", "S99"]),
    st.sampled_from([0, 0, 0, -1, 2]),
    st.integers(0, 10**9),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(tries=st.lists(_TRIES, min_size=4, max_size=14))
def test_only_legal_orders_pass_and_the_journal_says_the_same_again(
    tmp_path_factory: pytest.TempPathFactory, tries: list[tuple[str, str, int, int]]
) -> None:
    root = tmp_path_factory.mktemp("any") / "dibao"
    fund, model = opened(root), _Model()
    said: dict[str, int] = {}
    for stage, actor, named, fen in tries:
        last = model.taken[-1][1] if model.taken else 0
        replaces = last if named == -1 else named
        given = act(stage, fen, actor=actor, replaces=replaces, on=date(2026, 12, 1))
        allowed = model.allows(stage, actor, replaces)
        try:
            receipt = fund.stage(given)
        except Refused:
            assert not allowed
        else:
            assert allowed
            model.take(stage, actor, receipt.sequence)
            said[stage] = fen
    if not model.taken:
        return
    again = opened(root)
    books = again.books()
    kept = stages_of(books, 2027)
    assert [(one.body.stage, one.sequence) for one in kept] == model.taken
    assert {n: s.amounts_fen[DIBAO] for n, s in standing_stages(books, 2027).items()} == said
    assert -books.fen(APPROVED) == books.fen(UNALLOTTED) == said.get("approved", 0)
    assert fund.preview(draft(drafts.allocation("District", 1)))  # by the index, which agrees
    assert [f for f in again.check(date(2026, 12, 31)).findings if f.gates] == []
