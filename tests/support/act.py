"""Does one act in a folder, in a process of its own.

python -m support.act ACT FOLDER [BYTES] prints the receipt's sequence, or the codes of what went
wrong.  With BYTES no file may grow beyond them, and the index is kept in memory.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from fundledger.errors import FundledgerError
from support.acts import ACTS

ARGUMENTS = ("this", "ACT", "FOLDER")

if __name__ == "__main__":
    for limit in sys.argv[3:]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    try:
        receipt = ACTS[sys.argv[1]].in_folder(
            Path(sys.argv[2]), indexed=len(sys.argv) == len(ARGUMENTS)
        )
    except FundledgerError as error:
        print(*error.codes)  # noqa: T201 - what the caller reads
    else:
        print(receipt.sequence)  # noqa: T201 - what the caller reads
