"""Every benchmark, one line of JSON each; ratios are within one run, on this machine.

A line says in `holds` whether its bounds hold; the program ends in 0 all the same.
"""

from __future__ import annotations

import budget_cost
import check_cost
import concurrency
import help_cost
import match_cost
import record_cost

if __name__ == "__main__":
    help_cost.main()
    record_cost.main()
    concurrency.main()
    check_cost.main()
    match_cost.main()
    budget_cost.main()
