"""How the command of one step of a batch is made: what it takes, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fundledger.cli.batches import (
    act_of,
    batch_id,
    by,
    day,
    digest_of,
    found_batch,
    lines_of,
    signing,
)
from fundledger.cli.framework import command, option
from fundledger.cli.kinds import AMOUNT, COUNT
from fundledger.cli.options import acting, fund
from fundledger.ledger.batches.reasons import GIVES_UP, OTHER, REASONS
from fundledger.ledger.batches.states import STEPS
from fundledger.ledger.given import is_digest

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.fund import Fund
    from fundledger.ledger.batches.batch import Batch
    from fundledger.ledger.batches.outcomes import Outcome
    from fundledger.ledger.bodies import BankReceipt
    from fundledger.ledger.plan import Receipt

_PART = frozenset({"claim-back", "recover", "write-off"})


_EVERY = (
    "发放行号，可写多个；不写的，凡可办的各笔都办",
    "a line of the batch, several times; every one that it can take if none is said",
)
_CODES_ZH = "、".join(f"{code} {zh}" for code, (zh, _) in REASONS.items())
_CODES_EN = ", ".join(f"{code} {en}" for code, (_, en) in REASONS.items())
_REASON = (
    option(
        "--reason",
        metavar="CODE",
        needed=True,
        zh=f"原因代码：{_CODES_ZH}",
        en=f"why, by code: {_CODES_EN}",
    ),
    option(
        "--note",
        metavar="TEXT",
        zh=f"原因为 {OTHER} 时另写明，记入凭证摘要；不写姓名、号码",
        en=f"the reason in words where it is {OTHER}, for the voucher's narration; no name in it",
    ),
)


_RECEIPT = (
    option(
        "--count",
        type=COUNT,
        metavar="N",
        zh="银行受理回单上的笔数，与 --sum 同写；与送盘文件不同的会列出（FL898）",
        en="the payments that the bank's receipt states, with --sum; told if it is not what was "
        "sent (FL898)",
    ),
    option(
        "--sum",
        "sum_fen",
        type=AMOUNT,
        metavar="YUAN",
        zh="银行受理回单上的金额（元）",
        en="yuan that the bank's receipt states in all",
    ),
    option(
        "--sha256",
        metavar="HEX",
        zh="银行受理回单上的文件摘要（sha256），有的才写",
        en="the file's digest (sha256) by the bank's receipt, if it states one",
    ),
)


def _common(  # noqa: PLR0913 - what a step takes
    function: Callable[..., Any],
    *,
    lines: bool,
    named: bool,
    amount: bool,
    grounds: bool,
    reason: bool,
    receipt: bool,
) -> Any:  # noqa: ANN401 - a decorated function
    """Add what a step takes: the batch, the day, who acts and signs, and what it rests on."""
    decorators = [
        fund,
        batch_id,
        day("办理日期，也是凭证日期", "the day, which is the voucher's date"),
        by("办理人的岗位代码", "who takes the step, by staff code"),
    ]
    if lines:
        decorators.append(
            option(
                "--line",
                "lines",
                multiple=True,
                metavar="L-…",
                needed=named,
                zh="发放行号，可写多个" if named else _EVERY[0],
                en="a line of the batch, several times" if named else _EVERY[1],
            )
        )
    if amount:
        decorators.append(
            option(
                "--amount",
                "amount_fen",
                type=AMOUNT,
                metavar="YUAN",
                zh="金额（元），只能与一笔 --line 同写；不写为全额",
                en="yuan, with one --line; the whole of it if not said",
            )
        )
    if reason:
        decorators += _REASON
    if grounds:
        decorators.append(
            option(
                "--document",
                metavar="FILE",
                needed=True,
                zh="依据文件（银行回单、对账单等）；其 sha256 记入日记账",
                en="what it rests on, such as a statement; its sha256 goes into the journal",
            )
        )
    if receipt:
        decorators += _RECEIPT
    decorators += [signing, acting]
    for decorate in reversed(decorators):
        function = decorate(function)
    return function


def _take(session: Session, step: str, given: dict[str, Any]) -> None:
    """Take a step: what a batch pays otherwise than the last one is shown before its approval."""
    from fundledger.cli.acting import carry_out  # noqa: PLC0415 - heavy
    from fundledger.cli.changed import tell_changes  # noqa: PLC0415 - heavy
    from fundledger.cli.left_out import failed_left_out, tell_left_out  # noqa: PLC0415 - heavy

    document = digest_of(session, given["document"]) if given.get("document") else ""
    lines = given.get("lines", ())
    if given.get("amount_fen") and len(lines) != 1:
        session.lacks("--line")
    if given.get("reason"):
        given["reason"] = _reason_named(session, given["reason"])
    receipt = _receipt(session, given) if step == "accept" else None
    session.refuse_wrong()
    batch = found_batch(session, session.books(given["fund"]), given["batch"])
    outcomes = _outcomes(session, batch, step, given) if lines else []
    act = replace(act_of(step, given, document, outcomes), receipt=receipt)

    left = failed_left_out(batch) if step == "debit" and not lines else None

    def advance(fund: Fund, key: str) -> Receipt:
        return fund.advance_batch(act, key=key)

    def first() -> None:
        if step == "approve":
            tell_changes(session, given["fund"], act.batch)
        elif left is not None:
            tell_left_out(session, batch, left)

    carry_out(
        session,
        given["fund"],
        advance,
        key=given["key"],
        dry_run=given["dry_run"],
        yes=given["yes"],
        more={"batch": act.batch, "step": step, **({"left_out": left._asdict()} if left else {})},
        first=first,
    )


def _receipt(session: Session, given: dict[str, Any]) -> BankReceipt | None:
    """Return what the bank's receipt states, if it was said; count and sum are said together."""
    from fundledger.ledger.bodies import BankReceipt  # noqa: PLC0415 - heavy

    digest = (given["sha256"] or "").lower()
    if given["count"] is None and given["sum_fen"] is None and not digest:
        return None
    for name in ("count", "sum_fen"):
        if given[name] is None:
            session.lacks("--count" if name == "count" else "--sum")
    if digest and not is_digest(digest):
        allowed = session.pick("64 位十六进制数", "64 hexadecimal digits")
        session.wrong_once("FL923", "--sha256", {"text": digest[:40], "allowed": allowed})
    session.refuse_wrong()
    return BankReceipt(given["count"], given["sum_fen"], digest)


