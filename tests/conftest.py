"""What every test shares: examples that repeat."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A failure must be there again on the next run and on every machine, so by default the examples
# follow from the test alone. `make soak` asks for `explore`: new ones each time, and many more.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.register_profile(
    "explore",
    derandomize=False,
    deadline=None,
    max_examples=2000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))
