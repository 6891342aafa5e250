"""A proposal that is kept can be derived again, and whatever is not as it was is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fundledger.budget import (
    Kept,
    compared_of,
    difference,
    kept_bytes,
    propose,
    read_kept,
    verified,
    what_if,
)
from fundledger.budget.assumed import assuming
from fundledger.budget.compare import Difference
from fundledger.budget.kept import digest
from fundledger.budget.waterfall import limits_of, running_fen
from fundledger.charter import load_budget_rules
from fundledger.errors import FundledgerError, InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.surroundings import SHANGHAI, Surroundings
from fundledger.office import Office
from fundledger.report.proposal_changes import difference_told
from support.budgets import (
    AS_OF,
    ILLNESS,
    KEY,
    RULES,
    RULES_OF_BUDGET,
    YEAR,
    declared,
    funded,
    line_of,
    need,
    paid,
    proposed,
    ruled,
    three_lines_at,
)
from support.forging import forged
from support.offices import Clock, numbered_keys

Whole = dict[str, Any]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an office with a kept proposal beside it."""
    root = tmp_path_factory.mktemp("made")
    office = three_lines_at(root / "office")
    (root / "kept.json").write_bytes(kept_bytes(proposed(office)))
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """Return a copy of both, to do with as a test likes."""
    return shutil.copytree(made, tmp_path / "own")


def office_in(root: Path) -> Office:
    clock = Clock(datetime(2027, 3, 1, 9, 0, tzinfo=SHANGHAI))
    return Office(root / "office", Surroundings(clock, numbered_keys("L")))


def again(root: Path) -> list[tuple[str, str, object]]:
    """Verify the kept proposal; code, subject and how of each finding, said in whole sentences."""
    found = verified(office_in(root), read_kept(root / "kept.json"))
    for one in found.findings:
        for language in ("zh", "en"):
            assert "?" not in one.sentence(language) + one.remedy(language)
    return [(one.code, one.subject, one.details.get("differs")) for one in found.findings]


def rewrite(root: Path, change: Callable[[Whole], None], *, signed: bool) -> None:
    """Change what a kept proposal says, with a digest that fits again if `signed`."""
    path = root / "kept.json"
    whole = json.loads(path.read_text(encoding="utf-8"))
    change(whole)
    if signed:
        whole["sha256"] = digest(whole["version"], whole["proposal"])
    path.write_text(json.dumps(whole), encoding="utf-8")


def refusal(path: Path) -> list[tuple[str, object]]:
    with pytest.raises(InputInvalid) as caught:
        read_kept(path)
    for one in caught.value.findings:
        assert "?" not in one.sentence("zh") + one.sentence("en")
    return [(one.code, one.details.get("reason")) for one in caught.value.findings]


def test_what_was_just_kept_holds(root: Path) -> None:
    assert again(root) == []


def test_the_same_proposal_gives_the_same_bytes(root: Path) -> None:
    before = (root / "kept.json").read_bytes()

    assert kept_bytes(proposed(office_in(root))) == before


def test_the_example_offices_proposal_holds(tmp_path: Path) -> None:
    office = Office(RULES.parent)
    path = tmp_path / "kept.json"
    path.write_bytes(kept_bytes(propose(office, YEAR, as_of=AS_OF)))

    found = verified(office, read_kept(path))

    assert found.holds
    assert set(found.grown.values()) == {0}


def test_records_that_came_later_do_not_count_and_are_told(root: Path) -> None:
    """They are dated within the year that was looked at, and would have moved the line."""
    office = office_in(root)
    funded(office, KEY.fund, ILLNESS, 1_000_00)
    paid(office, KEY.fund, ILLNESS, [(date(2026, 10, 12), 1_000_00)])
    assert line_of(proposed(office), "MajorIllness").history.actual_fen == 41_000_00

    found = verified(office, read_kept(root / "kept.json"))

    assert found.holds
    assert {fund: more for fund, more in found.grown.items() if more} == {KEY.fund: 2}


def test_a_record_less_is_told(root: Path) -> None:
    journal = max((root / "office" / "ledgers" / KEY.fund / "journal").glob("*.jsonl"))
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-1]))
    shutil.rmtree(root / "office" / "ledgers" / KEY.fund / ".state", ignore_errors=True)

    assert ("FL565", KEY.fund, "short") in again(root)


