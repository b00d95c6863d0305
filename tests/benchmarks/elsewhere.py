"""A peer that is asked in an environment of its own."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

__all__ = ["elsewhere"]


@contextmanager
def elsewhere(python: Path, script: str, arrays: dict[str, np.ndarray]) -> Iterator[Callable[[str], list[float]]]:
    """What asks the script, which has loaded its library and the arrays before: a line there, numbers back."""
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "arrays.npz"
        np.savez(file, **arrays)
        command = [str(python), str(Path(__file__).with_name(script)), str(file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as asked:

            def ask(question: str) -> list[float]:
                asked.stdin.write(f"{question}\n")
                return [float(number) for number in asked.stdout.readline().split()]

            yield ask
            asked.stdin.close()
