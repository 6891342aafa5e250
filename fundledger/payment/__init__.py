"""Payments to people: the lists that units hand in."""

from fundledger.payment.unitlist import Entry, UnitList, read_unit_list

__all__ = ["Entry", "UnitList", "read_unit_list"]
