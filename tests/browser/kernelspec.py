"""Kernels beside the one that is installed."""

import os
import subprocess
import sys
from pathlib import Path


def ipykernel_6() -> tuple[str, dict[str, str]]:
    """This Python with ipykernel 6 ahead of its own: the command and its environment.

    The rest of the environment is shared, so that it costs one small download, once.
    """
    folder = Path(sys.prefix) / "ipykernel-6"
    if not (folder / "ipykernel").is_dir():
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder),
                *("ipykernel==6.31.0", "nest_asyncio==1.6.0"),
            ],
            check=True,
        )
    paths = [str(folder), os.environ.get("PYTHONPATH")]
    return sys.executable, {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