def test_another_journal_is_told(root: Path) -> None:
    """As many records, of which one pays a fen more: the head is another one."""
    shutil.rmtree(root / "office" / "ledgers" / KEY.fund)
    office = office_in(root)
    for line, month_fen in ((("CASC", "LowIncome"), 10_000_00), (ILLNESS, 4_000_00)):
        funded(office, KEY.fund, line, month_fen * 12)
        paid(office, KEY.fund, line, [(date(2026, month, 10), month_fen) for month in range(1, 11)])
    line = ("CASC", "UnempHardship")
    funded(office, KEY.fund, line, 2_000_00 * 12)
    months = [(date(2026, month, 10), 2_000_00 + month // 10) for month in range(1, 11)]
    paid(office, KEY.fund, line, months)

    assert again(root) == [("FL565", KEY.fund, "head")]


def test_a_need_that_changed_came_or_went_is_told(root: Path) -> None:
    office = office_in(root)
    declared(office, "CASC", [need(KEY.fund, "MajorIllness", 60_000_01)])
    declared(office, "Joint", [need("emergency", "Emergency", 100_00)])
    assert again(root) == [
        ("FL565", "CASC.xlsx", "changed"),
        ("FL565", "Joint.xlsx", "new"),
    ]

    (office.root / "rules" / "needs" / "2027" / "CASC.xlsx").unlink()
    (office.root / "rules" / "needs" / "2027" / "Joint.xlsx").unlink()
    assert again(root) == [("FL565", "CASC.xlsx", "gone")]


def test_a_need_that_became_no_workbook_is_told_as_another_one(root: Path) -> None:
    (root / "office" / "rules" / "needs" / "2027" / "CASC.xlsx").write_bytes(b"paper")

    assert again(root) == [("FL565", "CASC.xlsx", "changed")]


def test_a_rule_that_changed_is_told_though_it_moves_nothing(root: Path) -> None:
    with (root / "office" / "rules" / "staff.toml").open("a", encoding="utf-8") as rules:
        rules.write("# a remark\n")

    assert again(root) == [("FL565", "staff.toml", "changed")]


def test_the_needs_of_the_year_before_are_of_what_it_rests_on(root: Path) -> None:
    """A figure copied from them is told (FL545), so they decide on the content too."""
    office = office_in(root)
    declared(office, "CASC", [need(KEY.fund, "MajorIllness", 60_000_00)], year=2026)
    assert again(root) == [("FL565", "2026/CASC.xlsx", "new")]

    (root / "kept.json").write_bytes(kept_bytes(proposed(office)))
    assert again(root) == []
    declared(office, "CASC", [need(KEY.fund, "MajorIllness", 50_000_00)], year=2026)
    assert again(root) == [("FL565", "2026/CASC.xlsx", "changed")]


def raise_a_figure(whole: Whole) -> None:
    line = whole["proposal"]["lines"][0]
    line["proposed_fen"] += 100_00
    line["steps"][-1]["amount_fen"] += 100_00
    line["steps"][-1]["exact_fen"] = str(Fraction(line["steps"][-1]["exact_fen"]) + 100_00)


def drop_a_line(whole: Whole) -> None:
    del whole["proposal"]["lines"][0]


def hide_a_finding(whole: Whole) -> None:
    whole["proposal"]["findings"] = []


def ask_for_more(whole: Whole) -> None:
    whole["proposal"]["funds"][0]["request_fen"] += 1


def another_reason(whole: Whole) -> None:
    whole["proposal"]["lines"][0]["steps"][0]["source"] = "journal elsewhere#1"


FORGED = (raise_a_figure, drop_a_line, hide_a_finding, ask_for_more, another_reason)


@pytest.mark.parametrize("forge", FORGED)
def test_a_file_that_was_changed_is_known_by_its_digest(
    root: Path, forge: Callable[[Whole], None]
) -> None:
    rewrite(root, forge, signed=False)

    assert refusal(root / "kept.json") == [("FL564", "digest")]


@pytest.mark.parametrize("forge", FORGED)
def test_a_file_with_a_digest_that_fits_is_known_by_deriving_it_again(
    root: Path, forge: Callable[[Whole], None]
) -> None:
    rewrite(root, forge, signed=True)

    assert {code for code, _, _ in again(root)} == {"FL566"}


@pytest.mark.parametrize(
    ("forge", "place", "was", "present"),
    [
        (lambda p: p["deferred"].append({}), "deferred #2", "{}", "-"),
        (lambda p: p["deferred"].append(None), "deferred #2", "null", "-"),
        (lambda p: p.update(declarations=None), "declarations", "null", "[…]"),
        (lambda p: p.update(note=None), "note", "null", "-"),
        (lambda p: p.update(complete=0), "complete", "0", "false"),
        (lambda p: p.update(cut_off=10), "cut_off", "10", "2026-10-31"),
        (
            lambda p: p["lines"][0].update(note=None),
            "lines low-income/CASC:LowIncome note", "null", "-",
        ),
        (
            lambda p: p["lines"].pop(0),
            "lines low-income/CASC:LowIncome proposed_fen", "-", "125,000.00",
        ),
        (
            lambda p: p["lines"][1].update(carry_over_fen=1),
            "lines low-income/CASC:MajorIllness carry_over_fen", "0.01", "0.00",
        ),
        (
            lambda p: p["lines"][0]["steps"][0]["inputs"].update(months=11),
            "lines low-income/CASC:LowIncome steps actual inputs months", "11", "10",
        ),
        (
            lambda p: p["findings"].insert(0, {**p["findings"][0], "code": "FL415"}),
            "findings FL415/Union.xlsx", "{…}", "-",
        ),
        (
            lambda p: p["findings"][0].update(remedy_en=p["findings"][0]["remedy_en"][:-1] + "!"),
            "findings FL540/Union.xlsx remedy_en", "…ver stand in!", "…ver stand in.",
        ),
        (lambda p: p["findings"].append(None), "findings #", "null", "-"),
        (lambda p: p["provenance"].update(note=None), "provenance note", "null", "-"),
        (lambda p: p["funds"].reverse(), "funds #1", None, None),
    ],
)  # fmt: skip
def test_the_place_that_comes_out_otherwise_is_named(
    root: Path,
    forge: Callable[[Whole], None],
    place: str,
    was: str | None,
    present: str | None,
) -> None:
    rewrite(root, lambda whole: forge(whole["proposal"]), signed=True)

    (one,) = verified(office_in(root), read_kept(root / "kept.json")).findings

    assert one.code == "FL566"
    assert one.subject.startswith(place)
    if was is not None:
        assert (one.details["was"], one.details["present"]) == (was, present)


def of_files(finding: Whole) -> bool:
    return str(finding.get("code")).startswith("FL6")


def test_of_a_line_its_figure_is_told_before_all_else(root: Path) -> None:
    def forge(whole: Whole) -> None:
        raise_a_figure(whole)
        whole["proposal"]["lines"][0]["need_fen"] += 1

    rewrite(root, forge, signed=True)

    figure = "lines low-income/CASC:LowIncome proposed_fen"
    assert [subject for _, subject, _ in again(root)] == [figure]


def has_to_hold(content: Whole) -> str:
    """Return all but findings on the files of a journal, written out: 1 is not true."""
    findings = content.get("findings")
    if isinstance(findings, list):
        others = [one for one in findings if not (isinstance(one, dict) and of_files(one))]
        content = {**content, "findings": others}
    return json.dumps(content, sort_keys=True)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whatever_is_forged_anywhere_in_a_file_is_told(made: Path, data: st.DataObject) -> None:
    """Its digest fits again; the program ends with a finding, in words that can be shown."""
    whole = json.loads((made / "kept.json").read_text(encoding="utf-8"))
    before = whole["proposal"]
    whole["proposal"] = data.draw(forged(before))
    assume(has_to_hold(before) != has_to_hold(whole["proposal"]))
    whole["sha256"] = digest(whole["version"], whole["proposal"])
    path = made / "forged.json"
    path.write_text(json.dumps(whole), encoding="utf-8")

    findings: Sequence[Finding]
    try:
        findings = verified(office_in(made), read_kept(path)).findings
    except FundledgerError as error:
        findings = error.findings

    assert findings
    for one in findings:
        for language in ("zh", "en"):
            assert one.sentence(language).isprintable()


def test_only_what_was_found_in_the_files_of_a_journal_may_be_another_thing(root: Path) -> None:
    def find(whole: Whole) -> None:
        findings = whole["proposal"]["findings"]
        findings.insert(1, {**findings[0], "code": "FL606"})

    rewrite(root, find, signed=True)

    assert again(root) == []


@pytest.mark.parametrize(
    "code", ["FL415", "FL5", "FL", "FL6", "FL6000", "FL60x", "fl606", 606, None]
)
def test_a_finding_of_any_other_code_has_to_come_out_again(root: Path, code: object) -> None:
    def find(whole: Whole) -> None:
        findings = whole["proposal"]["findings"]
        findings.insert(1, {**findings[0], "code": code})

    rewrite(root, find, signed=True)

    assert [one for one, _, _ in again(root)] == ["FL566"]


@pytest.mark.parametrize("moved", [-1, 1])
def test_a_file_that_names_a_record_more_or_less_is_told(root: Path, moved: int) -> None:
    def move(whole: Whole) -> None:
        (book,) = [b for b in whole["proposal"]["provenance"]["books"] if b["fund"] == KEY.fund]
        book["records"] += moved

    rewrite(root, move, signed=True)

    assert again(root) == [("FL565", KEY.fund, "head" if moved < 0 else "short")]


def test_a_file_that_names_a_fund_that_there_is_not_is_told(root: Path) -> None:
    def add(whole: Whole) -> None:
        books = whole["proposal"]["provenance"]["books"]
        books.append({"fund": "../../none", "records": 1, "head": "0" * 64})
        whole["proposal"]["provenance"]["needs"]["../../../etc/passwd"] = "0" * 64

    rewrite(root, add, signed=True)

    assert again(root) == [
        ("FL565", "../../none", "gone"),
        ("FL565", "../../../etc/passwd", "gone"),
    ]


def test_steps_that_do_not_add_up_are_refused_before_anything_is_derived(root: Path) -> None:
    def bend(whole: Whole) -> None:
        whole["proposal"]["lines"][0]["proposed_fen"] += 1

    rewrite(root, bend, signed=True)

    assert refusal(root / "kept.json") == [("FL564", "sums")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "json"),
        (b"PK\x03\x04", "json"),
        (b"\xff\xfe", "json"),
        (b"[" * 100_000, "json"),
        (b'{"format": 1, "format": 2}', "json"),
        (b'{"format": NaN}', "json"),
        (b"[]", "form"),
        (b"{}", "form"),
        (b'{"format": "fundledger-proposal-2"}', "form"),
        (
            b'{"format": "fundledger-proposal-1", "version": "1", "sha256": "0", "proposal": 1}',
            "form",
        ),
        (
            b'{"format": "fundledger-proposal-1", "version": "1", "sha256": "0", "proposal": {}}',
            "digest",
        ),
    ],
)
def test_what_is_no_proposal_is_told_as_that(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(data)

    assert refusal(path) == [("FL564", reason)]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(year="2027"),
        lambda p: p.update(as_of="tomorrow"),
        lambda p: p.update(lines={}),
        lambda p: p["lines"][0].update(steps=None),
        lambda p: p["lines"][0]["steps"][0].update(exact_fen="1e999999999"),
        lambda p: p["lines"][0]["steps"][0].update(exact_fen="1/0"),
        lambda p: p["lines"][0]["steps"][0]["inputs"].update(gap_fen="1e999999999"),
        lambda p: p.update(as_of="\ud800"),
        lambda p: p["lines"].append(p["lines"][0]),
        lambda p: p["provenance"].pop("books"),
        lambda p: p["provenance"]["books"][0].update(records=-1),
    ],
)
def test_content_of_another_shape_is_refused_whatever_its_digest(
    root: Path, change: Callable[[Whole], None]
) -> None:
    rewrite(root, lambda whole: change(whole["proposal"]), signed=True)

    assert refusal(root / "kept.json") == [("FL564", "form")]


