"""Why the office gives up a payment that failed or came back: a closed list of codes."""

from __future__ import annotations

from collections.abc import Mapping

OTHER = "OTHR"
GIVES_UP = frozenset({"cancel", "unclaimed"})
REASONS: Mapping[str, tuple[str, str]] = {
    "MD07": ("收款人死亡", "the payee died"),
    "MOVE": ("迁出本街道", "moved out of the sub-district"),
    "INEL": ("不再符合条件", "not eligible any more"),
    "DUPL": ("重复发放", "paid twice for the same"),
    "RFUS": ("本人放弃", "the payee declined it"),
    "UNRC": ("联系不上", "the payee cannot be reached"),
    OTHER: ("其他（另写明）", "another reason, in words"),
}
"""MD07 and DUPL are ISO 20022 codes, and mean here what they mean there."""
