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

import psycopg


def binaries() -> Path | None:
    """The directory of ``initdb`` and ``postgres``: PG_BINDIR, PATH, or Debian's places, newest first."""
    named = os.environ.get("PG_BINDIR")
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    for directory in [named, on_path and Path(on_path).parent, *debian]:
        if directory and (Path(directory) / "initdb").exists() and (Path(directory) / "postgres").exists():
            return Path(directory)
    return None


@contextmanager
def server(bindir: Path) -> Iterator[str]:
    """A running server's URL; the directory goes with it."""
    home = Path(tempfile.mkdtemp(prefix="hitl-pg-", dir="/tmp"))  # a socket's path must be short
    owner: dict[str, int] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        owner = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    settings = {"cwd": home, "env": {**os.environ, "HOME": str(home)}, **owner}
    data = home / "d"
    initdb = [bindir / "initdb", "-D", data, "-U", "hitl", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
    subprocess.run(initdb, check=True, capture_output=True, **settings)
    with (home / "log").open("wb") as log:
        command = [bindir / "postgres", "-D", data, "-k", home, "-c", "listen_addresses=", "-c", "fsync=off"]
        process = subprocess.Popen(command, stdout=log, stderr=log, **settings)
    try:
        _wait(home, process)
        yield f"postgresql+psycopg://hitl@/postgres?host={home}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(home)


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
