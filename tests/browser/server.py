"""A server process on a port of its own, with its files in one temporary folder."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

STARTS_WITHIN = 90  # seconds


class Server:
    """A running server; a context manager that ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.root.mkdir(parents=True)
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def log(self) -> str:
        """What the server has said so far."""
        return (self.folder / "server.log").read_text(errors="replace")

    def _start(self, command: Sequence[str], environment: Mapping[str, str], *, answers: str) -> None:
        """Start the process and wait until it answers at the path ``answers``."""
        self._log = (self.folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            command,
            cwd=self.root,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + STARTS_WITHIN
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urlopen(f"{self.url}/{answers}", timeout=5):  # noqa: S310
                    return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        raise RuntimeError(f"{command[2]} did not start within {STARTS_WITHIN} s:\n{self.log()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
