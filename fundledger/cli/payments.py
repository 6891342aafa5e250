"""The payments of batches at the bank, as a reconciliation shows them to people and machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fundledger.money import display_fen
from fundledger.reconcile.rollup import cleared, rolled_up, share_of_found
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.reconcile import Comparison, Identity, Trial
    from fundledger.reconcile.rows import Told


_CLASSES = {
    "ambiguous": ("多对多，不能确定", "several for several"),
    "book-without-bank": ("未见银行扣款", "no debit at the bank"),
    "late": ("付款迟到", "paid late"),
    "line-debited-twice": ("扣款两次", "debited twice"),
    "lump-residual": ("整批扣款不符", "lump that fits no sum"),
    "many-to-one": ("多笔对一笔", "several for one"),
    "one-to-many": ("一笔对多笔", "one for several"),
    "over-paid": ("多付", "over-paid"),
    "paid-before-approval": ("送银行前已付", "paid before it was sent"),
    "parent-and-reissue-both-paid": ("原付与补发都已付", "paid, and paid once more"),
    "partial-return": ("部分退回", "partial return"),
    "proposal": ("可能的组合", "possible sum"),
    "return-not-booked": ("退汇未登记", "return not booked"),
    "return-of-unknown-payment": ("不明退款", "return of an unknown payment"),
    "short-paid": ("少付", "short-paid"),
}

_OF_THE_ACCOUNT = "bank-"
"""Rows without a book are told by the open items of the account, which know other vouchers too."""


def tell_payments(session: Session, trial: Trial) -> None:
    """Show how much was found, what does not fit, and what must be equal."""
    comparison = trial.payments
    if comparison is None:
        return
    _found(session, trial, comparison)
    _groups(session, comparison)
    _identities(session, trial.identities)


def payments_json(trial: Trial) -> dict[str, Any]:
    """Return the same as JSON: nothing of it without batches."""
    comparison = trial.payments
    if comparison is None:
        return {}
    found = _found_by_tier(comparison)
    before = trial.after.body.items if trial.after is not None else ()
    return {
        "payments": {
            "sent": sum(1 for _ in comparison.register.sent()),
            **share_of_found(comparison)._asdict(),
            "exceptions": [group._asdict() for group in rolled_up(comparison)],
            "told": [
                _told_json(one, comparison)
                for one in comparison.told
                if not one.name.startswith(_OF_THE_ACCOUNT)
            ],
            "cleared": cleared(before, trial.adjustment),
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
    }


def _told_json(told: Told, comparison: Comparison) -> dict[str, Any]:
    """Return one exception with the ids and amounts of both sides."""
    line = comparison.register.lines.get(told.line)
    return {
        "class": told.name,
        "team": told.team,
        "line": told.line,
        "batch": told.batch,
        "row": told.row.mark if told.row is not None else None,
        "ref": told.row.shown if told.row is not None else None,
        "book_fen": line.of.amount_fen if line is not None else None,
        "bank_fen": told.row.signed_fen if told.row is not None else None,
        "apart_fen": told.diff_fen,
        "age_days": told.age_days,
        "detail": told.detail,
    }


def _found_by_tier(comparison: Comparison) -> dict[str, tuple[int, int]]:
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for pair in comparison.pairs:
        counts[pair.tier] += 1
        sums[pair.tier] += comparison.register.lines[pair.line].of.amount_fen
    return {tier: (counts[tier], sums[tier]) for tier in sorted(counts)}


def _found(session: Session, trial: Trial, comparison: Comparison) -> None:
    tiers = "、".join(f"{tier} {count}" for tier, (count, _) in _found_by_tier(comparison).items())
    share = share_of_found(comparison)
    by_count = _ratio(share.found, share.missing)
    by_amount = _ratio(share.found_fen, share.missing_fen)
    session.say(
        f"发放核对：与对账单对上 {share.found} 笔共 {display_fen(share.found_fen)}"
        f"（按笔数 {by_count}，按金额 {by_amount}）{f'，其中 {tiers}' if tiers else ''}；"
        f"没有对上 {share.missing} 笔共 {display_fen(share.missing_fen)}。",
        f"Payments: {share.found} found on the statements, {display_fen(share.found_fen)} in all "
        f"({by_count} by count, {by_amount} by amount){f', by {tiers}' if tiers else ''}; "
        f"{share.missing} of {display_fen(share.missing_fen)} not found.",
    )
    if trial.after is not None:
        before = trial.after.body.items
        count = cleared(before, trial.adjustment)
        session.say(
            f"上次签字时的未达账项 {len(before)} 笔，本次核销 {count} 笔。",
            f"Of {len(before)} items that were open when it was signed last, {count} are cleared.",
        )


def _ratio(found: int, missing: int) -> str:
    return f"{found / (found + missing):.2%}" if found + missing else "-"


def _groups(session: Session, comparison: Comparison) -> None:
    groups = rolled_up(comparison)
    if not groups:
        return
    columns = (
        Column(session.pick("例外", "exception"), wraps=True),
        Column(session.pick("天数", "age in days")),
        Column(session.pick("部门", "unit")),
        Column(session.pick("笔数", "count"), right=True),
        Column(session.pick("金额", "amount"), right=True),
    )
    rows = [
        (
            session.pick(*_CLASSES[group.name]),
            group.age,
            group.unit,
            str(group.payments),
            display_fen(group.amount_fen),
        )
        for group in groups
    ]
    session.lines([""])
    session.table(columns, rows)


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
            f"{one.rule} {one.said(session.language)}",
            one.place_said(session.language),
            str(one.one) if one.counts else display_fen(one.one),
            str(one.other) if one.counts else display_fen(one.other),
            session.pick("相等", "equal") if one.holds else session.pick("不等", "apart"),
        )
        for one in found
        if one.one or one.other or not one.holds
    ]
    session.lines([""])
    session.table(columns, rows)
