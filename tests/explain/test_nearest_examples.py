"""Similar examples: the nearest items whose value is known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import hitl_notebook as hitl
from hitl_notebook.errors import CannotExplain, MissingColumn
from hitl_notebook.explain import NearestExamples
from hitl_notebook.fields import Similar

SIZES = pd.DataFrame(
    {
        "item_id": ["a", "b", "c", "c", "d"],
        "size": [1.0, 2.0, 4.0, 4.0, 9.0],
        "vector": [[1.0], [2.0], [4.0], [4.0], [9.0]],
        "value": ["small", "small", "large", "middle", None],
        "name": ["one", "two", "four", "four", "nine"],
    },
    index=[5, 5, 5, 5, 5],
)


def near(**options: Any) -> NearestExamples:
    return NearestExamples(SIZES, **{"value": "value", "vectors": "vector", "text": "name", **options})


def test_the_nearest_come_first_with_what_people_said_of_them() -> None:
    # 3.5 is 0.5 from 4 and 1.5 from 2
    (found,) = near(n=3).explain([{"vector": [3.5]}])
    assert [(example["text"], example["similarity"]) for example in found] == [
        ("four", 1 / 1.5),
        ("four", 1 / 1.5),
        ("two", 1 / 2.5),
    ]
    assert {example["label"] for example in found[:2]} == {"large", "middle"}


def test_an_item_without_a_value_is_no_example() -> None:
    (found,) = near(n=10).explain([{"vector": [9.0]}])
    assert [example["text"] for example in found] == ["four", "four", "two", "one"]


def test_an_item_is_not_its_own_example_however_many_have_reviewed_it() -> None:
    one, other = near(n=2, item_id="item_id").explain(
        [{"vector": [4.0], "item_id": "c"}, {"vector": [4.0], "item_id": "new"}]
    )
    assert [example["text"] for example in one] == ["two", "one"]
    assert [example["text"] for example in other] == ["four", "four"]


@pytest.mark.parametrize("item", [2, 2.0, "2", np.int64(2)])
def test_an_item_is_itself_whether_a_file_made_its_id_text_or_a_number(item: Any) -> None:
    for ids in (["1", "2", "3", "3", "4"], [1, 2, 3, 3, 4], pd.array([1, 2, None, None, 4], dtype="Int64")):
        why = NearestExamples(
            SIZES.assign(item_id=ids), value="value", vectors="vector", text="name", n=1, item_id="item_id"
        )
        ((found,),) = why.explain([{"vector": [2.0], "item_id": item}])
        assert found["text"] == "one"


def test_examples_and_items_without_ids_are_examples_still() -> None:
    unnamed = NearestExamples(
        SIZES.assign(item_id=None), value="value", vectors="vector", text="name", n=1, item_id="item_id"
    )
    rows = [{"vector": [2.0], "item_id": "b"}, {"vector": [2.0], "item_id": None}]
    assert [[example["text"] for example in found] for found in unnamed.explain(rows)] == [["two"], ["two"]]


def test_the_models_own_features_say_what_is_near() -> None:
    texts = ["refund my money", "money back please", "card swallowed", "lost my card"]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, ["refund", "refund", "card", "card"])
    examples = pd.DataFrame({"body": texts, "said": ["refund", "refund", "card", "card"]})
    why = NearestExamples(
        examples,
        value="said",
        vectors=lambda rows: model[:-1].transform(rows["body"]),
        text="body",
        metric="cosine",
        n=1,
    )
    ((first,), (second,)) = why.explain([{"body": "money money"}, {"body": "my lost card"}])
    assert (first["label"], second["text"]) == ("refund", "lost my card")
    cosine = (model[:-1].transform(["my lost card"]) @ model[:-1].transform(["lost my card"]).T).toarray()[0, 0]
    assert second["similarity"] == pytest.approx(cosine)


def test_the_page_shows_them_with_their_pictures() -> None:
    images = pd.DataFrame({"photo": [np.full((8, 8), 200, np.uint8)], "vector": [[0.0]], "value": ["blank"]})
    (found,) = NearestExamples(images, value="value", vectors="vector", image="photo").explain([{"vector": [1.0]}])
    buffers: list[bytes] = []
    block = Similar("near").block(found, buffers)
    assert block["examples"][0] | {"buffer": 0} == {
        "text": "",
        "label": "blank",
        "similarity": 0.5,
        "buffer": 0,
        "mime": "image/png",
    }
    assert len(buffers) == 1


def test_text_may_be_made_of_the_example() -> None:
    (found,) = near(text=lambda row: f"{row['name']}: {row['size']:.0f}", n=1).explain([{"vector": [1.0]}])
    assert found[0]["text"] == "one: 1"


def test_where_nothing_has_been_reviewed_there_is_nothing_similar() -> None:
    empty = NearestExamples(SIZES.assign(value=None), value="value", vectors="vector", text="name")
    assert empty.explain([{"vector": [1.0]}]) == [None]
    assert near(item_id="item_id").explain([]) == []
    alone = NearestExamples(SIZES[:1], value="value", vectors="vector", text="name", item_id="item_id")
    assert alone.explain([{"vector": [1.0], "item_id": "a"}]) == [None]


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(CannotExplain, match="what is to be shown"):
        near(text=None)
    with pytest.raises(MissingColumn, match="no column 'valu', perhaps 'value'"):
        near(value="valu")
    with pytest.raises(MissingColumn, match="'vector'"):
        near().explain([{"size": 1.0}])


def test_what_was_reviewed_in_a_session_are_the_examples_but_for_the_item_itself() -> None:
    frame = pd.DataFrame({"id": list("abcd"), "size": [1.0, 2.0, 8.0, 9.0], "said": "small"})
    options = {"item_id": "id", "prediction": "said", "reviewer": "ada", "store": ":memory:"}
    with hitl.ReviewSession(frame, hitl.Classification(["small", "large"]), **options) as session:
        session.accept("a")
        session.correct("c", "large")
        session.flag("d", "unclear")
        reviewed = frame.merge(session.labels(), left_on="id", right_on="item_id")
    why = NearestExamples(
        reviewed,
        value="value",
        vectors=lambda rows: rows[["size"]],
        text=lambda row: f"size {row['size']}",
        item_id="id",
    )
    labels = [[(example["text"], example["label"]) for example in found] for found in why.explain(frame)]
    small, large = ("size 1.0", "small"), ("size 8.0", "large")
    assert labels == [[large], [small, large], [small], [large, small]]
