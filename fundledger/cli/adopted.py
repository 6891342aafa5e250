"""A budget that is adopted for a line which has one: most likely a supplement is meant (追加)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from fundledger.findings import Finding
from fundledger.ledger.voucher import BUDGET_ROOT

if TYPE_CHECKING:
    from fundledger.ledger.voucher import Voucher


def adopted_again(
    vouchers: Sequence[Voucher], after_fen: Mapping[str, int], fund: str
) -> Iterator[Finding]:
    """Yield each line that had an approved budget before one of these adopted it (FL967).

    `after_fen` are the balances after all of them.
    """
    for voucher in vouchers:
        if voucher.event != "budget-adopt" or voucher.reverses:
            continue
        own: dict[str, int] = {}
        for account, signed_fen, _ in voucher.postings:
            own[account] = own.get(account, 0) + signed_fen
        for account, signed_fen in own.items():
            year, _, line = account.removeprefix(BUDGET_ROOT).partition(":Approved:")
            before_fen = signed_fen - after_fen.get(account, 0)
            if line and before_fen > 0:
                details = {"year": year, "added_fen": -signed_fen}
                yield Finding(
                    "FL967", line, details, fund, voucher=voucher.ref, amount_fen=before_fen
                )
