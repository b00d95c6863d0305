"""What a store holds of the shown content: all of it where that was asked for, to be read without the frame."""

from base64 import b64decode
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL.Image import open as open_image

import hitl_notebook as hitl
from hitl_notebook.errors import UnknownChoice
from hitl_notebook.store import Store, verify

LONG = "a long text, with an end that nobody cut: " + "x" * 70_000 + " the end"
PICTURE = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4


def rows():
    return [
        {
            "id": "t0",
            "text": LONG,
            "photo": PICTURE,
            "talk": [{"role": "user", "content": LONG}, {"role": "bot", "content": "yes"}],
            "page": "<p>a</p>" * 9_000,
            "account": {"opened": 2019, "history": LONG},
            "nothing": None,
            "predicted": "refund",
            "why": np.eye(8),
            "near": [{"text": "money back?", "label": "refund", "image": PICTURE}],
            "because": LONG,
            "words": [("a word of many", 0.5)] * 3_000,
        },
        {"id": "t1", "text": "short", "photo": PICTURE, "talk": [], "page": "", "account": {}, "nothing": None}
        | {"predicted": "refund", "why": np.eye(8), "near": None, "because": "", "words": None},
    ]


def session_of(store, frame, **options):
    fields = hitl.fields
    shown = ["text", "photo", fields.Chat("talk"), fields.HTML("page"), fields.Table("account"), "nothing"]
    defaults = {
        "item_id": "id",
        "prediction": "predicted",
        "task": hitl.Classification(["refund", "other"]),
        "show": shown,
        "explanation": ["why", fields.Similar("near"), fields.Markdown("because"), fields.TokenWeights("words")],
        "reviewer": "ada",
        "store": store,
        "keep_content": True,
    }
    return hitl.ReviewSession(frame, **(defaults | options))


def kept_in(store):
    with Store.open(store, create=False) as opened:
        session_id = opened.session("review").session_id
        return {row.draw.item_id: row.content for row in opened.draws(session_id, with_content=True)}


@pytest.fixture
def kept(file):
    with session_of(file, rows()) as session:
        session.next_item()
    return {block["field"]: block for part in kept_in(file)["t0"].values() for block in part}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "r.db"


def test_a_long_text_is_kept_to_its_end(kept):
    assert kept["text"] == {"type": "text", "field": "text", "text": LONG}
    assert kept["because"] == {"type": "markdown", "field": "because", "text": LONG}
    assert kept["page"] == {"type": "html", "field": "page", "text": "<p>a</p>" * 9_000, "rendered": None}
    assert kept["talk"]["messages"] == [{"role": "user", "text": LONG}, {"role": "bot", "text": "yes"}]


def test_a_picture_is_kept_with_its_bytes(kept):
    for holder in (kept["photo"], kept["near"]["examples"][0]):
        assert "buffer" not in holder
        image = open_image(BytesIO(b64decode(holder["data"])))
        assert image.get_format_mimetype() == holder["mime"]
        assert np.array_equal(np.asarray(image), PICTURE)
    heat = np.frombuffer(b64decode(kept["why"]["data"]), dtype=np.int8).reshape(8, 8)
    assert np.array_equal(heat, 127 * np.eye(8, dtype=np.int8))


def test_the_rest_is_kept_as_it_is_shown(kept):
    assert kept["account"] == {
        "type": "table",
        "field": "account",
        "columns": None,
        "rows": [["opened", "2019"], ["history", LONG]],
    }
    words = [{"text": "a word of many", "weight": 0.5}] * 3_000
    assert kept["words"] == {"type": "token_weights", "field": "words", "tokens": words}
    assert kept["nothing"] == {"type": "missing", "field": "nothing"}


def test_an_item_whose_content_has_changed_is_kept_again(file):
    with session_of(file, rows()) as session:
        session.next_item()
    changed = rows()
    changed[1]["text"] = "another " + LONG
    with session_of(file, changed) as session:
        log = session.log
    (content,) = log.loc[log["kind"] == "item_changed", "content"]
    assert content["blocks"][0]["text"] == "another " + LONG
    assert content["blocks"][1]["data"]
    assert kept_in(file)["t1"]["blocks"][0]["text"] == "short", "what was shown before stays"
    assert verify(file).problems == []


def test_what_an_explainer_makes_is_not_kept(file):
    class Explainer:
        def explain(self, rows):
            return ["made"] * len(rows)

    with session_of(file, rows(), explanation=["because", Explainer()]) as session:
        session.next_item()
    assert [block["field"] for block in kept_in(file)["t0"]["explanation"]] == ["because"]


def test_nothing_is_kept_where_nobody_asked_for_it(file):
    with session_of(file, rows(), keep_content=False) as session:
        session.next_item()
    changed = rows()
    changed[1]["text"] = "another text"
    with session_of(file, changed, keep_content=False) as session:
        log = session.log
    assert kept_in(file) == {"t0": None, "t1": None}
    assert log.loc[log["kind"] == "item_changed", "content"].tolist() == [{}]


def test_a_session_opens_without_reading_what_was_kept(file, monkeypatch):
    with session_of(file, rows()) as session:
        session.next_item()
    asked = []
    plain = Store.draws
    monkeypatch.setattr(
        Store,
        "draws",
        lambda store, *parts, **how: [asked.append(row.content) or row for row in plain(store, *parts, **how)],
    )
    with session_of(file, pd.DataFrame(rows())) as session:
        session.accept("t0")
    assert set(asked) == {None}


@pytest.mark.parametrize("answer", ["no", 1, None])
def test_whether_content_is_kept_is_true_or_false(answer, tmp_path):
    with pytest.raises(UnknownChoice, match=r"keep_content=.*: True or False"):
        session_of(tmp_path / "r.db", rows(), keep_content=answer)
    assert not (tmp_path / "r.db").exists()