# Two proposals, and what differs.


def kept(root: Path, name: str, office: Office) -> Kept:
    path = root / name
    path.write_bytes(kept_bytes(proposed(office)))
    return read_kept(path)


def compared(root: Path, office: Office) -> Difference:
    return difference(
        read_kept(root / "kept.json").proposal, kept(root, "now.json", office).proposal
    )


def test_a_proposal_does_not_differ_from_itself(root: Path) -> None:
    own = read_kept(root / "kept.json").proposal

    found = difference(own, own)

    assert found.nothing
    assert found.rests_on == ()


def test_a_need_that_changed_is_the_reason(root: Path) -> None:
    """The gap was over the tolerance before and is so now: more is put off, no figure moves."""
    office = office_in(root)
    amounts = {"LowIncome": 125_000_00, "MajorIllness": 60_000_00, "UnempHardship": 23_000_00}
    declared(office, "CASC", [need(KEY.fund, name, fen) for name, fen in amounts.items()])

    found = compared(root, office)

    (line,) = found.lines
    assert (line.line, line.was_fen, line.now_fen) == ("CASC:UnempHardship", 24_000_00, 23_000_00)
    assert (line.was_need_fen, line.now_need_fen) == (24_000_00, 23_000_00)
    assert line.rests_on == ("need CASC.xlsx",)
    (step,) = line.steps
    assert (step.name, step.was_fen, step.now_fen, step.why) == (
        "accepted-gap", 0, -1_000_00, ("inputs",)
    )  # fmt: skip
    assert [(one.name, one.was, one.now) for one in step.inputs] == [
        ("need_fen", 24_000_00, 23_000_00),
        ("gap_fen", "0", "-100000"),
    ]
    (total,) = found.totals
    assert total.was_need_fen is not None
    assert total.now_need_fen == total.was_need_fen - 1_000_00


