"""The fitted steps of scikit-learn that a contribution can be carried back through, exactly."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from hitl_notebook.errors import CannotExplain
from hitl_notebook.explain.instead import INSTEAD
from hitl_notebook.explain.reader import Reader
from hitl_notebook.explain.trace import Origins, Trace, as_fitted
from hitl_notebook.quoted import quoted

__all__ = ["traced"]


def traced(step: Any, given: Trace) -> Trace:
    """The features that a fitted transformer makes of those given.

    Raises
    ------
    CannotExplain
        A step whose outputs are not each of one input, and not a sum of inputs times weights either.
    """
    from sklearn.base import OneToOneFeatureMixin
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer
    from sklearn.feature_selection import SelectorMixin
    from sklearn.pipeline import FeatureUnion, Pipeline

    if _is_passed_through(step):
        return given
    if isinstance(step, Pipeline):
        for _, inner in step.steps:
            given = traced(inner, given)
        return given
    if isinstance(step, ColumnTransformer):
        return _side_by_side(_branches(step, given), step.transformer_weights)
    if isinstance(step, FeatureUnion):
        branches = [(name, traced(inner, given)) for name, inner in step.transformer_list if not _is_dropped(inner)]
        return _side_by_side(branches, step.transformer_weights)
    if isinstance(step, SelectorMixin):
        return given.take(step.get_support(indices=True))
    if isinstance(step, CountVectorizer | HashingVectorizer):
        return _read(step, given)
    if (mixing := _mixing(step)) is not None:
        components, mean = mixing
        return given.mixed(components, -mean @ components)
    if given.mixing is not None:
        return given.mixed(*_scale_and_shift(step, given.mixing.shape[1]))
    if isinstance(step, OneToOneFeatureMixin) or _is_declared_one_to_one(step):
        return given.through(lambda values: step.transform(as_fitted(step, values)), given.origins)
    if (outputs := _outputs_of_inputs(step)) is not None:
        origins = given.origins.take(np.repeat(np.arange(len(outputs)), outputs))
        return given.through(lambda values: step.transform(as_fitted(step, values)), origins)
    raise CannotExplain(f"{type(step).__name__} {_why_not(step)}: {INSTEAD}")


def _why_not(step: Any) -> str:
    from sklearn.preprocessing import FunctionTransformer

    if isinstance(step, FunctionTransformer):
        return (
            f"does not say whether {quoted(step.func)} keeps columns apart (where it does, say "
            'feature_names_out="one-to-one")'
        )
    return "mixes its columns in a way that cannot be taken apart"


def _is_passed_through(step: Any) -> bool:
    from sklearn.preprocessing import FunctionTransformer

    return step is None or _is(step, "passthrough") or (isinstance(step, FunctionTransformer) and step.func is None)


def _is_dropped(step: Any) -> bool:
    return _is(step, "drop")


def _is(step: Any, word: str) -> bool:
    return isinstance(step, str) and step == word


def _side_by_side(branches: Sequence[tuple[str, Trace]], weights: Any) -> Trace:
    if not branches:
        raise CannotExplain("the model drops every column")
    return Trace.side_by_side(
        [branch if not weights or name not in weights else branch.scaled(weights[name]) for name, branch in branches]
    )


def _branches(step: Any, given: Trace) -> list[tuple[str, Trace]]:
    names = getattr(step, "feature_names_in_", None)
    header = pd.DataFrame(columns=range(step.n_features_in_) if names is None else list(names))
    branches = []
    for name, inner, chosen in step.transformers_:
        places = _places(header, chosen)
        if not _is_dropped(inner) and len(places):
            branches.append((name, traced(inner, given.take(places))))
    return branches


def _places(header: pd.DataFrame, chosen: Any) -> npt.NDArray[np.intp]:
    """The positions of columns that were chosen by name, position, slice or mask."""
    numbered = pd.DataFrame([range(header.shape[1])], columns=header.columns)
    asked: Any = [chosen] if isinstance(chosen, str | int | np.integer) else chosen
    ends = (asked.start, asked.stop) if isinstance(asked, slice) else tuple(asked)
    is_named = any(isinstance(end, str) for end in ends) or any(isinstance(end, bool | np.bool_) for end in ends)
    picked: Any = numbered.loc[:, asked] if is_named else numbered.iloc[:, asked]
    return np.asarray(picked, dtype=np.intp).ravel()


def _read(vectorizer: Any, given: Trace) -> Trace:
    if len(given.origins) != 1 or given.mixing is not None:
        raise CannotExplain(f"{type(vectorizer).__name__} reads one column of texts")
    terms = len(getattr(vectorizer, "vocabulary_", ())) or vectorizer.n_features
    origins = Origins.of_text(int(given.origins.column[0]), Reader(vectorizer), terms)
    return given.through(lambda texts: vectorizer.transform(np.asarray(texts)[:, 0]), origins)


def _mixing(step: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    """The weights by which a step adds up its inputs, and what it takes from them before."""
    from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD

    if not isinstance(step, TruncatedSVD | PCA | IncrementalPCA):
        return None
    components = np.asarray(step.components_).T
    if isinstance(step, TruncatedSVD):
        return components, np.zeros(len(components))
    spread = np.maximum(np.sqrt(np.asarray(step.explained_variance_)), np.finfo(np.float64).eps)
    return components / spread if step.whiten else components, np.asarray(step.mean_)


def _scale_and_shift(step: Any, width: int) -> tuple[Any, npt.NDArray[np.float64]]:
    """The scaling of features that a step before has mixed."""
    from scipy import sparse
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

    is_scaler = isinstance(step, MaxAbsScaler | MinMaxScaler | RobustScaler | StandardScaler)
    if not is_scaler or getattr(step, "clip", False):
        raise CannotExplain(
            f"{type(step).__name__} comes after a step that mixes the columns, and is no scaling: {INSTEAD}"
        )
    shift, moved = (np.asarray(step.transform(as_fitted(step, np.full((1, width), at))))[0] for at in (0.0, 1.0))
    return sparse.diags_array(moved - shift), shift


def _is_declared_one_to_one(step: Any) -> bool:
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import FunctionTransformer

    if isinstance(step, FunctionTransformer):
        # numpy's own functions of one number, as log1p, are applied to each cell.
        is_of_one_number = isinstance(step.func, np.ufunc) and step.func.nin == step.func.nout == 1
        return is_of_one_number or bool(step.feature_names_out == "one-to-one")
    if isinstance(step, SimpleImputer):
        is_whole = step.keep_empty_features or not pd.isna(step.statistics_).any()
        return is_whole and step.indicator_ is None
    return False


def _outputs_of_inputs(step: Any) -> list[int] | None:
    """How many outputs each input has, where each output has one input."""
    from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder

    if isinstance(step, OneHotEncoder):
        return list(_columns_of_categories(step))
    if isinstance(step, KBinsDiscretizer):
        return [1] * len(step.n_bins_) if step.encode == "ordinal" else [int(bins) for bins in step.n_bins_]
    return None


def _columns_of_categories(encoder: Any) -> Iterator[int]:
    infrequent: Sequence[Any] = getattr(encoder, "infrequent_categories_", [None] * len(encoder.categories_))
    for at, categories in enumerate(encoder.categories_):
        grouped = 0 if infrequent[at] is None else len(infrequent[at]) - 1
        is_dropped = encoder.drop_idx_ is not None and encoder.drop_idx_[at] is not None
        yield len(categories) - grouped - is_dropped
