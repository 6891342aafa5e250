"""One office: what its rules say and all its funds, each in a directory of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundledger.checks.run import on_office
from fundledger.errors import NotFound
from fundledger.findings import Finding, by_weight
from fundledger.fund import Fund, Surroundings, open_fund

if TYPE_CHECKING:
    from fundledger.charter import BudgetRules, Charter
    from fundledger.checks.audit import Audit
    from fundledger.ledger.books import Books


@dataclass(frozen=True, slots=True)
class OfficeAudit:
    """What an audit of an office found: fund by fund, and between the funds."""

    funds: Mapping[str, Audit]
    findings: tuple[Finding, ...]


class Office:
    """The directory with `rules/` and `ledgers/` in it."""

    def __init__(self, root: Path, surroundings: Surroundings | None = None) -> None:
        """Open the office at `root`.

        Raises:
            NotFound: FL912, there is no `rules/` directory in it.

        """
        self.root = Path(root)
        try:
            found = (self.root / "rules").is_dir()
        except OSError:
            found = False
        if not found:
            raise NotFound(Finding("FL912", str(root), {"path": str(root)}))
        self.surroundings = surroundings or Surroundings()
        self._charter: Charter | None = None
        self._funds: dict[str, Fund] = {}

    @property
    def charter(self) -> Charter:
        """What `rules/` says, read once.

        Raises:
            CharterInvalid: FL0xx, everything that is wrong in it at once.

        """
        if self._charter is None:
            from fundledger.charter import load_charter  # noqa: PLC0415 - pydantic when needed

            self._charter = load_charter(self.root / "rules")
        return self._charter

    @property
    def budget_rules(self) -> BudgetRules:
        """What `rules/budget.toml` says of deriving a budget."""
        from fundledger.charter import load_budget_rules  # noqa: PLC0415 - pydantic when needed

        return load_budget_rules(self.root / "rules")

    @property
    def fund_ids(self) -> tuple[str, ...]:
        """The ids of all funds, in the order of the rules."""
        return tuple(fund.id for fund in self.charter.funds)

    def fund(self, fund_id: str) -> Fund:
        """Return a fund by its id.

        Raises:
            NotFound: FL030, the rules know no such fund.

        """
        found = self._funds.get(fund_id)
        if found is None:
            charter = self.charter.fund_charter(fund_id)
            found = open_fund(self.root / "ledgers" / fund_id, charter, self.surroundings)
            self._funds[fund_id] = found
        return found

    def check(
        self,
        funds: tuple[str, ...] = (),
        as_of: date | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> OfficeAudit:
        """Audit some funds, or all of them and what stands between them."""
        audits: dict[str, Audit] = {}
        for fund_id in funds or self.fund_ids:

            def told(done: int, total: int, fund_id: str = fund_id) -> None:
                if progress is not None:
                    progress(fund_id, done, total)

            audits[fund_id] = self.fund(fund_id).check(as_of, told)
            told(1, 1)
        findings = [finding for result in audits.values() for finding in result.findings]
        if not funds:
            books: dict[str, Books] = {fund: result.books for fund, result in audits.items()}
            findings += on_office(books)
            findings += self._without_rules()
        return OfficeAudit(audits, tuple(sorted(findings, key=by_weight)))

    def _without_rules(self) -> list[Finding]:
        """Return a finding for each fund that has a journal and no rules any more."""
        known = {fund.id for fund in self.charter.funds}
        kept = sorted(path.parent.name for path in (self.root / "ledgers").glob("*/journal"))
        return [Finding("FL042", name, {}, name) for name in kept if name not in known]
