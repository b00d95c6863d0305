"""A marimo server on one notebook, with marimo's own files in its folder."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Literal

from tests.browser.server import Server

Mode = Literal["edit", "run"]

_CELL = "@app.cell\ndef _():\n{}\n    return\n"
_NOTEBOOK = 'import marimo\n\napp = marimo.App()\n\n\n{}\n\nif __name__ == "__main__":\n    app.run()\n'


class MarimoServer(Server):
    """A running server: ``marimo edit`` or ``marimo run`` on a notebook of these cells, which run when it is opened.

    ``converted`` is a notebook of Jupyter's, which marimo itself makes one of its own from.
    """

    def __init__(self, folder: Path, *sources: str, mode: Mode = "edit", converted: Path | None = None) -> None:
        super().__init__(folder)
        self.mode = mode
        self.notebook = self.root / "notebook.py"
        if converted is None:
            cells = [_CELL.format(textwrap.indent(source.strip(), "    ")) for source in sources]
            self.notebook.write_text(_NOTEBOOK.format("\n\n".join(cells)))
        else:
            convert = [sys.executable, "-m", "marimo", "convert", str(converted), "-o", str(self.notebook)]
            subprocess.run(convert, check=True, stdin=subprocess.DEVNULL, capture_output=True)
        own = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
        settings = folder / "config" / "marimo" / "marimo.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text('[runtime]\nauto_instantiate = true\n[display]\ntheme = "system"\n')
        command = [
            *(sys.executable, "-m", "marimo", mode, str(self.notebook), "--headless", "--no-token"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *(("--skip-update-check", "--no-sandbox") if mode == "edit" else ()),
        ]
        self._start(command, own, answers="health")
