"""A child process with limits on memory and time, in which beancount reads what we wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from fundledger.errors import InputInvalid
from fundledger.findings import Finding

_CHILD = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from fundledger.ledger.beans import child; child(*sys.argv[2:])"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may cost: bytes of a file; bytes of memory and seconds, each with a growth.

    The growths are per byte of text, and per million bytes.
    """

    file_bytes: int = 256 << 20
    memory_bytes: int = 1 << 30
    memory_growth: int = 80
    seconds: float = 30.0
    seconds_growth: float = 2.0


LIMITS = Limits()


def apart(task: str, text: str, limits: Limits, name: str) -> dict[str, Any]:
    """Return what a child with limits makes of screened text; `beans.child` knows the tasks.

    Raises:
        InputInvalid: FL614, the child crashed, ran out of time, or did not answer.

    """
    data = text.encode()
    memory_bytes = limits.memory_bytes + limits.memory_growth * len(data)
    seconds = limits.seconds + limits.seconds_growth * len(data) / 1_000_000
    command = [sys.executable, "-I", "-c", _CHILD, json.dumps(sys.path), task]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own code
            [*command, str(memory_bytes), str(int(seconds) + 1)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
            env={**os.environ, "BEANCOUNT_DISABLE_LOAD_CACHE": "1"},
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        reason = "time"
    except subprocess.CalledProcessError as error:
        reason = "crash" if error.returncode < 0 else "failed"
    except ValueError:
        reason = "failed"
    else:
        return told
    raise InputInvalid(Finding("FL614", name, {"reason": reason}))
