"""Which room may know which: the layers of the package, read from its imports."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

import hitl_notebook

PACKAGE = Path(hitl_notebook.__file__).parent

# From the ground up. A room imports rooms of its own layer or of those before it.
LAYERS = {
    "records": "errors version first_use collector missing blank counts quoted names file_path new_file estimate "
    "protocol guards libraries fields tasks items decisions",
    "pure": "review_queue metrics frames labels",
    "edge": "store",
    "joins": "session exchange charts explain figures simulate training demo cli",
    "Jupyter": "widgets",
}
# What is imported where it is needed, and not before: heavy, or of a later layer.
LATE = {("session", "widgets"), ("session", "exchange"), ("session", "figures"), ("training", "widgets")}

# Who alone may know a library that the rest of the house is free of.
ONLY_IN = {
    "nh3": {"fields"},
    "sqlalchemy": {"store"},
    "anywidget": {"widgets"},
    "traitlets": {"widgets"},
    "altair": {"charts", "widgets"},
    "shap": {"explain"},
}
NOT_AT_IMPORT = (
    *("sklearn", "altair", "pyarrow", "polars", "scipy", "matplotlib", "nh3"),
    *("jupyterlab", "IPython", "anywidget", "tqdm"),
)


class Import(NamedTuple):
    room: str
    imported: str  # a room of ours, or the first name of a library
    ours: bool
    late: bool


def room(module: str) -> str:
    """The room a dotted module of the package is in: its first name."""
    return module.split(".")[1] if "." in module else "__init__"


def module_name(file: Path) -> str:
    parts = (PACKAGE.name, *file.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[Import]:
    """Every import of a file, but for those that only the type checker sees."""
    module = module_name(file)

    def visit(node: ast.AST, late: bool) -> Iterator[Import]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        late = late or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports name the package in full"
            names = [node.module or ""]
            if node.module == PACKAGE.name:
                names = [f"{PACKAGE.name}.{alias.name}" for alias in node.names]
        for name in names:
            ours = name.split(".")[0] == PACKAGE.name
            yield Import(room(module), room(name) if ours else name.split(".")[0], ours, late)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, late)

    return visit(ast.parse(file.read_text()), late=False)


ALL = [found for file in sorted(PACKAGE.rglob("*.py")) for found in imports(file)]
HEIGHTS = {room: height for height, rooms in enumerate(LAYERS.values()) for room in rooms.split()}


def test_every_room_has_its_layer() -> None:
    rooms = {room(module_name(file)) for file in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms == HEIGHTS.keys()


def test_a_room_imports_only_its_own_layer_and_those_below() -> None:
    upward = {
        (found.room, found.imported)
        for found in ALL
        if found.ours and found.room in HEIGHTS and HEIGHTS.get(found.imported, 0) > HEIGHTS[found.room]
    }
    assert upward <= LATE


def test_no_two_rooms_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for found in ALL:
        if found.ours and not found.late and found.imported != found.room:
            graph.setdefault(found.room, set()).add(found.imported)
    TopologicalSorter(graph).prepare()


def test_the_session_imports_late_what_is_listed_and_nothing_else() -> None:
    late = {(found.room, found.imported) for found in ALL if found.ours and found.late and found.room == "session"}
    assert late == {(room, imported) for room, imported in LATE if room == "session"}


@pytest.mark.parametrize(("library", "only"), ONLY_IN.items())
def test_a_library_is_known_to_its_rooms_alone(library: str, only: set[str]) -> None:
    assert {found.room for found in ALL if found.imported == library} == only


def test_public_names_are_sorted_complete_and_there() -> None:
    names = hitl_notebook.__all__
    assert list(names) == sorted(names)
    for name in names:
        assert getattr(hitl_notebook, name) is not None
    assert set(names) <= set(dir(hitl_notebook))


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=module_name)
def test_a_module_names_what_it_gives(file: Path) -> None:
    module = importlib.import_module(module_name(file))
    names = getattr(module, "__all__", [])
    assert [name for name in names if not hasattr(module, name)] == []


def test_importing_the_package_loads_no_heavy_library() -> None:
    program = f"import sys, hitl_notebook; print([name for name in {NOT_AT_IMPORT} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.alone
def test_importing_the_package_takes_less_than_twice_what_pandas_takes() -> None:
    def seconds(module: str) -> float:
        program = f"import time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
        return float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout)

    pairs = [(seconds("pandas"), seconds("hitl_notebook")) for _ in range(5)]
    pandas, ours = (median(times) for times in zip(*pairs, strict=True))
    print(f"import pandas {pandas:.2f} s, import hitl_notebook {ours:.2f} s")
    assert ours < 2 * pandas
