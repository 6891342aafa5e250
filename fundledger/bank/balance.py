"""The running balance: in which order the lines happened, and whether it ties to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from fundledger.bank.layout import Order
from fundledger.bank.preamble import Stated
from fundledger.bank.problems import Problems
from fundledger.bank.statement import BankLine

Slots = Sequence[BankLine | None]


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines in the order they happened, with the balance before the first and after the last."""

    lines: tuple[BankLine, ...]
    opening_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class _Chain:
    lines: tuple[BankLine, ...]
    opening_fen: int | None
    closing_fen: int | None
    breaks: tuple[tuple[BankLine, int], ...]


def settle(
    slots: Slots, stated: Stated, problems: Problems, order: Order | None = None
) -> Settled | None:
    """Return the lines in order, or nothing after saying why the balance does not tie.

    A file runs up or down; the order is the one in which every balance is the one before it plus
    the line.  If both do, the one that agrees with stated balances, else with dates and times;
    if still both and they differ, it is not guessed (FL825).  `slots` holds the file's lines, and
    nothing where a line could not be read: the chain is taken up again behind it.
    """
    ways = {"up": slots, "down": slots[::-1]}
    chains = [_chain(way) for name, way in ways.items() if order in {None, name}]
    holding = [chain for chain in chains if not chain.breaks]
    if not holding:
        first, last = chains[0], chains[-1]
        best = last if _fits_dates(last) and not _fits_dates(first) else first
        if len(last.breaks) < len(best.breaks):
            best = last
        for line, off_fen in best.breaks:
            problems.add("FL824", row=line.row, amount_fen=off_fen, off_fen=off_fen)
        return None
    if None in slots:
        return None
    holding = [chain for chain in holding if _fits_stated(chain, stated)] or holding
    holding = [chain for chain in holding if _fits_dates(chain)] or holding
    ends = {(chain.opening_fen, chain.closing_fen) for chain in holding}
    if len(ends) > 1:
        problems.add("FL825")
        return None
    chain = holding[0]
    opening_fen = stated.opening_fen if chain.opening_fen is None else chain.opening_fen
    closing_fen = stated.closing_fen if chain.closing_fen is None else chain.closing_fen
    if opening_fen is None or closing_fen is None:
        problems.add("FL826")
        return None
    moved_fen = sum(line.signed_fen for line in chain.lines)
    _compare(opening_fen, stated.opening_fen, "opening balance", problems)
    _compare(closing_fen, stated.closing_fen, "closing balance", problems)
    if opening_fen + moved_fen != closing_fen:
        _compare(opening_fen + moved_fen, closing_fen, "closing balance", problems)
    return Settled(chain.lines, opening_fen, closing_fen)


def _chain(slots: Slots) -> _Chain:
    known_fen: int | None = None
    since_fen = 0
    opening_fen: int | None = None
    whole = True
    breaks = []
    for line in slots:
        if line is None:
            known_fen, since_fen, whole = None, 0, False
            continue
        since_fen += line.signed_fen
        if line.balance_fen is None:
            continue
        if known_fen is None:
            if whole:
                opening_fen = line.balance_fen - since_fen
        elif known_fen + since_fen != line.balance_fen:
            breaks.append((line, line.balance_fen - known_fen - since_fen))
        known_fen, since_fen = line.balance_fen, 0
    closing_fen = None if known_fen is None else known_fen + since_fen
    lines = tuple(line for line in slots if line is not None)
    return _Chain(lines, opening_fen, closing_fen, tuple(breaks))


def _fits_stated(chain: _Chain, stated: Stated) -> bool:
    return stated.opening_fen in {None, chain.opening_fen} and stated.closing_fen in {
        None,
        chain.closing_fen,
    }


def _fits_dates(chain: _Chain) -> bool:
    lines = chain.lines
    if all(line.time is not None for line in lines):
        moments = [(line.date, line.time or time.min) for line in lines]
    else:
        moments = [(line.date, time.min) for line in lines]
    return all(before <= after for before, after in pairwise(moments))


def _compare(found_fen: int, stated_fen: int | None, which: str, problems: Problems) -> None:
    if stated_fen is not None and stated_fen != found_fen:
        zh = {"opening balance": "期初余额", "closing balance": "期末余额"}[which]
        problems.add(
            "FL827",
            which=which,
            which_zh=zh,
            stated_fen=stated_fen,
            found_fen=found_fen,
            amount_fen=stated_fen - found_fen,
        )
