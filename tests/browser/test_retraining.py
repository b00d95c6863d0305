"""A retrained model as a cell's last line: the change is drawn, by what comes with the package."""

from playwright.sync_api import expect

from tests.browser.chart import Chart
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_accessibility import findings_in_both_themes

RETRAIN = """
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
import hitl_notebook as hitl

rng = np.random.default_rng(0)
truth = rng.choice(["no", "yes"], 120)
X = rng.normal(2.0 * (truth == "yes")[:, None], 1, (120, 2))
frame = pd.DataFrame({"n": range(120), "said": "no"})
session = hitl.ReviewSession(
    frame, hitl.Classification(["no", "yes"]), item_id="n", prediction="said", reviewer="ada", store=":memory:",
    plan=hitl.ReviewPlan(order="random", seed=1),
)
for _ in range(100):
    item = session.next_item()
    session.correct(item, truth[item])
hitl.training.retrain(LogisticRegression(), session, X)
"""


def test_the_change_is_drawn_over_all_items_and_class_by_class(notebook: NotebookPage) -> None:
    cell = notebook.run_new(RETRAIN)
    chart = Chart(notebook)
    for part in ("all items", "value", "yes", "no"):
        expect(chart.root.get_by_text(part, exact=True).first).to_be_visible()
    assert findings_in_both_themes(notebook, chart.root) == []
    outputs = notebook.page.evaluate(
        "(cell) => window.jupyterapp.shell.currentWidget.content.widgets[cell].model.outputs.toJSON()", cell
    )
    said = outputs[-1]["data"]["text/plain"]
    assert "The retrained model is right more often" in "".join(said)
