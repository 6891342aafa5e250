"""Everything that is wrong in `rules/` is told at once, each with its code, file, line and key."""

from __future__ import annotations

import os
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundledger.charter import load_budget_rules, load_charter
from fundledger.charter.files import NAMES, SIZE_LIMIT_BYTES
from fundledger.errors import CharterInvalid
from fundledger.findings import Finding
from fundledger.texts import codes

from .conftest import RULES, Spoil

Told: TypeAlias = tuple[str, str, str]

PARTS = ("title", "sentence", "remedy")
VALUES = (
    *("1", "-1", "1.5", "nan", "true", "2025-01-01", "2025-01-01T00:00:00", "12:00:00", '""'),
    *('"Dibao"', '"?"', "[]", "[[]]", "[1]", "{}", "{ x = 1 }", '[{ slug = "Dibao" }]'),
)
DIBAO = '{ slug = "Dibao", zh = "城乡最低生活保障", en = "minimum living allowance", kind = "C", '
CASES = tomllib.loads((Path(__file__).parent / "faults.toml").read_text(encoding="utf-8"))["fault"]


def findings(rules: Path) -> tuple[Finding, ...]:
    """What is wrong with the rules."""
    with pytest.raises(CharterInvalid) as caught:
        load_charter(rules)

    return caught.value.findings


def told(rules: Path) -> list[Told]:
    """Code, file and key of each finding."""
    return [
        (finding.code, str(finding.details["file"]), str(finding.details.get("key", "")))
        for finding in findings(rules)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}: {case['told'][0]}")
def test_one_fault_is_told_by_its_code_file_and_key(
    rules: Path, spoil: Spoil, case: dict[str, Any]
) -> None:
    spoil(case["file"], case["old"], case["new"])
    expected = [(*line.split(), case["file"])[:3] for line in case["told"]]

    assert expected == [(code, key, file) for code, file, key in told(rules)]


def test_every_code_of_the_charter_has_a_case_or_a_test_of_its_own() -> None:
    cased = {line.split()[0] for case in CASES for line in case["told"]}
    own = {"FL001", "FL002", "FL003", "FL004", "FL005", "FL030", "FL040", "FL041", "FL043"}

    assert cased | own == {code for code in codes() if code.startswith("FL0")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}: {case['told'][0]}")
def test_each_fault_is_said_in_full_in_both_languages(
    rules: Path, spoil: Spoil, case: dict[str, Any]
) -> None:
    spoil(case["file"], case["old"], case["new"])

    for finding in findings(rules):
        said = [getattr(finding, part)(language) for part in PARTS for language in ("zh", "en")]
        assert all(said)
        assert [text for text in said if "?" in text or "{" in text.replace("{ … }", "")] == []
        assert finding.subject in finding.sentence("zh")
        assert finding.subject in finding.sentence("en")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("funds.toml", 'channel = "line"', 'channel = "both"'),
        ("funds.toml", "opened = 2025-01-01\nclearing", "opened = 1\nclearing"),
        ("funds.toml", 'category = "IllnessExp"', 'category = "Illness"'),
        ("units.toml", 'kind = "F"', 'kind = "G"'),
        ("controls.toml", "value = 35", "value = 35.5"),
        ("regimes.toml", '"Assets:Cash" = "101"', '"Assets:Cash" = "x"'),
        ("budget.toml", "month = 11", "month = 0"),
        ("rates.toml", 'amount = "450.00"', 'amount = "四百五"'),
        ("staff.toml", 'role = "auditor"', 'role = "audit"'),
    ],
)
def test_a_fault_is_told_with_its_line(
    rules: Path, spoil: Spoil, name: str, old: str, new: str
) -> None:
    spoil(name, old, new)
    lines = (rules / name).read_text(encoding="utf-8").splitlines()
    (finding,) = findings(rules)

    found = lines[int(str(finding.details["line"])) - 1]
    assert new.split("\n", maxsplit=1)[0] in found
    assert finding.subject == f"{name}:{finding.details['line']}"


