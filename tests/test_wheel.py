"""What a user gets: the wheel holds all that the package needs, and works where nothing else of it is."""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def call(command: Sequence[str | Path], folder: Path) -> str:
    ended = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=600
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call([sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, ROOT], folder)
    (built,) = folder.glob("hitl_notebook-*.whl")
    return built


@pytest.fixture(scope="module")
def fresh_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which only the wheel and what it asks for are installed."""
    folder = tmp_path_factory.mktemp("fresh")
    call([sys.executable, "-m", "venv", folder / "env"], folder)
    (python,) = [*folder.glob("env/bin/python"), *folder.glob("env/Scripts/python.exe")]
    call([python, "-m", "pip", "install", "--quiet", wheel], folder)
    return python


def test_the_wheel_holds_the_page_its_licences_the_demo_and_the_type_marker(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    for name in (
        "static/review.js",
        "static/review.css",
        "static/review.LICENSES.txt",
        "static/chart.js",
        "static/chart.css",
        "static/dashboard.js",
        "static/dashboard.css",
        "static/dashboard.LICENSES.txt",
        "static/markdown.js.gz",
        "static/markdown.LICENSES.txt",
        "static/vega.js.gz",
        "static/vega.LICENSES.txt",
        "demo/01_review_digits.ipynb",
        "demo/config/labconfig/default_setting_overrides.json",
        "py.typed",
    ):
        assert f"hitl_notebook/{name}" in sizes
    assert sizes["hitl_notebook/static/review.js"] > 10_000
    assert not [name for name in sizes if name.startswith(("tests/", "js/")) or "node_modules" in name]


def test_the_wheel_holds_every_module_of_the_checkout(wheel: Path) -> None:
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    with zipfile.ZipFile(wheel) as archive:
        assert modules <= set(archive.namelist())


def test_the_installed_wheel_reviews(fresh_python: Path, tmp_path: Path) -> None:
    program = """
import hitl_notebook as hitl
items = [{"text": "a", "said": "ham"}, {"text": "b", "said": "spam"}]
with hitl.ReviewSession(items, hitl.Classification(["ham", "spam"]), prediction="said", reviewer="ada") as session:
    session.accept(session.next_item())
    print(session.progress()["reviewed"], session.widget is not None)
"""
    assert call([fresh_python, "-W", "error", "-c", program], tmp_path).split() == ["1", "True"]
    assert (tmp_path / "hitl-reviews.db").is_file()


def test_the_installed_command_says_what_it_can_do(fresh_python: Path, tmp_path: Path) -> None:
    said = call([fresh_python.with_name("hitl-notebook"), "--help"], tmp_path)
    assert "demo" in said
    assert "verify" in said
