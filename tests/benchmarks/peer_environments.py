"""The peers of the benchmark, each in an environment of its own outside the checkout, with the versions it needs."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.browser.lab import Lab

# pigeonXT asks for JupyterLab 3, which its part in the kernel does not need: all share one page. superintendent writes
# times without a zone, which later versions of sqlmodel refuse.
_PIPS = {
    "pigeonxt": (
        ("ipykernel==7.*", "ipywidgets==8.*", "numpy<2", "pandas<2"),
        ("--no-deps", "pigeonXT-jupyter==0.7.3"),
    ),
    "superintendent": (
        ("ipykernel==7.*", "ipyannotations==0.5.1", "superintendent==0.6.0", "sqlmodel==0.0.14", "SQLAlchemy<2.1"),
    ),
    "relplot": (("relplot==1.0.3",),),
    "irrcac": (("irrCAC==0.4.4", "pandas<3"),),  # of pandas 3 it takes a missing rating for a category
}
_KERNELS = ("pigeonxt", "superintendent")


def peer_python(name: str, folder: Path) -> Path | None:
    """The Python of a peer's environment, which is made where it is missing; None, and said, if it cannot be."""
    home = folder / name
    python = home / "bin/python"
    if not (home / "complete").is_file():
        print(f"making {home}", flush=True)
        venv.create(home, with_pip=True, clear=True)
        commands = ([str(python), "-m", "pip", "install", "--quiet", *arguments] for arguments in _PIPS[name])
        failed = next((command for command in commands if subprocess.run(command, check=False).returncode), None)
        if failed is not None:
            print(f"NOT RUN: {name} cannot be installed here: {' '.join(failed[1:])}", file=sys.stderr)
            return None
        (home / "complete").touch()
    return python


def add_peer_kernels(lab: Lab, folder: Path) -> dict[str, str]:
    """Make the environments that are missing, and their kernels.

    Returns the versions by kernel; a peer that cannot be had is left out, and said to be.
    """
    versions = {}
    for name in _KERNELS:
        python = peer_python(name, folder)
        if python is None:
            continue
        lab.add_kernel(name, str(python))
        for extension in (folder / name / "share/jupyter/labextensions").glob("ipy*"):
            # The page's half of the widgets that the peer uses.
            shutil.copytree(extension, lab.folder / "data/labextensions" / extension.name, dirs_exist_ok=True)
        freeze = [str(python), "-m", "pip", "list", "--format=freeze"]
        listed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout.split()
        versions[name] = ", ".join(one for one in listed if one.lower().startswith((name, "ipywidgets", "ipykernel")))
    return versions
