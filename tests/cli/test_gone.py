"""Who is not listed any more, and nobody said why, is shown before a batch is approved."""

from __future__ import annotations

from pathlib import Path

from support.desk import BANKED, SIGNED, ZH, Desk
from support.terminals import Terminal
from support.unitlists import row


def test_who_is_gone_from_the_list_is_told_by_pseudonym_at_show_and_approve(
    office: Terminal, tmp_path: Path
) -> None:
    desk = Desk(office, tmp_path)
    desk.sent()
    desk.step("debit", "--by", "S03", "--document", str(desk.paper), *BANKED, day="2026-03-13")
    desk.read(desk.answer(["paid"] * 4))
    people = {str(one["person"]) for one in desk.lines()}
    april = [row(serial, 救助类别=ZH, 所属月份="2026-04") for serial in range(1, 4)]
    assert "FL350" not in desk.prepare(april, day="2026-03-14")

    shown = office.json("batch", "show", "dibao", "B2026-03-002", "--lines")
    (gone,) = people - {one["person"] for one in shown["lines"]}
    (found,) = shown["findings"]
    assert (found["code"], found["severity"], found["details"]["people"]) == ("FL350", "note", gone)
    said = f"的 1 人不在 2026-04 的任何清单中，也没有登记原因：{gone}。"
    assert said in office.done("batch", "show", "dibao", "B2026-03-002")
    signed = ("--by", "S08", *SIGNED, "--approval", "例审〔2026〕3号")
    call = ("batch", "approve", "dibao", "B2026-03-002", "--date", "2026-03-14")
    assert said in office.done(*call, *signed)
    assert "FL350" not in office.run("check", "dibao", "--as-of", "2026-03-14").output
