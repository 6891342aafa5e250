"""Payments to people: the lists that units hand in."""

from fundledger.payment.known import Roster, roster_of
from fundledger.payment.unitlist import Entry, UnitList, read_unit_list

__all__ = ["Entry", "Roster", "UnitList", "read_unit_list", "roster_of"]
