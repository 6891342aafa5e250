"""Bank statements: the exports of any bank, read without guessing."""

from fundledger.bank.layout import Layout
from fundledger.bank.read import read_statement
from fundledger.bank.statement import BankLine, Statement

__all__ = ["BankLine", "Layout", "Statement", "read_statement"]
