"""Tables that people fill in and hand over: opened with care, each cell known by its place."""

from fundledger.tables.tabular import Filled, Heading, Place, Table, read_table

__all__ = ["Filled", "Heading", "Place", "Table", "read_table"]
