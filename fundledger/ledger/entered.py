"""Entry lines as a program writes them down: yuan in text, or fen by that name, never a guess.

The house itself counts in fen and takes them as they are (`fundledger.ledger.voucher`).  A caller
from outside may think in yuan, and `500` would be either, so here a bare number is refused.
"""

from __future__ import annotations

from typing import overload

from fundledger.errors import InvalidAmount
from fundledger.findings import Finding
from fundledger.ledger import voucher
from fundledger.ledger.given import shown
from fundledger.ledger.voucher import Posting
from fundledger.money import parse_fen


@overload
def debit(account: str, yuan: str) -> Posting: ...
@overload
def debit(account: str, *, fen: int) -> Posting: ...
def debit(account: str, yuan: str | None = None, *, fen: int | None = None) -> Posting:
    """Return a debit line (借): `debit(account, "120000.00")` or `debit(account, fen=12000000)`.

    An amount below zero stands in red ink.

    Raises:
        InvalidAmount: FL901, the text is no amount; FL952, it is neither text nor whole fen.

    """
    return voucher.debit(account, _fen(account, yuan, fen))


@overload
def credit(account: str, yuan: str) -> Posting: ...
@overload
def credit(account: str, *, fen: int) -> Posting: ...
def credit(account: str, yuan: str | None = None, *, fen: int | None = None) -> Posting:
    """Return a credit line (贷): `credit(account, "120000.00")` or `credit(account, fen=12000000)`.

    An amount below zero stands in red ink.

    Raises:
        InvalidAmount: FL901, the text is no amount; FL952, it is neither text nor whole fen.

    """
    return voucher.credit(account, _fen(account, yuan, fen))


def _fen(account: str, yuan: object, fen: object) -> int:
    if fen is None and isinstance(yuan, str):
        return parse_fen(yuan, what=shown(account, 120))
    if yuan is None and fen is not None:
        return voucher.whole_fen(fen, account)
    given = yuan if fen is None else fen
    kind = type(given).__name__ if yuan is None or fen is None else "yuan + fen"
    raise InvalidAmount(Finding("FL952", shown(account, 120), {"text": shown(given), "type": kind}))
