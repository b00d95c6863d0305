"""How long what failed for a reason that passes is tried again."""

import random
from time import sleep

__all__ = ["PERSISTENCE_SECONDS", "pause"]

PERSISTENCE_SECONDS = 4.0  # a server that is restarted is back by then; one that is gone is said to be soon


def pause() -> None:
    """Wait a moment, not as long as everybody else."""
    sleep(random.uniform(0.02, 0.2))
