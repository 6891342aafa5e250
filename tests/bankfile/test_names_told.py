"""A bank's answer that names somebody else is told, by its cell and without a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from fundledger.bankfile import BankResults, read_results, render
from fundledger.findings import Severity
from support.answers import ORDER, PAID, SENT, bank, table, xlsx
from support.honest_bank import Verdict, answered, line_of, suffix_of, taken

OTHER = "某丙"


def told(found: BankResults) -> list[tuple[str, object]]:
    """Return where another name is told, and of which line; nobody is named in it."""
    unlike = [finding for finding in found.findings if finding.code == "FL844"]
    for finding in unlike:
        assert finding.severity is Severity.WARNING
        assert not any(name in str(finding.as_json()) for name in (OTHER, "某甲", "某乙"))
    return [(one.subject.removeprefix(found.file).strip(), one.details["line"]) for one in unlike]


def named(tmp_path: Path, name: object) -> list[tuple[str, object]]:
    path = xlsx(tmp_path, table({**PAID, "收款户名": name}))
    return told(read_results(path, bank("generic"), SENT))


@pytest.mark.parametrize("name", ["某甲", " 某 甲 ", "某甲\u200b", "某*", "*甲", "**", "", "  "])
def test_the_same_name_is_not_told_however_it_is_written(tmp_path: Path, name: str) -> None:
    assert named(tmp_path, name) == []


@pytest.mark.parametrize("name", [OTHER, "某乙", "某甲甲", "*丙", "某**", "甲某", 5])
def test_another_name_is_told_by_its_cell(tmp_path: Path, name: object) -> None:
    assert named(tmp_path, name) == [("B3 [收款户名]", line_of(0))]


def test_of_two_columns_of_names_nobody_knows_which_is_the_payees(tmp_path: Path) -> None:
    """One may be the payer's: the answer is read all the same, and no name compared."""
    found = read_results(
        xlsx(tmp_path, table({**PAID, "户名": OTHER, "收款户名": "某甲"})), bank("generic"), SENT
    )

    assert (told(found), [one.outcome for one in found.results]) == ([], ["paid"])


def test_a_name_is_held_against_all_that_the_holder_was_called(tmp_path: Path) -> None:
    path = xlsx(tmp_path, table({**PAID, "收款户名": OTHER}))
    first, *more = SENT.lines

    def read(*holders: str) -> list[tuple[str, object]]:
        lines = (first._replace(holders=holders), *more)
        sent = type(SENT)(SENT.batch, SENT.payer_account, SENT.on, lines)
        return told(read_results(path, bank("generic"), sent))

    assert read("某甲", OTHER) == read() == []
    assert len(read("某甲", "某丁")) == 1


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("generic", ["B5 [收款户名]", "B6 [收款户名]"]),
        ("pipe-text", ["C2 [户名]", "C3 [户名]"]),
        ("sh-platform", ["D2 [xpayeeacctname]", "D3 [xpayeeacctname]"]),
    ],
)
def test_each_bank_that_states_names_is_held_to_them(
    tmp_path: Path, name: str, places: list[str]
) -> None:
    """Whether it paid them or not, and what it says of them is taken all the same."""
    first, second, third = taken(name, render(ORDER, bank(name)).data)
    day = ORDER.on
    said = [
        Verdict(first._replace(name=OTHER), "paid", "", day),
        Verdict(second._replace(name=OTHER), "failed", "户名不符", day),
        Verdict(third, "paid", "", day),
    ]
    path = tmp_path / f"answer.{suffix_of(name)}"
    path.write_bytes(answered(name, ORDER, said))

    found = read_results(path, bank(name), SENT)
    assert [place for place, _ in told(found)] == places
    assert [one.outcome for one in found.results] == ["paid", "failed", "paid"]


@pytest.mark.parametrize("party", ["<Pty><Nm>{}</Nm></Pty>", "<Nm>{}</Nm>"])
def test_a_message_that_repeats_the_name_is_held_to_it(tmp_path: Path, party: str) -> None:
    one, *_ = taken("iso20022", render(ORDER, bank("iso20022")).data)
    message = answered("iso20022", ORDER, [Verdict(one, "paid", "", ORDER.on)]).decode()
    path = tmp_path / "answer.xml"

    def read(name: str) -> list[tuple[str, object]]:
        creditor = f"<Cdtr>{party.format(name)}</Cdtr><CdtrAcct>"
        path.write_bytes(message.replace("<CdtrAcct>", creditor).encode())
        return told(read_results(path, bank("iso20022"), SENT))

    assert read("某甲") == []
    assert read(OTHER) == [("[1]", line_of(0))]
