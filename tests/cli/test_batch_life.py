"""A batch at the command line, from the unit's list to the bank's answer and back once more."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from support.desk import BANKED, ROWS, SIGNED, ZH, Desk
from support.statements import xlsx_bytes
from support.terminals import Terminal
from support.unitlists import row, write_list


@pytest.fixture
def desk(office: Terminal, tmp_path: Path) -> Desk:
    return Desk(office, tmp_path)


def test_a_batch_from_the_list_to_the_bank_and_back(desk: Desk) -> None:
    assert "批次 B2026-03-001 待审批" in desk.prepare()
    approve = ("--by", "S08", *SIGNED, "--approval", "例审〔2026〕3号")
    assert "首次发放，4 人" in desk.step("approve", *approve)
    sent = desk.step("export", "--bank", "generic", "--by", "S06", "--key-file", desk.key, *SIGNED)
    files = sorted(path.name for path in (desk.terminal.root / "private" / "bank").iterdir())
    assert files == ["B2026-03-001-交接单.xlsx", "B2026-03-001.xlsx"]
    file = desk.terminal.root / "private" / "bank" / "B2026-03-001.xlsx"
    assert hashlib.sha256(file.read_bytes()).hexdigest()[:12] in sent
    assert file.stat().st_mode & 0o077 == 0
    desk.step("debit", "--by", "S03", "--document", str(desk.paper), *BANKED, day="2026-03-13")

    assert {line["state"] for line in desk.lines()} == {"exported"}
    assert {line["debited_on"] for line in desk.lines()} == {"2026-03-13"}

    answer = desk.answer(["paid", "failed", "unknown", "paid"])
    told = desk.read(answer)
    assert "已付 2 笔，失败 1 笔，结果不明 1 笔" in told
    states = [(line["state"], line["reason"]) for line in desk.lines()]
    assert sorted(states) == [("failed", "AC04"), ("paid", ""), ("paid", ""), ("unknown", "")]
    listed = desk.terminal.json("batch", "list", "dibao")["batches"]
    assert [(one["state"], one["open"]) for one in listed] == [("unknown", 2)]
    checked = desk.terminal.run("check", "dibao", "--as-of", "2026-03-14")
    assert checked.exit_code == 0, checked.output


def test_the_same_answer_twice_changes_nothing(desk: Desk) -> None:
    desk.sent()
    answer = desk.answer(["paid", "failed", "paid", "paid"])
    desk.read(answer)
    before = desk.books()

    result = desk.terminal.run(*desk.reading(answer))
    assert (result.exit_code, "都已登记，没有新的内容" in result.output) == (1, True)
    assert desk.books() == before


def test_what_came_back_is_paid_once_more_where_the_payee_confirmed_the_account(desk: Desk) -> None:
    desk.sent()
    desk.step("debit", "--by", "S03", "--document", str(desk.paper), *BANKED, day="2026-03-13")
    desk.read(desk.answer(["paid"] * 4))
    line = str(desk.lines()[0]["line"])
    paper = ("--document", str(desk.paper))
    desk.step("return", "--line", line, "--by", "S03", *paper, *BANKED, day="2026-03-16")
    again = ("--line", line, "--by", "S03", "--key-file", desk.key, *paper)
    refused = desk.terminal.run(
        "batch", "reissue", "dibao", "B2026-03-001", "--date", "2026-03-17", *again
    )
    assert (refused.exit_code, "FL757" in refused.output) == (1, True)
    desk.step("reissue", *again, "--confirmed", day="2026-03-17")

    shown = desk.terminal.json("batch", "show", "dibao", "B2026-03-002", "--lines")
    assert (shown["kind"], shown["state"]) == ("reissue", "review")
    assert [one["line"] for one in shown["lines"]] == [f"{line}-1"]


def test_the_banks_receipt_is_held_against_what_was_sent(desk: Desk) -> None:
    desk.sent()
    file = desk.terminal.root / "private" / "bank" / "B2026-03-001.xlsx"
    total = sum(int(str(one["amount_fen"])) for one in desk.lines())
    yuan = f"{total // 100}.{total % 100:02}"
    step = ("batch", "accept", "dibao", "B2026-03-001", "--date", "2026-03-12", "--by", "S06")
    call = (*step, "--document", str(desk.paper), *SIGNED)
    checked = ("check", "dibao", "--as-of", "2026-03-12")
    before = desk.books()
    for more, code in (
        (("--count", "4"), "FL922"),
        (("--sum", yuan), "FL922"),
        (("--sha256", "a" * 64), "FL922"),
        (("--count", "-4", "--sum", yuan), "FL930"),
        (("--count", "4", "--sum", yuan, "--sha256", "a"), "FL923"),
    ):
        refused = desk.terminal.run(*call, *more)
        assert (refused.exit_code, code in refused.output) == (2, True), refused.output
    assert desk.books() == before

    off = (*call, "--count", "3", "--sum", yuan)
    tried = desk.terminal.json(*off, "--dry-run")
    assert [(one["code"], one["details"]["received"]) for one in tried["findings"]] == [
        ("FL898", 3)
    ]
    assert "送银行 4 笔" in desk.terminal.done(*off, "--dry-run")
    assert desk.books() == before
    recorded = desk.terminal.json(*off)
    assert (recorded["recorded"], [one["code"] for one in recorded["findings"]]) == (
        True,
        ["FL898"],
    )
    assert "FL898" in desk.terminal.done(*call, "--count", "2", "--sum", yuan)
    assert "FL898" in desk.terminal.run(*checked).output
    digest = hashlib.sha256(file.read_bytes()).hexdigest().upper()
    right = desk.terminal.done(*call, "--count", "4", "--sum", yuan, "--sha256", digest)
    assert "FL898" not in right
    assert "FL898" not in desk.terminal.run(*checked).output


def test_what_is_given_up_says_why_and_the_batch_shows_it(desk: Desk) -> None:
    desk.sent()
    desk.read(desk.answer(["failed", "failed", "failed", "paid"]))
    lines = [str(one["line"]) for one in desk.lines() if one["state"] == "failed"]
    call = ("batch", "cancel", "dibao", "B2026-03-001", "--date", "2026-03-15", "--by", "S08")
    for more, code, exits in (
        ((), "FL922", 2),
        (("--reason", "MD08"), "FL923", 2),
        (("--reason", "OTHR"), "FL349", 1),
    ):
        refused = desk.terminal.run(*call, *SIGNED, "--line", lines[0], *more)
        assert (refused.exit_code, code in refused.output) == (exits, True), refused.output
    desk.terminal.done(*call, *SIGNED, "--line", lines[0], "--reason", "MD07")
    desk.terminal.done(*call, *SIGNED, "--line", lines[1], "--reason", "本人放弃")
    other = ("--reason", "OTHR", "--note", "入伍，由部队供养")
    (voucher,) = desk.terminal.json(*call, *SIGNED, "--line", lines[2], *other)["vouchers"]

    assert voucher["narration"] == "B2026-03-001 取消，1笔：入伍，由部队供养"
    reasons = {str(one["line"]): one["reason"] for one in desk.lines()}
    assert [reasons[line] for line in lines] == ["MD07", "RFUS", "OTHR"]
    shown = desk.terminal.done("batch", "show", "dibao", "B2026-03-001", "--lines")
    assert "MD07 收款人死亡" in shown
    assert "RFUS 本人放弃" in shown


def test_a_batch_that_is_sent_is_written_again_and_not_recorded_again(desk: Desk) -> None:
    desk.sent()
    folder = desk.terminal.root / "private" / "bank"
    file = folder / "B2026-03-001.xlsx"
    data = file.read_bytes()
    records = desk.terminal.json("verify", "dibao")
    file.unlink()

    desk.step(*desk.sending)
    assert file.read_bytes() == data
    assert desk.terminal.json("verify", "dibao") == records
    other = desk.terminal.run(
        "batch",
        "export",
        "dibao",
        "B2026-03-001",
        "--date",
        "2026-03-12",
        "--bank",
        "iso20022",
        *desk.sending[3:],
    )
    assert (other.exit_code, "FL795" in other.output) == (1, True)


def test_an_account_that_changed_after_the_approval_is_not_paid(desk: Desk) -> None:
    desk.prepare()
    desk.approve()
    later = [row(serial, 救助类别=ZH, 所属月份="2026-02") for serial in range(1, 5)]
    later[0][8] = row(50)[8]
    desk.prepare(later)

    result = desk.terminal.run(
        "batch", "export", "dibao", "B2026-03-001", "--date", "2026-03-12", *desk.sending[1:]
    )
    assert (result.exit_code, result.output.count("FL791")) == (1, 1)
    assert not (desk.terminal.root / "private" / "bank").exists()


@pytest.mark.parametrize(
    ("option", "value", "what"),
    [
        ("--name", "某甲某", "姓名"),
        ("--holder", "某甲某", "收款户名"),
        ("--bank", "另一银行", "开户行"),
        ("--phone", "13800000000", ""),
    ],
)
def test_a_name_or_holder_that_changed_after_the_approval_is_not_paid(
    desk: Desk, option: str, value: str, what: str
) -> None:
    desk.prepare()
    desk.approve()
    line, person = (desk.lines()[0][name] for name in ("line", "person"))
    desk.terminal.clock.advance(minutes=1)
    call = ("vault", "change", "--person", str(person), option, value, "--by", "S03")
    desk.terminal.done(*call, "--purpose", "户口簿更名", "--key-file", desk.key)

    sending = ("batch", "export", "dibao", "B2026-03-001", "--date", "2026-03-12")
    result = desk.terminal.run(*sending, *desk.sending[1:])
    refused = (1, 1) if what else (0, 0)
    assert (result.exit_code, result.output.count("FL714")) == refused
    assert f"的{what}在批准后改动过" in result.output or not what
    assert value not in result.output
    if what:
        desk.step("withdraw", "--line", str(line), "--by", "S08", *SIGNED)
        desk.terminal.done(*sending, *desk.sending[1:])


def test_before_an_approval_one_sees_what_changed(desk: Desk) -> None:
    desk.prepare()
    later = [row(serial, 救助类别=ZH, 所属月份="2026-04") for serial in range(2, 6)]
    later[0][6] = 1600
    later[1][8] = row(50)[8]
    desk.prepare(later, day="2026-03-20")

    told = desk.terminal.done("batch", "show", "dibao", "B2026-03-002")
    plain = desk.terminal.json("batch", "show", "dibao", "B2026-03-002")["changes"][0]
    assert "与 2026-03 相比：新增 1 人，减少 1 人，金额变动 1 人，账号变动 1 人" in told
    assert (plain["before"], len(plain["new"]), len(plain["dropped"])) == ("2026-03", 1, 1)
    assert list(plain["amount"].values()) == [{"before_fen": 1510_00, "now_fen": 1600_00}]


def test_who_comes_with_another_part_of_the_list_is_not_told_as_gone(desk: Desk) -> None:
    desk.prepare()
    april = [row(serial, 救助类别=ZH, 所属月份="2026-04") for serial in range(1, 5)]

    def gone(batch: str) -> int:
        (changes,) = desk.terminal.json("batch", "show", "dibao", batch)["changes"]
        return len(changes["dropped"])

    desk.prepare(april[:3], day="2026-03-20")
    assert gone("B2026-03-002") == 1
    desk.prepare(april[3:], day="2026-03-21")
    assert (gone("B2026-03-002"), gone("B2026-03-003")) == (0, 0)
    rejected = ("batch", "reject", "dibao", "B2026-03-003", "--date", "2026-03-21", "--by", "S08")
    desk.terminal.done(*rejected, "--maker", "S03", "--reviewer", "S01")
    assert gone("B2026-03-002") == 1


def test_a_list_with_somebody_who_is_paid_already_leaves_nobody_in_the_vault(desk: Desk) -> None:
    desk.prepare()
    vault = (desk.terminal.root / "private" / "people.vault").read_bytes()
    path = write_list(desk.folder / "又.xlsx", [*ROWS, row(9, 救助类别=ZH)])
    call = ("batch", "prepare", "dibao", str(path), "--unit", "CASC", "--date", "2026-03-13")

    result = desk.terminal.run(*call, "--by", "S03", "--key-file", desk.key)
    assert (result.exit_code, result.output.count("FL753")) == (1, 4)
    assert (desk.terminal.root / "private" / "people.vault").read_bytes() == vault


def test_nobody_stands_in_books_lists_journal_or_what_is_shown(desk: Desk) -> None:
    said = [desk.sent()]
    said.append(desk.read(desk.answer(["paid", "failed", "paid", "unknown"])))
    said.append(desk.terminal.done("batch", "show", "dibao", "B2026-03-001", "--lines"))
    said.append(desk.terminal.done("journal", "dibao"))
    people = [str(cell) for cells in ROWS for cell in (cells[1], cells[2], cells[8])]
    kept = [
        path.read_bytes().decode("utf-8", "replace")
        for path in desk.terminal.root.rglob("*")
        if path.is_file() and path.parent.name != "bank"
    ]

    assert [person for person in people if any(person in text for text in (*said, *kept))] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "dibao", "B2026-03-009"), "FL793"),
        (("reject", "dibao", "B2026-03-001", "--line", "L-AAAAAAAAAAAA"), "FL794"),
        (("export", "dibao", "B2026-03-001", "--bank", "nowhere"), "FL762"),
        (("approve", "dibao", "B2026-03-001", "--by", "S03"), "FL748"),
        (("debit", "dibao", "B2026-03-001", "--by", "S03"), "FL922"),
        (("claim-back", "dibao", "B2026-03-001", "--amount", "1.00"), "FL922"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(
    desk: Desk, arguments: tuple[str, ...], code: str
) -> None:
    desk.prepare()
    before = desk.terminal.bytes()
    step = arguments[0]
    more: tuple[str, ...] = ()
    if step != "show":
        more = ("--date", "2026-03-12", *SIGNED)
        more += () if "--by" in arguments else ("--by", "S08")
    if step == "export":
        more += ("--key-file", desk.key)

    result = desk.terminal.run("batch", *arguments, *more)
    assert (result.exit_code in {1, 2}, code in result.output) == (True, True)
    assert desk.terminal.bytes() == before


HEAD = ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "流水号")
RECEIVED = ("2026-03-02", "", "120000.00", "120000.00", "区财政局", "31001", "拨款", "A1")
PAID = ("2026-03-10", "30000.00", "", "90000.00", "某银行", "31002", "代发", "A2")


def statement(desk: Desk, *rows: list[object]) -> Path:
    """Write March's statement: besides what is booked, a debit of 1,510.00 for each of these."""
    lines: list[tuple[str, ...]] = [RECEIVED, PAID]
    left = 90000
    for number, one in enumerate(rows, 3):
        left -= 1510
        holder, account = str(one[7]), str(one[8])
        lines.append(
            ("2026-03-13", "1510.00", "", f"{left}.00", holder, account, "代发", f"A{number}")
        )
    lines.append(("2026-03-21", "12.50", "", f"{left - 13}.50", "", "", "手续费", "B1"))
    path = desk.folder / "对账单.xlsx"
    stated = ("账号", "3100000000000000101", "查询期间", "2026-03-01 至 2026-03-31")
    table = (stated, HEAD, *lines)
    path.write_bytes(xlsx_bytes({"明细": table}))
    return path


