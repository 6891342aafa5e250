"""The stages of a budget in their order, for who only reads the command line."""

from __future__ import annotations

STAGES = ("declared", "controlled", "revised", "approved")
"""As `fundledger.ledger.stages` has them, which is heavy; a test holds the two together."""