def test_books_that_went_on_are_the_reason(root: Path) -> None:
    office = office_in(root)
    funded(office, KEY.fund, ILLNESS, 1_000_00)
    paid(office, KEY.fund, ILLNESS, [(date(2026, 10, 12), 1_000_00)])

    found = compared(root, office)

    (line,) = found.lines
    assert line.rests_on == (f"book {KEY.fund}",)
    reasons = {step.name: step.why for step in line.steps}
    assert reasons["actual"] == ("source",)
    assert reasons["annualisation"] == ("inputs",)


def test_rules_that_changed_are_the_reason(root: Path) -> None:
    override = (
        '[[override]]\nfund = "low-income"\nunit = "CASC"\ncategory = "MajorIllness"\nyear = 2027\n'
        'amount = "55555.55"\nactor = "S07"\nreason = "已核对"\ndocument = "例会纪〔2026〕9号"\n'
    )

    found = compared(root, ruled(office_in(root), override))

    (line,) = found.lines
    assert (line.was, line.now) == ("capped", "overridden")
    assert line.rests_on == ("rule budget.toml",)
    assert [(one.name, one.was_fen, one.now_fen) for one in line.steps] == [
        ("override", None, 5_155_55),
        ("rounding", 0, 0),
    ]
    told = "\n".join(difference_told(found, "zh"))
    assert "部分核定 → 手工核定" in told
    assert "手工核定 - → 5,155.55：核定数 55,555.55；测算数 50,400.00；核定岗位 S07" in told
    assert "依据不同：规则 budget.toml" in told


