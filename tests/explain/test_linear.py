"""Linear models taken apart: the contributions add up to the decision, on every row."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    LinearRegression,
    LogisticRegression,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
)
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.svm import SVC, LinearSVC

from hitl_notebook.errors import BadColumn, CannotExplain, MissingColumn
from hitl_notebook.explain import Linear
from hitl_notebook.explain.coefficients import decisions
from hitl_notebook.fields import HeatMap
from hitl_notebook.items import read_items
from hitl_notebook.tasks import Regression
from tests.explain.texts import HARD_TEXTS
from tests.libraries import LIBRARIES

WORDS = ["money", "card", "lost", "paid", "thanks", "café", "نقودي", "הכסף", "钱", "👍🏽"]
KINDS = ["shop", "bank", "post", "rare"]
random = np.random.default_rng(5)
FITTED_ON = pd.DataFrame(
    {
        "body": [" ".join(random.choice(WORDS, 6)) for _ in range(30)],
        "amount": random.normal(100, 40, 30),
        "age": random.integers(18, 90, 30),
        "kind": [*random.choice(KINDS[:3], 29).tolist(), "rare"],
        "channel": random.choice(["web", "phone"], 30),
        "unread": "no model sees this",
    }
)
CLASS = np.array([f"class {at % 3}" for at in range(30)])
TWO_CLASSES = np.where(CLASS == "class 0", "no", "yes")
NUMBER = FITTED_ON["amount"].to_numpy() / 10 + np.arange(30)


# What scikit-learn says of a category that it has not seen, it says of the prediction too.
known_to_the_user = pytest.mark.filterwarnings("ignore:Found unknown categories")

# ---------------------------------------------------------------- every pipeline, every row

SCALERS = [StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, lambda: "passthrough"]
ENCODERS = [
    lambda: OneHotEncoder(handle_unknown="ignore"),
    lambda: OneHotEncoder(handle_unknown="ignore", drop="first", sparse_output=False),
    lambda: OneHotEncoder(handle_unknown="ignore", drop="if_binary"),
    lambda: OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2),
    lambda: OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=2, drop="first"),
]
READING = {
    "ngram_range": st.sampled_from([(1, 1), (1, 2), (2, 3)]),
    "analyzer": st.sampled_from(["word", "char_wb", "char"]),
    "binary": st.booleans(),
    "lowercase": st.booleans(),
    "strip_accents": st.sampled_from([None, "unicode"]),
}
WEIGHING = {
    "sublinear_tf": st.booleans(),
    "norm": st.sampled_from(["l1", "l2", None]),
    "use_idf": st.booleans(),
}


def vectorizer(*, analyzer: str, **options: Any) -> dict[str, Any]:
    # Arabic, Chinese and emoji count as words too.
    return {"analyzer": analyzer, **({"token_pattern": r"\S\S*\b|\S"} if analyzer == "word" else {}), **options}


COUNTS = st.fixed_dictionaries(READING).map(lambda options: CountVectorizer(**vectorizer(**options)))
TFIDF = st.fixed_dictionaries(READING | WEIGHING).map(lambda options: TfidfVectorizer(**vectorizer(**options)))
HASHED = st.fixed_dictionaries(READING | {"alternate_sign": st.booleans(), "norm": WEIGHING["norm"]}).map(
    lambda options: HashingVectorizer(n_features=32, **vectorizer(**options))
)
ONE_READER = COUNTS | TFIDF | HASHED | COUNTS.map(lambda counts: make_pipeline(counts, TfidfTransformer()))
READERS = ONE_READER | st.tuples(ONE_READER, ONE_READER).map(
    lambda both: FeatureUnion([("one", both[0]), ("other", both[1])], transformer_weights={"one": 0.5})
)
AFTERWARDS = st.sampled_from(
    [
        (),
        (lambda: SelectKBest(k=8),),
        (MaxAbsScaler,),
        (lambda: TruncatedSVD(4, random_state=0),),
        (lambda: TruncatedSVD(4, random_state=0), StandardScaler, lambda: SelectKBest(k=2)),
    ]
)
LAST: Mapping[str, Callable[[], Any]] = {
    "LogisticRegression": lambda: LogisticRegression(max_iter=30, tol=1e-1),
    "LinearSVC": lambda: LinearSVC(random_state=0, max_iter=10_000, C=1e-4),
    "SGDClassifier": lambda: SGDClassifier(max_iter=2_000, alpha=1e3, random_state=0),
    "RidgeClassifier": RidgeClassifier,
    "Ridge": Ridge,
    "LinearRegression": LinearRegression,
}
TARGETS = {"two classes": TWO_CLASSES, "three classes": CLASS}


@st.composite
def rows(draw: st.DrawFn) -> pd.DataFrame:
    text = st.sampled_from([text for text in HARD_TEXTS if "\ud83d" not in text]) | st.lists(
        st.sampled_from(WORDS), max_size=8
    ).map(" ".join)
    row = st.fixed_dictionaries(
        {
            "body": text,
            "amount": st.floats(-1e4, 1e4),
            "age": st.integers(0, 120),
            "kind": st.sampled_from([*KINDS, "never seen"]),
            "channel": st.sampled_from(["web", "phone", "never seen"]),
        }
    )
    return pd.DataFrame(draw(st.lists(row, min_size=1, max_size=4)))


def explained(values: list[Any]) -> np.ndarray:
    """The sums of what a reviewer is shown."""
    return np.array(
        [
            sum(weight for weight, _ in value.values())
            if isinstance(value, dict)
            else sum(weight for _, weight in value)
            for value in values
        ]
    )


def fitted(model: Any, X: Any, y: Any) -> Any:
    with warnings.catch_warnings():
        # What a model that has not converged says is to be explained like any other.
        warnings.simplefilter("ignore")
        return model.fit(X, y)


# Not shrunk: a pipeline is fitted at each step of that.
ADDS_UP = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def add_up(frame: pd.DataFrame, data: st.DataObject) -> None:
    """``decision`` in ``sums`` is the model's own; here it is compared with what the reviewer is shown."""
    columns = ColumnTransformer(
        [
            ("text", data.draw(READERS), "body"),
            ("numbers", data.draw(st.sampled_from(SCALERS))(), ["amount"]),
            ("kinds", data.draw(st.sampled_from(ENCODERS))(), ["kind", "channel"]),
            ("left out", "drop", ["unread"]),
        ],
        remainder=data.draw(st.sampled_from(["drop", "passthrough", StandardScaler()])),
        transformer_weights=data.draw(st.sampled_from([None, {"numbers": 2.0}])),
    )
    name = data.draw(st.sampled_from(sorted(LAST)))
    target = NUMBER if name in ("Ridge", "LinearRegression") else TARGETS[data.draw(st.sampled_from(sorted(TARGETS)))]
    model = fitted(make_pipeline(columns, *(make() for make in data.draw(AFTERWARDS)), LAST[name]()), FITTED_ON, target)
    for why in (Linear(model), Linear(model, text="body")):
        sums = why.sums(frame)
        scale = np.maximum(1, np.abs(sums["decision"]))
        shown = explained(why.explain(frame))
        assert (np.abs(shown + sums["rest"] - sums["decision"]) <= 1e-9 * scale).all()
        assert (np.abs(shown - sums["explained"]) <= 1e-9 * scale).all()


