"""Run fundledger as `python -m fundledger`."""

from __future__ import annotations

from fundledger.cli import main

if __name__ == "__main__":
    main()
