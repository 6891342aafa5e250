"""Figures as accountants read them."""

from __future__ import annotations

from fundledger.money import display_fen


def side_of(balance_fen: int, language: str) -> str:
    """Return on which side a balance stands: 借, 贷 or 平; Dr, Cr or nil."""
    if balance_fen == 0:
        return "平" if language == "zh" else "nil"
    if balance_fen > 0:
        return "借" if language == "zh" else "Dr"
    return "贷" if language == "zh" else "Cr"


def sided(balance_fen: int, language: str) -> str:
    """Return a balance with its side before it and no sign, such as 贷 11,600.00."""
    return f"{side_of(balance_fen, language)} {display_fen(abs(balance_fen))}"