@known_to_the_user
@settings(ADDS_UP, max_examples=20)
@given(rows(), st.data())
def test_contributions_add_up_to_the_decision_function(frame: pd.DataFrame, data: st.DataObject) -> None:
    add_up(frame, data)


@pytest.mark.campaign
@known_to_the_user
@settings(ADDS_UP, max_examples=1_000)
@given(rows(), st.data())
def test_contributions_of_a_thousand_pipelines_add_up(frame: pd.DataFrame, data: st.DataObject) -> None:
    add_up(frame, data)


@settings(ADDS_UP, max_examples=15)
@given(rows(), READERS, AFTERWARDS, st.sampled_from(["LogisticRegression", "LinearSVC", "RidgeClassifier"]))
def test_the_weights_of_the_words_and_the_intercept_are_the_decision(
    frame: pd.DataFrame, reader: Any, afterwards: Any, name: str
) -> None:
    model = fitted(
        make_pipeline(reader, *(make() for make in afterwards), LAST[name]()), FITTED_ON["body"].tolist(), TWO_CLASSES
    )
    why = Linear(model, text="body")
    words = why.explain(frame)
    assert ["".join(piece for piece, _ in row) for row in words] == frame["body"].tolist()
    decision = np.abs(model.decision_function(frame["body"].tolist()))
    assert np.allclose(explained(words) + why.sums(frame)["rest"], decision, rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------- by hand

LETTERS = pd.DataFrame({"body": ["money back money", "card", "thanks"], "said": ["refund", "card", "other"]})


class Weights(ClassifierMixin, BaseEstimator):
    """A model of one's own with these coefficients: what is needed of it is that its decision is their sum."""

    def __init__(self, weights: Any, classes: Any) -> None:
        self.coef_ = np.array(weights, dtype=float)
        self.intercept_ = np.zeros(len(self.coef_))
        self.classes_ = np.array(classes)

    def fit(self, X: Any, y: Any) -> "Weights":
        return self

    def decision_function(self, X: Any) -> Any:
        decision = X @ self.coef_.T + self.intercept_
        return decision[:, 0] if len(self.coef_) == 1 else decision


def counting(weights: Any, classes: Any, **options: Any) -> Any:
    words = CountVectorizer(vocabulary=["money", "back", "money back", "back money"], ngram_range=(1, 2), **options)
    return make_pipeline(words.fit(LETTERS["body"]), Weights(weights, classes))


# money, back, "money back", "back money"
THREE = [[1.0, 0.5, 2.0, 0.0], [0.25, 0.0, 0.0, 4.0], [0.0, 0.0, 0.0, 0.0]]


def test_an_n_grams_contribution_goes_in_equal_parts_to_its_words_where_it_stands() -> None:
    # "money back money": refund 2 * 1 + 0.5 + 2 = 4.5, card 2 * 0.25 + 4 = 4.5: equal, so the first is predicted.
    # refund less card: each "money" 1 - 0.25, "back" 0.5, "money back" 2 = 1 + 1, "back money" -4 = -2 - 2
    model = counting(THREE, ["refund", "card", "other"])
    (words,) = Linear(model, text="body").explain(LETTERS[:1])
    assert words == [("money", 1.75), (" ", 0.0), ("back", -0.5), (" ", 0.0), ("money", -1.25)]


def test_without_contrast_it_is_what_speaks_for_the_class_by_itself() -> None:
    model = counting(THREE, ["refund", "card", "other"])
    why = Linear(model, text="body", contrast=False)
    assert why.explain(LETTERS[:1]) == [[("money", 2.0), (" ", 0.0), ("back", 1.5), (" ", 0.0), ("money", 1.0)]]
    assert why.sums(LETTERS[:1])["decision"].tolist() == [4.5]


def test_what_was_predicted_otherwise_is_explained_as_it_was_predicted() -> None:
    # "other" has no weights: against refund, the best of the rest, all speaks against it.
    model = counting(THREE, ["refund", "card", "other"])
    frame = LETTERS.assign(said=["other", None, "refund"])
    first, second, _ = Linear(model, text="body", prediction="said").explain(frame)
    assert first == [("money", -2.0), (" ", 0.0), ("back", -1.5), (" ", 0.0), ("money", -1.0)]
    assert second == [("card", 0.0)]
    with pytest.raises(BadColumn, match="'refnd' is none of the model's classes"):
        Linear(model, text="body", prediction="said").explain(frame.assign(said="refnd"))


def test_of_two_classes_above_zero_speaks_for_the_one_that_is_predicted() -> None:
    model = counting([[-1.0, 0.0, 0.0, 0.0]], ["no", "yes"])
    why = Linear(model, text="body", prediction="said")
    assert why.explain(LETTERS.assign(said="no"))[0][0] == ("money", 1.0)
    assert why.explain(LETTERS.assign(said="yes"))[0][0] == ("money", -1.0)
    assert Linear(model, text="body").explain(LETTERS)[0][0] == ("money", 1.0)


def test_the_parts_of_a_table_go_back_to_its_columns() -> None:
    # price = 2 * (amount - 10) / 5 + {shop: 1, bank: -1} + 7
    frame = pd.DataFrame({"amount": [5.0, 15.0], "kind": ["shop", "bank"]})
    columns = make_column_transformer((StandardScaler(), ["amount"]), (OneHotEncoder(), ["kind"])).fit(frame)
    last = LinearRegression().fit(columns.transform(frame), [0, 0])
    last.coef_, last.intercept_ = np.array([2.0, -1.0, 1.0]), 7.0
    why = Linear(make_pipeline(columns, last))
    assert why.explain(frame) == [
        {"amount": (-2.0, "5"), "kind": (1.0, "shop")},
        {"amount": (2.0, "15"), "kind": (-1.0, "bank")},
    ]
    assert why.sums(frame).to_numpy().tolist() == [[-1.0, 7.0, 6.0], [1.0, 7.0, 8.0]]


def test_a_category_that_was_never_seen_contributes_nothing() -> None:
    frame = pd.DataFrame({"kind": ["shop", "bank"]})
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), Ridge()).fit(frame, [1.0, 2.0])
    assert Linear(model).explain([{"kind": "moon"}]) == [{"kind": (0.0, "moon")}]


