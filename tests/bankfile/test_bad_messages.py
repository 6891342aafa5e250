"""Answers as pain.002 that do not hold are refused, each by its code and place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from fundledger.bankfile import read_results, render
from support.answers import (
    ORDER,
    SENT,
    Told,
    bank,
    told,
)
from support.honest_bank import Verdict, account_of, answered, line_of, taken


def message(day: date = date(2026, 11, 28)) -> str:
    """Return a message that says that the first was paid, the second not, of three."""
    first, second, _ = taken("iso20022", render(ORDER, bank("iso20022")).data)
    said = [Verdict(first, "paid", "", day), Verdict(second, "failed", "BE01", day)]
    return answered("iso20022", ORDER, said).decode()


GROUP = "<OrgnlNbOfTxs>3"
MESSAGES: tuple[tuple[str, Callable[[str], str | bytes], list[Told]], ...] = (
    ("empty", lambda _: "", [("FL786", "")]),
    ("torn", lambda t: t[:-20], [("FL786", "")]),
    ("no XML", lambda _: "状态,附言\n", [("FL786", "")]),
    ("not in UTF-8", lambda t: t.encode() + b"\xff", [("FL771", "")]),
    ("document type", lambda t: t.replace("?>", "?><!DOCTYPE Document>", 1), [("FL786", "")]),
    ("entities", lambda t: t.replace(
        "?>", '?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>', 1), [("FL786", "")]),
    ("an outer file", lambda t: t.replace(
        "?>", '?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', 1), [("FL786", "")]),
    ("an entity in UTF-16", lambda t: t.replace("UTF-8", "UTF-16").replace(
        "?>", "?><!DOCTYPE a>", 1).encode("utf-16"), [("FL771", "")]),
    ("an entity that is not there", lambda t: t.replace("B-1", "&b;"), [("FL786", "")]),
    ("too deep", lambda t: t.replace("<GrpHdr>", "<a>" * 60 + "</a>" * 60 + "<GrpHdr>"),
     [("FL786", "")]),
    ("another version", lambda t: t.replace("001.10", "001.03"), [("FL786", "")]),
    ("another message", lambda t: t.replace("CstmrPmtStsRpt", "BkToCstmrStmt"), [("FL786", "")]),
    ("of another message", lambda t: t.replace("pain.001.001.09", "pain.008.001.08"),
     [("FL786", "[OrgnlMsgNmId]")]),
    ("no group", lambda t: t.replace("OrgnlGrpInfAndSts", "Other"), [("FL786", "")]),
    ("another batch", lambda t: t.replace("<OrgnlMsgId>PB-2026-11-001", "<OrgnlMsgId>PB-2"),
     [("FL783", "[OrgnlMsgId]")]),
    ("another payment", lambda t: t.replace("<OrgnlPmtInfId>PB-2026", "<OrgnlPmtInfId>PB-2025"),
     [("FL783", "[OrgnlPmtInfId]")]),
    ("other count", lambda t: t.replace(GROUP, "<OrgnlNbOfTxs>2"), [("FL782", "[OrgnlNbOfTxs]")]),
    ("other sum", lambda t: t.replace("3020.05", "3020.06"), [("FL782", "[OrgnlCtrlSum]")]),
    ("sum of thousandths", lambda t: t.replace("3020.05", "3020.051"),
     [("FL782", "[OrgnlCtrlSum]")]),
    ("made before", lambda t: t.replace("2026-11-27T18", "2026-11-26T18"),
     [("FL780", "[CreDtTm]")]),
    ("made never", lambda t: t.replace("2026-11-27T18:00:00", ""), [("FL780", "[CreDtTm]")]),
    ("unknown line", lambda t: t.replace(line_of(0), line_of(9)), [("FL774", "[1]")]),
    ("no line", lambda t: t.replace(line_of(0), ""), [("FL774", "[1]")]),
    ("line twice", lambda t: t.replace(line_of(1), line_of(0)).replace(">0.05<", ">1510.00<"),
     [("FL776", "[2]"), ("FL781", "[2]")]),
    ("unknown status", lambda t: t.replace("ACSC", "PAID"), [("FL779", "[1]")]),
    ("no status", lambda t: t.replace("ACSC", ""), [("FL779", "[1]")]),
    ("other amount", lambda t: t.replace("1510.00", "1510.01"), [("FL777", "[1]")]),
    ("amount that is none", lambda t: t.replace("1510.00", "1,510.00"), [("FL787", "[1]")]),
    ("another currency", lambda t: t.replace('"CNY"', '"USD"', 1), [("FL786", "[1]")]),
    ("another account", lambda t: t.replace(account_of(0), account_of(2)), [("FL781", "[1]")]),
    ("paid before the sending", lambda t: t.replace("2026-11-28T", "2026-11-26T", 1),
     [("FL780", "[1]")]),
    ("a day of no calendar", lambda t: t.replace(
        "2026-11-28T09:30:00", "9999-12-31T23:00:00-05:00", 1), [("FL780", "[1]")]),
    ("a day that is none", lambda t: t.replace("2026-11-28T", "2026-11-31T", 1),
     [("FL780", "[1]")]),
    ("the whole rejected, one paid", lambda t: t.replace(GROUP, f"{GROUP}").replace(
        "</OrgnlCtrlSum>", "</OrgnlCtrlSum><GrpSts>RJCT</GrpSts>"), [("FL786", "[1]")]),
    ("the whole paid, one rejected", lambda t: t.replace(
        "</OrgnlCtrlSum>", "</OrgnlCtrlSum><GrpSts>ACSC</GrpSts>"), [("FL786", "[2]")]),
    ("two statuses", lambda t: t.replace("<TxSts>ACSC", "<TxSts>RJCT</TxSts><TxSts>ACSC"),
     [("FL786", "[1]")]),
    ("two lines", lambda t: t.replace(
        "<TxSts>ACSC", f"<OrgnlEndToEndId>{line_of(2)}</OrgnlEndToEndId><TxSts>ACSC"),
     [("FL786", "[1]")]),
    ("the payment rejected, one paid", lambda t: t.replace(
        "</OrgnlPmtInfId>", "</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts>"), [("FL786", "[1]")]),
    ("a person where a count should be", lambda t: t.replace(GROUP, f"{GROUP[:-1]}某甲"),
     [("FL782", "[OrgnlNbOfTxs]")]),
    ("an account where the sum should be", lambda t: t.replace("3020.05", account_of(0)),
     [("FL782", "[OrgnlCtrlSum]")]),
    ("nothing said of anything", lambda t: t.replace("TxInfAndSts", "Other"), [("FL779", "")]),
)  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in MESSAGES],
                         ids=[case[0] for case in MESSAGES])  # fmt: skip
def test_a_message_that_does_not_hold_is_refused(
    tmp_path: Path, change: Callable[[str], str | bytes], expected: list[Told]
) -> None:
    path = tmp_path / "回盘.xml"
    changed = change(message())
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())

    assert told(path, bank("iso20022")) == expected


@pytest.mark.parametrize(("status", "outcome", "reason"), [
    ("RJCT", "failed", "AM04"),
    ("ACSC", "paid", None),
    ("PDNG", "unknown", None),
])  # fmt: skip
def test_a_status_of_the_whole_is_that_of_every_line(
    tmp_path: Path, status: str, outcome: str, reason: str | None
) -> None:
    text = message()
    begin, end = text.index("<TxInfAndSts>"), text.index("</OrgnlPmtInfAndSts>")
    said = (
        f"</OrgnlCtrlSum><GrpSts>{status}</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"
    )
    path = tmp_path / "回盘.xml"
    path.write_text((text[:begin] + text[end:]).replace("</OrgnlCtrlSum>", said), encoding="utf-8")

    found = read_results(path, bank("iso20022"), SENT).results
    assert [(r.line, r.outcome, r.reason) for r in found] == [
        (line_of(number), outcome, reason) for number in range(3)
    ]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-28T09:30:00", 28),
        ("2026-11-28T09:30:00.000+08:00", 28),
        ("2026-11-27T23:30:00Z", 28),
        ("2026-11-28T23:30:00-05:00", 29),
    ],
)
def test_a_moment_is_of_the_day_that_it_is_in_china(tmp_path: Path, moment: str, day: int) -> None:
    path = tmp_path / "回盘.xml"
    path.write_text(message().replace("2026-11-28T09:30:00", moment), encoding="utf-8")

    found = read_results(path, bank("iso20022"), SENT).results
    assert {result.on for result in found} == {date(2026, 11, day)}


def test_several_reasons_are_not_one(tmp_path: Path) -> None:
    """Of two codes neither is picked; the same code twice is one."""
    path = tmp_path / "回盘.xml"
    one = "<StsRsnInf><Rsn><Cd>BE01</Cd></Rsn></StsRsnInf>"
    codes = []
    for more in (one, one.replace("BE01", "AC04"), one.replace("BE01", "XX99")):
        path.write_text(message().replace(one, one + more), encoding="utf-8")
        found = read_results(path, bank("iso20022"), SENT)
        codes.append((found.results[1].reason, "FL784" in [f.code for f in found.findings]))

    assert codes == [("BE01", False), ("NARR", True), ("BE01", False)]


def test_a_message_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "回盘.xml"
    text = message().replace("UTF-8", "GBK").replace("B-1", "回单一")
    path.write_bytes(text.encode("gb18030"))

    assert len(read_results(path, bank("iso20022"), SENT).results) == 2
