"""Banks are data: what is wrong with `banks.toml` is told at once, by code, file, line and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundledger.bankfile import bank_named, load_banks
from fundledger.charter import load_charter
from fundledger.errors import CharterInvalid, InputInvalid
from fundledger.findings import Finding

RULES = Path(__file__).parents[2] / "rules"
TEXT = (RULES / "banks.toml").read_text(encoding="utf-8")
VALUES = ("1", "-1", "1.5", "true", "2025-01-01", '""', '"xlsx"', '"?"', "[]", "[1]", "{}",
          '[{ field = "line", words = ["行号"] }]', '"fixed"', '"text"', '"pain.002"')  # fmt: skip


def wrong(folder: Path, text: str) -> tuple[Finding, ...]:
    """What is wrong with a text of `banks.toml`, if anything, each said in full."""
    (folder / "banks.toml").write_text(text, encoding="utf-8")
    try:
        load_banks(folder)
    except CharterInvalid as error:
        for finding in error.findings:
            for language in ("zh", "en"):
                said = finding.sentence(language) + finding.remedy(language)
                assert finding.subject in said
                assert "{" not in said.replace("{ … }", "").replace("{ }", "")
        return error.findings
    return ()


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    """Code and key of each finding."""
    return [(f.code, str(f.details.get("key", ""))) for f in wrong(folder, text)]


def test_the_example_office_knows_five_banks_and_has_tried_none() -> None:
    banks = load_banks(RULES)

    assert [bank.id for bank in banks] == [
        "generic", "pipe-text", "fixed-fen", "iso20022", "sh-platform",
    ]  # fmt: skip
    assert not any(bank.verified for bank in banks)


def test_a_charter_neither_needs_the_banks_nor_changes_with_them(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    before = load_charter(rules)

    (rules / "banks.toml").write_text("nonsense", encoding="utf-8")
    assert load_charter(rules) == before
    (rules / "banks.toml").unlink()
    assert load_charter(rules) == before
    with pytest.raises(CharterInvalid) as caught:
        load_banks(rules)
    assert caught.value.codes == ("FL001",)


def test_a_bank_may_mean_something_else_by_a_word_that_all_share(tmp_path: Path) -> None:
    text = TEXT.replace('words = ["E101"]', 'words = ["E101", "其它"]')
    assert wrong(tmp_path, text) == ()

    reasons = bank_named(load_banks(tmp_path), "fixed-fen").result.reasons
    assert [r.code for r in reasons if "其它" in r.words] == ["AC01"]
    assert [r.code for r in reasons if "其他" in r.words] == ["NARR"]

    assert wrong(tmp_path, text.replace('"E101", ', '"E101", "其他", ')) == ()
    reasons = bank_named(load_banks(tmp_path), "fixed-fen").result.reasons
    assert "NARR" not in {r.code for r in reasons}


def test_a_bank_that_is_not_there_is_told_with_those_most_like_it() -> None:
    with pytest.raises(InputInvalid) as caught:
        bank_named(load_banks(RULES), "pip-text")

    (finding,) = caught.value.findings
    assert finding.code == "FL762"
    assert "pipe-text" in finding.remedy("zh")


FAULTS = (
    ('id = "pipe-text"', 'id = "generic"', [("FL021", "bank[2].id")]),
    ('id = "pipe-text"', 'id = "竖线"', [("FL014", "bank[2].id")]),
    ('id = "pipe-text"', 'id = "pipe-text"\ncolour = "red"', [("FL007", "bank[2].colour")]),
    ('format = "text"', 'format = "csv"', [("FL008", "bank[2].out.format")]),
    ('encoding = "gb18030"\n', "", [("FL760", "bank[2].out.encoding")]),
    ('separator = "|"\n', "", [("FL760", "bank[2].out.separator")]),
    ('separator = "|"', 'separator = "-"', [("FL014", "bank[2].out.separator")]),
    ('line_end = "crlf"\n', "", [("FL760", "bank[2].out.line_end")]),
    ('unit = "fen"', 'unit = "jiao"', [("FL008", "bank[3].out.unit")]),
    ("width = 35 }", "width = 0 }", [("FL011", "bank[3].out.head[1].width")]),
    (", width = 35 }", " }", [("FL760", "bank[3].out.head[1].width")]),
    (", width = 60 }", " }", [("FL760", "bank[3].out.columns[3].width")]),
    ('{ field = "account", heading = "账号" }',
     '{ field = "account", heading = "账号", width = 9 }',
     [("FL760", "bank[2].out.columns[2].width")]),
    ('{ field = "name", heading = "户名" },', "", [("FL763", "bank[2].out.columns")]),
    ('{ field = "line", heading = "附言" },', "", [("FL763", "bank[2].out.columns")]),
    ('heading = "户名" }', 'heading = "账号" }', [("FL021", "bank[2].out.columns[3].heading")]),
    ('{ field = "memo", heading = "附言" }', '{ field = "account", heading = "附言" }',
     [("FL763", "bank[1].out.columns"), ("FL021", "bank[1].out.columns[7].field")]),
    ('cells = [{ field = "word" }, { field = "count" }, { field = "sum" }]\n', "",
     [("FL760", "bank[2].out.total.cells"), ("FL763", "bank[2].out.total.cells")]),
    ('format = "pain.001"', 'format = "pain.001"\nbank_code = "1"',
     [("FL014", "bank[4].out.bank_code")]),
    ('format = "pain.001"', 'format = "pain.001"\nencoding = "utf-8"',
     [("FL760", "bank[4].out.encoding")]),
    ('format = "pain.002"', 'format = "pain.002"\nnotes = ["注"]',
     [("FL760", "bank[4].result.notes")]),
    ('format = "pain.002"', 'format = "pain.002"\npaid = ["ACSC"]',
     [("FL760", "bank[4].result.paid")]),
    ('dates = "YYYY-MM-DD"\nhead', 'dates = "YYYY-MM-DD"\npurpose_code = "SSBE"\nhead',
     [("FL760", "bank[1].out.purpose_code")]),
    ('failed = ["失败", "交易失败", "已退回"]\n', "", [("FL760", "bank[1].result.failed")]),
    ('failed = ["失败", "交易失败"', 'failed = ["失败", "已入账"',
     [("FL761", "bank[1].result.failed")]),
    ('words = ["户名不符"', 'words = ["账号不存在"', [("FL761", "reason[4].words")]),
    ('words = ["E102"]', 'words = ["E101"]', [("FL761", "bank[3].result.reason[2].words")]),
    ('code = "BE01"', 'code = "BE99"', [("FL008", "reason[4].code")]),
    ('words = ["实发金额", "实发金额(元)"]', 'words = ["金额"]',
     [("FL021", "bank[1].result.columns[6].words")]),
    ('words = ["实发金额", "实发金额(元)"]', "words = []",
     [("FL760", "bank[1].result.columns[6].words")]),
    ('{ field = "line", words = ["XAgentBusinessNo", "代理业务编号"], needed = true },', "",
     [("FL763", "bank[5].result.columns")]),
    ('{ field = "paid", words = ["XPayAmt", "实际支付金额"], needed = true },', "",
     [("FL763", "bank[5].result.columns"), ("FL763", "bank[5].result.columns")]),
    ('[bank.result]\nformat = "table"', '[bank.result]\nheadings = false\nformat = "table"',
     [("FL760", "bank[1].result.headings")]),
    ('[bank.result]\nformat = "table"', '[bank.result]\nhead_as = "line"\nformat = "table"',
     [("FL760", "bank[1].result.head_as")]),
    ('line_end = "lf"\nheadings = false', 'line_end = "lf"',
     [("FL760", "bank[3].out.headings")]),
    ('line_end = "lf"\nheadings = false\nhead_as = "line"', 'line_end = "lf"\nheadings = false',
     [("FL760", "bank[3].out.head_as")]),
    ('format = "pain.001"', 'format = "pain.001"\nhead = [{ field = "batch", label = "批次号" }]',
     [("FL760", "bank[4].out.head")]),
    ('{ field = "reason", words = ["失败原因", "返回信息", "处理信息"] }',
     '{ field = "paid", words = ["失败原因"] }', [("FL021", "bank[1].result.columns[8].field")]),
    ('format = "pain.002"', 'format = "pain.002"\ncolumns = [{ field = "line" }]',
     [("FL760", "bank[4].result.columns"), ("FL763", "bank[4].result.columns"),
      ("FL763", "bank[4].result.columns")]),
    ("verified = false", 'verified = "no"', [("FL012", "bank[1].verified")]),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS, ids=[f[0][:30] for f in FAULTS])
def test_one_fault_is_told_by_its_code_and_key(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert old in TEXT

    assert told(tmp_path, TEXT.replace(old, new, 1)) == expected


def test_faults_of_all_banks_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = TEXT.replace('encoding = "gb18030"\n', "", 1).replace('format = "pain.001"', "x = 1")
    found = wrong(tmp_path, text.replace("XPayDate", "XPayAmt"))

    assert [(f.code, f.details["key"]) for f in found] == [
        ("FL760", "bank[2].out.encoding"),
        ("FL006", "bank[4].out.format"),
        ("FL007", "bank[4].out.x"),
        ("FL021", "bank[5].result.columns[7].words"),
    ]
    lines = text.splitlines()
    assert lines[int(str(found[2].details["line"])) - 1] == "x = 1"


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_or_told_in_words(tmp_path: Path, data: st.DataObject) -> None:
    """Lines are left out, doubled or given another value; nothing else is ever raised."""
    lines = TEXT.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "value"]))
        if change == "drop":
            lines[at] = ""
        elif change == "double":
            lines.insert(at, lines[at])
        else:
            lines[at] = f"{lines[at].split('=')[0]}= {data.draw(st.sampled_from(VALUES))}"

    assert isinstance(wrong(tmp_path, "\n".join(lines)), tuple)