def test_pixels_are_a_heat_map_of_the_image_and_channels_are_added_up() -> None:
    images = random.random((20, 3, 4, 2))
    model = LogisticRegression().fit(images.reshape(20, -1), TWO_CLASSES[:20])
    why = Linear(model, image="photo")
    rows = [{"photo": image} for image in images]
    maps = why.explain(rows)
    towards = np.where(model.predict(images.reshape(20, -1)) == "yes", 1, -1)
    for image, heat, sign in zip(images, maps, towards, strict=True):
        assert np.allclose(heat, (image * model.coef_[0].reshape(3, 4, 2)).sum(axis=2) * sign, rtol=1e-9)
        assert HeatMap("h").block(heat, [])["type"] == "heat_map"
    sums = why.sums(rows)
    assert np.allclose([heat.sum() for heat in maps] + sums["rest"], sums["decision"], rtol=1e-9)
    assert [heat is None for heat in why.explain([{"photo": None}, rows[0]])] == [True, False]
    with pytest.raises(BadColumn, match="row 0 of column 'photo' has 4 values, the model reads 24"):
        why.explain([{"photo": np.zeros((2, 2))}])


# ---------------------------------------------------------------- what is read, and how

NUMBERS = FITTED_ON[["amount", "age"]]


@pytest.mark.parametrize(
    "steps",
    [
        [SimpleImputer(), Normalizer()],
        [FunctionTransformer(abs, feature_names_out="one-to-one"), StandardScaler()],
        [FunctionTransformer(np.log1p)],
        [StandardScaler().set_output(transform="polars"), SelectKBest(k=1)],
        [KBinsDiscretizer(3, quantile_method="averaged_inverted_cdf")],
        [KBinsDiscretizer(3, encode="ordinal", quantile_method="averaged_inverted_cdf")],
        [PCA(2, whiten=True, random_state=0), RobustScaler()],
        [StandardScaler(), PCA(1), MinMaxScaler()],
        [StandardScaler().set_output(transform="pandas"), SelectKBest(k=1)],
        ["passthrough", None],
    ],
    ids=repr,
)
@pytest.mark.parametrize("is_named", [True, False])
def test_steps_by_themselves_are_carried_back_through(steps: list[Any], is_named: bool) -> None:
    model = make_pipeline(*steps, LogisticRegression()).fit(NUMBERS if is_named else NUMBERS.to_numpy(), CLASS)
    why = Linear(model, columns=None if is_named else ["amount", "age"])
    sums = why.sums(NUMBERS)
    assert np.allclose(explained(why.explain(NUMBERS)) + sums["rest"], sums["decision"], rtol=1e-9)
    top = np.sort(model.decision_function(NUMBERS if is_named else NUMBERS.to_numpy()), axis=1)
    assert np.allclose(sums["decision"], top[:, -1] - top[:, -2])