def test_a_charter_and_its_budget_rules_are_refused_for_the_same_faults(
    rules: Path, spoil: Spoil
) -> None:
    spoil("budget.toml", "value = 1500", 'value = "15%"')
    spoil("funds.toml", 'channel = "block"', 'channel = "b"')

    with pytest.raises(CharterInvalid) as caught:
        load_budget_rules(rules)

    assert caught.value.findings == findings(rules)
    assert caught.value.codes == ("FL008", "FL011")


def test_what_is_close_to_an_unknown_name_is_offered_first(rules: Path, spoil: Spoil) -> None:
    spoil("funds.toml", 'regime = "government"', 'regim = "government"')

    unknown = next(finding for finding in findings(rules) if finding.code == "FL007")
    assert str(unknown.details["allowed"]).startswith("regime, ")
    assert "regime" in unknown.remedy("zh")


def test_faults_of_every_file_are_told_at_once_in_order_of_file_and_line(
    rules: Path, spoil: Spoil
) -> None:
    spoil("budget.toml", "value = 1500", 'value = "15%"')
    spoil("rates.toml", 'amount = "1420.00"', "amount = 1420.00")
    spoil("funds.toml", 'channel = "block"', 'channel = "b"')
    spoil("funds.toml", "3100000000000000301", "3100000000000000201")
    spoil("units.toml", 'kind = "S"', 'kind = "T"')
    (rules / "notes.txt").write_text("to do", encoding="utf-8")
    (rules / "staff.toml").unlink()

    assert told(rules) == [
        ("FL002", "notes.txt", ""),
        ("FL008", "units.toml", "unit[3].categories[5].kind"),
        ("FL008", "funds.toml", "fund[1].channel"),
        ("FL023", "funds.toml", "fund[3].bank_account.number"),
        ("FL001", "staff.toml", ""),
        ("FL009", "rates.toml", "rate[2].amount"),
        ("FL011", "budget.toml", "cap_basis_points"),
    ]


def test_an_unsound_entry_is_not_held_against_the_entries_that_name_it(
    rules: Path, spoil: Spoil
) -> None:
    spoil("units.toml", 'kind = "C"', 'kind = "?"')
    spoil("regimes.toml", "verified = true", "verified = 1")

    assert [code for code, _, _ in told(rules)] == ["FL008", "FL012"]


def test_roles_that_exclude_each_other_may_follow_each_other(rules: Path, spoil: Spoil) -> None:
    spoil(
        "staff.toml",
        '{ role = "maker", from = 2025-01-01 },',
        '{ role = "maker", from = 2025-01-01, until = 2025-12-31 },\n'
        '  { role = "reviewer", from = 2026-01-01 },',
    )

    assert load_charter(rules).staff[2].has("reviewer", date(2026, 1, 1))


def test_a_rule_may_follow_another_about_the_same_thing(rules: Path, spoil: Spoil) -> None:
    spoil(
        "units.toml",
        f"{DIBAO}from = 2025-01-01 }},",
        f"{DIBAO}from = 2025-01-01, until = 2026-12-31 }},\n  {DIBAO}from = 2027-01-01 }},",
    )

    dibao = [c for c in load_charter(rules).categories if c.slug == "Dibao"]
    assert [c.until for c in dibao] == [date(2026, 12, 31), None]


def test_a_purpose_may_not_outlive_its_category(rules: Path, spoil: Spoil) -> None:
    spoil("units.toml", f"{DIBAO}from", f"{DIBAO}until = 2026-12-31, from")

    faults = findings(rules)
    assert [(f.code, f.details["key"], f.details["first"]) for f in faults] == [
        ("FL029", "fund[1].purposes[1]", "2027-01-01"),
        ("FL029", "pattern[1]", "2027-01-01"),
    ]


def test_a_category_that_becomes_a_service_is_no_longer_paid(rules: Path, spoil: Spoil) -> None:
    service = DIBAO.replace('kind = "C"', 'kind = "S"')
    spoil(
        "units.toml",
        f"{DIBAO}from = 2025-01-01 }},",
        f"{DIBAO}from = 2025-01-01, until = 2026-12-31 }},\n  {service}from = 2027-01-01 }},",
    )

    assert {code for code, _, _ in told(rules)} == {"FL029"}


def test_a_folder_that_is_not_there_is_one_finding(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path / "rules")

    assert finding.code == "FL001"


