"""Figures as accountants read them."""

from __future__ import annotations


def side_of(balance_fen: int, language: str) -> str:
    """Return on which side a balance stands: 借, 贷 or 平; Dr, Cr or nil."""
    if balance_fen == 0:
        return "平" if language == "zh" else "nil"
    if balance_fen > 0:
        return "借" if language == "zh" else "Dr"
    return "贷" if language == "zh" else "Cr"