@pytest.mark.parametrize(
    "chosen",
    ["amount", ["amount"], 0, [0], slice(0, 1), slice("amount", "amount"), [True, False], lambda X: ["amount"]],
)
def test_columns_may_be_chosen_in_every_way_there_is(chosen: Any) -> None:
    step = FunctionTransformer(np.array, feature_names_out="one-to-one")
    if isinstance(chosen, str | int):
        step = make_pipeline(FunctionTransformer(lambda x: np.array(x).reshape(-1, 1), feature_names_out="one-to-one"))
    model = make_pipeline(make_column_transformer((step, chosen), remainder="passthrough"), Ridge())
    why = Linear(model.fit(NUMBERS, NUMBER))
    sums = why.sums(NUMBERS)
    assert np.allclose(explained(why.explain(NUMBERS)) + sums["rest"], sums["decision"], rtol=1e-9)
    assert why.explain(NUMBERS)[0]["amount"][0] == pytest.approx(model[-1].coef_[0] * NUMBERS["amount"][0])


def test_a_text_of_several_readers_is_explained_by_all_of_them() -> None:
    model = make_pipeline(
        make_union(TfidfVectorizer(), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))), LogisticRegression()
    ).fit(FITTED_ON["body"], TWO_CLASSES)
    why = Linear(model, text="body")
    assert np.allclose(explained(why.explain(FITTED_ON)), why.sums(FITTED_ON)["explained"])


