"""The catalogue in its order: every check, by what it is called with."""

from __future__ import annotations

from fundledger.checks import (
    balances,
    budget,
    carry,
    changes,
    claims,
    conduct,
    corrections,
    earmark,
    events,
    periods,
    segregation,
    signatures,
    standing,
    vouchers,
)
from fundledger.checks.catalogue import Check

VOUCHER_CHECKS: tuple[Check, ...] = (
    segregation.account_of_another_fund,
    earmark.outside_purpose,
    earmark.outside_remit,
    earmark.paid_in_cash,
    earmark.office_cost_words,
    earmark.person_in_text,
    earmark.source_not_granted,
    vouchers.number_gap,
    vouchers.number_twice,
    vouchers.no_attachment,
    vouchers.maker_is_reviewer,
    vouchers.incompatible_roles,
    vouchers.no_cashier,
    corrections.bad_reversal,
    vouchers.closed_period,
    vouchers.unbalanced,
    vouchers.unclean_text,
    vouchers.approval_of_nothing,
    vouchers.impossible_date,
    corrections.bad_correction,
    claims.claim_of_no_payment,
    events.not_of_its_event,
    vouchers.unknown_staff,
    vouchers.approval_missing,
    vouchers.document_twice,
    carry.false_carry,
    vouchers.malformed,
    events.opened_late,
    events.undecided,
    conduct.maker_is_poster,
    conduct.outside_festival_round,
    balances.overdrawn,
    balances.wrong_side,
    budget.no_budget_line,
    budget.overspent,
    budget.line_does_not_sum,
    events.sums_apart,
    budget.allotted_beyond_money,
    budget.budget_kind_below_zero,
    budget.other_year,
)
RECORD_CHECKS: tuple[Check, ...] = (
    carry.carried_otherwise,
    periods.close_out_of_order,
    periods.close_with_assertion_off,
    periods.assertion_of_nothing,
    periods.actor_unknown,
    periods.closed_unasserted,
    signatures.signed_out_of_turn,
    signatures.signed_with_another_book,
    signatures.signed_with_a_difference,
    signatures.signed_item_false,
    changes.past_rewritten,
)
KEY_CHECKS: tuple[Check, ...] = (earmark.person_in_key,)
BOOK_CHECKS: tuple[Check, ...] = (
    balances.assertion_off,
    balances.assertion_stale,
    balances.assertions_conflict,
    balances.signed_item_aged,
    standing.idle_money,
    standing.interest_missing,
    standing.open_item,
    standing.aged_item,
    standing.interfund_aged,
    standing.carried_too_long,
    standing.maker_posts,
    conduct.split_payment,
)
OFFICE_CHECKS: tuple[Check, ...] = (
    segregation.unmirrored,
    segregation.shared_bank_account,
    segregation.named_without_books,
)

EVERY_CHECK = (*VOUCHER_CHECKS, *RECORD_CHECKS, *KEY_CHECKS, *BOOK_CHECKS, *OFFICE_CHECKS)
