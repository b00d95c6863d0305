"""Python's garbage collector, while many objects are made that all stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collector_at_rest"]

_MANY = 10_000


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No garbage is looked for meanwhile: among a hundred thousand rows, looking for it doubles the time."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            if gc.get_count()[0] > _MANY and not gc.get_freeze_count():
                # What was made stays. As new objects they would all be looked at twice more before they are old ones:
                # these two calls together make them old as they are.
                gc.freeze()
                gc.unfreeze()
            gc.enable()
