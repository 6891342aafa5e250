"""What a clerk is told of batches: what is wrong with a call and how, and what an act made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.desk import BANKED, ROWS, SIGNED, ZH, Desk
from support.statements import xlsx_bytes
from support.terminals import Terminal
from support.unitlists import row, write_list


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


@pytest.mark.parametrize(
    "wrong", ["B2026-03-1", "2026-03-001", "B2026-13-001", "b2026-03-001", "?"]
)
@pytest.mark.parametrize("step", ["approve", "debit", "export", "show"])
def test_a_wrong_batch_number_is_told_with_its_form_and_what_there_is(
    desk: Desk, step: str, wrong: str
) -> None:
    more = {
        "approve": ("--date", "2026-03-12", "--by", "S08", *SIGNED),
        "debit": ("--date", "2026-03-12", "--by", "S03", "--document", str(desk.paper), *BANKED),
        "export": ("--date", "2026-03-12", *desk.sending[1:]),
        "show": (),
    }[step]
    empty = desk.terminal.run("batch", step, "dibao", wrong, *more)
    assert (empty.exit_code, "相近的批次：无；" in empty.output) == (2, True), empty.output
    desk.prepare()
    before = desk.terminal.bytes()

    result = desk.terminal.run("batch", step, "dibao", wrong, *more)
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert f"FL793 错误：基金 dibao 没有批次 {wrong}。" in said
    assert "批次号写作 B年-月-序号，例如 B2026-03-001。" in said
    assert "相近的批次：B2026-03-001；用 fundledger batch list dibao 查看全部批次。" in said
    assert desk.terminal.bytes() == before


@pytest.mark.parametrize("step", ["check", "prepare"])
def test_who_is_paid_already_is_told_by_the_row_of_the_list(desk: Desk, step: str) -> None:
    desk.prepare()
    rows = [row(9, 救助类别=ZH), *ROWS[2:], row(1, 救助类别=ZH, 所属月份="2026-04")]
    path = write_list(desk.folder / "又.xlsx", rows)
    call = ("batch", step, "dibao", str(path), "--unit", "CASC", "--by", "S03")
    day = ("--date", "2026-03-13") if step == "prepare" else ()
    before = desk.books()

    result = desk.terminal.run(*call, *day, "--key-file", desk.key)
    assert (result.exit_code, result.output.count("FL753")) == (1, 2), result.output
    said = "同一人同一类别同一月份已在批次 B2026-03-001（"
    assert [line.partition(said)[0] for line in result.output.splitlines() if said in line] == [
        "FL753 错误：又.xlsx [5]：",
        "FL753 错误：又.xlsx [6]：",
    ]
    assert desk.books() == before


def test_without_the_key_nobody_is_known_to_be_paid_already(desk: Desk) -> None:
    desk.prepare()
    path = write_list(desk.folder / "又.xlsx", ROWS)

    assert "无误" in desk.terminal.done("batch", "check", "dibao", str(path), "--unit", "CASC")


def test_a_payee_whom_the_bank_names_otherwise_is_told_and_recorded_all_the_same(
    desk: Desk,
) -> None:
    desk.sent()
    answer = desk.answer(["paid", "failed", "paid", "paid"], {0: "某某丙", 1: "某某丁"})

    said = desk.terminal.json(*desk.reading(answer), "--dry-run")["told"]
    assert [(one["code"], one["severity"]) for one in said] == [("FL844", "warning")] * 2
    shown = desk.read(answer)
    assert "FL844 警告：回盘.xlsx B5 [收款户名]" in shown
    assert "某某" not in shown + json.dumps(said, ensure_ascii=False)
    assert sorted(str(line["state"]) for line in desk.lines()) == ["failed", *["paid"] * 3]


def test_a_reissue_is_named_before_it_is_prepared_and_told_as_one_to_the_approver(
    desk: Desk,
) -> None:
    desk.sent()
    desk.read(desk.answer(["failed", "paid", "paid", "paid"]))
    (line,) = [str(one["line"]) for one in desk.lines() if one["state"] == "failed"]
    paper = ("--document", str(desk.paper), "--by", "S03", "--key-file", desk.key, "--confirmed")
    call = ("batch", "reissue", "dibao", "B2026-03-001", "--date", "2026-03-17", "--line", line)
    before = desk.books()

    named = f"补发批次 B2026-03-002：批次 B2026-03-001 的 1 笔共 1,510.00 元再付一次（{line}）"
    assert named in "".join(desk.terminal.done(*call, *paper, "--dry-run").split("\n"))
    plain = desk.terminal.json(*call, *paper, "--dry-run")
    assert (plain["batch"], plain["reissue"]) == ("B2026-03-001", "B2026-03-002")
    assert desk.books() == before
    key = ("--key", "K-1")
    assert named in desk.terminal.done(*call, *paper, *key)
    assert desk.terminal.json(*call, *paper, *key)["reissue"] == "B2026-03-002"

    show = ("batch", "show", "dibao", "B2026-03-002")
    (again,) = desk.terminal.json(*show)["reissues"]
    assert (again["batch"], again["of"], again["moved"]) == ("B2026-03-001", line, False)
    approve = ("batch", "approve", "dibao", "B2026-03-002", "--date", "2026-03-17", "--by", "S08")
    for told in (
        desk.terminal.done(*show),
        desk.terminal.done(*approve, *SIGNED, "--approval", "例审〔2026〕4号"),
    ):
        assert "补发：批次 B2026-03-001 中失败或退回的 1 笔共 1,510.00 元再付一次" in told
        assert f"{line} → {line}-1  1,510.00  失败 AC04" in told
        assert "首次发放" not in told
    assert desk.terminal.json("batch", "show", "dibao", "B2026-03-001")["reissues"] == []


def test_a_debit_of_all_says_how_many_failed_payments_it_leaves_out(desk: Desk) -> None:
    desk.sent()
    desk.read(desk.answer(["failed", "paid", "failed", "paid"]))
    paper = ("--by", "S03", "--document", str(desk.paper), *BANKED)
    call = ("batch", "debit", "dibao", "B2026-03-001", "--date", "2026-03-13", *paper)
    said = "批次 B2026-03-001 有失败的 2 笔共 3,020.00 元不在这次扣款之内。"

    assert said in desk.terminal.done(*call, "--dry-run")
    plain = desk.terminal.json(*call, "--dry-run")
    assert plain["left_out"] == {"payments": 2, "amount_fen": 3020_00}
    assert said in desk.terminal.done(*call)
    failed = [str(one["line"]) for one in desk.lines() if one["state"] == "failed"]
    named = (*call, "--line", failed[0], "--line", failed[1])
    assert "不在这次扣款之内" not in desk.terminal.done(*named)
    assert [one["debited_on"] for one in desk.lines()] == ["2026-03-13"] * 4


def test_a_debit_of_all_where_none_failed_leaves_nothing_out(desk: Desk) -> None:
    desk.sent()
    paper = ("--by", "S03", "--document", str(desk.paper), *BANKED)
    call = ("batch", "debit", "dibao", "B2026-03-001", "--date", "2026-03-13", *paper)

    assert "不在这次扣款之内" not in desk.terminal.done(*call)


def test_who_has_no_key_is_told_who_has_it_and_that_it_can_be_signed(desk: Desk) -> None:
    desk.sent()
    told = desk.terminal.run("explain", "FL894").output

    assert "密钥由建立保险库（vault init）的人保管" in "".join(told.split("\n"))
    assert "本提示不妨碍签字" in told


STATED = (
    ("账号", "3100000000000000101", "查询期间", "2026-03-01 至 2026-03-31"),
    ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "摘要"),
    ("2026-03-02", "", "120000.00", "120000.00", "区财政局", "拨款"),
)


def test_a_file_for_another_command_is_told_with_that_command(desk: Desk) -> None:
    desk.sent()
    statement = desk.folder / "对账单.xlsx"
    statement.write_bytes(xlsx_bytes({"明细": STATED}))
    answer, listed = desk.answer(["paid"] * 4), desk.folder / "名单.xlsx"
    check = ("batch", "check", "dibao")
    reconcile = ("reconcile", "dibao", "--statement")
    unit = ("--unit", "CASC")
    before = desk.books()
    for call, said, command in (
        (desk.reading(statement), "是银行对账单，不是银行回盘文件", "reconcile dibao --statement"),
        (desk.reading(listed), "是部门的发放清单，不是银行回盘文件", "batch check dibao 名单.xlsx"),
        ((*reconcile, str(answer)), "是银行回盘文件，不是银行对账单", "batch result dibao BATCH"),
        ((*reconcile, str(listed)), "是部门的发放清单，不是银行对账单", "batch check dibao"),
        ((*check, str(answer), *unit), "是银行回盘文件，不是部门的发放清单", "batch result dibao"),
        ((*check, str(statement), *unit), "是银行对账单，不是部门的发放清单", "reconcile dibao"),
    ):
        result = desk.terminal.run(*call)
        whole = "".join(result.output.split())
        assert (result.exit_code, result.output.count("FL949")) == (1, 1), result.output
        assert said in whole
        assert f"fundledger {command}".replace(" ", "") in whole
    assert desk.books() == before


def test_our_own_file_for_the_bank_and_what_is_no_table_is_told_as_that(desk: Desk) -> None:
    desk.sent()
    own = desk.terminal.root / "private" / "bank" / "B2026-03-001.xlsx"
    cover = own.with_name("B2026-03-001-交接单.xlsx")
    others = {"改.pdf": b"%PDF-1.7\n\xe2\xe3", "照片.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\xfe"}
    paths = [desk.folder / name for name in others]
    for path in paths:
        path.write_bytes(others[path.name])
    saved = desk.folder / "另存.xlsx"
    head = ("序号", "收款账号", "收款户名", "金额", "开户行", "联行号", "附言")
    saved.write_bytes(xlsx_bytes({"代发": (head, ("1", "2", "3", "4", "5", "6", "7"))}))
    kinds = ("本单位的送盘文件（代发文件）", "本单位的代发交接单", " PDF 文件", "图片")
    before = desk.books()
    for path, kind in zip((own, cover, *paths, saved), (*kinds, kinds[0]), strict=True):
        for call, other, how in (
            (desk.reading(path), "银行回盘文件", "银行处理以后另有回盘结果"),
            (("reconcile", "dibao", "--statement", str(path)), "银行对账单", "导出账户交易明细"),
            (
                ("batch", "check", "dibao", str(path), "--unit", "CASC"),
                "部门的发放清单",
                "部门提供",
            ),
        ):
            result = desk.terminal.run(*call)
            if kind == " PDF 文件" and other == "银行对账单":
                assert "FL804 错误：改.pdf 的内容是 PDF" in result.output
                continue
            assert (result.exit_code, result.output.count("FL949")) == (1, 1), result.output
            assert f"是{kind}，不是{other}" in result.output
            assert how in result.output
            assert "banks.toml" not in result.output
    assert desk.books() == before


def test_our_own_text_for_the_bank_is_known_by_its_digest(desk: Desk) -> None:
    desk.prepare()
    desk.approve()
    desk.step("export", "--bank", "pipe-text", *desk.sending[3:])
    (own,) = (desk.terminal.root / "private" / "bank").glob("*001.txt")
    reading = [word if word != "generic" else "pipe-text" for word in desk.reading(own)]

    assert "是本单位的送盘文件（代发文件），不是银行回盘文件" in desk.terminal.run(*reading).output


def test_a_text_without_the_end_of_its_last_line_is_known_by_its_headings(desk: Desk) -> None:
    desk.sent()
    statement = desk.folder / "对账单.csv"
    text = "\n".join(",".join(cells) for cells in STATED)
    for end in ("", "\n"):
        statement.write_text(text + end, encoding="utf-8")
        result = desk.terminal.run(*desk.reading(statement))
        assert "是银行对账单，不是银行回盘文件" in result.output, result.output


def test_what_is_wrong_with_a_file_of_the_right_kind_is_told_as_ever(desk: Desk) -> None:
    desk.sent()
    odd = desk.folder / "别的.xlsx"
    odd.write_bytes(xlsx_bytes({"明细": (("甲", "乙"), ("1", "2"))}))
    both = desk.terminal.run("reconcile", "dibao", "--statement", str(odd))
    assert (both.exit_code, "FL810" in both.output, "FL949" in both.output) == (1, True, False)

    listed = desk.folder / "名单.xlsx"
    two = ("reconcile", "dibao", "--statement", str(listed), "--statement", str(odd))
    told = desk.terminal.run(*two).output
    assert ("FL949" in told, told.count("FL810")) == (True, 1)


def test_a_batch_that_waits_for_approval_is_not_sent_and_that_is_said(desk: Desk) -> None:
    desk.prepare()
    before = desk.books()
    call = ("batch", "export", "dibao", "B2026-03-001", "--date", "2026-03-12")
    refused = desk.terminal.run(*call, *desk.sending[1:])

    assert (refused.exit_code, desk.books()) == (1, before)
    assert "FL750 错误：B2026-03-001 的送银行" in refused.output
    assert "现状：待审" in refused.output
    assert "FL764" not in refused.output


@pytest.mark.parametrize(
    "step",
    ["return", "take-back", "cancel", "unclaimed", "remit", "claim-back", "recover", "write-off"],
)
def test_a_step_that_is_about_single_lines_asks_for_them(office: Terminal, step: str) -> None:
    paper = office.root / "rules" / "funds.toml"
    call = ("batch", step, "dibao", "B2026-03-001", "--date", "2026-03-15", "--by", "S08")
    more = ("--reason", "MD07") if step in {"cancel", "unclaimed"} else ()
    if step in {"return", "take-back", "recover"}:
        more = ("--document", str(paper))
    refused = office.run(*call, *SIGNED, *more)

    assert (refused.exit_code, refused.output.count("FL922")) == (2, 1), refused.output
    assert "--line" in refused.output
    every = "every one that it can take"
    pages = [office.done("batch", name, "--help", lang="en").split() for name in (step, "debit")]
    assert [every in " ".join(words) for words in pages] == [False, True]


def test_a_month_is_held_against_the_day_that_is_said_and_not_against_today(desk: Desk) -> None:
    old = [row(serial, 救助类别=ZH, 所属月份="2025-03") for serial in range(1, 3)]
    path = write_list(desk.folder / "旧.xlsx", old)
    call = ("batch", "prepare", "dibao", str(path), "--unit", "CASC", "--by", "S03")
    late = desk.terminal.run(*call, "--date", "2026-04-01", "--key-file", desk.key)

    assert (late.exit_code, late.output.count("FL346 错误")) == (1, 2)
    assert "与编制日 2026-04-01 相差超过 12 个月" in late.output
    desk.prepare(old, day="2026-03-31")
