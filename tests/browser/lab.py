"""A JupyterLab server of its own: its settings, kernels and notebooks are in one temporary folder."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

import nbformat

STARTS_WITHIN = 90  # seconds

_KERNELS = "@jupyterlab/apputils-extension/kernels-settings"
_SETTINGS: Mapping[str, object] = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


class Lab:
    """A running server; a context manager that ends it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.root.mkdir(parents=True)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        for name, value in _SETTINGS.items():
            self.set(name, value)
        self.add_kernel("python7", sys.executable)
        self._log = (folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}",
                "--ServerApp.port_retries=0",
                "--IdentityProvider.token=",
                "--ServerApp.token=",
                "--ServerApp.password=",
                "--ServerApp.disable_check_xsrf=True",
                f"--ServerApp.root_dir={self.root}",
                "--LabApp.expose_app_in_browser=True",
                "--KernelSpecManager.ensure_native_kernel=False",
                "--KernelRestarter.restart_limit=1000",  # else a kernel killed often is not started again
            ],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_it_answers()

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

    def set(self, name: str, value: object) -> None:
        """Write one of JupyterLab's settings; pages opened from now on follow it."""
        file = self.folder / "settings" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))

    def use_subshells(self, use: bool) -> None:
        """Whether comm messages may be handled beside a running cell; JupyterLab's own default is that they may."""
        self.set(_KERNELS, {"commsOverSubshells": "perCommTarget" if use else "disabled"})

    def add_kernel(self, name: str, python: str, environment: Mapping[str, str] | None = None) -> None:
        folder = self.folder / "data" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        spec = {
            "argv": [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": name,
            "language": "python",
            "env": dict(environment or {}),
        }
        (folder / "kernel.json").write_text(json.dumps(spec))

    def write_notebook(self, name: str, *sources: str, kernel: str = "python7") -> str:
        """A notebook of code cells in the server's root; its path as the server knows it."""
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        metadata = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), self.root / name)
        return name

    def _environment(self) -> dict[str, str]:
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        return dict(os.environ) | {name: str(self.folder / folder) for name, folder in own.items()}

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                with urlopen(f"{self.url}/api/status", timeout=5):  # noqa: S310
                    return
            except (URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        log = (self.folder / "server.log").read_text(errors="replace")
        raise RuntimeError(f"JupyterLab did not start within {STARTS_WITHIN} s:\n{log}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
