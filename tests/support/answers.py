"""Answers of banks to one batch, made at run time, and what is told of those that do not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from fundledger.bankfile import (
    BankProfile,
    Result,
    Sent,
    bank_named,
    load_banks,
    read_results,
    sent_of,
)
from fundledger.bankfile.profile import Total
from fundledger.errors import InputInvalid
from support.honest_bank import account_of, line_of, order_of
from support.statements import xlsx_bytes

Cells = dict[str, object]
Told = tuple[str, str]

PROFILES = load_banks(Path(__file__).parents[2] / "rules")
ORDER = order_of(151000, 5, 151000)
SENT = sent_of(ORDER)
HEAD = ("收款账号", "收款户名", "应发金额", "实发金额", "状态", "失败原因", "交易日期", "附言")
PAID: Cells = {
    "收款账号": account_of(0),
    "收款户名": "某甲",
    "应发金额": "1510.00",
    "实发金额": "1510.00",
    "状态": "成功",
    "失败原因": "",
    "交易日期": "2026-11-28",
    "附言": line_of(0),
}
FAILED: Cells = {
    **PAID,
    "收款账号": account_of(1),
    "收款户名": "某乙",
    "应发金额": "0.05",
    "实发金额": "0.00",
    "状态": "失败",
    "失败原因": "户名不符",
    "附言": line_of(1),
}


def bank(name: str) -> BankProfile:
    return bank_named(PROFILES, name)


def told(path: Path, profile: BankProfile, sent: Sent = SENT) -> list[Told]:
    """Return code and subject, without the file's name, of each finding that refuses the file."""
    with pytest.raises(InputInvalid) as caught:
        read_results(path, profile, sent)
    for finding in caught.value.findings:
        words = (finding.sentence, finding.remedy, finding.title)
        said = " ".join(part(language) for part in words for language in ("zh", "en"))
        assert "{" not in said
        assert "?" not in said
        assert not any(name in said for name in ("某甲", "某乙", account_of(0), account_of(1)))
        assert finding.subject in finding.sentence("zh")
        if finding.code in {"FL937", "FL949"}:
            assert "重新下载" in finding.remedy("zh")
            assert "--template" not in finding.remedy("zh")
    found = caught.value.findings
    return [(f.code, f.subject.removeprefix(path.name).strip()) for f in found]


def table(
    *rows: Mapping[str, object], head: Sequence[Sequence[object]] = (), foot: Sequence[object] = ()
) -> list[list[object]]:
    """Return an answer of the generic bank; its 批次号 stands above unless another head does."""
    above = [list(line) for line in head or [("批次号", "PB-2026-11-001")]]
    body = [[row.get(word, "") for word in HEAD] for row in rows]
    return [*above, list(HEAD), *body, *([list(foot)] if foot else [])]


def xlsx(folder: Path, rows: Sequence[Sequence[object]], **how: Any) -> Path:  # noqa: ANN401
    path = folder / "回盘.xlsx"
    path.write_bytes(xlsx_bytes({"结果": rows}, **how))
    return path


def totalled(name: str) -> BankProfile:
    """Return a bank whose answers end in a line of totals."""
    result = bank(name).result.model_copy(update={"total": Total(words=("合计",))})
    return bank(name).model_copy(update={"result": result})


def results_of(path: Path, data: bytes, name: str) -> set[Result]:
    """What is read of some bytes: nothing if they are refused."""
    path.write_bytes(data)
    try:
        return set(read_results(path, bank(name), sent_of(order_of(151000, 5, 151000))).results)
    except InputInvalid as error:
        said = [finding.sentence("zh") for finding in error.findings]
    assert all(text and "某" not in text for text in said)
    return set()
