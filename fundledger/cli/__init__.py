"""The command line: `fundledger`, in Chinese and English."""

from fundledger.cli.program import main, program

__all__ = ["main", "program"]
