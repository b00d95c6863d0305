"""What shap explains, as the page shows it: explainers of trees and Explanation objects, of shap itself."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shap
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain import Shap, from_shap
from hitl_notebook.fields import Contributions, HeatMap, TokenWeights
from tests.explain.test_linear import CLASS, NUMBER, NUMBERS, TWO_CLASSES, explained


def test_trees_with_a_score_for_each_class_speak_for_the_prediction_against_the_runner_up() -> None:
    model = RandomForestClassifier(5, max_depth=3, random_state=0).fit(NUMBERS, CLASS)
    found = Shap.trees(model).explain(NUMBERS)
    # What trees say of a row is what they say of all, the base, and the values of its columns.
    base = np.asarray(shap.TreeExplainer(model).expected_value)
    scores = model.predict_proba(NUMBERS)
    first, second = np.argsort(-scores, axis=1, kind="stable")[:, :2].T
    rows = np.arange(len(NUMBERS))
    lead = scores[rows, first] - scores[rows, second] - (base[first] - base[second])
    # Of equal scores rounding decides which comes first.
    ordered = np.sort(scores, axis=1)
    is_clear = np.diff(ordered, axis=1).min(axis=1) > 1e-6
    assert is_clear.sum() > 15
    assert np.allclose(explained(found)[is_clear], lead[is_clear])
    assert [list(row) for row in found] == [["amount", "age"]] * len(NUMBERS)
    assert Contributions("why").block(found[0], [])["type"] == "contributions"


@pytest.mark.parametrize("is_named", [True, False])
def test_trees_with_one_score_for_two_classes_speak_for_the_one_that_is_predicted(is_named: bool) -> None:
    given = NUMBERS if is_named else NUMBERS.to_numpy()
    model = GradientBoostingClassifier(n_estimators=4, random_state=0).fit(given, TWO_CLASSES)
    why = Shap.trees(model, columns=None if is_named else ["amount", "age"])
    base = float(np.ravel(shap.TreeExplainer(model).expected_value)[0])
    towards = np.where(model.predict(given) == "yes", 1, -1)
    assert np.allclose(explained(why.explain(NUMBERS)), (model.decision_function(given) - base) * towards)


def test_columns_are_the_models_own_in_whatever_order_they_are_named() -> None:
    model = RandomForestRegressor(4, random_state=0).fit(NUMBERS, NUMBER)
    assert Shap.trees(model, columns=["age", "amount"]).explain(NUMBERS) == Shap.trees(model).explain(NUMBERS)
    with pytest.raises(CannotExplain, match="fitted on the columns 'amount', 'age', and columns= names 'a', 'b'"):
        Shap.trees(model, columns=["a", "b"])


def test_trees_that_predict_a_number_raise_it_or_lower_it() -> None:
    model = RandomForestRegressor(4, random_state=0).fit(NUMBERS, NUMBER)
    found = Shap.trees(model).explain(NUMBERS)
    assert np.allclose(explained(found) + shap.TreeExplainer(model).expected_value, model.predict(NUMBERS))


def test_what_was_predicted_otherwise_is_explained() -> None:
    model = RandomForestClassifier(5, max_depth=3, random_state=0).fit(NUMBERS, TWO_CLASSES)
    rows = NUMBERS.assign(said=["no", "yes"] * 15)
    found = explained(Shap.trees(model, prediction="said").explain(rows))
    alone = explained(Shap.trees(model, prediction="said", contrast=False).explain(rows))
    base = np.asarray(shap.TreeExplainer(model).expected_value)
    said = [0, 1] * 15
    assert np.allclose(alone, model.predict_proba(NUMBERS)[range(30), said] - base[said])
    assert np.allclose(found, 2 * alone - (1 - base.sum()))


def test_models_that_shap_does_not_explain_are_refused() -> None:
    with pytest.raises(CannotExplain, match=r"shap does not explain this Pipeline.*Occluded"):
        Shap.trees(make_pipeline(RandomForestClassifier(2)).fit(NUMBERS, CLASS))
    with pytest.raises(CannotExplain, match=r"say columns=\[\.\.\.\]"):
        Shap.trees(RandomForestClassifier(2).fit(NUMBERS.to_numpy(), CLASS))
    with pytest.raises(CannotExplain, match="say what the explainer is given"):
        Shap(Ridge().fit)


# ---------------------------------------------------------------- Explanation objects

WORDS = ["a ", "big ", "bee"], ["an ", "ant"]
OF_TEXTS = shap.Explanation(
    values=np.array([np.array([[0.5, 0], [0.25, 1], [1, 0]]), np.array([[0.0, 2], [0, 0.5]])], dtype=object),
    base_values=np.array([[0.0, 0.25], [0.0, 0.25]]),
    data=tuple(np.array(words, dtype=object) for words in WORDS),
)


def test_of_texts_the_tokens_have_weights() -> None:
    # bee 1.75 over 1.25; ant 2.75 over 0
    bee, ant = from_shap(OF_TEXTS)
    assert bee == [("a ", 0.5), ("big ", -0.75), ("bee", 1.0)]
    assert ant == [("an ", 2.0), ("ant", 0.5)]
    assert TokenWeights("why").block(bee, [])["type"] == "token_weights"
    assert from_shap(OF_TEXTS, contrast=False)[0] == [("a ", 0.5), ("big ", 0.25), ("bee", 1.0)]
    assert from_shap(OF_TEXTS, classes=["bee", "ant"], predicted=["ant", None])[0][1] == ("big ", 0.75)
    with pytest.raises(CannotExplain, match="which of the 2 scores is that of 'ant' is not known"):
        from_shap(OF_TEXTS, predicted=["ant", None])


@pytest.mark.parametrize("channels", [(), (1,), (3,)])
def test_of_images_the_channels_are_added_up_to_a_heat_map(channels: tuple[int, ...]) -> None:
    values = np.arange(2 * 2 * 3 * max(sum(channels), 1) * 2, dtype=float).reshape(2, 2, 3, *channels, 2)
    explanation = shap.Explanation(values=values, base_values=np.zeros((2, 2)), data=np.zeros(values.shape[:-1]))
    # Of each pixel and channel the second class has one more than the first.
    one, other = from_shap(explanation)
    assert one.tolist() == other.tolist() == [[max(sum(channels), 1)] * 3] * 2
    assert HeatMap("why").block(one, [])["type"] == "heat_map"


@pytest.mark.parametrize("base", [0.5, [0.5, 0.5], [[0.5], [0.5]], None])
def test_of_tables_columns_have_contributions(base: Any) -> None:
    explanation = shap.Explanation(
        values=np.array([[1.0, -3.0], [2.0, 0.0]]), base_values=base, data=np.array([[1.5, 2], [3, 4]])
    )
    assert from_shap(explanation, names=["age", "amount"]) == [
        {"age": (1.0, "1.5"), "amount": (-3.0, "2")},
        {"age": (2.0, "3"), "amount": (0.0, "4")},
    ]
    # Of two classes, one score speaks for the second: -1.5 or -2 against it, 2 or 2.5 for it.
    of_two = from_shap(explanation, names=["age", "amount"], classes=["no", "yes"])
    assert [row["age"][0] for row in of_two] == [-1.0, 2.0]
    said = from_shap(explanation, names=["age", "amount"], classes=["no", "yes"], predicted=["yes", "no"])
    assert [row["age"][0] for row in said] == [1.0, -2.0]


def test_names_and_cells_are_the_explanations_own_where_it_has_them() -> None:
    explanation = shap.Explanation(
        values=np.array([[1.0, 2.0]]),
        data=np.array([[0.1, 7.0]]),
        display_data=np.array([["low", 7.0]], dtype=object),
        feature_names=["risk", "days"],
    )
    assert from_shap(explanation) == [{"risk": (1.0, "low"), "days": (2.0, "7")}]
    assert from_shap(shap.Explanation(values=np.array([[1.0]]))) == [{"column 0": (1.0, None)}]


@pytest.mark.parametrize("values", [np.zeros((2, 3)), np.zeros((2, 3, 4))])
def test_one_row_by_itself_is_refused(values: Any) -> None:
    with pytest.raises(CannotExplain, match=r"explanation\[:1\]"):
        from_shap(shap.Explanation(values=values, data=np.zeros((2, 3)))[0])


def test_an_explainer_of_texts_or_images_is_given_those_that_are_there() -> None:
    given: list[Any] = []

    def of_texts(texts: list[str]) -> Any:
        given.append(texts)
        return OF_TEXTS

    why = Shap(of_texts, text="body")
    rows = pd.DataFrame({"body": ["a big bee", None, "an ant"]}, dtype=object)
    assert [None if row is None else len(row) for row in why.explain(rows)] == [3, None, 2]
    assert given == [["a big bee", "an ant"]]
    assert why.explain([]) == []


@pytest.mark.campaign
@pytest.mark.filterwarnings("ignore")
def test_shaps_own_explainers_of_texts_and_images_are_taken_as_they_are() -> None:
    def counting(texts: Any) -> Any:
        return np.array([[text.count("a"), text.count("bee")] for text in texts], dtype=float)

    text = "a big bee, a"
    (words,) = Shap(shap.Explainer(counting, shap.maskers.Text(r"\W+")), text="body").explain([{"body": text}])
    assert "".join(piece for piece, _ in words) == text
    # Two a and a bee, against nothing of either in a masked text.
    assert sum(weight for _, weight in words) == pytest.approx(1)

    def halves(images: Any) -> Any:
        return np.stack([images[:, :4].mean((1, 2, 3)), images[:, 4:].mean((1, 2, 3))], axis=1)

    explainer = shap.Explainer(halves, shap.maskers.Image(np.zeros(64), (8, 8, 1)))
    image = np.zeros((8, 8, 1))
    image[:4] = 1
    (heat,) = Shap(lambda images: explainer(images, max_evals=200), image="scan").explain([{"scan": image}])
    assert heat.shape == (8, 8)
    assert heat[:4].sum() == pytest.approx(1)
