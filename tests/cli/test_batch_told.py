"""What a clerk is told of batches: what is wrong with a call and how, and what an act made."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.desk import BANKED, SIGNED, Desk
from support.terminals import Terminal


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
