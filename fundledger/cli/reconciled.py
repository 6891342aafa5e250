"""A bank reconciliation as people and machines are shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundledger.cli.complaints import told
from fundledger.cli.cures import cures_json, tell_cures
from fundledger.cli.payments import payments_json, tell_payments
from fundledger.money import display_fen
from fundledger.reconcile import Kind
from fundledger.report.table import Column

if TYPE_CHECKING:
    from fundledger.cli.session import Session
    from fundledger.reconcile import Adjustment, SetOff, Trial


def tell(session: Session, fund: str, trial: Trial) -> None:
    """Show a reconciliation: both balances, what is open, what was found, and where it stands."""
    adjustment = trial.adjustment
    session.say(
        f"银行存款余额调节表　基金 {fund}　账号 {adjustment.account}　"
        f"{adjustment.start} 至 {adjustment.as_of}　单位：元",
        f"Bank reconciliation of {fund}, account {adjustment.account}, "
        f"{adjustment.start} to {adjustment.as_of}, in yuan",
    )
    columns = (
        Column(session.pick("项目", "item"), wraps=True),
        Column(session.pick("单位日记账", "book"), right=True),
        Column(session.pick("银行对账单", "bank"), right=True),
    )

    def sum_of(kind: Kind, sign: int) -> str:
        return display_fen(sign * sum(item.amount_fen for item in adjustment.of_kind(kind)))

    def named(kind: Kind) -> str:
        return session.pick(kind.zh, kind.en)

    rows = [
        (
            session.pick("余额", "balance"),
            display_fen(adjustment.book_fen),
            display_fen(adjustment.bank_fen),
        ),
        (named(Kind.BANK_IN), sum_of(Kind.BANK_IN, 1), ""),
        (named(Kind.BANK_OUT), sum_of(Kind.BANK_OUT, -1), ""),
        (named(Kind.BOOK_IN), "", sum_of(Kind.BOOK_IN, 1)),
        (named(Kind.BOOK_OUT), "", sum_of(Kind.BOOK_OUT, -1)),
    ]
    total = (
        session.pick("调节后余额", "adjusted"),
        display_fen(adjustment.adjusted_book_fen),
        display_fen(adjustment.adjusted_bank_fen),
    )
    session.table(columns, rows, total)
    difference = display_fen(adjustment.difference_fen)
    session.say(f"差额 {difference}", f"Difference {difference}")
    _items(session, adjustment)
    _set_off(session, adjustment)
    session.lines(told(adjustment.findings, session, err=False))
    tell_payments(session, trial)
    tell_cures(session, fund, trial)
    _place(session, trial)


def _place(session: Session, trial: Trial) -> None:
    """Say where it stands among the signed ones."""
    if trial.after is not None:
        number, day = trial.after.sequence, trial.after.body.date
        session.say(
            f"接续第 {number} 号记录签字的调节表（{day}），转入未达账项 "
            f"{len(trial.after.body.items)} 笔。",
            f"Carries on from the reconciliation signed as record {number} ({day}), with "
            f"{len(trial.after.body.items)} open items.",
        )
    elif trial.unlooked is not None and trial.signed is None:
        session.say(
            f"这是本基金第一份调节表，账簿自 {trial.unlooked} 起就有专户收付：更早各月没有核对；"
            "要核对的，先从最早的对账单开始签字（已签的以后只能连同其后各份重签）。",
            f"This is the fund's first reconciliation, and its book moved the account from "
            f"{trial.unlooked} on: earlier months were not looked at. To do that, begin with the "
            "earliest statement, for once later ones are signed they have to be signed anew.",
        )
    if trial.signed is not None:
        signed = trial.signed
        session.say(
            f"已签字：第 {signed.sequence} 号记录，{signed.actor}，{signed.at[:10]}。",
            f"Signed as record {signed.sequence} by {signed.actor} on {signed.at[:10]}.",
        )
    elif trial.replaces is not None:
        number = trial.replaces.sequence
        session.say(
            f"与第 {number} 号记录签字的调节表不同；签字后更替该表及其后签字的各表。",
            f"It differs from what was signed as record {number}; signing it takes the place of "
            "that one and of all signed after it.",
        )


def _items(session: Session, adjustment: Adjustment) -> None:
    if not adjustment.items:
        return
    columns = (
        Column(session.pick("未达账项", "open item")),
        Column(session.pick("日期", "date")),
        Column(session.pick("凭证或对账单行", "voucher or row"), wraps=True),
        Column(session.pick("摘要", "text"), wraps=True),
        Column(session.pick("天数", "days"), right=True),
        Column(session.pick("金额", "amount"), right=True),
    )
    rows = [
        (
            session.pick(item.kind.zh, item.kind.en),
            item.date.isoformat(),
            item.ref,
            item.text,
            str(item.age_days),
            display_fen(item.amount_fen),
        )
        for item in adjustment.items
    ]
    session.lines([""])
    session.table(columns, rows)


def _set_off(session: Session, adjustment: Adjustment) -> None:
    """Say what cancels inside the book, or inside the bank, and is therefore not open."""
    for pair in adjustment.set_off:
        fen = display_fen(pair.signed_fen)
        session.say(
            f"账内红字对冲，不列未达：{pair.ref}（{pair.date}，{fen}）与红字 "
            f"{pair.red_ref}（{pair.red_date}）。",
            f"Set off inside the book, not open: {pair.ref} ({pair.date}, {fen}) and its red "
            f"copy {pair.red_ref} ({pair.red_date}).",
        )
    for pair in adjustment.bank_set_off:
        fen = display_fen(pair.signed_fen)
        session.say(
            f"银行冲正对冲，不列未达：{pair.ref}（{pair.date}，{fen}）与红字 "
            f"{pair.red_ref}（{pair.red_date}）。",
            f"Set off inside the bank, not open: {pair.ref} ({pair.date}, {fen}) and "
            f"{pair.red_ref} ({pair.red_date}), which takes it back.",
        )


def plain(session: Session, fund: str, trial: Trial) -> dict[str, Any]:
    """Return a reconciliation as JSON for a machine."""
    adjustment, signed = trial.adjustment, trial.signed
    return {
        "fund": fund,
        "account": adjustment.account,
        "start": adjustment.start.isoformat(),
        "as_of": adjustment.as_of.isoformat(),
        "statements": list(adjustment.digests),
        "book_fen": adjustment.book_fen,
        "bank_fen": adjustment.bank_fen,
        "adjusted_book_fen": adjustment.adjusted_book_fen,
        "adjusted_bank_fen": adjustment.adjusted_bank_fen,
        "difference_fen": adjustment.difference_fen,
        "settled": adjustment.settled,
        "carried_from": trial.after.sequence if trial.after else None,
        "replaces": trial.replaces.sequence if trial.replaces and not signed else None,
        "signed": {"record": signed.sequence, "by": signed.actor, "at": signed.at}
        if signed
        else None,
        "matched": len(adjustment.matches),
        "items": [
            {
                "kind": item.kind.value,
                "date": item.date.isoformat(),
                "ref": item.ref,
                "candidates": list(item.candidates),
                "text": item.text,
                "age_days": item.age_days,
                "amount_fen": item.amount_fen,
            }
            for item in adjustment.items
        ],
        "set_off": [_pair(pair) for pair in adjustment.set_off],
        "bank_set_off": [_pair(pair) for pair in adjustment.bank_set_off],
        "findings": [finding.as_json() for finding in adjustment.findings],
        **payments_json(trial),
        **cures_json(session, fund, trial),
    }


def _pair(pair: SetOff) -> dict[str, Any]:
    return {
        "ref": pair.ref,
        "date": pair.date.isoformat(),
        "red_ref": pair.red_ref,
        "red_date": pair.red_date.isoformat(),
        "signed_fen": pair.signed_fen,
    }