def test_an_empty_folder_lacks_every_file(tmp_path: Path) -> None:
    assert [(code, file) for code, file, _ in told(tmp_path)] == [("FL001", name) for name in NAMES]


def test_hidden_files_and_the_needs_of_units_are_let_be(rules: Path) -> None:
    (rules / ".units.toml.swp").write_bytes(b"\x00")
    (rules / "needs").mkdir()

    assert load_charter(rules).office.id == "gumei"


def test_an_empty_file_lacks_what_it_has_to_say(rules: Path) -> None:
    (rules / "funds.toml").write_text("", encoding="utf-8")

    assert told(rules) == [("FL006", "funds.toml", "source"), ("FL006", "funds.toml", "fund")]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("a = 1\nb = [1, 2\nc = 3\n", 3, 1),
        ('[[rate]]\nzh = "低保\n', 2, 9),
        ("x = 1\nx = 2\n", 2, 6),
        ("x = 1, 2", 1, 6),
        ("x = [", 1, 1),
        ("x = " + "[" * 5000, 1, 1),
    ],
    ids=["bracket", "quote", "twice", "comma", "end", "depth"],
)
def test_a_file_that_is_not_toml_is_told_with_line_and_column(
    rules: Path, content: str, line: int, column: int
) -> None:
    (rules / "rates.toml").write_text(content, encoding="utf-8")

    faults = {f.code: f for f in findings(rules)}
    assert faults["FL005"].details == {"file": "rates.toml", "line": line, "column": column}


@pytest.mark.parametrize(
    ("content", "subject"),
    [
        (b"\xef\xbb\xbf[[rate]]\n", "rates.toml:1"),
        ("# 标准\n# 低保\n".encode("gb18030"), "rates.toml:1"),
        (b"# ok\n# \xff\n", "rates.toml:2"),
        ("# 标准\n".encode("utf-16"), "rates.toml:1"),
    ],
    ids=["bom", "gb18030", "stray byte", "utf-16"],
)
def test_a_file_in_another_encoding_is_refused(rules: Path, content: bytes, subject: str) -> None:
    (rules / "rates.toml").write_bytes(content)

    assert [(f.code, f.subject) for f in findings(rules)][-1:] == [("FL004", subject)]


def test_a_link_is_not_followed(rules: Path, tmp_path: Path) -> None:
    (rules / "rates.toml").rename(tmp_path / "elsewhere.toml")
    (rules / "rates.toml").symlink_to(tmp_path / "elsewhere.toml")

    assert ("FL003", "rates.toml", "") in told(rules)


def test_a_pipe_is_refused_and_not_waited_for(rules: Path) -> None:
    (rules / "rates.toml").unlink()
    os.mkfifo(rules / "rates.toml")

    assert ("FL003", "rates.toml", "") in told(rules)


def test_a_folder_in_place_of_a_file_is_refused(rules: Path) -> None:
    (rules / "rates.toml").unlink()
    (rules / "rates.toml").mkdir()

    assert ("FL003", "rates.toml", "") in told(rules)


def test_a_file_beyond_all_measure_is_refused(rules: Path) -> None:
    with (rules / "rates.toml").open("ab") as file:
        file.write(b"#" * SIZE_LIMIT_BYTES)

    assert ("FL003", "rates.toml", "") in told(rules)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_or_told_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Lines are left out, doubled, swapped or given another value; nothing else is ever raised."""
    rules = tmp_path_factory.mktemp("spoiled")
    for path in sorted(RULES.glob("*.toml")):
        shutil.copy(path, rules)
    name = data.draw(st.sampled_from(NAMES))
    lines = (rules / name).read_text(encoding="utf-8").split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        key = lines[at].split("=")[0]
        value = data.draw(st.sampled_from(VALUES))
        change = data.draw(st.sampled_from(["drop", "double", "move", "value"]))
        if change == "drop":
            lines[at] = ""
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "move":
            lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        else:
            lines[at] = f"{key}= {value}"
    (rules / name).write_text("\n".join(lines), encoding="utf-8")

    assert all(f.sentence("zh") and f.remedy("en") for f in faults_of(rules))


def faults_of(rules: Path) -> tuple[Finding, ...]:
    """What is wrong with the rules, if anything."""
    try:
        load_charter(rules)
    except CharterInvalid as error:
        return error.findings
    return ()
