"""Every notebook is stored without outputs and runs top to bottom in a real kernel."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SECONDS = 60

Demo = tuple[NotebookNode, NotebookNode]


def run(file: Path, folder: Path, *more_cells: str) -> NotebookNode:
    """The notebook after its cells, and then those of a test, have run in ``folder``."""
    notebook = nbformat.read(file, as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more_cells]
    client = NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.store_widget_state = False
    return client.execute()


def printed(cell: NotebookNode) -> str:
    return "".join(output["text"] for output in cell.outputs if output.output_type == "stream").strip()


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_stored_without_outputs(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_top_to_bottom(file: Path, tmp_path: Path) -> None:
    run(file, tmp_path)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo after two runs in one folder, with a decision at the end of the first."""
    folder = tmp_path_factory.mktemp("demo")
    share = 'print((predictions["predicted"] != kept_labels).mean())'
    decide = "session.accept(session.next_item())"
    first = run(NOTEBOOKS[0], folder, share, decide)
    second = run(NOTEBOOKS[0], folder, 'print(session.progress()["reviewed"])')
    return first, second


def test_the_model_of_the_demo_is_wrong_on_one_in_twenty_to_three_in_twenty(demo: Demo) -> None:
    first, _ = demo
    assert 0.05 <= float(printed(first.cells[-2])) <= 0.15


def test_the_demo_shows_a_review_card_with_a_summary_for_those_without_a_kernel(demo: Demo) -> None:
    first, _ = demo
    shown = [output.data for cell in first.cells for output in cell.get("outputs", []) if "data" in output]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown)
    assert any("0 of 200 items had been reviewed" in data.get("text/html", "") for data in shown)


def test_the_demo_run_again_goes_on_where_it_stood(demo: Demo) -> None:
    _, second = demo
    assert printed(second.cells[-1]) == "1"
