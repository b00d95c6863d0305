"""A real PostgreSQL for the tests: in a directory of its own, on a socket, without an administrator."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa


def binaries() -> Path | None:
    """The directory of ``initdb`` and ``postgres``: PG_BINDIR, PATH, or Debian's places, newest first."""
    named = os.environ.get("PG_BINDIR")
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for directory in [named, on_path and Path(on_path).parent, *debian]:
        if directory and (Path(directory) / "initdb").exists() and (Path(directory) / "postgres").exists():
            return Path(directory)
    return None


class Server:
    """A running server; its directory goes with it. The role ``guarded`` is asked for its password."""

    def __init__(self, bindir: Path) -> None:
        self._bindir = bindir
        self._home = Path(tempfile.mkdtemp(prefix="hitl-pg-", dir="/tmp"))  # a socket's path must be short
        owner: dict[str, int] = {}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self._home, nobody.pw_uid, nobody.pw_gid)
            owner = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        self._settings = {"cwd": self._home, "env": {**os.environ, "HOME": str(self._home)}, **owner}
        data = self._home / "d"
        initdb = [bindir / "initdb", "-D", data, "-U", "hitl", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, capture_output=True, **self._settings)
        rules = data / "pg_hba.conf"
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        self.url = f"postgresql+psycopg://hitl@/postgres?host={self._home}"
        self._process = self._started()

    def stop(self) -> None:
        """End it as an administrator does who does not wait for anybody."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(30)

    def start(self) -> None:
        """Run it again, with what it held."""
        self._process = self._started()

    def close(self) -> None:
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._home)

    def _started(self) -> "subprocess.Popen[bytes]":
        with (self._home / "log").open("ab") as log:
            command = [self._bindir / "postgres", "-D", self._home / "d", "-k", self._home]
            command += ["-c", "listen_addresses=", "-c", "fsync=off"]
            process = subprocess.Popen(command, stdout=log, stderr=log, **self._settings)
        _wait(self._home, process)
        return process


@contextmanager
def server(bindir: Path) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    running = Server(bindir)
    try:
        yield running
    finally:
        running.close()


def administrator(url: str | sa.URL) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection to the server beside those of its users."""
    host = sa.make_url(url).query["host"]
    return psycopg.connect(host=str(host), user="hitl", dbname="postgres", autocommit=True)


def terminate(url: str | sa.URL, limit: int | None = None) -> int:
    """End some of the connections to a database, or all; how many there were."""
    with administrator(url) as connection:
        found = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM"
            " (SELECT pid FROM pg_stat_activity WHERE datname = %s ORDER BY random() LIMIT %s) AS chosen",
            [sa.make_url(url).database, limit],
        )
        return len(found.fetchall())


def _wait(home: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(host=str(home), user="hitl", dbname="postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((home / "log").read_text()) from None
            time.sleep(0.1)
        else:
            return