def test_a_model_of_a_million_features_is_explained_by_the_few_that_are_there() -> None:
    model = make_pipeline(HashingVectorizer(), SGDClassifier(max_iter=5, tol=None)).fit(FITTED_ON["body"], TWO_CLASSES)
    assert model[-1].coef_.shape == (1, 2**20)
    why = Linear(model, text="body")
    sums = why.sums(FITTED_ON)
    assert np.allclose(explained(why.explain(FITTED_ON)) + sums["rest"], sums["decision"], rtol=1e-9, atol=1e-9)
    assert np.allclose(sums["decision"], np.abs(model.decision_function(FITTED_ON["body"])))


def test_a_missing_text_has_no_explanation_and_the_others_have_theirs() -> None:
    model = make_pipeline(CountVectorizer(), Ridge()).fit(FITTED_ON["body"], NUMBER)
    why = Linear(model, text="body")
    rows = [{"body": None}, {"body": "money"}, {"body": float("nan")}, {"body": ""}]
    assert [None if row is None else len(row) for row in why.explain(rows)] == [None, 1, None, 1]
    assert why.sums(rows)["decision"].isna().tolist() == [True, False, True, False]


@pytest.mark.parametrize("target", [CLASS, TWO_CLASSES], ids=["three classes", "two classes"])
def test_one_linear_classifier_for_each_class_is_a_linear_classifier(target: Any) -> None:
    model = make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression())).fit(NUMBERS, target)
    why = Linear(model)
    sums = why.sums(NUMBERS)
    assert np.allclose(explained(why.explain(NUMBERS)) + sums["rest"], sums["decision"], rtol=1e-9)
    top = np.sort(decisions(model, NUMBERS), axis=1)
    assert np.allclose(sums["decision"], top[:, -1] - top[:, -2])


