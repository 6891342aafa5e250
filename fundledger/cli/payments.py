"""The payments of batches at the bank, as a reconciliation shows them to people and machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fundledger.money import display_fen
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.ledger.voucher import Posting
    from fundledger.reconcile import Comparison, Cure, Identity, Trial

_RULES = {
    "R1": ("对账单期初加发生额＝期末", "opening and rows = closing"),
    "R2": ("调节后余额相等", "adjusted balances"),
    "R3": ("控制科目＝各状态付款行", "control account = lines by state"),
    "R4": ("本期账上发放＝银行发放（减退回）", "booked in these days = at the bank (less returns)"),
    "R5": ("列支＝计入的付款行", "expenses = lines that count"),
    "R6": ("预算支出＝已付的付款行", "budget used up = lines paid"),
    "R7": ("待遇数＝有效付款行数", "entitlements = live lines"),
    "R8": ("送盘文件＝批次清单", "files sent = lists"),
    "R9": ("与其他基金的往来两边相等", "claims between funds, on both sides"),
}


def tell_payments(session: Session, fund: str, trial: Trial) -> None:
    """Show how much was found, what must be equal, and each step that the books lack."""
    comparison = trial.payments
    if comparison is None:
        return
    _found(session, comparison)
    _identities(session, trial.identities)
    _cures(session, fund, trial.adjustment.cures)


def payments_json(fund: str, trial: Trial) -> dict[str, Any]:
    """Return the same as JSON: nothing of it without batches."""
    comparison = trial.payments
    if comparison is None:
        return {}
    found = _found_by_tier(comparison)
    return {
        "payments": {
            "sent": sum(1 for _ in comparison.register.sent()),
            "found": sum(count for count, _ in found.values()),
            "found_fen": sum(fen for _, fen in found.values()),
            "tiers": {
                tier: {"payments": count, "amount_fen": fen} for tier, (count, fen) in found.items()
            },
        },
        "identities": [
            {
                "rule": one.rule,
                "place": one.place,
                "one": one.one,
                "other": one.other,
                "unit": "payments" if one.counts else "fen",
                "holds": one.holds,
            }
            for one in trial.identities
        ],
        "cures": [_cure_json(fund, cure) for cure in trial.adjustment.cures],
    }


def _found_by_tier(comparison: Comparison) -> dict[str, tuple[int, int]]:
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for pair in comparison.pairs:
        counts[pair.tier] += 1
        sums[pair.tier] += comparison.register.lines[pair.line].of.amount_fen
    return {tier: (counts[tier], sums[tier]) for tier in sorted(counts)}


def _found(session: Session, comparison: Comparison) -> None:
    tiers = _found_by_tier(comparison)
    waiting = {told.line for told in comparison.told if told.name.startswith("book-without-bank")}
    count = sum(number for number, _ in tiers.values())
    fen = sum(amount for _, amount in tiers.values())
    parts = "、".join(f"{tier} {number}" for tier, (number, _) in tiers.items())
    whole = count + len(waiting)
    ratio = f"{count / whole:.2%}" if whole else "-"
    session.say(
        f"发放核对：与对账单对上 {count} 笔共 {display_fen(fen)}（{ratio}）"
        f"{f'，其中 {parts}' if parts else ''}；没有对上 {len(waiting)} 笔。",
        f"Payments: {count} found on the statements, {display_fen(fen)} in all ({ratio})"
        f"{f', by {parts}' if parts else ''}; {len(waiting)} not found.",
    )


def _identities(session: Session, found: Sequence[Identity]) -> None:
    columns = (
        Column(session.pick("等式", "must be equal"), wraps=True),
        Column(session.pick("项目", "of"), wraps=True),
        Column(session.pick("一边", "one side"), right=True),
        Column(session.pick("另一边", "the other"), right=True),
        Column(session.pick("结果", "result")),
    )
    rows = [
        (
            f"{one.rule} {session.pick(*_RULES[one.rule])}",
            one.place,
            str(one.one) if one.counts else display_fen(one.one),
            str(one.other) if one.counts else display_fen(one.other),
            session.pick("相等", "equal") if one.holds else session.pick("不等", "apart"),
        )
        for one in found
        if one.one or one.other or not one.holds
    ]
    session.lines([""])
    session.table(columns, rows)


def _cures(session: Session, fund: str, cures: Sequence[Cure]) -> None:
    """Say how each step that the books lack is taken, but for who signs it."""
    if not cures:
        return
    session.lines([""])
    session.say(
        "下列步骤银行已做、账上没有；补上岗位后逐条登记（先加 --dry-run 看凭证）：",
        "The bank took these steps and the books have not; add who signs and record each "
        "(--dry-run first):",
    )
    for cure in cures:
        words = " ".join(cure.words(fund))
        lines = [f"  fundledger {words}", *_postings(session, cure)]
        session.lines(lines)


def _postings(session: Session, cure: Cure) -> list[str]:
    return [
        f"      {_side(session, posting)} {posting.account} {display_fen(abs(posting.signed_fen))}"
        for voucher in cure.vouchers
        for posting in voucher.postings
    ]


def _side(session: Session, posting: Posting) -> str:
    return session.pick("借", "debit") if posting.signed_fen > 0 else session.pick("贷", "credit")


def _cure_json(fund: str, cure: Cure) -> dict[str, Any]:
    return {
        "code": cure.code,
        "batch": cure.batch,
        "step": cure.step,
        "on": cure.on,
        "lines": list(cure.lines),
        "payments": cure.payments,
        "amount_fen": cure.amount_fen,
        "command": ["fundledger", *cure.words(fund)],
        "vouchers": [
            {
                "date": voucher.on,
                "postings": [
                    {"account": posting.account, "signed_fen": posting.signed_fen}
                    for posting in voucher.postings
                ],
            }
            for voucher in cure.vouchers
        ],
    }
