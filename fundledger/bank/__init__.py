"""Bank statements: the exports of any bank, read without guessing."""

from fundledger.bank.layout import Layout
from fundledger.bank.read import read_statement
from fundledger.bank.statement import BankLine, BankPart, Statement

__all__ = ["BankLine", "BankPart", "Layout", "Statement", "read_statement"]
