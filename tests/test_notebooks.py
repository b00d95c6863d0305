"""Every notebook is stored without outputs and runs top to bottom in a real kernel."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SECONDS = 60


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
def test_a_notebook_runs_top_to_bottom_twice_in_the_same_folder(file: Path, tmp_path: Path) -> None:
    run(file, tmp_path)
    run(file, tmp_path)


def test_the_model_of_the_demo_is_wrong_on_one_in_twenty_to_three_in_twenty(tmp_path: Path) -> None:
    demo = run(NOTEBOOKS[0], tmp_path, 'print((predictions["predicted"] != kept_labels).mean())')
    assert 0.05 <= float(printed(demo.cells[-1])) <= 0.15


def test_the_demo_shows_a_review_card_and_keeps_its_decisions_in_a_file(tmp_path: Path) -> None:
    decide = 'session.accept(session.next_item()); print(session.progress()["reviewed"])'
    demo = run(NOTEBOOKS[0], tmp_path, decide)
    shown = [output.data for cell in demo.cells for output in cell.get("outputs", []) if "data" in output]
    assert any("application/vnd.jupyter.widget-view+json" in data and "text/html" in data for data in shown)
    assert printed(demo.cells[-1]) == "1"
    again = run(NOTEBOOKS[0], tmp_path, 'print(session.progress()["reviewed"])')
    assert printed(again.cells[-1]) == "1"
