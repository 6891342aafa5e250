"""Payment lines against bank rows, in SQL by DuckDB: tables in, tables out (docs/matching.md)."""

from fundledger.matching.run import Limits, Matching, match, statements
from fundledger.matching.tables import COLUMNS, check_tables, connect, load

__all__ = [
    "COLUMNS",
    "Limits",
    "Matching",
    "check_tables",
    "connect",
    "load",
    "match",
    "statements",
]