def test_lines_that_came_or_went_are_told(root: Path) -> None:
    office = office_in(root)
    declared(office, "CASC", [need(KEY.fund, "LowIncome", 125_000_00)])
    declared(office, "Joint", [need("emergency", "Emergency", 500_00, basis="例会纪〔2026〕3号")])

    found = compared(root, office)

    assert {(line.line, line.was, line.now, line.now_fen) for line in found.lines} == {
        ("CASC:MajorIllness", "capped", "FL541", None),
        ("CASC:UnempHardship", "as-declared", "FL541", None),
        ("Joint:Emergency", "FL540", "new", 500_00),
        ("Joint:Festival", "FL540", "", None),
        ("Joint:Visit", "FL540", "", None),
    }


# What would come out if the rules said otherwise.


@pytest.mark.parametrize("name", [one.name for one in RULES_OF_BUDGET.sources])
def test_trying_a_value_that_the_rules_have_moves_nothing(root: Path, name: str) -> None:
    office = office_in(root)
    values = dict(office.budget_rules)
    value = values[name] if name in values else f"{values[f'{name}_fen'] / 100:.2f}"

    tried = [f"{name}={value}", "uplift.dibao=500"]
    was, now = what_if(office, YEAR, tried, as_of=AS_OF)

    assert was == now == proposed(office)
    assert difference(compared_of(was), compared_of(now)).nothing


