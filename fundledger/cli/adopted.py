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

    `after_fen` are the balances after all of them; of each is told what stood just before it.
    No check of the books tells it again.
    """
    standing_fen = dict(after_fen)
    for voucher in vouchers:
        for posting in voucher.postings:
            fen = standing_fen.get(posting.account, 0)
            standing_fen[posting.account] = fen - posting.signed_fen
    for voucher in vouchers:
        own: dict[str, int] = {}
        for posting in voucher.postings:
            own[posting.account] = own.get(posting.account, 0) + posting.signed_fen
        for account, signed_fen in own.items():
            before_fen = -standing_fen[account]
            standing_fen[account] += signed_fen
            year, _, line = account.removeprefix(BUDGET_ROOT).partition(":Approved:")
            adopts = voucher.event == "budget-adopt" and not voucher.reverses
            if adopts and line and before_fen > 0:
                details = {"year": year, "added_fen": -signed_fen}
                yield Finding(
                    "FL967", line, details, fund, voucher=voucher.ref, amount_fen=before_fen
                )
