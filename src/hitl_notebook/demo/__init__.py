"""The demo: a copy of a notebook in which real predictions wait for review, opened in JupyterLab."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from hitl_notebook.errors import DemoProblem

__all__ = ["open_demo"]

NOTEBOOK = "01_review_digits.ipynb"

_CONFIG = Path(__file__).parent / "config"
_FIRST_PORT, _LAST_PORT = 8888, 8987
_HIGHEST_PORT = 65_535


def open_demo(directory: Path, *, port: int | None = None, browser: bool = True) -> int:
    """Copy the notebook into ``directory`` and serve it until JupyterLab ends; JupyterLab's exit status.

    A directory that holds the demo already is gone on with: nothing in it is overwritten.

    Raises
    ------
    DemoProblem
        JupyterLab is not installed, the directory holds something else, or the port is taken or is none.
    """
    if find_spec("jupyterlab") is None or find_spec("sklearn") is None:
        raise DemoProblem('the demo needs JupyterLab and scikit-learn: pip install "hitl-notebook[demo]"')
    if port is not None and not 1 <= port <= _HIGHEST_PORT:
        raise DemoProblem(
            f"{port} is no port: a port is a number from 1 to {_HIGHEST_PORT}; leave it out for a free one"
        )
    chosen = _free_port() if port is None else port
    if not _is_free(chosen):
        raise DemoProblem(f"port {chosen} is taken: name another with --port, or leave it out to get a free one")
    notebook = _copied(directory)
    token = secrets.token_hex(24)
    print(f"The demo is {notebook}; its reviews are kept beside it.")
    print(f"It opens at http://127.0.0.1:{chosen}/lab/tree/{NOTEBOOK}?token={token}")
    print("Press Ctrl+C here to end JupyterLab.", flush=True)
    command = [sys.executable, "-m", "jupyterlab", str(notebook)]
    command += ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={chosen}", "--ServerApp.port_retries=0"]
    command += [] if browser else ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is often no other user
    environment = os.environ | {
        "JUPYTER_TOKEN": token,
        # The kernel must be this environment's, even where the user has one called python3 of their own.
        "JUPYTER_PREFER_ENV_PATH": "1",
        # JupyterLab's question whether it may fetch news would lie over the card. Only its default is answered here:
        # a user's own settings count for more, and are left as they are.
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(_CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])),
    }
    if os.name == "posix":
        # JupyterLab takes this process's place, so that whoever ends it ends JupyterLab.
        os.chdir(directory)
        os.execve(sys.executable, command, environment)  # noqa: S606
    return subprocess.run(command, cwd=directory, env=environment, check=False).returncode  # noqa: S603


def _copied(directory: Path) -> Path:
    notebook = directory / NOTEBOOK
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if notebook.is_file():
            print("Going on with the demo that is already there.")
        elif any(directory.iterdir()):
            raise DemoProblem(f"{directory} holds other files: name a new directory with --directory")
        else:
            shutil.copyfile(_source(), notebook)
    except OSError as error:
        raise DemoProblem(f"cannot write to {directory} ({error.strerror}): name another with --directory") from error
    return notebook.resolve()


def _source() -> Path:
    """The notebook in the installed package; in a checkout it is where the other notebooks are."""
    packaged = Path(__file__).parent / NOTEBOOK
    return packaged if packaged.is_file() else Path(__file__).parents[3] / "notebooks" / NOTEBOOK


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    for port in range(_FIRST_PORT, _LAST_PORT + 1):
        if _is_free(port):
            return port
    raise DemoProblem(f"no port from {_FIRST_PORT} to {_LAST_PORT} is free: name one with --port")