def test_a_tolerance_moves_the_lines_that_it_decides_and_no_others(root: Path) -> None:
    """8 % of 48,000 are 3,840: 51,840 and rounded 51,800 in place of 50,400."""
    office = office_in(root)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}

    was, now = what_if(office, YEAR, ["tolerance_basis_points=800"], as_of=AS_OF)
    found = difference(compared_of(was), compared_of(now))

    (line,) = found.lines
    assert (line.line, line.was_fen, line.now_fen) == ("CASC:MajorIllness", 50_400_00, 51_800_00)
    assert [(one.name, one.was, one.now) for one in line.steps[0].inputs] == [
        ("tolerance_basis_points", 500, 800)
    ]
    assert found.rests_on == ()
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_an_uplift_moves_what_follows_the_standard() -> None:
    rules = assuming(load_budget_rules(RULES), ["uplift.dibao=800", "rounding_unit=1.00"])

    assert {one.rate: one.basis_points for one in rules.uplifts}["dibao"] == 800
    assert {one.rate: one.basis_points for one in rules.uplifts}["tekun"] == 500
    assert rules.rounding_unit_fen == 100


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tolerance_basis_points", "form"),
        ("=5", "form"),
        ("", "form"),
        ("tolerance=5", "key"),
        ("uplift.nothing=5", "key"),
        ("patterns=5", "key"),
        ("sources=5", "key"),
        ("from=2027-01-01", "key"),
        ("tolerance_basis_points=", "value"),
        ("tolerance_basis_points=-1", "value"),
        ("tolerance_basis_points=5.5", "value"),
        ("tolerance_basis_points=5%", "value"),
        ("tolerance_basis_points=1000001", "value"),
        ("tolerance_basis_points=" + "9" * 5000, "value"),
        ("tolerance_basis_points=٣", "value"),
        ("rounding_unit=0.00", "value"),
        ("rounding_unit=50", ""),
        ("rounding_rigid=down", "value"),
        ("treatment_discretion=rigid", ""),
        ("uplift.dibao=x", "value"),
    ],
)
def test_what_cannot_be_tried_is_told(text: str, reason: str) -> None:
    rules = load_budget_rules(RULES)
    if not reason:
        assert assuming(rules, [text]) != rules
        return
    with pytest.raises(InputInvalid) as caught:
        assuming(rules, [text, "cap_basis_points=1", "cap_basis_points=2"])

    found = [(one.code, one.details["reason"]) for one in caught.value.findings]
    assert found == [("FL563", reason), ("FL563", "twice")]
    for one in caught.value.findings:
        assert "?" not in one.sentence("zh") + one.sentence("en") + one.remedy("zh")


def test_a_round_of_which_nothing_was_told_is_not_told_from_a_least_of_nothing(root: Path) -> None:
    path = root / "office" / "rules" / "budget.toml"
    own = 'category = "MajorIllness"\npattern = '
    rules = path.read_text(encoding="utf-8")
    path.write_text(rules.replace(f'{own}"monthly"', f'{own}"seasonal"'), encoding="utf-8")

    _, now = what_if(office_in(root), YEAR, ["seasonal_least_basis_points=0"], as_of=AS_OF)

    assert ("CASC:MajorIllness", "FL554") in {(b.key.line, b.code) for b in now.blocked}


# A line is explained by the limits that it was held against.


@pytest.mark.parametrize(
    ("evidenced_fen", "rules", "decided_by", "accepted_fen"),
    [
        (0, "", "tolerance", 2_400_00),
        (15_000_00, "", "evidence", 3_000_00),
        (60_000_00, "", "cap", 7_200_00),
        (60_000_00, "cap_basis_points=2500", "gap", 12_000_00),
    ],
)
def test_it_is_told_what_decided_a_gap(
    root: Path, evidenced_fen: int, rules: str, decided_by: str, accepted_fen: int
) -> None:
    """Of 48,000 comparable and 60,000 declared 12,000 are the gap."""
    office = office_in(root)
    more = {"evidence": "名单", "evidenced_fen": evidenced_fen} if evidenced_fen else {}
    declared(office, "CASC", [need(KEY.fund, "MajorIllness", 60_000_00, **more)])

    _, proposal = what_if(office, YEAR, [rules] if rules else [], as_of=AS_OF)
    line = line_of(proposal, "MajorIllness")
    limits = limits_of(line)

    assert limits is not None
    assert (limits.decided_by, int(limits.accepted_fen)) == (decided_by, accepted_fen)
    assert limits.gap_fen == 12_000_00
    assert running_fen(line)[-1] == line.proposed_fen


def test_a_line_without_a_gap_above_its_base_is_held_against_no_limit(root: Path) -> None:
    proposal = proposed(office_in(root))

    assert limits_of(line_of(proposal, "UnempHardship")) is None
    assert limits_of(line_of(proposal, "LowIncome")) is None
