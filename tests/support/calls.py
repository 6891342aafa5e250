"""Calls of the program as tests put them together."""

from __future__ import annotations


def instead(call: tuple[str, ...], *options: str) -> tuple[str, ...]:
    """Return a call with these options, each with its value, instead of what it says of them."""
    names = {word for word in options if word.startswith("--")}
    kept = [
        word
        for before, word in zip(("", *call), call, strict=False)
        if word not in names and before not in names
    ]
    return (*kept, *options)
