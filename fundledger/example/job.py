"""The main job on the example office: check its books, reconcile its accounts, propose a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import fundledger
from fundledger.bank import read_statement
from fundledger.budget import documents, propose
from fundledger.errors import NotFound
from fundledger.example.build import SEED
from fundledger.example.plan import load_plan
from fundledger.example.slips import known_people
from fundledger.example.statements import write_statements
from fundledger.findings import Finding, Severity
from fundledger.ledger.surroundings import SHANGHAI, Surroundings, wall_clock
from fundledger.reconcile import Adjustment, try_out
from fundledger.report.adjustment import Heading, adjustment_workbook
from fundledger.report.proposal import write_proposal

if TYPE_CHECKING:
    from fundledger.budget import Proposal
    from fundledger.office import OfficeAudit

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """Who is told how far each step is: fund, funds done, funds in all."""

    check: Progress
    statements: Progress
    reconcile: Progress
    propose: Progress


@dataclass(frozen=True, slots=True)
class Result:
    """What the job came to: the audit, each account's adjustment, the proposal, and the files."""

    office: fundledger.Office
    audit: OfficeAudit
    adjustments: Mapping[str, Adjustment]
    proposal: Proposal
    folder: Path
    budget: Path

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what must be cured: errors in books and budget, statements that do not tie.

        What the bank has booked and the office has not is no error yet: it is what a
        reconciliation is made to show.
        """
        wrong = [f for f in self.audit.findings if f.severity is Severity.ERROR]
        wrong += [f for f in self.proposal.findings if f.severity is Severity.ERROR]
        for adjustment in self.adjustments.values():
            wrong += [finding for finding in adjustment.findings if finding.gates]
        return tuple(wrong)


def not_before(day: date, clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return a clock that stands at the end of a day until the other one has passed it.

    So the example's office, which is dated, is the same on a machine whose clock is behind.
    """
    end = datetime.combine(day, time(23, 59), SHANGHAI)
    return lambda: max(clock(), end)


def do_job(root: Path, out: Path, steps: Steps) -> Result:
    """Check, reconcile and propose for the example office at `root`; write only below `out`.

    Raises:
        NotFound: FL951, there are no books; FL912, there are no rules.
        CharterInvalid, NeedInvalid, StatementInvalid: what cannot be read.

    """
    plan = load_plan()
    office = fundledger.open(root, Surroundings(not_before(plan.last_day, wall_clock)))
    if not any((office.root / "ledgers").glob("*/journal/*.jsonl")):
        raise NotFound(Finding("FL951", str(root), {"path": str(root / "ledgers")}))
    done: dict[str, int] = {}

    def checked(fund: str, at: int, total: int) -> None:
        if at == total:
            done[fund] = 1
        steps.check(fund, len(done), len(office.fund_ids))

    audit = office.check(as_of=plan.last_day, progress=checked)
    statements = write_statements(office, plan, out / "statements", SEED, steps.statements)
    forms = out / "reconciliations"
    forms.mkdir(parents=True, exist_ok=True)
    created = datetime.combine(plan.last_day, time())
    adjustments = {}
    for number, (fund_id, path) in enumerate(statements.items()):
        steps.reconcile(fund_id, number, len(statements))
        known = known_people(plan, fund_id)
        trial = try_out(office.fund(fund_id), [read_statement(path)], known=known)
        adjustments[fund_id] = trial.adjustment  # after what was signed; nothing is signed here
        heading = _heading(office, fund_id)
        data = adjustment_workbook(adjustments[fund_id], heading, created=created)
        (forms / f"{fund_id}-{plan.last_day:%Y-%m}.xlsx").write_bytes(data)
    year = plan.last_day.year + 1
    proposal = propose(office, year, as_of=plan.last_day, progress=steps.propose)
    budget = out / f"{year}年度社会救助资金预算建议.xlsx"
    write_proposal(proposal, budget, created, documents(office, proposal))
    return Result(office, audit, adjustments, proposal, out, budget)


def _heading(office: fundledger.Office, fund_id: str) -> Heading:
    fund = office.charter.fund(fund_id)
    return Heading(office.charter.office.zh, fund.zh, fund.bank_account.bank)
