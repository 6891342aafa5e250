"""Every check has one smallest case that it finds, told in words, and a neighbour that it lets be.

`cases/<code>/case.toml` tells how the book came to be; `finding.txt` is what people are told.
`REFRESH_GOLDENS=1 pytest tests/checks` writes the latter anew, to be read before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from fundledger.checks.listed import EVERY_CHECK
from fundledger.findings import Finding, yuan
from fundledger.texts import codes, text
from support.stories import ACTS, Stage, read_case, refusal, wrong

CASES = Path(__file__).with_name("cases")
CODES = sorted(path.name for path in CASES.iterdir())
CHECKS = {check.code: check for check in EVERY_CHECK}
BEFORE_BUDGET_FORMS = "FL510"
# Told by no check, but of a batch before its approval (payment/test_gone.py), of a register
# (cli/test_coverage.py), and of a statement (reconcile/test_payments.py).
OF_NO_CHECK = frozenset({"FL350", "FL351", "FL416"})
# The first record of a fund brings its charter along, refused or not.
FIRST_RECORD = {
    "voucher": "allocation",
    "on": date(2026, 1, 5),
    "lines": "debit Assets:Bank:Dedicated 1.00\ncredit Income:Appropriation:District 1.00",
}


def shown(findings: Sequence[Finding]) -> str:
    """Return findings as a person may review them: place, both sentences, both remedies."""
    blocks = []
    for finding in findings:
        places = {
            "fund": finding.fund,
            "record": finding.sequence,
            "voucher": finding.voucher,
            "subject": finding.subject,
            "amount": None if finding.amount_fen is None else yuan(finding.amount_fen),
        }
        told = [f"{name} {value}" for name, value in places.items() if value not in {None, ""}]
        refuses = "refuses" if finding.gates else "reports"
        blocks.append(
            f"{finding.code} {finding.severity.value}, {refuses}: {', '.join(told)}\n"
            f"  {finding.title('zh')}: {finding.sentence('zh')}\n"
            f"    {finding.remedy('zh')}\n"
            f"  {finding.title('en')}: {finding.sentence('en')}\n"
            f"    {finding.remedy('en')}\n"
        )
    return "\n".join(blocks)


def unfilled(finding: Finding) -> set[str]:
    """Return the places in a finding's words that it has no value for."""
    known = {"subject", "fund", "voucher", "sequence", *finding.details}
    if finding.amount_fen is not None:
        known.add("amount")
    words = " ".join(text(finding.code).words.values())
    return {place for _, place, _, _ in Formatter().parse(words) if place} - known


def golden(code: str, findings: Sequence[Finding]) -> str:
    path = CASES / code / "finding.txt"
    if os.environ.get("REFRESH_GOLDENS"):
        path.write_text(shown(findings), encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_what_is_wrong_is_found_and_told_in_both_languages(code: str, tmp_path: Path) -> None:
    case = read_case(CASES / code / "case.toml")
    stage = Stage(tmp_path, case)
    earlier, last = wrong(case)
    stage.tell(earlier)
    refused: Sequence[Finding] = ()
    if text(code).gates and ACTS & last.keys():
        refused = refusal(stage, last)
        stage.do_anyway(last)
    else:
        stage.do(last)
    found = stage.seen()

    assert code in [finding.code for finding in found]
    assert [unfilled(finding) for finding in found] == [set()] * len(found)
    assert not refused or [f for f in found if f.gates and f not in refused] == []
    assert shown(found) == golden(code, found)


@pytest.mark.parametrize("code", CODES)
def test_its_neighbour_is_let_be(code: str, tmp_path: Path) -> None:
    case = read_case(CASES / code / "case.toml")
    stage = Stage(tmp_path, case)
    stage.tell([*case.get("before", ()), *case.get("right", ())])

    assert shown([finding for finding in stage.seen() if finding.code == code]) == ""


def acts(code: str) -> bool:
    """Whether the wrong step of a case is an act, and not a line written past the gate."""
    last = read_case(CASES / code / "case.toml")["wrong"][-1]
    return text(code).gates and bool(ACTS & last.keys())


@pytest.mark.parametrize("code", [code for code in CODES if acts(code)])
def test_an_act_that_is_refused_writes_nothing(code: str, tmp_path: Path) -> None:
    case = read_case(CASES / code / "case.toml")
    stage = Stage(tmp_path, case)
    earlier, last = wrong(case)
    stage.tell(earlier or [FIRST_RECORD])
    before = contents(tmp_path)
    said = [finding.code for finding in refusal(stage, last) if finding.gates]

    assert code in said
    assert contents(tmp_path) == before


def test_only_what_the_program_numbers_and_digests_itself_is_never_refused_but_found() -> None:
    assert [code for code in CODES if text(code).gates and not acts(code)] == [
        "FL301",
        "FL302",
        "FL338",
        "FL509",
        "FL602",
        "FL605",
        "FL616",
        "FL617",
        "FL619",
        "FL620",
        "FL622",
        "FL751",
        "FL752",
        "FL755",
        "FL758",
    ]


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".state" not in path.parts
    }


def test_every_code_of_a_check_has_a_case_and_every_case_a_code() -> None:
    of_books = [code for code in codes() if "FL1" <= code < "FL7" and not _without_check(code)]
    catalogue = sorted({*of_books, *CHECKS})

    assert catalogue == CODES


def _without_check(code: str) -> bool:
    return code in OF_NO_CHECK or BEFORE_BUDGET_FORMS <= code < "FL6"


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_the_catalogue_says_of_each_check_whether_it_gates(code: str) -> None:
    assert text(code).gates is (CHECKS[code].gates.value != "never")


def test_no_two_checks_share_a_code() -> None:
    assert len(CHECKS) == len(EVERY_CHECK)
