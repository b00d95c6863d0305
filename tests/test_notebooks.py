"""Every notebook is stored without outputs and runs top to bottom in a real kernel."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SECONDS = 60

DECIDE = """
reviewed_before = session.progress()["reviewed"]
for number in range(8):
    item_id = session.next_item()
    match number:
        case 3:
            session.flag(item_id, "cannot be told")
        case 5:
            session.correct(item_id, session.task.labels[0])
        case 6:
            session.correct(item_id, session.task.labels[1])
        case _:
            session.accept(item_id)
"""
WRONG = {
    "01_review_digits": 'predictions["predicted"] != kept_labels',
    "02_review_texts": 'predictions["predicted"].to_numpy() != held_out["library"].to_numpy()',
    "03_review_table": "predicted != truth.to_numpy()",
    "04_review_chat": 'answers.set_index("answer_id")["verdict"] != truth',
    "05_a_task_of_ones_own": "apart > 1",
    "06_what_the_reviews_say": 'predictions["predicted"] != truth',
    "07_from_review_to_a_better_model": 'predictions["predicted"] != truth',
    "08_judge_the_next_version": 'predictions["predicted"] != truth',
}
# What a notebook says of what comes out, before anybody else has decided.
CLAIMS = {
    "07_from_review_to_a_better_model": [
        'session.decisions["origin"].eq("simulated").all() and len(session.decisions) == 500',
        'found.comparison.conclusion == "better"',
        "found.comparison.difference.low <= after - before <= found.comparison.difference.high",
        'found.comparison.parts.set_index("part")["value"].loc["new"] > found.comparison.difference.high',
        "not set(found.training.item_ids) & found.training.held_out",
    ],
    "08_judge_the_next_version": [
        'session.decisions["origin"].eq("simulated").all()',
        'planned.conclusion == "open" and planned.more < planned.left',
        '(session.decisions["chosen_by"] == "changed").sum() == planned.more',
        'comparison.conclusion == "better"',
        'low / 100 <= right["v2"] - right["v1"] <= high / 100',
        'comparison.changes["outcome"].iloc[0] == "new error"',
        "len(session.decisions) < len(truth) / 10",
    ],
}


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


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda file: file.stem)
def reviewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """A notebook after its run, and after another one of what follows the review, with a few decisions made."""
    file: Path = request.param
    sources = [cell.source for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    review = next(place for place, source in enumerate(sources) if source.endswith("\nsession"))
    share = f"print(({WRONG[file.stem]}).mean())"
    claims = f"broken = [claim for claim in {CLAIMS.get(file.stem, [])!r} if not eval(claim)]"
    reports = ("print(broken)", share, 'print(session.progress()["reviewed"] - reviewed_before)')
    return run(file, tmp_path_factory.mktemp(file.stem), claims, DECIDE, *sources[review + 1 :], *reports)


def test_a_notebook_runs_top_to_bottom_and_on_once_something_was_decided(reviewed: NotebookNode) -> None:
    assert printed(reviewed.cells[-1]) == "8"


def test_what_a_notebook_says_of_its_outcome_is_so(reviewed: NotebookNode) -> None:
    assert printed(reviewed.cells[-3]) == "[]"


def test_a_model_is_wrong_often_enough_to_be_reviewed_and_seldom_enough_to_be_used(reviewed: NotebookNode) -> None:
    assert 0.05 <= float(printed(reviewed.cells[-2])) <= 0.25


def test_a_notebook_shows_a_review_card_with_a_summary_for_those_without_a_kernel(reviewed: NotebookNode) -> None:
    shown = [output.data for cell in reviewed.cells for output in cell.get("outputs", []) if "data" in output]
    assert any("application/vnd.jupyter.widget-view+json" in data for data in shown)
    assert any("items had been reviewed" in data.get("text/html", "") for data in shown)


def test_the_demo_run_again_goes_on_where_it_stood(tmp_path: Path) -> None:
    run(NOTEBOOKS[0], tmp_path, "session.accept(session.next_item())")
    again = run(NOTEBOOKS[0], tmp_path, 'print(session.progress()["reviewed"])')
    assert printed(again.cells[-1]) == "1"


@pytest.mark.campaign
def test_of_other_digits_the_next_model_is_called_better_in_three_reviews_of_four(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS[6], as_version=4).cells}
    source = "\n".join(cells[name] for name in ("model", "predictions", "review", "rest", "retrain"))
    said: Counter[str] = Counter()
    for seed in range(100):
        drawn = re.sub(r"(random_state=|default_rng\(|seed=)0\b", rf"\g<1>{seed}", source)
        names: dict[str, Any] = {}
        exec(drawn.replace('"digits-retrained.db"', '":memory:"'), names)  # noqa: S102  # the notebook's own cells
        names["session"].close()
        said[names["found"].comparison.conclusion] += 1
    assert 65 <= said["better"] <= 85
    assert said["worse"] == 0