def _outcomes(session: Session, batch: Batch, step: str, given: dict[str, Any]) -> list[Outcome]:
    """Return what befalls each line that was named, with its amount by the list."""
    from fundledger.ledger.batches.outcomes import Outcome  # noqa: PLC0415 - heavy

    lines = given["lines"]
    books = session.books(given["fund"])
    known = {line.line: line.amount_fen for line in lines_of(books, batch)}
    for line in lines:
        if line not in known:
            session.wrong_once("FL794", line[:20], {"batch": batch.id})
    session.refuse_wrong()
    on = given["day"].isoformat()

    def amount_fen(line: str) -> int:
        standing = batch.standing(line)
        left_fen = standing.claimed_fen - standing.settled_fen
        whole_fen = left_fen if step in {"recover", "write-off"} and left_fen else known[line]
        return int(given.get("amount_fen") or whole_fen)

    reason = given.get("reason") or ""
    return [Outcome(line, step, on, amount_fen(line), reason) for line in dict.fromkeys(lines)]


def _reason_named(session: Session, text: str) -> str:
    """Return the code of a reason, by itself or in words; another one is noted in the session."""
    for code, words in REASONS.items():
        if text in {code, *words}:
            return code
    allowed = ", ".join(f"{code} ({session.pick(*words)})" for code, words in REASONS.items())
    session.wrong_once("FL923", "--reason", {"text": text[:40], "allowed": allowed})
    return ""


def step_command(  # noqa: PLR0913 - what a command is
    step: str,
    zh: str,
    en: str,
    examples: Sequence[str],
    *,
    lines: bool = False,
    grounds: bool = False,
) -> Any:  # noqa: ANN401 - a command
    """Return the command of a step, by its slug; what a step takes follows from it."""

    def take(session: Session, **given: Any) -> None:  # noqa: ANN401 - the values of options
        _take(session, step, given)

    take.__doc__ = en
    decorated = _common(
        take,
        lines=lines,
        named=STEPS[step].named,
        amount=step in _PART,
        grounds=grounds,
        reason=step in GIVES_UP,
        receipt=step == "accept",
    )
    return command(f"batch {step}", zh=zh, en=en, examples=tuple(examples))(decorated)