def test_each_payee_is_found_on_the_statement_and_what_is_not_booked_is_told(desk: Desk) -> None:
    """The bank debited all four on the 13th; the office booked none, then all in one sum."""
    desk.sent()
    file = statement(desk, *ROWS)
    call = ("reconcile", "dibao", "--statement", str(file), "--key-file", desk.key, "--by", "S05")
    before = desk.books()
    told = desk.terminal.run(*call)
    found = desk.terminal.json(*call, code=1)

    assert desk.books() == before
    assert "FL874" in told.output
    words = f"-C {desk.terminal.root} batch debit dibao B2026-03-001 --date 2026-03-13"
    assert f"fundledger {words} " in told.output
    assert "借 Liabilities:InTransit 6,040.00" in told.output
    assert "对上 4 笔共 6,040.00（按笔数 100.00%，按金额 100.00%），其中 T3 4" in told.output
    (cure,) = found["cures"]
    assert (cure["step"], cure["on"], cure["payments"]) == ("debit", "2026-03-13", 4)
    assert cure["digest"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert cure["command"][:3] == ["fundledger", "-C", str(desk.terminal.root)]
    assert sum(one["signed_fen"] for one in cure["vouchers"][0]["postings"]) == 0

    desk.step("debit", "--by", "S03", "--document", str(file), *BANKED, day="2026-03-13")
    again = desk.terminal.json(*call)
    assert (again["settled"], again["items"], again["cures"]) == (True, [], [])
    assert again["payments"]["tiers"] == {"T3": {"payments": 4, "amount_fen": 6040_00}}
    assert all(one["holds"] for one in again["identities"])
    signed = desk.terminal.run(*call, "--sign", "--yes")
    assert signed.exit_code == 0, signed.output
    assert desk.terminal.run("check", "dibao", "--as-of", "2026-03-31").exit_code == 0
    log = (desk.terminal.root / "private" / "people.reads.jsonl").read_text(encoding="utf-8")
    assert log.count("与对账单核对收款人") == 4


def test_while_something_due_is_unpaid_the_month_is_not_signed(desk: Desk) -> None:
    """Payments.md, coverage: what is approved and unpaid past its due day (应付未付) blocks."""
    desk.sent()
    call = ("reconcile", "dibao", "--statement", str(statement(desk)))
    found = desk.terminal.json(*call, code=1)
    before = desk.books()
    refused = desk.terminal.run(*call, "--sign", "--by", "S05", "--yes")

    assert [one["code"] for one in found["findings"] if one["severity"] == "error"] == ["FL799"]
    told = found["payments"]["told"]
    assert {(one["line"], one["row"], one["book_fen"]) for one in told} == {
        (line["line"], None, 1510_00) for line in desk.lines()
    }
    assert found["settled"] is False
    assert (refused.exit_code, desk.books()) == (1, before)
    assert ("FL864" in refused.output, "FL799" in refused.output) == (True, True)

    desk.read(desk.answer(["failed"] * 4))
    desk.terminal.done(*call, "--sign", "--by", "S05", "--yes")


def test_what_was_approved_after_the_statement_keeps_nobody_from_signing_it(desk: Desk) -> None:
    """What was signed just so is signed, and gives its receipt, whatever is listed later."""
    call = ("reconcile", "dibao", "--statement", str(statement(desk)))
    desk.terminal.done(*call, "--sign", "--by", "S05", "--yes")
    desk.prepare(day="2026-04-02")
    approval = ("--maker", "S03", "--reviewer", "S01", "--approval", "例审〔2026〕4号")
    late = ("batch", "approve", "dibao", "B2026-04-001", "--date", "2026-04-02", "--by", "S08")
    desk.terminal.done(*late, *approval)

    found = desk.terminal.json(*call)
    assert (found["settled"], found["signed"]["by"]) == (True, "S05")
    assert "FL799" in desk.terminal.run("check", "dibao", "--as-of", "2026-04-30").stdout


def test_another_name_at_the_bank_is_told_and_no_name_is_shown(desk: Desk) -> None:
    desk.sent()
    other = [*ROWS[3][:7], "某外人", *ROWS[3][8:]]
    file = statement(desk, *ROWS[:3], other)
    desk.step("debit", "--by", "S03", "--document", str(file), *BANKED, day="2026-03-13")
    call = ("reconcile", "dibao", "--statement", str(file), "--key-file", desk.key)
    without = desk.terminal.json(*call)
    found = desk.terminal.json(*call, "--by", "S05")
    shown = desk.terminal.run(*call, "--by", "S05").output

    assert [one["code"] for one in without["findings"]] == []
    assert [one["code"] for one in found["findings"]] == ["FL890"]
    for one in (*ROWS, other):
        assert not any(str(cell) in shown for cell in (one[1], one[2], one[8]))


def test_a_death_that_is_entered_after_the_payment_keeps_it_from_being_signed(desk: Desk) -> None:
    desk.sent()
    file = statement(desk, *ROWS)
    desk.step("debit", "--by", "S03", "--document", str(file), *BANKED, day="2026-03-13")
    person = str(desk.lines()[0]["person"])
    died = ("--person", person, "--died", "2026-02-10", "--by", "S03", "--purpose", "殡葬信息")
    desk.terminal.done("vault", "change", *died, "--key-file", desk.key)
    call = ("reconcile", "dibao", "--statement", str(file), "--key-file", desk.key, "--by", "S05")

    refused = desk.terminal.run(*call, "--sign", "--yes")
    assert (refused.exit_code, "FL849" in refused.output) == (1, True)
    assert "2026-02-10" not in refused.output


def test_without_the_key_sums_and_ids_alone_are_compared(desk: Desk) -> None:
    desk.sent()
    file = statement(desk, *ROWS)
    found = desk.terminal.json("reconcile", "dibao", "--statement", str(file), code=1)

    assert found["payments"]["found"] == 0
    assert "FL894" in [one["code"] for one in found["findings"]]


def test_a_decision_is_written_with_the_file_and_the_row(desk: Desk) -> None:
    desk.sent()
    file = statement(desk, *ROWS)
    desk.step("debit", "--by", "S03", "--document", str(file), *BANKED, day="2026-03-13")
    call = ("reconcile", "dibao", "--statement", str(file), "--key-file", desk.key)
    found = desk.terminal.json(*call, "--decide", "对账单.xlsx:3=-")
    assert found["payments"]["found"] == 4
    for said, reason in (
        ("对账单.xlsx:99=-", "对账单上没有这一行"),
        ("对账单.xlsx:3", "写法不对"),
        ("对账单.xlsx:3=", "写法不对"),
        ("对账单.xlsx:5=L-AAAAAAAAAAAA", "没有这个已送银行的发放行"),
    ):
        result = desk.terminal.run(*call, "--decide", said)
        assert (result.exit_code, "FL896" in result.output) == (1, True), result.output
        assert reason in result.output


def test_what_is_above_the_standard_is_told_at_each_step_before_the_bank(desk: Desk) -> None:
    rows = [*ROWS[:3], row(4, 救助类别=ZH, 金额="1730.01")]
    listed = str(write_list(desk.folder / "高.xlsx", rows))
    checked = ("batch", "check", "dibao", listed, "--unit", "CASC")
    assert "FL707 警告：高.xlsx 有 1 笔 CASC:Dibao 2026-03 高于" in desk.terminal.done(*checked)
    (found,) = desk.terminal.json(*checked)["findings"]
    assert (found["code"], found["details"]["places"]) == ("FL707", "[7]")

    assert "FL707" in desk.prepare(rows)
    (line,) = [str(one["line"]) for one in desk.lines() if one["amount_fen"] == 1_730_01]
    assert f"1,730.01 元：{line}。" in desk.terminal.done("batch", "show", "dibao", "B2026-03-001")
    assert "FL707" in desk.approve()
    desk.step("withdraw", "--line", line, "--by", "S08", *SIGNED)

    assert desk.terminal.json("batch", "show", "dibao", "B2026-03-001")["findings"] == []


def test_who_died_after_the_approval_is_not_sent_until_withdrawn(desk: Desk) -> None:
    desk.prepare()
    desk.approve()
    line, person = (str(desk.lines()[0][name]) for name in ("line", "person"))
    died = ("--person", person, "--died", "2026-03-11", "--by", "S03", "--purpose", "殡葬信息")
    desk.terminal.done("vault", "change", *died, "--key-file", desk.key)
    call = ("batch", desk.sending[0], "dibao", "B2026-03-001", "--date", "2026-03-12")

    refused = desk.terminal.run(*call, *desk.sending[1:])
    assert (refused.exit_code, f"FL709 错误：{line}" in refused.output) == (1, True)
    assert not (desk.terminal.root / "private" / "bank").exists()
    desk.step("withdraw", "--line", line, "--by", "S08", *SIGNED)
    desk.step(*desk.sending)

    assert [one["state"] for one in desk.lines()].count("exported") == 3
    late = ("--person", str(desk.lines()[1]["person"]), *died[2:])
    desk.terminal.done("vault", "change", *late, "--key-file", desk.key)
    desk.step(*desk.sending)
