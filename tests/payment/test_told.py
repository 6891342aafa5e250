"""What is told of who is on a list, and of who is to be sent to the bank: a case each.

`golden/<code>.txt` is what people are told; `REFRESH_GOLDENS=1 pytest tests/payment` writes it
anew, to be read before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from fundledger.charter.models import Rate
from fundledger.errors import InputInvalid, Refused
from fundledger.findings import Finding
from fundledger.payer import Entitlement
from fundledger.payment import UnitList, read_unit_list, roster_of
from fundledger.payment.gone import gone_without_reason
from fundledger.payment.listed import left_out
from fundledger.payment.orders import order_of
from fundledger.people import Document
from fundledger.people.key import VaultKey
from fundledger.people.person import with_name
from fundledger.people.pseudonyms import Pseudonyms
from fundledger.people.vault import Account, Person, Vault, with_account
from support.offices import charter
from support.paying import MAKER, Payments, entitlement
from support.people import card_of
from support.told import golden, told
from support.unitlists import HEAD, row, write_list

GOLDEN = Path(__file__).with_name("golden")
MADE = Pseudonyms(bytes(32))
TODAY = date(2026, 3, 5)
SENT_ON = date(2026, 3, 12)
APPROVED_AT = "2026-03-11T09:00:00+08:00"
AFTER = "2026-03-11T10:00:00+08:00"


def read(root: Path, rows: Sequence[Sequence[object]], unit: str = "") -> UnitList:
    """Read a list of rows; of a `unit` of the standards, they are held against 2,000.00."""
    rates = [standard(unit)] if unit else []
    head = (*HEAD, "户号") if unit == "household-month" else HEAD
    path = write_list(root / "名单.xlsx", rows, head)
    return read_unit_list(path, charter(), "CASC", TODAY, rates=rates)


def standard(unit: str) -> Rate:
    values = {"slug": "most", "zh": "最高", "en": "highest", "category": "CASC:Dibao"}
    more = {"amount": "2000.00", "source": "示例", "verified": False, "from": date(2025, 1, 1)}
    return Rate.model_validate({**values, **more, "unit": unit})


def doubts(root: Path, *rows: Sequence[object], unit: str = "") -> Sequence[Finding]:
    return read(root, rows, unit).findings


def errors(root: Path, *rows: Sequence[object]) -> Sequence[Finding]:
    with pytest.raises(InputInvalid) as refused:
        read(root, rows)
    return refused.value.findings


def known(root: Path, died: str, *rows: Sequence[object]) -> Sequence[Finding]:
    """Return with what a list is refused if the vault knows the second row's person."""
    vault = Vault(root / "people.vault", VaultKey(bytes(32)), lambda: AFTER, bytes)
    vault.create()
    number, name, holder, account, bank = (str(row(2)[at]) for at in (2, 1, 7, 8, 9))
    vault.put(
        [Person(Document.RESIDENT, number, name, (Account(account, holder, bank),), died=died)]
    )
    path = write_list(root / "名单.xlsx", rows)
    roster = roster_of(vault, actor="S03", purpose="核对名单")
    with pytest.raises(InputInvalid) as refused:
        read_unit_list(path, charter(), "CASC", TODAY, roster=roster)
    return refused.value.findings


@dataclass(frozen=True)
class Approved:
    """One person's payment that was approved, as they were then."""

    payments: Payments
    batch: str
    person: Person

    def refused(self, now: Person) -> Sequence[Finding]:
        """Return with what it is not sent to the person as they are now."""
        batch, lines = self.payments.batch(self.batch), self.payments.lines(self.batch)
        people = {MADE.person(now.identity): now}
        rules = self.payments.fund.charter
        with pytest.raises(Refused) as refused:
            order_of(rules, batch, lines, people, MADE, SENT_ON, APPROVED_AT)
        return refused.value.findings


def account(number: int, since: str = "2026-03-01T09:00:00+08:00") -> Account:
    return Account(f"622202{number:013d}", "某甲", "某银行", since, MAKER)


