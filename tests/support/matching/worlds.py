"""Small worlds full of collisions: few amounts, few accounts, few days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from support.matching import Batch, Line, Row

World = tuple[list[Line], list[Row], list[Batch]]

START = date(2026, 3, 1)
IDS = tuple(f"L-{letter * 12}" for letter in "ABCD")
AGAIN = tuple(f"{line}-2" for line in IDS)
BATCHES = ("B-1", "B-2", "B-3")
STATES = ("exported", "exported", "exported", "paid", "failed", "failed", "reissued", "approved")

days = st.integers(0, 16).map(lambda offset: START + timedelta(days=offset))
sent_days = st.integers(0, 4).map(lambda offset: START + timedelta(days=2 * offset))
amounts = st.sampled_from([100, 200, 300])
accounts = st.sampled_from(["A-1", "A-2", ""])
people = st.sampled_from(["P-1", "P-2", ""])
serials = st.sampled_from(["", "", "S-1", "S-2", "B-1"])
words = st.sampled_from(
    [*IDS, *AGAIN, *BATCHES, "S-1", "L-" + "Z" * 12, "B2026-04-009", "2026", "补助"]
)
between = st.sampled_from([" / ", " / ", "，", "-", ""])
several = st.tuples(between, st.lists(words, min_size=1, max_size=3))
memos = st.one_of(st.just(""), words, several.map(lambda both: both[0].join(both[1])))


@st.composite
def lines_of(draw: st.DrawFn) -> list[Line]:
    """Draw lines, each id once."""
    ids = draw(st.lists(st.sampled_from([*IDS, *AGAIN]), unique=True, min_size=1, max_size=8))
    lines = []
    for line in ids:
        state = draw(st.sampled_from(STATES))
        moved = draw(st.one_of(st.none(), st.none(), st.none(), days))
        lines.append(
            Line(
                line,
                draw(st.sampled_from([*BATCHES[:2], ""])),
                draw(accounts),
                draw(people),
                draw(amounts),
                None if state == "approved" else draw(sent_days),
                state,
                moved,
                draw(st.one_of(st.none(), days)) if moved else None,
                draw(st.sampled_from(["", "", "S-1", "S-2"])),
            )
        )
    return lines


def row_of(draw: st.DrawFn, number: int, lines: list[Line]) -> Row:
    """Draw a bank row: of a line as far as a bank tells of it, of a batch, or of nothing."""
    kind = draw(st.sampled_from(["debit", "debit", "debit", "credit", "sum", "sum", "any"]))
    statement = draw(st.sampled_from(["M3", "M4"]))
    if kind == "any" or not lines:
        fen = draw(st.sampled_from([100, 200, 300, 400]))
        signed_fen = draw(st.sampled_from([fen, -fen, -fen]))
        said = draw(serials), draw(accounts), draw(people), draw(memos)
        return Row(statement, number, draw(days), signed_fen, *said)
    line = draw(st.sampled_from(lines))
    on = (line.sent_on or START) + timedelta(
        days=draw(st.sampled_from([0, 1, 1, 2, 7, 10, 11, -1]))
    )
    if kind == "sum":
        return sum_of(draw, Row(statement, number, on, 0), line.batch, lines)
    fen = line.amount_fen if draw(st.integers(0, 5)) else draw(amounts)
    said = draw(
        st.sampled_from(
            [
                ("", "", "", f"补助 {line.line}"),
                ("", line.account, line.person, line.line),
                ("", line.account, "", line.batch),
                (line.receipt, line.account, line.person, ""),
                ("S-1", line.account, line.person, "补助"),
                ("S-2", line.account, "", ""),
                ("", "", line.person, ""),
                ("", "", line.person, line.batch),
                ("", line.account, draw(people), draw(memos)),
            ]
        )
    )
    later = timedelta(days=3 if kind == "credit" else 0)
    return Row(statement, number, on + later, fen if kind == "credit" else -fen, *said)


def sum_of(draw: st.DrawFn, row: Row, batch: str, lines: list[Line]) -> Row:
    """Draw a sum of a batch: all of it, less its failures, some of it, or its failures back."""
    of_batch = [line for line in lines if line.batch == batch and line.sent_on]
    failed = [line for line in of_batch if line.state == "failed"]
    some = draw(
        st.sampled_from(
            [of_batch, of_batch, [line for line in of_batch if line not in failed], of_batch[1:]]
        )
    )
    back = bool(failed) and draw(st.integers(0, 2)) == 0
    fen = sum(line.amount_fen for line in (failed if back else some)) or 100
    return replace(
        row,
        on=row.on + timedelta(days=2 if back else 0),
        signed_fen=fen if back else -fen,
        account=draw(st.sampled_from(["", "A-BANK"])),
        memo=draw(st.sampled_from(["", batch, f"{batch}，代发", "B2026-04-009"])),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw lines, the bank's rows, and the batches as they were sent (one of them maybe wrong)."""
    lines = draw(lines_of())
    rows = [row_of(draw, number, lines) for number in range(1, draw(st.integers(1, 9)))]
    batches = []
    for batch in BATCHES:  # the third has no lines
        sent = [line for line in lines if line.batch == batch and line.sent_on]
        empty: int = draw(st.integers(0, 1))
        if sent or empty:
            fen = sum(line.amount_fen for line in sent)
            off = draw(st.sampled_from([0, 0, 0, 0, 1]))
            day = min((line.sent_on for line in sent if line.sent_on), default=START)
            batches.append(Batch(batch, day, len(sent) or 1, (fen or 100) + off))
    return lines, rows, batches


@st.composite
def couples(draw: st.DrawFn) -> World:
    """Draw lines of one account and amount, of a few people, and rows of them; names may lack."""
    some = draw(st.lists(st.sampled_from([*IDS, *AGAIN]), unique=True, min_size=2, max_size=5))
    names = st.sampled_from(["P-1", "P-2", "P-3", "P-1", "P-2", "P-3", ""])
    sent = draw(st.lists(sent_days, min_size=1, max_size=2))
    paid = draw(st.lists(days, min_size=1, max_size=2))
    serial, memo = draw(st.sampled_from([("", ""), ("", ""), ("", "B-1"), ("S-1", "")]))
    lines = [
        Line(line, "B-1", "A-1", draw(names), 100, draw(st.sampled_from(sent)), receipt=serial)
        for line in some
    ]
    of_rows = [line.person if draw(st.integers(0, 7)) else draw(names) for line in lines]
    rows = [
        Row("M3", number, draw(st.sampled_from(paid)), -100, serial, "A-1", person, memo)
        for number, person in enumerate(draw(st.permutations(of_rows)), 1)
    ]
    return lines, rows, []
