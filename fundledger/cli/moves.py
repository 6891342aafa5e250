"""The moves within a fund that a transfer may make: from where, to where, and on which sides.

This table is the only place that says so on the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundledger.errors import InputInvalid
from fundledger.findings import Finding
from fundledger.ledger.chart import (
    ASSET_SUSPENSE,
    BANK,
    CASH,
    DUE_FROM_BANK,
    DUE_FROM_OFFICE,
    LIABILITY_SUSPENSE,
    RECOVERY,
    TREASURY_PAYABLE,
)
from fundledger.ledger.voucher import Posting, credit, debit

if TYPE_CHECKING:
    from fundledger.ledger.chart import Chart

INCOME = "Income:"


@dataclass(frozen=True, slots=True)
class Move:
    """One move: the account that gives, the one that takes, and what happens, in words.

    The taker is debited and the giver credited, except where a debt gives: `debits_giver`.
    A taker that ends in a colon stands for all accounts that begin so.
    """

    giver: str
    taker: str
    zh: str
    en: str
    debits_giver: bool = False

    def fits(self, giver: str, taker: str) -> bool:
        """Whether this is the move between two accounts."""
        whole = not self.taker.endswith(":")
        return giver == self.giver and (
            taker == self.taker if whole else taker.startswith(self.taker)
        )


MOVES = (
    Move(CASH, BANK, "现金存入专户", "cash is paid in"),
    Move(BANK, CASH, "提取现金", "cash is drawn"),
    Move(DUE_FROM_BANK, BANK, "银行退款到账", "the bank pays back"),
    Move(DUE_FROM_OFFICE, BANK, "工作经费归还到账", "office expenses pay back"),
    Move(RECOVERY, BANK, "追回款到账", "what was paid too much comes back"),
    Move(ASSET_SUSPENSE, BANK, "不明扣款退回专户", "an unexplained debit comes back"),
    Move(ASSET_SUSPENSE, DUE_FROM_BANK, "不明扣款应由银行退还", "the bank owes what it took"),
    Move(
        ASSET_SUSPENSE,
        DUE_FROM_OFFICE,
        "不明扣款应由工作经费承担",
        "office expenses owe what was taken",
    ),
    Move(BANK, LIABILITY_SUSPENSE, "不明来款退回付款方", "an unexplained credit is sent back"),
    Move(
        LIABILITY_SUSPENSE,
        BANK,
        "不明来款退回付款方",
        "an unexplained credit is sent back",
        debits_giver=True,
    ),
    Move(
        LIABILITY_SUSPENSE,
        ASSET_SUSPENSE,
        "不明来款冲抵不明扣款",
        "an unexplained credit gives back an unexplained debit",
        debits_giver=True,
    ),
    Move(
        LIABILITY_SUSPENSE,
        DUE_FROM_BANK,
        "不明来款查明为银行退款",
        "an unexplained credit was the bank paying back",
        debits_giver=True,
    ),
    Move(
        LIABILITY_SUSPENSE,
        DUE_FROM_OFFICE,
        "不明来款查明为工作经费归还",
        "an unexplained credit was office expenses paying back",
        debits_giver=True,
    ),
    Move(
        LIABILITY_SUSPENSE,
        INCOME,
        "不明来款查明为收入",
        "an unexplained credit was income",
        debits_giver=True,
    ),
    Move(
        LIABILITY_SUSPENSE,
        TREASURY_PAYABLE,
        "不明来款应缴财政",
        "an unexplained credit belongs to the treasury",
        debits_giver=True,
    ),
)


def moved(giver: str, taker: str, amount_fen: int, chart: Chart) -> tuple[Posting, Posting]:
    """Return the postings of the move between two accounts, debit first.

    Raises:
        InputInvalid: FL956, there is no such move; those that there are, in words.

    """
    move = next((move for move in MOVES if move.fits(giver, taker)), None)
    if move is None:
        near = [move for move in MOVES if move.giver == giver or move.fits(move.giver, taker)]
        listed = _apart(near or MOVES)
        details = {
            "giver_zh": chart.names(giver)[0],
            "giver_en": chart.names(giver)[1],
            "taker_zh": chart.names(taker)[0],
            "taker_en": chart.names(taker)[1],
            "pairs_zh": "；".join(_said(move, chart, "zh") for move in listed),
            "pairs_en": "; ".join(_said(move, chart, "en") for move in listed),
        }
        raise InputInvalid(Finding("FL956", "taker", details))
    debited, credited = (giver, taker) if move.debits_giver else (taker, giver)
    return debit(debited, amount_fen), credit(credited, amount_fen)


def _apart(moves: Sequence[Move]) -> list[Move]:
    """Return the moves that differ in words; of two ways to say one, the first."""
    by_words: dict[str, Move] = {}
    for move in moves:
        by_words.setdefault(move.zh, move)
    return list(by_words.values())


def _said(move: Move, chart: Chart, language: str) -> str:
    """Return a move in words, such as `现金存入专户：从 库存现金 到 专户存款`."""
    index = 0 if language == "zh" else 1
    any_income = ("任一收入科目", "any account of income")
    ends = [
        any_income[index] if name == INCOME else chart.names(name)[index]
        for name in (move.giver, move.taker)
    ]
    if language == "zh":
        return f"{move.zh}：从 {ends[0]} 到 {ends[1]}"
    return f"{move.en}: from {ends[0]} to {ends[1]}"