def test_the_session_is_told_between_which_classes_it_weighs() -> None:
    model = counting(THREE, ["refund", "card", "other"])
    frame = LETTERS.assign(said=["other", None, "refund"], body=["money back money", "money", None])
    sides = [one.sides for one in Linear(model, text="body", prediction="said").explain_contrasts(frame)]
    assert sides == [("other", "refund"), ("refund", "card"), None]
    alone = Linear(model, text="body", contrast=False)
    assert [one.sides for one in alone.explain_contrasts(frame)] == [None, None, None]
    assert Linear(Ridge().fit(NUMBERS, NUMBER)).explain_contrasts(NUMBERS[:1])[0].sides is None


def test_of_a_search_the_model_that_it_found_is_explained() -> None:
    search = GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [1, 10]}, cv=2).fit(
        NUMBERS, NUMBER
    )
    assert Linear(search).explain(NUMBERS) == Linear(search.best_estimator_).explain(NUMBERS)


def test_columns_that_the_model_drops_need_not_be_there() -> None:
    columns = make_column_transformer((StandardScaler(), ["age"]), ("drop", ["kind"]))
    model = make_pipeline(columns, Ridge()).fit(FITTED_ON[["age", "kind", "amount"]], NUMBER)
    assert [list(row) for row in Linear(model).explain([{"age": 30, "body": "x"}])] == [["age"]]


@pytest.mark.parametrize("library", LIBRARIES)
def test_rows_come_in_any_library(library: str) -> None:
    model = Ridge().fit(NUMBERS, NUMBER)
    rows = LIBRARIES[library]({"amount": [1.5, 20.0], "age": [30, 40], "more": ["a", "b"]})
    first, second = Linear(model).explain(rows)
    assert first == {"amount": (1.5 * model.coef_[0], "1.5"), "age": (30 * model.coef_[1], 30)}
    assert [value for _, value in second.values()] == ["20", 40]


@pytest.mark.parametrize("rows", [[], pd.DataFrame(), NUMBERS[:0]])
def test_no_rows_have_no_explanations(rows: Any) -> None:
    why = Linear(Ridge().fit(NUMBERS, NUMBER))
    assert why.explain(rows) == []
    assert len(why.sums(rows)) == 0


def test_the_explanations_are_shown_without_a_word_on_how() -> None:
    text = make_pipeline(CountVectorizer(), Ridge()).fit(FITTED_ON["body"], NUMBER)
    pixels = Ridge().fit(random.random((30, 6)), NUMBER)
    frame = FITTED_ON.assign(photo=list(random.random((30, 2, 3))))
    for why, shown_as in [
        (Linear(text, text="body"), "token_weights"),
        (Linear(Ridge().fit(NUMBERS, NUMBER)), "contributions"),
        (Linear(pixels, image="photo"), "heat_map"),
    ]:
        items = read_items(frame.assign(why=why.explain(frame)), task=Regression(), show="body", explanation="why")
        assert {items.payload(row)[1][0]["type"] for row in range(30)} == {shown_as}


# ---------------------------------------------------------------- what is refused