def approved(root: Path) -> Approved:
    one = Person(Document.PASSPORT, "E00000001", "某甲", (account(1),))
    payments = Payments(root / "told")
    own = MADE.account(account(1).number)
    due = Entitlement(MADE.person(one.identity), "", "CASC", "Dibao", "2026-03", 500_00, own)
    batch = payments.prepare([due])
    payments.step(batch, "approve", "2026-03-11")
    return Approved(payments, batch, one)


def of_who_died(root: Path) -> Iterable[Finding]:
    """On a list, and of what was approved: before the month, and before the day of sending."""
    yield from known(root, "2026-02-28", row(1), row(2))
    paid = approved(root)
    for day in ("2026-02-28", "2026-03-11"):
        yield from paid.refused(replace(paid.person, died=day))


def of_who_was_changed_since(root: Path) -> Iterable[Finding]:
    paid = approved(root)
    one, used = paid.person, account(1, AFTER)
    yield from paid.refused(with_name(one, "某乙", at=AFTER, by=MAKER))
    yield from paid.refused(with_account(one, replace(used, holder="某丙")))
    yield from paid.refused(with_account(one, replace(used, bank="另一银行")))


def of_another_account(root: Path) -> Iterable[Finding]:
    paid = approved(root)
    return paid.refused(with_account(paid.person, account(2, AFTER)))


def above_the_standard_of_a_person(root: Path) -> Iterable[Finding]:
    return doubts(root, row(1), row(2, 金额=2000.01), unit="person-month")


def above_the_standard_of_a_household(root: Path) -> Iterable[Finding]:
    rows = [row(serial, 户号=f"家{serial // 2}") for serial in (1, 2, 3)]
    return doubts(root, *rows, unit="household-month")


def twice_on_a_list(root: Path) -> Iterable[Finding]:
    return errors(root, row(1), row(1, 银行账号=card_of("622202999999999999")))


def off_its_total(root: Path) -> Iterable[Finding]:
    return errors(root, row(1), ["合计", *[None] * 5, 1509.99, None, None])


def of_one_account_for_two(root: Path) -> Iterable[Finding]:
    return doubts(root, row(1), row(2, 银行账号=row(1)[8]))


def of_an_account_in_another_name(root: Path) -> Iterable[Finding]:
    return doubts(root, row(1, 户名="某监护"))


def under_another_name_than_the_vaults(root: Path) -> Iterable[Finding]:
    return known(root, "", row(2, 姓名="某别人", 户名="某别人"))


def under_two_names(root: Path) -> Iterable[Finding]:
    return errors(root, row(1), row(1, 姓名="某别人", 户名="某别人", 所属月份="2026-04"))


def of_who_is_not_listed_any_more(root: Path) -> Iterable[Finding]:
    payments = Payments(root / "told")
    before, _ = payments.sent([entitlement(one, period="2026-02") for one in (1, 2)])
    payments.step(before, "debit", "2026-03-11")
    batch = payments.prepare([entitlement(1)], "2026-03-20")
    return gone_without_reason(payments.batch(batch), payments.fund.books())


def of_who_is_entitled_and_never_listed(root: Path) -> Iterable[Finding]:
    entries = read(root, [row(1)]).entries
    return left_out("名册.xlsx", entries, MADE, Payments(root / "told").fund.books())


CASES: dict[str, Callable[[Path], Iterable[Finding]]] = {
    "FL350": of_who_is_not_listed_any_more,
    "FL351": of_who_is_entitled_and_never_listed,
    "FL707": above_the_standard_of_a_person,
    "FL709": of_who_died,
    "FL714": of_who_was_changed_since,
    "FL720": above_the_standard_of_a_household,
    "FL736": twice_on_a_list,
    "FL737": off_its_total,
    "FL738": of_one_account_for_two,
    "FL739": of_an_account_in_another_name,
    "FL742": under_another_name_than_the_vaults,
    "FL746": under_two_names,
    "FL791": of_another_account,
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_told_is_what_stands_beside_the_case(code: str, tmp_path: Path) -> None:
    found = [*CASES[code](tmp_path)]

    assert {finding.code for finding in found} == {code}
    assert told(found) == golden(GOLDEN, code, told(found))


def test_no_golden_is_left_without_its_case() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(CASES)
