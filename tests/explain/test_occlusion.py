"""Occlusion: what any model's answer loses, asked in batches and within a budget."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from hitl_notebook.errors import BadColumn, CannotExplain
from hitl_notebook.explain import Linear, OccludedColumns, OccludedPatches, OccludedWords, Shap
from hitl_notebook.fields.explained import Contrasted
from tests.explain.test_linear import FITTED_ON, NUMBER, NUMBERS, TWO_CLASSES
from tests.explain.texts import HARD_TEXTS


class Asked:
    """A model with a score for each of three classes, which remembers what it was asked."""

    classes_ = ("refund", "card", "other")

    def __init__(self, score: Any) -> None:
        self.score = score
        self.calls: list[int] = []

    def predict_proba(self, given: Any) -> Any:
        self.calls.append(len(given))
        return np.array([self.score(one) for one in given], dtype=float)


def by_words(text: str) -> tuple[float, float, float]:
    return text.count("money") + 0.5, float(text.count("card")), 0.25


# ---------------------------------------------------------------- words


def test_a_words_weight_is_what_the_lead_over_the_runner_up_loses_without_it() -> None:
    # refund 2.5 over card 1: without a "money" the lead is 1 shorter, without "card" 1 longer, and so never "my"
    (words,) = OccludedWords(Asked(by_words), text="body").explain([{"body": "my money, card, money"}])
    assert words == [("my ", 0.0), ("money", 1.0), (", ", 0.0), ("card", -1.0), (", ", 0.0), ("money", 1.0)]


def test_without_contrast_it_is_what_the_predicted_class_loses_by_itself() -> None:
    why = OccludedWords(Asked(by_words), text="body", contrast=False)
    assert why.explain([{"body": "money card"}]) == [[("money", 1.0), (" card", 0.0)]]


def test_what_was_predicted_otherwise_is_explained() -> None:
    why = OccludedWords(Asked(by_words), text="body", prediction="said")
    rows = [{"body": "money card", "said": "card"}, {"body": "money card", "said": None}]
    assert why.explain(rows) == [
        [("money", -1.0), (" ", 0.0), ("card", 1.0)],
        [("money", 1.0), (" ", 0.0), ("card", -1.0)],
    ]
    with pytest.raises(BadColumn, match="'moon' is none of the model's classes"):
        why.explain([{"body": "money", "said": "moon"}])


def test_of_a_function_the_classes_are_named() -> None:
    rows = [{"body": "money card", "said": "card"}]
    with pytest.raises(CannotExplain, match=r"'card' is not known: name classes="):
        OccludedWords(lambda texts: [by_words(text) for text in texts], text="body", prediction="said").explain(rows)
    named = OccludedWords(
        lambda texts: [by_words(text) for text in texts], text="body", prediction="said", classes=Asked.classes_
    )
    assert named.explain_contrasts(rows) == [
        Contrasted([("money", -1.0), (" ", 0.0), ("card", 1.0)], sides=("card", "refund"))
    ]


def test_one_number_of_a_function_speaks_for_the_second_of_two_classes() -> None:
    rows = [{"rooms": 5, "said": "cheap"}]
    why = OccludedColumns(
        lambda table: table["rooms"] - 4, [{"rooms": 1}], classes=["cheap", "dear"], prediction="said"
    )
    assert why.explain_contrasts(rows) == [Contrasted({"rooms": (-4.0, 5)}, sides=("cheap", "dear"))]
    bright = OccludedPatches(
        lambda images: images.sum(axis=(1, 2)), image="scan", grid=1, cover=0, classes=["dark", "bright"]
    )
    (found,) = bright.explain_contrasts([{"scan": np.ones((2, 2))}])
    assert (found.explanation.tolist(), found.sides) == ([[4.0]], ("bright", "dark"))


@pytest.mark.parametrize(("budget", "batch"), [(5, 64), (5, 2), (8, 3), (2, 1)])
def test_the_model_is_asked_in_batches_and_never_beyond_the_budget(budget: int, batch: int) -> None:
    model = Asked(by_words)
    rows = [{"body": "one two three four five six"}, {"body": "money"}, {"body": "!"}]
    OccludedWords(model, text="body", budget=budget, batch=batch).explain(rows)
    wanted = (1 + min(6, budget - 1)) + (1 + 1) + 1
    assert sum(model.calls) == wanted
    assert model.calls == [batch] * (wanted // batch) + [wanted % batch] * (wanted % batch > 0)


def test_a_text_beyond_the_budget_is_judged_by_runs_of_words() -> None:
    why = OccludedWords(Asked(by_words), text="body", budget=3)
    (words,) = why.explain([{"body": "my money is with my card"}])
    assert words == [("my money is", 1.0), (" ", 0.0), ("with my card", -1.0)]


def test_a_word_can_be_replaced_instead() -> None:
    why = OccludedWords(lambda texts: [text.count("?") for text in texts], text="body", replacement="?")
    assert why.explain([{"body": "one two"}]) == [[("one", -1.0), (" ", 0.0), ("two", -1.0)]]


def test_texts_are_put_together_again_whatever_their_script() -> None:
    words = OccludedWords(lambda texts: [len(text) for text in texts], text="body").explain(
        pd.DataFrame({"body": [*HARD_TEXTS, None]}, dtype=object)
    )
    assert ["".join(piece for piece, _ in row) for row in words[:-1]] == HARD_TEXTS
    assert words[-1] is None


def test_a_model_of_columns_is_given_its_other_columns_as_they_are() -> None:
    def model(table: pd.DataFrame) -> Any:
        assert list(table.columns) == ["amount", "body"]
        return table["amount"] * table["body"].str.count("money")

    why = OccludedWords(model, text="body", columns=["amount", "body"])
    rows = pd.DataFrame({"body": ["money", "no money"], "amount": [3.0, 5.0], "more": "x"}, index=[7, 7])
    assert why.explain(rows) == [[("money", 3.0)], [("no ", 0.0), ("money", 5.0)]]


def test_of_a_linear_model_of_counts_it_is_the_exact_contribution() -> None:
    model = make_pipeline(CountVectorizer(), LogisticRegression()).fit(FITTED_ON["body"], TWO_CLASSES)
    rows = [{"body": "money card"}, {"body": "thanks, paid"}]
    occluded = OccludedWords(_Decision(model), text="body").explain(rows)
    exact = Linear(model, text="body").explain(rows)
    for one, other in zip(occluded, exact, strict=True):
        assert [piece for piece, _ in one] == [piece for piece, _ in other]
        assert np.allclose([weight for _, weight in one], [weight for _, weight in other])


class _Decision:
    """A classifier that is asked for its decision function only."""

    def __init__(self, model: Any) -> None:
        self.classes_ = model.classes_
        self.decision_function = model.decision_function


# ---------------------------------------------------------------- columns


def test_a_columns_weight_is_what_the_answer_loses_on_average_with_the_values_of_others() -> None:
    # 2 * 5 + 1 = 11; with the rooms of others 2 * 1 + 1 = 3 and 2 * 3 + 1 = 7, with their floors 10 and 10
    background = pd.DataFrame({"rooms": [1, 3], "floor": [0, 0]})
    why = OccludedColumns(lambda table: 2 * table["rooms"] + table["floor"], background)
    assert why.explain([{"rooms": 5, "floor": 1}]) == [{"rooms": (6.0, 5), "floor": (1.0, 1)}]


def test_of_a_linear_model_it_is_the_coefficient_times_the_distance_from_the_backgrounds_mean() -> None:
    model = LinearRegression().fit(NUMBERS, NUMBER)
    found = OccludedColumns(model, NUMBERS).explain(NUMBERS)
    expected = (NUMBERS - NUMBERS.mean()) * model.coef_
    assert np.allclose([[weight for weight, _ in row.values()] for row in found], expected)


def test_columns_are_the_models_own_in_whatever_order_they_are_named() -> None:
    model = LinearRegression().fit(NUMBERS, NUMBER)
    swapped = OccludedColumns(model, NUMBERS[["age", "amount"]], columns=["age", "amount"])
    assert swapped.explain(NUMBERS) == OccludedColumns(model, NUMBERS).explain(NUMBERS)
    with pytest.raises(CannotExplain, match="fitted on the columns 'amount', 'age', and columns= names 'age'"):
        OccludedColumns(model, NUMBERS, columns=["age"])


def test_columns_of_an_array_that_the_model_numbered_are_named_in_order() -> None:
    model = LinearRegression().fit(NUMBERS.set_axis(["Column_0", "Column_1"], axis=1), NUMBER)
    (row,) = OccludedColumns(model, NUMBERS, columns=["amount", "age"]).explain(NUMBERS[:1])
    by_name = LinearRegression().fit(NUMBERS, NUMBER)
    assert [row] == OccludedColumns(by_name, NUMBERS).explain(NUMBERS[:1])


def test_any_model_of_columns_of_any_type_can_be_asked() -> None:
    table = FITTED_ON[["amount", "kind"]].astype({"kind": "category"})
    model = RandomForestClassifier(5, random_state=0).fit(NUMBERS.to_numpy(), TWO_CLASSES)
    why = OccludedColumns(model, NUMBERS, columns=["amount", "age"], budget=21)
    assert [list(row) for row in why.explain(NUMBERS)] == [["amount", "age"]] * 30
    is_shop = OccludedColumns(lambda given: given["kind"] == "shop", table).explain(table)
    assert {row["amount"][0] for row in is_shop} == {0.0}
    assert {row["kind"][0] > 0 for row, kind in zip(is_shop, table["kind"], strict=True) if kind == "shop"} == {True}


def test_the_background_is_drawn_by_the_seed_and_asked_within_the_budget() -> None:
    def found(**options: Any) -> tuple[list[Any], int]:
        asked: list[int] = []

        def model(table: pd.DataFrame) -> Any:
            asked.append(len(table))
            return table["amount"] * table["age"]

        return OccludedColumns(model, NUMBERS, budget=12, **options).explain(NUMBERS[:3]), sum(asked)

    # (12 - 1) // 2 columns are 5 rows of the background: 1 + 2 * 5 = 11 rows an item
    once, asked = found(seed=1)
    assert asked == 33
    assert (once, 33) == found(seed=1)
    assert (once, 33) != found(seed=2)


# ---------------------------------------------------------------- patches


def test_a_patchs_weight_is_what_the_answer_loses_when_it_is_covered() -> None:
    image = np.arange(1, 17).reshape(4, 4)
    why = OccludedPatches(lambda images: images[:, :2, 2:].sum(axis=(1, 2)), image="scan", grid=2, cover=0)
    (heat,) = why.explain([{"scan": image}])
    assert heat.tolist() == [[0, 3 + 4 + 7 + 8], [0, 0]]


def test_a_patch_is_covered_by_the_mean_of_each_channel() -> None:
    image = np.zeros((2, 2, 3))
    image[0, 0] = 4, 8, 0  # means 1, 2, 0
    why = OccludedPatches(lambda images: images[:, 0, 0] @ [1, 10, 100], image="scan", grid=2)
    (heat,) = why.explain([{"scan": image}])
    assert heat.tolist() == [[(4 - 1) + 10 * (8 - 2), 0], [0, 0]]


def test_images_of_several_shapes_and_kinds_are_asked_apart() -> None:
    asked: list[tuple[int, ...]] = []

    def model(images: Any) -> Any:
        asked.append(images.shape)
        return images.mean(axis=tuple(range(1, images.ndim)))

    why = OccludedPatches(model, image="scan", grid=2, batch=4)
    rows = [{"scan": np.ones((2, 2))}, {"scan": None}, {"scan": Image.new("RGB", (3, 1), (9, 9, 9))}]
    one, nothing, other = why.explain(rows)
    assert (one.shape, nothing, other.shape) == ((2, 2), None, (1, 2))
    assert asked == [(4, 2, 2), (1, 2, 2), (3, 1, 3, 3)]


def test_of_a_linear_model_of_pixels_it_is_the_exact_contribution_of_the_ink() -> None:
    digits = load_digits()
    model = LogisticRegression(max_iter=20, tol=0.1).fit(digits.data / 16, digits.target)
    rows = [{"scan": image / 16} for image in digits.images[:3]]
    decide = _Decision(model)
    flat = decide.decision_function
    decide.decision_function = lambda images: flat(images.reshape(len(images), -1))
    occluded = OccludedPatches(decide, image="scan", cover=0).explain(rows)
    assert np.allclose(occluded, Linear(model, image="scan").explain(rows))


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: OccludedWords(object(), text="body"), "object has none"),
        (lambda: OccludedWords(len, text="body", budget=1), "a budget of 2 rows an item"),
        (lambda: OccludedColumns(len, NUMBERS, budget=2), "not enough for 2 columns: give at least budget=3"),
        (lambda: OccludedColumns(len, NUMBERS[:0]), "no background"),
        (lambda: OccludedPatches(len, image="scan", grid=8, budget=64), "needs a budget of 65 images an item, not 64"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(make: Any, said: str) -> None:
    with pytest.raises(CannotExplain, match=said):
        make()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda texts: ["refund"] * len(texts), "is no array of scores"),
        (lambda texts: [1.0], r"shape \(1,\)"),
        (lambda texts: [float("nan")] * len(texts), "finite"),
        (lambda texts: 1.0, r"shape \(\)"),
    ],
)
def test_an_answer_that_is_no_score_is_refused(answer: Any, said: str) -> None:
    with pytest.raises(CannotExplain, match=said):
        OccludedWords(answer, text="body").explain([{"body": "two words"}])


READS_TEXTS = make_pipeline(CountVectorizer(), LogisticRegression()).fit(FITTED_ON["body"], TWO_CLASSES)


@pytest.mark.parametrize(
    "why",
    [OccludedWords(len, text="body"), Linear(READS_TEXTS, text="body"), Shap(len, text="body")],
    ids=["OccludedWords", "Linear", "Shap"],
)
@pytest.mark.parametrize("cell", [3.5, b"money", ["money"]])
def test_a_cell_that_is_no_text_is_refused_with_its_row(why: Any, cell: Any) -> None:
    with pytest.raises(BadColumn, match=r"row 2 of column 'body' is no text but .*(3\.5|money).*: make it text"):
        why.explain(pd.DataFrame({"body": ["money", None, cell]}, dtype=object))


@pytest.mark.parametrize(
    "why",
    [
        OccludedWords(len, text="body"),
        OccludedColumns(len, NUMBERS),
        OccludedPatches(len, image="scan"),
    ],
)
def test_no_rows_have_no_explanations(why: Any) -> None:
    assert why.explain([]) == why.explain(NUMBERS[:0]) == []
