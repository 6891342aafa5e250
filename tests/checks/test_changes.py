"""Rules that change are told before and when they are adopted; the past stands all the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundledger.charter import FundCharter
from fundledger.errors import Refused
from fundledger.findings import Finding
from fundledger.fund import Fund, open_fund
from fundledger.ledger import drafts
from fundledger.ledger.chart import BANK
from fundledger.ledger.plan import Receipt
from fundledger.ledger.surroundings import Surroundings
from fundledger.ledger.voucher import credit, debit, numbered
from support.forcing import force
from support.offices import (
    DIBAO,
    ILLNESS,
    LATE,
    Clock,
    charter_values,
    draft,
    fund_at,
    granted,
)

Values = dict[str, Any]
Change = Callable[[Values], None]
AT = LATE.isoformat(timespec="seconds")
TODAY = LATE.date()
CLAIM = "Assets:DueFrom:Fund:Union"


def changed(root: Path, *changes: Change) -> Fund:
    """Return the fund of a directory, opened with rules that say something else."""
    values = charter_values()
    for change in changes:
        change(values)
    rules = FundCharter.model_validate(values)
    return open_fund(root / "dibao", rules, Surroundings(Clock()))


def begun(root: Path) -> None:
    """Begin a fund that has been given money, has paid and closed a month, all dated March 2026."""
    fund = fund_at(root)
    granted(fund)
    fund.record(draft(drafts.expense(2026, DIBAO, 100_00), date(2026, 3, 10), "expense"))
    fund.record(draft(drafts.allocation("Street", 50_00), date(2026, 3, 11), poster="S02"))
    fund.record(draft(drafts.adoption(2026, ILLNESS, 7_00), date(2026, 3, 11), "budget-adopt"))
    fund.close("2026-01", actor="S01")
    fund.close_files()


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def threshold(values: Values) -> None:
    values["controls"]["approval_threshold_fen"] = 80_000_00


ACTS: tuple[Callable[[Fund], Receipt], ...] = (
    lambda fund: fund.record(draft(drafts.donation(1_00), event="donation")),
    lambda fund: fund.reverse("2026-03-0002", on=date(2026, 3, 12), maker="S03", reviewer="S01"),
    lambda fund: fund.correct(
        "2026-03-0001", draft(drafts.expense(2026, DIBAO, 90_00), date(2026, 3, 12), "expense")
    ),
    lambda fund: fund.assert_balance(BANK, date(2026, 3, 31), 1, actor="S05"),
    lambda fund: fund.close("2026-03", actor="S01"),
    lambda fund: fund.close_year(2026, actor="S01", maker="S03", reviewer="S01"),
)


@pytest.mark.parametrize("act", ACTS)
def test_the_act_that_adopts_changed_rules_says_in_its_receipt_what_changed(
    tmp_path: Path, act: Callable[[Fund], Receipt]
) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, threshold)
    if act is ACTS[-1]:
        changed(tmp_path).close("2026-03", actor="S01")
    receipt = act(fund)
    told = [finding for finding in receipt.findings if finding.code == "FL040"]

    assert [(f.subject, f.severity, f.gates, f.sequence) for f in told] == [
        ("controls approval_threshold_fen", "warning", False, receipt.sequence - 1)
    ]
    assert told[0].sentence("zh") == (
        "本次记账采用了已改的规则：审批限额由 100,000.00 改为 80,000.00。"
    )
    fund.close_files()


def test_an_examination_says_it_too_and_adopts_nothing(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, threshold)
    gift = draft(drafts.donation(1_00), event="donation")

    assert codes(fund.examine(gift)) == ["FL040"]
    assert codes(fund.examine(gift)) == ["FL040"]
    assert codes(fund.record(gift).findings) == ["FL040"]
    assert fund.examine(gift) == fund.record(gift).findings == ()

    fund.close_files()


def test_a_check_warns_of_changed_rules_until_they_are_adopted(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, threshold)
    before = [f for f in fund.check(date(2026, 3, 12)).findings if f.code == "FL040"]
    fund.record(draft(drafts.donation(1_00), event="donation"))

    assert [f.sentence("en") for f in before] == [
        (
            "The rules have changed, and the next record adopts it: "
            "the approval threshold: was 100,000.00, is now 80,000.00."
        )
    ]
    assert "FL040" not in codes(fund.check(date(2026, 3, 12)).findings)

    fund.close_files()


def test_the_rules_that_a_fund_begins_with_are_no_change(tmp_path: Path) -> None:
    fund = fund_at(tmp_path)

    assert [finding.code for finding in fund.check(TODAY).findings] == ["FL618"]
    receipt = fund.record(draft(drafts.donation(1_00), event="donation"))
    assert [finding.code for finding in receipt.findings] == ["FL964"]

    fund.close_files()


def _ended(kind: str, number: int, until: str) -> Change:
    def change(values: Values) -> None:
        values["fund"][kind][number]["until"] = until

    return change


def _begun(kind: str, number: int, since: str) -> Change:
    def change(values: Values) -> None:
        values["fund"][kind][number]["from"] = since

    return change


def _gone(kind: str, number: int) -> Change:
    def change(values: Values) -> None:
        del values["fund"][kind][number]

    return change


def _set(**fields: object) -> Change:
    def change(values: Values) -> None:
        values["fund"].update(fields)

    return change


def _role(post: int, **fields: str) -> Change:
    def change(values: Values) -> None:
        values["staff"][post]["roles"][0].update(fields)

    return change


def _post_gone(post: int) -> Change:
    def change(values: Values) -> None:
        del values["staff"][post]

    return change


def _account(**fields: str) -> Change:
    def change(values: Values) -> None:
        values["fund"]["bank_account"].update(fields)

    return change


OTHER = "3100000000000000999"
REWRITES: tuple[tuple[str, str, Change], ...] = (
    ("gone", "purposes CASC:Dibao", _gone("purposes", 0)),
    ("gone", "purposes CASC:MajorIllness", _gone("purposes", 1)),
    ("purpose", "purposes CASC:Dibao", _ended("purposes", 0, "2026-03-09")),
    ("purpose", "purposes CASC:Dibao", _begun("purposes", 0, "2026-03-11")),
    ("source", "sources Street", _gone("sources", 1)),
    ("source", "sources Street", _ended("sources", 1, "2026-03-10")),
    ("source", "sources District", _begun("sources", 0, "2026-01-03")),
    ("opened", "fund opened", _set(opened="2026-01-03")),
    ("closed", "fund closed", _set(closed="2026-03-10")),
    ("role", "staff S03 maker", _role(2, until="2027-06-29")),
    ("role", "staff S03 maker", _role(2, **{"from": "2027-07-01"})),
    ("role", "staff S02 poster", _post_gone(1)),
    ("bank", "bank_account number", _account(number=OTHER)),
    ("regime", "fund regime", _set(regime="union")),
)
SOUND: tuple[Change, ...] = (
    _ended("purposes", 0, "2026-03-10"),
    _begun("purposes", 0, "2026-03-10"),
    _ended("purposes", 1, "2025-12-31"),
    _ended("sources", 1, "2026-03-11"),
    _begun("sources", 0, "2026-01-02"),
    _set(opened="2026-01-02"),
    _set(closed="2026-03-11"),
    _role(2, until="2027-06-30"),
    _role(0, until="2027-06-30"),
    _post_gone(3),
    _account(number=OTHER, replaces="3100000000000000101"),
)


def refusal(fund: Fund) -> tuple[Finding, ...]:
    """Return why a donation of a fen is refused; nothing if it is recorded."""
    try:
        fund.record(draft(drafts.donation(1), date(2026, 3, 11), "donation", maker="S06"))
    except Refused as refused:
        return refused.findings
    return ()


@pytest.mark.parametrize(("reason", "key", "change"), REWRITES)
def test_rules_that_undo_what_vouchers_rest_on_are_refused_and_forced_in_they_are_found(
    tmp_path: Path, reason: str, key: str, change: Change
) -> None:
    begun(tmp_path)
    before = [*fund_at(tmp_path).records()]
    fund = changed(tmp_path, change)
    shown = [f for f in fund.check(date(2026, 3, 12)).findings if f.code == "FL041"]
    refused = refusal(fund)
    records = [*fund.records()]
    values = fund.charter.model_dump(mode="json", by_alias=True)
    force(tmp_path / "dibao", fund, at=AT, kind="charter", body={"charter": values})
    found = [finding for finding in fund.check(date(2026, 3, 12)).findings if finding.gates]

    assert [(f.code, f.subject, f.details["reason"]) for f in refused] == [("FL041", key, reason)]
    assert [(f.subject, f.details, f.severity) for f in shown] == [
        (key, refused[0].details, "error")
    ]
    assert records == before
    assert found == [*refused]

    fund.close_files()


@pytest.mark.parametrize("change", SOUND)
def test_rules_that_leave_the_past_standing_are_adopted(tmp_path: Path, change: Change) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, change)
    shown = codes(fund.check(date(2026, 3, 12)).findings)

    assert "FL041" not in shown
    assert "FL040" in shown
    assert refusal(fund) == ()
    assert [finding for finding in fund.check(date(2026, 3, 12)).findings if finding.gates] == []

    fund.close_files()


def test_a_regime_changes_between_two_years(tmp_path: Path) -> None:
    begun(tmp_path)
    changed(tmp_path).close("2026-03", actor="S01")
    changed(tmp_path).close_year(2026, actor="S01", maker="S03", reviewer="S01")
    fund = changed(tmp_path, _set(regime="union"))

    receipt = fund.record(draft(drafts.donation(1_00), date(2027, 1, 5), "donation"))
    assert codes(receipt.findings) == ["FL040"]

    fund.close_files()


def test_each_voucher_is_judged_by_the_rules_of_its_day_of_recording(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _ended("purposes", 0, "2026-03-10"))
    fund.record(draft(drafts.donation(1_00), event="donation"))

    assert [f for f in fund.check(date(2026, 3, 12)).findings if f.severity == "error"] == []
    with pytest.raises(Refused) as caught:
        fund.record(draft(drafts.expense(2026, DIBAO, 1_00), date(2026, 3, 11), "expense"))
    assert caught.value.codes == ("FL201",)

    fund.close_files()


def _category_ended(values: Values) -> None:
    values["categories"][0]["until"] = "2026-03-10"


def _category_gone(values: Values) -> None:
    del values["fund"]["purposes"][1], values["categories"][1]


@pytest.mark.parametrize(("undone", "lapsed_fen"), [(False, 7_00), (True, 0)])
def test_the_budget_of_a_category_that_was_dropped_is_reversed_or_carried(
    tmp_path: Path, *, undone: bool, lapsed_fen: int
) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _category_gone)
    values = fund.charter.model_dump(mode="json", by_alias=True)
    force(tmp_path / "dibao", fund, at=AT, kind="charter", body={"charter": values})
    more = draft(drafts.reduction(2026, ILLNESS, 1_00), date(2026, 3, 12), "reduction")
    with pytest.raises(Refused) as caught:
        fund.record(more)
    assert caught.value.codes == ("FL202",)

    if undone:
        fund.reverse("2026-03-0003", on=date(2026, 3, 12), maker="S03", reviewer="S01")
    fund.close("2026-03", actor="S01")
    fund.close_year(2026, actor="S01", maker="S03", reviewer="S01")
    assert fund.books().balance("Equity:Budget:2026:Lapsed:CASC:MajorIllness") == lapsed_fen

    fund.close_files()


def test_what_was_paid_for_a_purpose_that_ended_is_reversed_corrected_and_carried(
    tmp_path: Path,
) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _ended("purposes", 0, "2026-03-10"), _category_ended)
    right = draft(drafts.expense(2026, DIBAO, 90_00), date(2026, 4, 20), "expense")
    fund.correct("2026-03-0001", right)
    fund.reverse("2026-04-0002", on=date(2026, 4, 21), maker="S03", reviewer="S01")
    fund.record(draft(drafts.encumbrance(2026, DIBAO, 5_00), date(2026, 4, 22), "encumber"))
    fund.record(draft(drafts.release(2026, DIBAO, 5_00), date(2026, 4, 23), "release"))
    fund.record(draft(drafts.virement(2026, DIBAO, ILLNESS, 5_00), date(2026, 4, 24), "virement"))
    for month in ("2026-03", "2026-04"):
        fund.close(month, actor="S01")
    fund.close_year(2026, actor="S01", maker="S03", reviewer="S01")

    assert fund.books().balance("Expenses:CASC:Dibao") == 0
    assert [f for f in fund.check(date(2026, 12, 31)).findings if f.gates] == []

    fund.close_files()


def test_a_correction_to_what_was_no_purpose_on_that_day_is_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _begun("purposes", 1, "2026-03-11"))
    wrong = draft(drafts.expense(2026, ILLNESS, 1_00), date(2026, 4, 20), "expense")
    with pytest.raises(Refused) as caught:
        fund.correct("2026-03-0001", wrong)

    assert "FL201" in caught.value.codes
    assert caught.value.findings[0].details["date"] == "2026-03-10"

    fund.close_files()


@pytest.mark.parametrize("change", [_ended("sources", 1, "2026-03-11"), _gone("sources", 1)])
def test_a_year_end_carries_what_came_from_a_source_that_is_no_more(
    tmp_path: Path, change: Change
) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, change)
    values = fund.charter.model_dump(mode="json", by_alias=True)
    force(tmp_path / "dibao", fund, at=AT, kind="charter", body={"charter": values})
    fund.close("2026-03", actor="S01")
    fund.close_year(2026, actor="S01", maker="S03", reviewer="S01")
    books = fund.books()

    assert books.balance("Income:Appropriation:Street") == 0
    assert books.balance("Income:Appropriation:District") == 0
    assert {f.code for f in fund.check(TODAY).findings if f.gates} <= {"FL041"}

    fund.close_files()


def test_money_of_a_source_that_ended_is_taken_back_and_corrected(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _ended("sources", 1, "2026-03-11"))
    fund.correct("2026-03-0002", draft(drafts.allocation("Street", 40_00), date(2026, 4, 2)))
    fund.reverse("2026-04-0002", on=date(2026, 4, 3), maker="S03", reviewer="S01")

    assert fund.books().balance("Income:Appropriation:Street") == 0

    fund.close_files()


def test_each_correction_stands_on_the_day_of_its_own_original(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path, _ended("sources", 1, "2026-03-11"))
    fund.record(draft(drafts.allocation("District", 1_00), date(2026, 3, 12)))
    street = draft(drafts.allocation("Street", 40_00), date(2026, 4, 2))
    fund.correct("2026-03-0002", street)
    with pytest.raises(Refused) as caught:
        fund.correct("2026-03-0004", street)

    assert caught.value.codes == ("FL206",)

    fund.close_files()


def test_who_signed_is_remembered_though_a_first_attempt_was_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path)
    gift = draft(drafts.donation(1), date(2026, 3, 11), "donation", maker="S06", cashier="S04")
    with pytest.raises(Refused):
        fund.record(replace(gift, attachments=0))
    fund.record(gift)
    fund.close_files()
    found = refusal(changed(tmp_path, _post_gone(3)))

    assert [(f.code, f.subject) for f in found] == [("FL041", "staff S04 cashier")]


def _alone(values: Values) -> None:
    values["funds"] = {}


def test_what_is_due_from_a_fund_that_the_rules_dropped_is_settled_and_nothing_new_is_due(
    tmp_path: Path,
) -> None:
    begun(tmp_path)
    lent = (
        debit(CLAIM, 30_00),
        credit("Expenses:CASC:Dibao", 30_00),
        debit("Equity:Budget:2026:Available:CASC:Dibao", 30_00),
        credit("Equity:Budget:2026:Expended:CASC:Dibao", 30_00),
    )
    changed(tmp_path).record(draft(lent, date(2026, 3, 12), "interfund", corrects="2026-03-0001"))
    fund = changed(tmp_path, _alone)
    back = (debit(BANK, 10_00), credit(CLAIM, 10_00))
    receipt = fund.record(draft(back, date(2026, 3, 20), "interfund"))

    assert "FL040" in codes(receipt.findings)
    with pytest.raises(Refused) as caught:
        fund.record(draft(lent, date(2026, 3, 21), "interfund", corrects="2026-03-0001"))
    assert caught.value.codes == ("FL101",)

    fund.reverse(receipt.refs[0], on=date(2026, 3, 22), maker="S03", reviewer="S01")
    fund.record(draft((debit(BANK, 30_00), credit(CLAIM, 30_00)), date(2026, 3, 23), "interfund"))
    fund.close("2026-03", actor="S01")
    fund.close_year(2026, actor="S01", maker="S03", reviewer="S01")

    assert fund.books().balance(CLAIM) == 0
    assert [f for f in fund.check(TODAY).findings if f.gates] == []

    fund.close_files()


def test_a_due_of_a_fund_that_never_was_is_not_settled(tmp_path: Path) -> None:
    begun(tmp_path)
    fund = changed(tmp_path)
    nobody = (debit(BANK, 1_00), credit("Assets:DueFrom:Fund:Nobody", 1_00))
    with pytest.raises(Refused) as caught:
        fund.record(draft(nobody, date(2026, 3, 20), "interfund"))

    assert caught.value.codes == ("FL101", "FL404")

    fund.close_files()


def forbidden(values: Values) -> None:
    values["controls"]["maker_may_post"] = False


def test_what_was_found_sound_under_other_rules_is_looked_at_again(tmp_path: Path) -> None:
    def allowed(values: Values) -> None:
        values["controls"]["maker_may_post"] = True
        held = [{"role": role, "from": "2025-01-01"} for role in ("maker", "poster")]
        values["staff"].append({"code": "S07", "title_zh": "岗", "title_en": "post", "roles": held})

    def twice(values: Values) -> None:
        allowed(values)
        forbidden(values)

    own = draft(drafts.allocation("District", 1_00), maker="S07", poster="S07")
    before = changed(tmp_path, allowed)
    before.record(own)
    after = changed(tmp_path, twice)
    after.record(replace(own, poster="S02"))
    assert "FL331" in codes(after.examine(own))
    force(tmp_path / "dibao", after, [numbered(own, 3)], at=AT, actor="S07")

    found = [f for f in after.check(TODAY).findings if f.code == "FL331"]
    assert [finding.voucher for finding in found] == ["2026-03-0003"]
