"""What an act asks and tells: the question, what was recorded whatever came after, twins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from fundledger.cli.complaints import settled
from fundledger.cli.framework import Argument, Command, LazyGroup, Option, lacking, name_of
from fundledger.cli.naming import named_in
from fundledger.cli.program import program
from fundledger.cli.session import Session
from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.chart import Chart
from fundledger.ledger.plan import Receipt
from fundledger.office import Office
from support.calls import instead
from support.screen import END_OF_INPUT, asked
from support.tables import GOOD, write_csv, write_xlsx
from support.terminals import PAPERS, Terminal

GIFT = (
    *("record", "dibao", "donation", "--amount", "5.00", "--date", "2026-03-25"),
    *("--narration", "捐赠", *PAPERS),
)


@pytest.mark.parametrize("answer", ["是\n", "y\n", "Yes\n", "啊\n是\n"])
def test_a_yes_in_either_language_records(office: Terminal, answer: str) -> None:
    ended, screen = asked(office.root, *GIFT, typed=answer)

    assert ended == 0
    assert "已记账：第 7 号记录" in screen
    assert "Error" not in screen


@pytest.mark.parametrize(
    ("answer", "code"), [("否\n", 1), ("n\n", 1), ("\n", 1), (END_OF_INPUT, 130)]
)
def test_a_no_or_the_end_of_the_input_writes_nothing(
    office: Terminal, answer: str, code: int
) -> None:
    before = office.bytes()

    ended, screen = asked(office.root, *GIFT, typed=answer)

    assert ended == code
    assert screen.endswith("已取消，未写入任何内容。\n")
    assert "--key" not in screen
    assert office.bytes() == before


def test_a_wrong_answer_is_told_what_to_type(office: Terminal) -> None:
    _, chinese = asked(office.root, *GIFT, typed="啊\nn\n")
    _, english = asked(office.root, *GIFT, typed="oui\nn\n", lang="en")

    assert "请输入 y（是）或 n（否）。" in chinese
    assert "Type y (yes) or n (no)." in english


def _commands(group: LazyGroup, ctx: click.Context) -> Iterator[Command]:
    for name in group.list_commands(ctx):
        found = group.get_command(ctx, name)
        if isinstance(found, LazyGroup):
            yield from _commands(found, ctx)
        elif isinstance(found, Command):
            yield found


def test_no_option_of_any_command_lacks_the_words_for_what_is_missing() -> None:
    whole = program()
    commands = list(_commands(whole, click.Context(whole)))

    assert len(commands) > 20
    for found in commands:
        for parameter in found.params:
            assert isinstance(parameter, (Option, Argument)), (found.path, parameter.name)
            said = lacking(click.Context(found), name_of(parameter))
            assert all(said.values()), (found.path, parameter.name, said)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--sign",), "没有写 --by（签字人的岗位代码"),
        (("--by", "S01"), "没有写 --sign（签字"),
    ],
)
def test_a_signature_without_its_other_half_is_told_in_full(
    office: Terminal, more: tuple[str, ...], said: str
) -> None:
    result = office.run("reconcile", "dibao", "--statement", "x.csv", *more)

    assert said in result.stderr
    assert "例如 fundledger reconcile dibao --statement 10月.csv --sign --by S01" in result.stderr
    assert "?" not in result.stderr


@pytest.mark.parametrize(
    "error",
    [OSError(28, "full", "调节表.xlsx"), InputInvalid(Finding("FL941", "调节表.xlsx"))],
)
def test_what_fails_after_an_act_says_what_was_recorded(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    session = Session("zh")
    session.recorded = Receipt("dibao", 7, ("2026-03-0006",), "ab" * 32, "HZ-7")

    assert settled(error, session) == 1

    said = capsys.readouterr().err
    assert "调节表.xlsx" in said
    assert "FL959" in said
    assert "本次已记账（第 7 号记录）" in said
    assert "--key HZ-7" in said
    assert "未写入任何内容" not in said


def test_what_nobody_foresaw_is_a_fault_of_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FUNDLEDGER_TRACE", raising=False)
    fault = ZeroDivisionError("division by zero")

    assert settled(fault, Session("zh")) == 3

    said = capsys.readouterr().err
    assert said.startswith("FL946 错误：程序自身出错：ZeroDivisionError: division by zero")
    assert "已记的账不受影响" in said

    monkeypatch.setenv("FUNDLEDGER_TRACE", "1")
    with pytest.raises(ZeroDivisionError):
        settled(fault, Session("zh"))


def test_a_file_that_is_there_is_no_word_about_the_journal(office: Terminal) -> None:
    taken = office.root / "taken.xlsx"
    taken.write_bytes(b"")

    result = office.run("budget", "propose", "2027", "--output", str(taken))

    assert "FL941" in result.stderr
    assert result.stdout == ""


def test_the_same_voucher_twice_is_warned_of_before_and_after(office: Terminal) -> None:
    office.done(*GIFT)

    rehearsed = office.done(*GIFT, "--dry-run")
    done = office.json(*GIFT)

    assert "已有凭证 2026-03-0006 与本凭证的日期、业务、分录、摘要" in rehearsed
    assert [f["code"] for f in done["findings"]] == ["FL965"]
    assert done["recorded"] is True


def test_another_amount_day_or_approval_is_another_voucher(office: Terminal) -> None:
    office.done(*GIFT)

    for other in (("--amount", "5.01"), ("--date", "2026-03-26"), ("--approval", "另批1号")):
        found = office.json(*instead(GIFT, *other), "--dry-run")["findings"]
        assert "FL965" not in [f["code"] for f in found], other


def test_a_voucher_that_was_undone_is_no_twin(office: Terminal) -> None:
    office.done(*GIFT)
    signed = ("--date", "2026-03-25", "--maker", "S03", "--reviewer", "S01")
    office.done("reverse", "dibao", "2026-03-0006", *signed)

    assert office.json(*GIFT, "--dry-run")["findings"] == []


def test_two_equal_rows_of_a_table_are_told(office: Terminal, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "凭证.csv", [GOOD[0], GOOD[0]])

    found = office.json("record", "dibao", "--from", str(path), "--dry-run")

    assert [f["code"] for f in found["findings"]] == ["FL976"]


def test_a_table_saved_anew_in_another_format_is_the_same(office: Terminal, tmp_path: Path) -> None:
    first = write_csv(tmp_path / "一.csv", GOOD)
    anew = write_xlsx(tmp_path / "二.xlsx", GOOD)

    office.done("record", "dibao", "--from", str(first))

    assert office.json("record", "dibao", "--from", str(anew))["again"] is True


def test_what_is_found_beside_an_act_does_not_look_like_a_refusal(office: Terminal) -> None:
    fee = ("record", "dibao", "bank-fee", "--amount", "9.00", "--date", "2026-03-25")
    call = (*fee, "--narration", "手续费", *PAPERS)
    office.done(*call)
    head = "{}；以下事项须另行处理，不影响本次记账："

    assert head.format("可以记账") in office.done(*call, "--dry-run")
    assert head.format("已记账") in office.done(*call)


def test_a_refusal_names_who_holds_the_role_that_day(office: Terminal) -> None:
    call = ("record", "dibao", "donation", "--amount", "5.00", "--date", "2026-03-25")
    said = ("--narration", "捐赠", "--attachments", "1", "--maker", "S09", "--reviewer", "S01")

    error = office.run(*call, *said).stderr

    assert "2026-11-02 担任制单的岗位：S03" in error
    assert "fundledger staff" in error


def test_staff_lists_the_posts_with_roles_and_dates(office: Terminal) -> None:
    assert "制单" in office.done("staff")
    posts = {post["code"]: post["roles"] for post in office.json("staff")["staff"]}
    assert "maker" in {held["role"] for held in posts["S03"]}
    assert all(held["from"] <= "2026-11-02" for roles in posts.values() for held in roles)


def test_findings_name_accounts_and_lines_in_chinese_with_the_path_once(office: Terminal) -> None:
    call = ("record", "dibao", "expense", "--amount", "400000.00", "--line", "CASC:Dibao")
    said = ("--date", "2026-03-25", "--narration", "低保金", *PAPERS)
    office.done("assert", "dibao", *("--amount", "1.00", "--date", "2026-03-31", "--by", "S01"))

    refused = office.run(*call, *said)
    checked = office.run("check", "dibao").stdout

    assert "CASC:Dibao（" in refused.stderr
    assert "专户存款（Assets:Bank:Dedicated）" in checked
    assert "Assets:Bank:Dedicated" in office.run("check", "dibao", lang="en").stdout
    codes = office.json(*call, *said, code=1)["findings"]
    assert any("CASC:Dibao 的" in finding["sentence_zh"] for finding in codes)


def test_an_account_is_named_once_with_its_path_and_then_without(office: Terminal) -> None:
    chart = Chart(Office(office.root).charter.fund_charter("dibao"), "")
    said = "科目 Assets:Bank:Dedicated 与 Assets:Bank:Dedicated，--debit Assets:Cash=1"

    assert named_in(said, chart) == (
        "科目 专户存款（Assets:Bank:Dedicated） 与 专户存款，--debit Assets:Cash=1"
    )


def test_the_journal_names_kinds_of_records_in_chinese(office: Terminal) -> None:
    shown = office.done("journal", "dibao", "--records")

    assert "记账" in shown
    assert "voucher" not in shown
    assert "CNYB" not in office.done("journal", "dibao")
    assert "CNYB" not in office.done("balance", "dibao", "--budget")
    assert "voucher" in office.done("journal", "dibao", "--records", lang="en")


def test_an_amount_too_large_and_a_month_that_is_none_are_named_as_such(office: Terminal) -> None:
    large = office.run(*GIFT[:3], "--amount", "99999999999999", *GIFT[5:])

    assert "FL902" in large.stderr
    assert "月份“10”不是有效日期" in office.run("close", "dibao", "10", "--by", "S05").stderr


def test_a_line_that_has_a_budget_is_told_before_another_is_adopted(office: Terminal) -> None:
    adopt = ("budget", "adopt", "dibao", "--date", "2026-03-25", *PAPERS, "--line")
    said = "CASC:Dibao（城乡最低生活保障） 在 2026 年已有批复预算 100,000.00 元"

    _, refused = asked(office.root, *adopt, "CASC:Dibao=7.00", typed="否\n")
    found = office.json(*adopt, "CASC:Dibao=7.00")["findings"]
    supplement = (*adopt[:1], "supplement", *adopt[2:])
    more = office.json(*supplement, "CASC:Dibao=7.00", "--narration", "追加")["findings"]
    next_year = office.json(*adopt, "CASC:Dibao=7.00", "--year", "2027", "-n")["findings"]

    assert said in refused
    assert refused.index(said) < refused.index("确认记账")
    assert [(f["code"], f["subject"], f["amount_fen"]) for f in found] == [
        ("FL967", "CASC:Dibao", 100_000_00)
    ]
    assert more == []
    assert next_year == []


def test_each_adoption_of_one_record_is_told_what_stood_before_it(
    office: Terminal, tmp_path: Path
) -> None:
    head = ("日期", "摘要", "业务", "金额", "部门类别", "附件", "批准", "制单", "审核")
    said = ("CASC:Dibao", "1", "例财〔2026〕9号", "S03", "S01")
    sums = (("预算下达", "5.00"), ("预算追加", "20.00"), ("预算下达", "7.00"))
    rows = [("2026-03-25", f"第{n}张", *sums[n], *said) for n in range(3)]
    table = write_csv(tmp_path / "表.csv", rows, head)

    findings = office.json("record", "dibao", "--from", str(table))["findings"]

    assert [(f["code"], f["voucher"], f["amount_fen"]) for f in findings] == [
        ("FL967", "2026-03-0006", 100_000_00),
        ("FL967", "2026-03-0008", 100_025_00),
    ]


def test_a_budget_that_was_corrected_or_reversed_is_adopted_once(office: Terminal) -> None:
    signed = ("--maker", "S03", "--reviewer", "S01")
    (adopted,) = office.json(
        *("budget", "adopt", "dibao", "--date", "2026-03-25", "--year", "2027", *PAPERS),
        *("--line", "CASC:Dibao=7.00"),
    )["vouchers"]

    office.done("reverse", "dibao", adopted["ref"], "--date", "2026-03-25", *signed)
    again = office.json(
        *("budget", "adopt", "dibao", "--date", "2026-03-26", "--year", "2027", *PAPERS),
        *("--line", "CASC:Dibao=8.00"),
    )

    assert again["findings"] == []
