"""A task of one's own that could not be read later is refused before anything is reviewed under it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import InvalidTask
from hitl_notebook.items import read_items
from hitl_notebook.tasks import EDITORS
from hitl_notebook.tasks.trial import try_out

FRAME = pd.DataFrame({"text": ["a", "b", "c"], "said": [None, 2, 3]})


class Stars(hitl.Task):
    """One to five stars, without a fault."""

    name: ClassVar[str] = "stars"

    def spec(self) -> dict[str, Any]:
        return {"most": 5}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> Self:
        return cls()

    def check(self, value: Any) -> Any:
        return int(value)

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, data: Any) -> Any:
        return data


def fails(self: Any, *given: Any) -> Any:
    raise KeyError("most")


FAULTY: list[tuple[dict[str, Any], str]] = [
    ({"spec": lambda self: {"most": np.int64(5)}}, "spec fails.*int64"),
    ({"spec": lambda self: {"most": float("nan")}}, "spec fails"),
    ({"from_spec": classmethod(fails)}, r"from_spec fails: KeyError\('most'\)"),
    ({"from_spec": classmethod(lambda cls, spec: hitl.Regression())}, "from_spec fails: it makes a task with the spec"),
    ({"editor": lambda self: {"labels": {1, 2}}}, "editor fails"),
    ({"to_json": lambda self, value: np.int64(value)}, "to_json fails"),
    ({"from_json": fails}, "from_json fails"),
    ({"from_json": lambda self, data: data + 1}, "from_json fails: it makes 3 of 2, which to_json made of 2"),
    ({"equal": lambda self, a, b: a is None}, "equal fails: it says that 2 and 2, read again, differ"),
    ({"equal": fails}, "equal fails"),
    ({"check": lambda self, value: None}, r"check fails on 2.0 \(column 'said', row 1\): it gives None"),
    ({"check": lambda self, value: [value]}, r"check fails on 2.0 \(.*row 1\): \[2.0\] has no hash.* a tuple"),
    ({"check": lambda self, value: int("x")}, r"check fails on 2.0 \(column 'said', row 1\): ValueError.*InvalidValue"),
]


@pytest.mark.parametrize(("methods", "said"), FAULTY, ids=[said for _, said in FAULTY])
def test_the_method_that_fails_is_named(methods: dict[str, Any], said: str) -> None:
    task = type("Faulty", (Stars,), {"name": "faulty", **methods})()
    with pytest.raises(InvalidTask, match=rf"Faulty\.{said}"):
        read_items(FRAME, task=task, prediction="said")


def test_a_task_without_a_fault_is_taken() -> None:
    assert read_items(FRAME, task=Stars(), prediction="said").predictions.tolist() == [None, 2, 3]


def test_a_task_whose_arguments_are_its_own_says_so_before_the_first_review() -> None:
    class Severity(hitl.Classification):
        name = "severity"

        def __init__(self) -> None:
            super().__init__(range(1, 6))

    with pytest.raises(InvalidTask, match=r"Severity\.from_spec fails: TypeError"):
        read_items(FRAME, task=Severity(), prediction="said")


@pytest.mark.parametrize(
    "task", [hitl.Classification([2, "1x", True]), hitl.MultiLabel([2.5, "a"]), hitl.Regression("kg", 1, 2, 3, 4)]
)
def test_the_tasks_of_the_package_pass(task: hitl.Task) -> None:
    try_out(task, np.array([], dtype=object))


def test_an_editor_that_the_page_does_not_have_is_refused() -> None:
    task = type("Typo", (Stars,), {"name": "typo", "editor_name": "regresion"})()
    with pytest.raises(InvalidTask, match="no editor 'regresion', perhaps 'regression': editor_name is one of"):
        read_items(FRAME, task=task, prediction="said")


def test_the_editors_are_those_of_the_page() -> None:
    page = Path(__file__).parents[2] / "js/src/editors/index.ts"
    assert re.findall(r'\["(\w+)", open', page.read_text()) == list(EDITORS)


def test_a_task_without_a_name_is_refused() -> None:
    class Nameless(hitl.Task):
        spec, from_spec, check = Stars.spec, Stars.from_spec, Stars.check
        to_json, from_json = Stars.to_json, Stars.from_json

    with pytest.raises(InvalidTask, match="Nameless has no name"):
        read_items(FRAME, task=Nameless(), prediction="said")
