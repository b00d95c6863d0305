"""A Jupyter server of its own: it serves JupyterLab and Notebook 7, with settings and kernels in its own folder."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat

from tests.browser.server import Server

_KERNELS = "@jupyterlab/apputils-extension/kernels-settings"
_SETTINGS: Mapping[str, object] = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}


class Lab(Server):
    """A running Jupyter server."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for name, value in _SETTINGS.items():
            self.set(name, value)
        self.add_kernel("python7", sys.executable)
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            "--IdentityProvider.token=",
            "--ServerApp.token=",
            "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True",
            f"--ServerApp.root_dir={self.root}",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            "--KernelSpecManager.ensure_native_kernel=False",
            "--KernelRestarter.restart_limit=1000",  # else a kernel killed often is not started again
        ]
        own = {
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "IPYTHONDIR": "ipython",
        }
        self._start(command, {name: str(folder / place) for name, place in own.items()}, answers="api/status")

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
