"""Whole reviews under each task: decided, read again, resolved, written to files and taken in from them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, InvalidTask, InvalidValue, SessionMismatch
from hitl_notebook.exchange import read_frame
from hitl_notebook.items.frame import Frame
from tests.exchange.test_round_trips import FORMATS, LEAN, there_and_back, typed
from tests.tasks.test_classification import label_lists

TOPICS = hitl.MultiLabel(["billing", "shipping", "=praise", "x,y"])
SETS = pd.DataFrame(
    {
        "id": ["t1", "t2", "t3", "t4", "t5"],
        "text": ["a", "b", "c", "d", "e"],
        "said": [["billing"], {"shipping", "billing"}, (), None, ["x,y", "=praise"]],
    }
)
WEIGHT = hitl.Regression(unit="kg", tolerance=2, minimum=0)
WEIGHTLESS = hitl.Regression()
WEIGHTS = pd.DataFrame({"id": ["t1", "t2", "t3", "t4"], "text": ["a", "b", "c", "d"], "said": [70.25, 80, 90, None]})


def review(frame: pd.DataFrame, task: hitl.Task, store: Path | str = ":memory:", **options: Any) -> hitl.ReviewSession:
    return hitl.ReviewSession(
        frame, task, item_id="id", prediction="said", show=["text"], reviewer="ada", store=store, **options
    )


def decided_sets(store: Path | str = ":memory:") -> hitl.ReviewSession:
    session = review(SETS, TOPICS, store)
    session.accept("t1")
    session.correct("t2", ["billing", "shipping"])  # the predicted set in another order
    session.correct("t3", {"x,y", "billing"})
    session.correct("t4", [])
    session.accept("t5")
    return session


def decided_weights(store: Path | str = ":memory:") -> hitl.ReviewSession:
    session = review(WEIGHTS, WEIGHT, store)
    session.accept("t1")
    session.correct("t2", 82)  # within the tolerance
    session.correct("t3", 92.5)
    session.correct("t4", 100)
    return session


def standing(session: hitl.ReviewSession) -> dict[str, tuple[Any, ...]]:
    rows = session.decisions[["item_id", "action", "value", "prediction", "agreed"]].itertuples(index=False)
    return {id_: (action, value, prediction, agreed) for id_, action, value, prediction, agreed in rows}


def test_decisions_on_sets_say_what_holds_and_whether_it_was_predicted(tmp_path: Path) -> None:
    expected = {
        "t1": ("accept", ("billing",), ("billing",), True),
        "t2": ("accept", ("billing", "shipping"), ("billing", "shipping"), True),
        "t3": ("correct", ("billing", "x,y"), (), False),
        "t4": ("correct", (), None, pd.NA),
        "t5": ("accept", ("=praise", "x,y"), ("=praise", "x,y"), True),
    }
    with decided_sets(tmp_path / "r.db") as session:
        assert standing(session) == expected
        assert session.decisions["value"].value_counts()[("billing",)] == 1
    with hitl.ReviewSession.open(tmp_path / "r.db") as again:
        assert standing(again) == expected
        assert again.labels()["value"].tolist() == [value for _, value, _, _ in expected.values()]


def test_a_correction_within_the_tolerance_keeps_the_prediction(tmp_path: Path) -> None:
    expected = {
        "t1": ("accept", 70.25, 70.25, True),
        "t2": ("accept", 80.0, 80.0, True),
        "t3": ("correct", 92.5, 90.0, False),
        "t4": ("correct", 100.0, None, pd.NA),
    }
    with decided_weights(tmp_path / "r.db") as session:
        assert standing(session) == expected
    with hitl.ReviewSession.open(tmp_path / "r.db") as again:
        assert standing(again) == expected
        assert again.labels()["agreed"].tolist() == [True, True, False, pd.NA]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize(
    ("decided", "frame", "task"), [(decided_sets, SETS, TOPICS), (decided_weights, WEIGHTS, WEIGHT)]
)
def test_what_is_exported_is_taken_in_again(
    tmp_path: Path, ending: str, decided: Any, frame: pd.DataFrame, task: hitl.Task
) -> None:
    with decided() as session:
        before = standing(session)
        written = session.export(tmp_path / f"decisions.{ending}")
        session.export(tmp_path / f"labels.{ending}", what="labels")
        session.export(tmp_path / f"log.{ending}", what="log")
        values = session.labels()["value"].tolist()
    read = read_frame(written.path)
    with review(frame, task) as other:
        assert other.import_decisions(read) == {"imported": len(before), "known": 0, "kept": 0}
        assert standing(other) == before
    labels = read_frame(tmp_path / f"labels.{ending}")
    assert [task.check(value) for value in labels["value"]] == values


def test_a_new_version_of_the_model_agrees_or_not_by_the_tolerance() -> None:
    with decided_weights() as session:
        session.update_predictions(WEIGHTS.assign(said=[72.25, 82.5, 90.5, 99.0]), model_version="v2")
        assert {id_: row[3] for id_, row in standing(session).items()} == {
            "t1": True, "t2": False, "t3": True, "t4": True,
        }  # fmt: skip


def test_labels_found_in_the_predictions_grow_with_them(tmp_path: Path) -> None:
    with review(SETS.head(2), hitl.MultiLabel(), tmp_path / "r.db") as session:
        session.correct("t1", ["shipping"])
    with review(SETS, hitl.MultiLabel(), tmp_path / "r.db") as again:
        assert again.task.outcomes == ("billing", "shipping", "=praise", "x,y")
        assert standing(again) == {"t1": ("correct", ("shipping",), ("billing",), False)}


def test_a_session_goes_on_under_its_own_task_only(tmp_path: Path) -> None:
    decided_weights(tmp_path / "r.db").close()
    review(WEIGHTS, hitl.Regression("kg", step=5, tolerance=2), tmp_path / "r.db").close()  # a wider range
    with pytest.raises(SessionMismatch, match="regression"):
        review(WEIGHTS, hitl.Regression("lb", tolerance=2), tmp_path / "r.db")


def test_half_bad_imports_are_refused_whole() -> None:
    with review(SETS, TOPICS) as session:
        rows = [{"item_id": "t1", "value": ["billing"]}, {"item_id": "t2", "value": "billing"}]
        with pytest.raises(BadColumn, match="row 1"):
            session.import_decisions(rows)
        assert session.decisions.empty


@LEAN
@given(labels=label_lists(), data=st.data())
def test_any_set_comes_back_from_any_file(labels: list[Any], data: st.DataObject) -> None:
    task = hitl.MultiLabel(labels)
    sets = st.lists(st.sampled_from(labels)).map(task.check)
    values = data.draw(st.lists(sets | st.none(), min_size=1, max_size=5).filter(any))
    for format_ in FORMATS:
        back = there_and_back(pd.DataFrame({"value": pd.Series(values, dtype=object)}), format_)["value"]
        read = task.read_predictions(Frame.snapshot(pd.DataFrame({"value": back})).column("value").cells(), "value")
        assert [typed(list(value or ())) for value in read] == [typed(list(value or ())) for value in values]
        assert [value is None for value in read] == [value is None for value in values]


@LEAN
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1, max_size=5).filter(any))
def test_any_number_comes_back_from_any_file(values: list[float | None]) -> None:
    for format_ in FORMATS:
        back = there_and_back(pd.DataFrame({"value": pd.Series(values, dtype=object)}), format_)["value"]
        read = WEIGHTLESS.read_predictions(
            Frame.snapshot(pd.DataFrame({"value": back})).column("value").cells(), "value"
        )
        assert read.tolist() == values


# ---------------------------------------------------------------- a task of one's own


class Severity(hitl.Classification):
    """Grades that agree with their neighbours, as a user writes it in a notebook."""

    name: ClassVar[str] = "severity"

    def __init__(self, highest: int = 5) -> None:
        super().__init__(range(1, highest + 1))

    def equal(self, a: Any, b: Any) -> bool:
        return bool(abs(a - b) <= 1)

    def spec(self) -> dict[str, Any]:
        return {"highest": len(self.labels or ())}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        return cls(**spec)


class Stars(hitl.Task):
    """A task that is none of the package's, with the editor of one."""

    name: ClassVar[str] = "stars"
    editor_name: ClassVar[str] = "regression"

    def spec(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        return cls()

    def check(self, value: Any) -> int:
        if value not in range(1, 6):
            raise InvalidValue(f"{value!r} is no number of stars: 1 to 5")
        return int(value)

    def to_json(self, value: int) -> int:
        return value

    def from_json(self, data: Any) -> int:
        return self.check(data)

    def editor(self) -> dict[str, Any]:
        return {"unit": "stars", "step": 1, "tolerance": 0, "minimum": 1, "maximum": 5}


GRADES = pd.DataFrame({"id": ["t1", "t2"], "text": ["a", "b"], "said": [2, 2]})


def test_a_task_of_ones_own_decides_what_agrees() -> None:
    with review(GRADES, Severity()) as session:
        session.correct("t1", 3)
        session.correct("t2", 4)
        assert standing(session) == {"t1": ("accept", 2, 2, True), "t2": ("correct", 4, 2, False)}


def test_a_store_is_read_under_the_task_of_ones_own_that_it_was_made_with(tmp_path: Path) -> None:
    with review(GRADES, Severity(), tmp_path / "r.db") as session:
        session.correct("t2", 4)
        before = standing(session)
    with review(GRADES, Severity(), tmp_path / "r.db") as again:
        assert standing(again) == before
    with hitl.ReviewSession.open(tmp_path / "r.db", task=Severity()) as read:
        assert standing(read) == before


def test_a_store_asks_for_the_task_of_ones_own_and_takes_no_other(tmp_path: Path) -> None:
    review(GRADES, Severity(), tmp_path / "r.db").close()
    with pytest.raises(InvalidTask, match=r"'severity' .*open\(store, task="):
        hitl.ReviewSession.open(tmp_path / "r.db")
    for other in (Severity(4), Stars(), hitl.Classification([1, 2, 3, 4, 5])):
        with pytest.raises(SessionMismatch, match="severity"):
            hitl.ReviewSession.open(tmp_path / "r.db", task=other)


def test_the_page_is_told_the_editor_and_not_the_task() -> None:
    for task, editor in ((Severity(), "classification"), (Stars(), "regression"), (TOPICS, "multi_label")):
        frame = SETS if task is TOPICS else GRADES
        with review(frame, task) as session:
            assert session.widget.session["task"] == editor
            assert session.widget.session["editor"] == task.editor()


def test_a_task_that_goes_by_anothers_name_is_refused_where_it_is_made() -> None:
    with pytest.raises(InvalidTask, match="name = 'grade'"):

        class Grade(hitl.Classification):
            pass


@pytest.mark.parametrize(
    ("base", "name"),
    [
        (hitl.Classification, "classification"),
        (hitl.Classification, "regression"),
        (Severity, "severity"),
        (Severity, "classification"),
        (hitl.Task, "multi_label"),
        (hitl.Task, " "),
        (hitl.Regression, 3),
    ],
)
def test_a_name_that_is_blank_or_anothers_is_refused_where_it_is_given(base: type, name: Any) -> None:
    with pytest.raises(InvalidTask, match="name = 'grade'"):
        type("Grade", (base,), {"name": name})