def on_numbers(*steps: Any) -> Any:
    return make_pipeline(*steps).fit(NUMBERS, TWO_CLASSES)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: on_numbers(RandomForestClassifier(2)), "RandomForestClassifier has no coefficients.*Occluded.*Shap"),
        (lambda: on_numbers(CalibratedClassifierCV(LinearSVC(), cv=2)), "CalibratedClassifierCV has no coefficients"),
        (lambda: on_numbers(MinMaxScaler(), MultinomialNB()), "MultinomialNB has no coefficients"),
        (lambda: on_numbers(PolynomialFeatures(), LogisticRegression()), "PolynomialFeatures mixes its columns"),
        (lambda: on_numbers(FunctionTransformer(abs), LogisticRegression()), "built-in function abs.*one-to-one"),
        (LogisticRegression, "LogisticRegression is not fitted yet"),
        (lambda: make_pipeline(StandardScaler(), LogisticRegression()), "LogisticRegression is not fitted yet"),
        (lambda: OneVsRestClassifier(LinearSVC()), "OneVsRestClassifier is not fitted yet"),
        (lambda: OneVsRestClassifier(RandomForestClassifier(2)).fit(NUMBERS, CLASS), "RandomForest.* no coefficients"),
        (lambda: make_pipeline(DictVectorizer(), Ridge()).fit([{"a": 1}, {"a": 2}], [1, 2]), "DictVectorizer does not"),
        (lambda: len, "builtin_function_or_method has no coefficients"),
        (lambda: on_numbers(PCA(2), Normalizer(), LogisticRegression()), "Normalizer comes after a step that mixes"),
        (lambda: on_numbers(PCA(2), MinMaxScaler(clip=True), LogisticRegression()), "MinMaxScaler comes after"),
        (lambda: PoissonRegressor().fit(NUMBERS, NUMBER - NUMBER.min()), "PoissonRegressor is not a sum"),
        # One coefficient a pair of classes: of three classes there are three pairs.
        (lambda: SVC(kernel="linear").fit(NUMBERS / 100, CLASS), "SVC is not a sum"),
        (lambda: Ridge().fit(NUMBERS, NUMBERS), "Ridge is not a sum"),
        (lambda: RidgeClassifier().fit(NUMBERS, np.eye(30, 2, dtype=int)), "RidgeClassifier gives several labels"),
    ],
)
def test_a_model_that_cannot_be_taken_apart_is_refused(make: Callable[[], Any], said: str) -> None:
    model = fitted_quietly(make)
    with pytest.raises(CannotExplain, match=said):
        Linear(model)


def fitted_quietly(make: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def test_a_step_that_gives_more_than_it_says_is_refused_when_it_does() -> None:
    encoder = TargetEncoder(cv=2, random_state=0)
    model = fitted(make_pipeline(encoder, LogisticRegression()), FITTED_ON[["kind"]], CLASS)
    with pytest.raises(CannotExplain, match="gives 3 features where 1 were expected"):
        Linear(model).explain(FITTED_ON)


def test_columns_are_the_models_own_in_whatever_order_they_are_named() -> None:
    scaled = make_pipeline(ColumnTransformer([("scaled", StandardScaler(), [0, 1])]), Ridge())
    for model in (Ridge(), scaled):
        model.fit(NUMBERS, NUMBER)
        swapped = Linear(model, columns=["age", "amount"])
        assert swapped.explain(NUMBERS) == Linear(model).explain(NUMBERS[["age", "amount"]])
        assert swapped.sums(NUMBERS)["decision"].tolist() == model.predict(NUMBERS).tolist()
        with pytest.raises(CannotExplain, match="on the columns 'amount', 'age', and columns= names 'amount', 'b'"):
            Linear(model, columns=["amount", "b"])


def test_names_that_are_needed_are_asked_for() -> None:
    reading = make_pipeline(CountVectorizer(), Ridge()).fit(FITTED_ON["body"], NUMBER)
    with pytest.raises(CannotExplain, match="name its column"):
        Linear(reading)
    numbers = Ridge().fit(NUMBERS.to_numpy(), NUMBER)
    for columns in (None, ["amount"]):
        with pytest.raises(CannotExplain, match="name what it read in order"):
            Linear(numbers, columns=columns)
    with pytest.raises(CannotExplain, match="does not read column 'body'"):
        Linear(Ridge().fit(NUMBERS, NUMBER), text="body")
    with pytest.raises(CannotExplain, match="does not read the words of column 'age' with a vectorizer"):
        Linear(Ridge().fit(NUMBERS, NUMBER), text="age")
    with pytest.raises(MissingColumn, match="no column 'age', perhaps 'aeg'"):
        Linear(Ridge().fit(NUMBERS, NUMBER)).explain([{"amount": 1, "aeg": 2}])
