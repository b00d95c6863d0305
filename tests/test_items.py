"""The frame at the door: taken whole or refused, snapshotted, and shown item by item."""

import json
import pickle
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hitl_notebook import fields
from hitl_notebook.errors import BadColumn, BadFrame, InvalidField, InvalidTask, MissingColumn
from hitl_notebook.items import Items, read_items
from hitl_notebook.tasks import Classification
from tests.libraries import LIBRARIES

TASK = Classification(["ham", "spam"])
TICKETS = {
    "id": ["t1", "t2", "t3"],
    "text": ["Where is my money?", None, "Card lost"],
    "predicted": ["ham", None, "spam"],
    "p": [0.9, None, 0.6],
    "channel": ["mail", "chat", None],
    "truth_known": ["ham", "ham", None],
}


def tickets(library: str = "pandas", **given: Any) -> Items:
    part = {"item_id": "id", "prediction": "predicted", "confidence": "p", "slices": "channel", "gold": "truth_known"}
    return read_items(LIBRARIES[library](TICKETS), task=TASK, **(part | given))


def one_cell(cell: Any, **given: Any) -> Items:
    return read_items(pd.DataFrame({"cell": pd.Series([cell], dtype=object)}), task=TASK, **given)


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_library_gives_the_same_items(library: str) -> None:
    items = tickets(library)
    assert len(items) == 3
    assert items.predictions.tolist() == ["ham", None, "spam"]
    assert np.array_equal(items.confidence, [0.9, np.nan, 0.6], equal_nan=True)
    assert items.gold is not None
    assert items.gold.tolist() == ["ham", "ham", None]
    assert [items.slices_at(position) for position in range(3)] == [
        {"channel": "mail"},
        {"channel": "chat"},
        {"channel": None},
    ]
    assert items.shown == ["text"]
    assert items.has_predictions
    assert items.candidates(0) == [{"value": "ham", "probability": 0.9}]
    assert items.payload(0) == ([{"type": "text", "field": "text", "text": "Where is my money?"}], [], [])
    assert items.payload(1) == ([{"type": "missing", "field": "text"}], [], [])
    assert items.row(2)["text"] == "Card lost"
    assert items.frame_rows([2, 0])["id"].tolist() == ["t3", "t1"]
    assert list(items.frame_rows([])) == list(TICKETS)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_the_hashes_and_the_model_version_do_not_depend_on_the_library(library: str) -> None:
    assert tickets(library).content_hashes([0, 1, 2], b"salt") == tickets().content_hashes([0, 1, 2], b"salt")
    assert tickets(library).model_version == tickets().model_version


def test_the_model_version_follows_predictions_and_confidences_and_not_the_order() -> None:
    frame = pd.DataFrame(TICKETS)
    version = tickets().model_version

    def of(changed: pd.DataFrame) -> str:
        return read_items(changed, task=TASK, item_id="id", prediction="predicted", confidence="p").model_version

    assert of(frame.iloc[[2, 0, 1]]) == version
    assert of(frame.assign(text="other")) == version
    assert of(frame.assign(predicted=["ham", "ham", "spam"])) != version
    assert of(frame.assign(predicted=["spam", None, "ham"])) != version
    assert of(frame.assign(p=[0.9, None, 0.61])) != version
    assert of(frame.assign(p=[0.9, 0.0, 0.6])) != version
    assert of(frame.iloc[:2]) != version


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_no_rows_is_an_empty_queue(library: str) -> None:
    items = read_items(
        LIBRARIES[library]({name: [] for name in TICKETS}),
        task=TASK,
        item_id="id",
        prediction="predicted",
        confidence="p",
        probabilities=np.empty((0, 2)),
        slices=["channel"],
        gold="truth_known",
    )
    assert len(items) == 0
    assert items.keys([]) == items.content_hashes([], b"salt") == []
    assert items.position("t1") is None
    assert not items.has_predictions
    assert not items.has_confidence
    assert len(items.model_version) == 12


def test_extra_columns_of_any_type_pass_through() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", "b"],
            "period": pd.period_range("2026", periods=2),
            "interval": pd.interval_range(0, 2),
            "complex": [1j, 2j],
            "category": pd.Categorical(["x", None]),
            "sparse": pd.arrays.SparseArray([0.0, 1.0]),
            "list": [[1], {2}],
            "item_id": ["names", "of"],
            "decision": ["our", "own"],
            "position": [object(), object()],
        }
    )
    items = read_items(frame, task=TASK, show="text")
    assert set(items.row(0)) == set(frame.columns)
    pd.testing.assert_frame_equal(items.frame_rows([1, 0]), frame.iloc[[1, 0]].reset_index(drop=True))
    assert read_items(frame, task=TASK).payload(1)[0][0]["text"] == "b"


def test_names_that_are_no_text_are_taken_as_they_are() -> None:
    frame = pd.DataFrame([["t1", "text", "yes"]], columns=pd.Index([0, 1, True], dtype=object))
    items = read_items(frame, task=TASK, item_id=0, show=1)
    assert (items.key(0), items.shown) == ("t1", ["1"])
    assert items.payload(0)[0] == [{"type": "text", "field": "1", "text": "text"}]


@pytest.mark.parametrize("name", ["__proto__", "<img src=x onerror=alert(1)>", "constructor", "a\0b", "\ud800"])
def test_hostile_column_names_are_shown_as_text(name: str) -> None:
    frame = pd.DataFrame([["t", "x"]], columns=pd.Index(["id", name], dtype=object))
    (block,) = read_items(frame, task=TASK, item_id="id").payload(0)[0]
    assert block["field"].encode()
    assert block["field"] == name.replace("\0", "␀").replace("\ud800", "\ufffd")


# ---------------------------------------------------------------- what is refused


class LooksLikeNothing:
    pass


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        (None, "make it one"),
        (LooksLikeNothing(), "make it one"),
        ({"text": ["a"]}, r"pandas.DataFrame\(it\)"),
        (pd.Series(["a"]), "to_frame"),
        (pl.Series(["a"]), "to_frame"),
        (pl.LazyFrame({"text": ["a"]}), "collect"),
        (pa.record_batch({"text": ["a"]}), "from_batches"),
        (np.ones((2, 2)), "pandas.DataFrame"),
        ("predictions.csv", "read_csv"),
        ([("a", "b")], "row 0"),
        ([{"text": "a"}, "b"], "row 1 is 'b'"),
        ([], "no columns"),
        (pd.DataFrame(index=[1, 2]), "no columns"),
        (pl.DataFrame(), "no columns"),
        (pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])), "several levels"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_what_is_no_table_is_refused_with_the_way_to_one(given: Any, remedy: str) -> None:
    with pytest.raises(BadFrame, match=remedy):
        read_items(given, task=TASK)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "given",
    [
        {"item_id": "idd"},
        {"prediction": "idd"},
        {"confidence": "idd"},
        {"gold": "idd"},
        {"show": ["text", "idd"]},
        {"show": fields.Markdown("idd")},
        {"show": fields.Table(["id", "idd"])},
        {"explanation": "idd"},
        {"slices": ["idd"]},
    ],
    ids="-".join,
)
def test_a_missing_column_is_named_with_its_part_and_the_close_one(library: str, given: dict[str, Any]) -> None:
    with pytest.raises(MissingColumn, match=f"no column 'idd' \\({next(iter(given))}\\), perhaps 'id'.*'channel'"):
        tickets(library, **given)


def test_a_name_that_two_columns_have_is_refused_once_it_is_used() -> None:
    frame = pd.DataFrame([["t1", "a", "b", "c"]], columns=["id", "text", "note", "note"])
    assert read_items(frame, task=TASK, item_id="id", show="text").row(0) == {"id": "t1", "text": "a"}
    with pytest.raises(BadFrame, match="2 columns are called 'note'"):
        read_items(frame, task=TASK, item_id="id", show=["text", "note"])
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["note", "note"])
    with pytest.raises(BadFrame, match="2 columns are called 'note'"):
        read_items(table, task=TASK)


@pytest.mark.parametrize("given", [{"item_id": ["id"]}, {"confidence": np.array([0.5])}, {"gold": pd.Series(["ham"])}])
def test_columns_are_given_by_name(given: dict[str, Any]) -> None:
    with pytest.raises(BadColumn, match="name of one column"):
        tickets(**given)


@pytest.mark.parametrize("given", [3.5, lambda row: row, fields.Text, {"text": "Markdown"}, object()])
def test_what_is_neither_column_nor_field_is_not_shown(given: Any) -> None:
    with pytest.raises((InvalidField, MissingColumn)):
        tickets(show=[given])


def test_a_task_is_an_instance_of_one() -> None:
    for given in (None, "classification", ["ham"], Classification):
        with pytest.raises(InvalidTask, match="Classification"):
            read_items(pd.DataFrame(TICKETS), task=given)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("part", ["prediction", "gold"])
def test_a_value_that_is_no_label_is_refused(library: str, part: str) -> None:
    with pytest.raises(BadColumn, match=r"'text'.*2 of 3 rows.*row 0: 'Where is my money\?'; row 2: 'Card lost'"):
        tickets(library, **{part: "text"})


def test_the_known_answers_are_never_shown() -> None:
    for given in (
        {"show": ["text", "truth_known"]},
        {"explanation": "truth_known"},
        {"show": fields.Table(["truth_known"])},
    ):
        with pytest.raises(InvalidField, match="never shown"):
            tickets(**given)
    assert "truth_known" not in tickets().shown


def test_a_group_is_no_list() -> None:
    frame = pd.DataFrame({"text": ["a", "b"], "group": [None, ["x"]]})
    with pytest.raises(BadColumn, match=r"slices='group'.*row 1: \['x'\]"):
        read_items(frame, task=TASK, slices="group")


class Unwritten:
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize("cell", [Unwritten(), 10**5_000], ids=["unwritten", "endless"])
def test_a_group_that_cannot_be_written_is_refused_by_row(cell: Any) -> None:
    frame = pd.DataFrame({"text": ["a", "b"], "group": pd.Series(["x", cell], dtype=object)})
    with pytest.raises(BadColumn, match=r"slices='group'.*row 1: "):
        read_items(frame, task=TASK, slices="group")


@pytest.mark.parametrize("given", [{"channel"}, {"channel": 1}, [["channel"]]])
def test_slices_are_named_in_a_list(given: Any) -> None:
    with pytest.raises(BadColumn, match=r"slices takes the name of a column or a list of them, not .*channel"):
        tickets(slices=given)


def test_a_decimal_that_is_compared_with_nothing_is_missing() -> None:
    frame = pd.DataFrame({"text": ["a", "b"], "n": pd.Series([Decimal("1.5"), Decimal("sNaN")], dtype=object)})
    items = read_items(frame, task=TASK, show=["text", "n"], slices="n")
    assert [items.slices_at(at)["n"] for at in range(2)] == ["1.5", None]
    assert [items.payload(at)[0][1]["type"] for at in range(2)] == ["text", "missing"]
    with pytest.raises(BadColumn, match=r"row 1: .*missing"):
        read_items(frame, task=TASK, item_id="n")


def test_slices_are_strict_json() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a"],
            "n": [np.int64(2**60)],
            "x": [np.float32(0.5)],
            "day": [pd.Timestamp("2026-01-02")],
            "yes": [True],
            "infinite": [np.inf],
            "money": [Decimal("1.5")],
        }
    )
    at = read_items(frame, task=TASK, show="text", slices=list(frame.columns[1:])).slices_at(0)
    assert json.loads(json.dumps(at, allow_nan=False)) == {
        "n": 2**60,
        "x": 0.5,
        "day": "2026-01-02T00:00:00",
        "yes": True,
        "infinite": None,
        "money": "1.5",
    }


@pytest.mark.parametrize("name", ["label", "Y_true", " target", "gold"])
def test_a_shown_column_named_like_an_answer_brings_a_warning(name: str) -> None:
    frame = pd.DataFrame({"text": ["a"], name: ["ham"]})
    assert any(repr(name) in said for said in read_items(frame, task=TASK).warnings)
    assert read_items(frame, task=TASK, gold=name).warnings == []
    assert read_items(frame, task=TASK, show="text").warnings == []


def test_a_shown_prediction_and_nothing_to_show_bring_a_warning() -> None:
    assert "is the prediction" in tickets(show=["text", "predicted"]).warnings[0]
    frame = pd.DataFrame({"predicted": ["ham"]})
    assert "No column is left" in read_items(frame, task=TASK, prediction="predicted").warnings[0]


# ---------------------------------------------------------------- what is shown


def test_show_left_out_is_every_column_without_another_part_numbers_in_one_table() -> None:
    frame = pd.DataFrame(
        {
            "id": ["t1"],
            "amount": [9.9],
            "subject": ["Money"],
            "age": [41],
            "opened": pd.to_datetime(["2019-02-03"]),
            "predicted": ["ham"],
            "why": ["because"],
        }
    )
    items = read_items(frame, task=TASK, item_id="id", prediction="predicted", explanation="why")
    subject, row = items.payload(0)[0]
    assert subject == {"type": "text", "field": "subject", "text": "Money"}
    assert row["rows"] == [["amount", "9.9"], ["age", "41"], ["opened", "2019-02-03 00:00:00"]]
    assert items.shown == ["subject", "amount", "age", "opened"]


def test_show_keeps_the_order_it_was_given_in() -> None:
    items = tickets(show=[fields.Markdown("channel"), "text"])
    assert [(block["type"], block["field"]) for block in items.payload(0)[0]] == [
        ("markdown", "channel"),
        ("text", "text"),
    ]


IMAGE = np.arange(12, dtype=np.uint8).reshape(3, 4)
CHAT = [{"role": "user", "content": "hello"}]
SHOWN = {
    "text": ("a", "text"),
    "number": (3, "text"),
    "mapping": ({"a": 1}, "table"),
    "chat": (CHAT, "chat"),
    "rows": ([{"a": 1, "b": None}], "table"),
    "list": ([1, 2], "text"),
}
EXPLAINED = {
    "rationale": ("because **so**", "markdown"),
    "tokens": ({"tokens": ["a", "b"], "weights": [0.5, -0.5]}, "token_weights"),
    "listed tokens": ([{"token": "a", "weight": 0.5}], "token_weights"),
    "features": ({"age": 0.5, "amount": -1.0}, "contributions"),
    "listed features": ([{"feature": "age", "weight": 0.5}], "contributions"),
    "heat": ([[0.5, 0.25], [0.0, 1.0]], "heat_map"),
    "similar": ([{"text": "a", "label": "ham", "similarity": 0.5}], "similar"),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("cell", "type_"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown_is_found_by_type(library: str, cell: Any, type_: str) -> None:
    frame = LIBRARIES[library]({"cell": [None, cell]})
    first, second = (read_items(frame, task=TASK, show="cell").payload(position)[0][0] for position in (0, 1))
    assert (first["type"], second["type"]) == ("missing", type_)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("cell", "type_"), EXPLAINED.values(), ids=EXPLAINED)
def test_explanations_are_found_by_type(library: str, cell: Any, type_: str) -> None:
    frame = LIBRARIES[library]({"text": ["x", "y"], "why": [cell, None]})
    items = read_items(frame, task=TASK, explanation="why")
    assert [items.payload(position)[1][0]["type"] for position in (0, 1)] == [type_, "missing"]
    assert items.shown == ["text"]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"image": [IMAGE, IMAGE]}),
        pl.DataFrame({"image": pl.Series(np.stack([IMAGE, IMAGE]))}),
        [{"image": IMAGE}],
    ],
    ids=["pandas", "polars", "records"],
)
def test_arrays_are_found_to_be_images_and_hash_alike(frame: Any) -> None:
    items = read_items(frame, task=TASK)
    assert items.payload(0)[0] == [
        {"type": "image", "field": "image", "buffer": 0, "mime": "image/png", "width": 4, "height": 3}
    ]
    assert items.content_hashes([0], b"s") == one_cell(IMAGE).content_hashes([0], b"s")


def test_lists_of_pixels_are_images_where_that_is_said() -> None:
    table = pa.table({"image": [IMAGE.tolist()]})
    assert read_items(table, task=TASK).payload(0)[0][0]["type"] == "text"
    assert read_items(table, task=TASK, show=fields.Image("image")).payload(0)[0][0]["type"] == "image"


def test_cells_that_disagree_are_shown_as_text() -> None:
    frame = pd.DataFrame({"cell": [{"a": 1}, "text", [1]]})
    items = read_items(frame, task=TASK)
    assert [items.payload(position)[0][0]["type"] for position in range(3)] == ["text"] * 3


def test_buffers_are_counted_over_blocks_and_explanations() -> None:
    frame = pd.DataFrame({"a": [IMAGE], "broken": [b"\x89PNG\r\n\x1a\nbroken"], "b": [IMAGE], "heat": [IMAGE / 12]})
    blocks, explanation, buffers = read_items(frame, task=TASK, explanation="heat").payload(0)
    assert [block.get("buffer") for block in (*blocks, *explanation)] == [0, None, 1, 2]
    assert len(buffers) == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"explanation": fields.TokenWeights("text")}, "json.loads"),
        ({"explanation": fields.HeatMap("number")}, "cannot show 3"),
        ({"explanation": fields.Contributions("number")}, "cannot show 3"),
        ({"show": fields.Chat("text")}, "json.loads"),
        ({"show": fields.Table("number")}, "cannot show 3"),
    ],
)
def test_a_flat_column_is_refused_for_a_nested_field(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidField, match=said):
        read_items(pd.DataFrame({"text": [None, "[1]"], "number": [3, 4]}), task=TASK, **given)


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        raise AssertionError("a cell's HTML was asked for")

    _repr_mimebundle_ = _repr_html_


def circular() -> list[Any]:
    cell: list[Any] = []
    cell.append([cell, cell])
    return cell


def deep() -> list[Any]:
    cell: list[Any] = []
    for _ in range(100_000):
        cell = [cell]
    return cell


@pytest.mark.parametrize(
    "make", [Hostile, circular, deep, lambda: {"a": Hostile()}], ids=["str", "circle", "deep", "in"]
)
def test_content_that_cannot_be_had_is_a_placeholder_on_an_item_that_stays(make: Any) -> None:
    items = one_cell(make())
    items.freeze([0])
    (block,) = items.payload(0)[0]
    assert block["type"] == "unreadable"
    assert len(items.content_hashes([0], b"s")[0]) == 32
    assert list(items.row(0)) == ["cell"]


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "x" * 10**7, "é" * 3])
def test_any_text_is_shown_as_utf8_and_kept_as_it_is(text: str) -> None:
    items = one_cell(text)
    (block,) = items.payload(0)[0]
    json.dumps(block, ensure_ascii=False).encode()
    assert block.get("clipped") == (10**7 if len(text) == 10**7 else None)
    assert len(block["text"]) <= 20_000
    assert items.row(0)["cell"] == text
    assert one_cell(text + "!").content_hashes([0], b"s") != items.content_hashes([0], b"s")


def test_the_whole_of_a_clipped_text_can_be_had() -> None:
    items = one_cell("word " * 10_000)
    assert items.full_text(0, "blocks", 0) == "word " * 10_000
    with pytest.raises(InvalidField, match="shown whole"):
        one_cell(IMAGE).full_text(0, "blocks", 0)


def test_a_name_that_no_frame_can_hold_is_refused() -> None:
    with pytest.raises(BadFrame, match=r"'x\\ud800' holds half of a surrogate pair"):
        read_items([{"id": "t0", "x\ud800": "a"}], task=TASK, item_id="id")


# ---------------------------------------------------------------- the snapshot


def fingerprint(frame: Any) -> str:
    """Of every value, the index and the types."""
    if isinstance(frame, pd.DataFrame):
        told = (frame.to_dict("split"), frame.dtypes.astype(str).to_dict(), frame.flags.allows_duplicate_labels)
        return sha256(pickle.dumps(told)).hexdigest()
    if isinstance(frame, list):
        return sha256(repr(frame).encode()).hexdigest()
    native = nw.from_native(frame, eager_only=True)
    return sha256(repr((native.schema, native.rows())).encode()).hexdigest()


class Subclass(pd.DataFrame):
    @property
    def _constructor(self) -> Any:
        return Subclass


@pytest.mark.parametrize("library", [*LIBRARIES, "subclass"])
def test_the_users_frame_is_never_changed(library: str) -> None:
    columns = {**TICKETS, "nested": [[1], [2], None], "mapping": [{"a": 1}, None, {"a": 2}]}
    frame = Subclass(columns) if library == "subclass" else LIBRARIES[library](columns)
    before = fingerprint(frame)
    items = read_items(frame, task=TASK, item_id="id", prediction="predicted", confidence="p", slices="channel")
    items.freeze([0, 1, 2])
    for position in range(3):
        items.payload(position)
        items.row(position)
    items.content_hashes([0, 1, 2], b"s")
    taken = items.frame_rows([0, 1])
    taken.loc[0, "text"] = "changed"
    native = items.native_frame()
    if isinstance(native, pd.DataFrame):
        native.loc[0, "text"] = "changed"
        native["new"] = 1
    assert fingerprint(frame) == before
    assert items.row(0)["text"] == "Where is my money?"
    assert "new" not in items.row(0)


def test_later_changes_to_a_pandas_frame_have_no_effect() -> None:
    frame = pd.DataFrame(TICKETS)
    items = read_items(frame, task=TASK, item_id="id", prediction="predicted", confidence="p", slices="channel")
    frame.loc[0, ["text", "predicted", "channel"]] = ["changed", "spam", "changed"]
    frame.loc[0, "p"] = 0.1
    frame["new"] = 1
    del frame["channel"]
    assert items.row(0)["text"] == "Where is my money?"
    assert items.payload(0)[0][0]["text"] == "Where is my money?"
    assert (items.predictions[0], items.confidence[0], items.slices_at(0)) == ("ham", 0.9, {"channel": "mail"})
    assert len(items) == 3
    assert "new" not in items.row(0)


def test_later_changes_to_a_polars_frame_have_no_effect() -> None:
    frame = pl.DataFrame(TICKETS)
    items = read_items(frame, task=TASK, item_id="id", prediction="predicted", confidence="p")
    frame[0, "text"] = "changed"
    frame.drop_in_place("channel")
    assert items.row(0)["text"] == "Where is my money?"
    assert items.row(0)["channel"] == "mail"


NUMBERS: Mapping[str, np.ndarray[Any, Any]] = {
    "float": np.array([1.0, 2.0, 3.0]),
    "int": np.array([1, 2, 3], dtype=np.int16),
    "bool": np.array([True, False, True]),
    "time": np.array(["2026-11-21", "2026-11-22", "2026-11-23"], dtype="datetime64[us]"),
    "span": np.array([1, 2, 3], dtype="timedelta64[us]"),
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("library", ["polars", "pyarrow", "polars of pandas", "pyarrow of pandas", "pyarrow chunks"])
def test_later_changes_to_the_arrays_that_a_frame_was_made_of_have_no_effect(library: str, kind: str) -> None:
    array = NUMBERS[kind].copy()
    frame: Any
    match library:
        case "polars":
            frame = pl.DataFrame({"cell": array})
        case "pyarrow":
            frame = pa.table({"cell": pa.array(array)})
        case "polars of pandas":
            frame = pl.from_pandas(pd.DataFrame({"cell": array}, copy=False))
        case "pyarrow of pandas":
            frame = pa.Table.from_pandas(pd.DataFrame({"cell": array}, copy=False))
        case _:
            frame = pa.table({"cell": pa.chunked_array([pa.array(array), pa.array(array)])})
    items = read_items(frame, task=TASK, show="cell")
    said = [items.row(position)["cell"] for position in range(3)]
    hashes = items.content_hashes([0, 1, 2], b"s")
    array[:] = array[::-1].copy()
    array[1] = array[0]
    assert [items.row(position)["cell"] for position in range(3)] == said
    assert items.content_hashes([0, 1, 2], b"s") == hashes


ENDS = pa.array([2, 3], type=pa.int32())
VIEWS = pa.array(["a", None, "c"], type=pa.string_view())


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        (VIEWS, ["a", None, "c"]),
        (pa.array([b"a", None, b"c"], type=pa.binary_view()), [b"a", None, b"c"]),
        (pa.RunEndEncodedArray.from_arrays(ENDS, pa.array([1, 2])), [1, 1, 2]),
        (pa.ListArray.from_arrays([0, 1, 1, 3], VIEWS), [["a"], [], [None, "c"]]),
        (pa.StructArray.from_arrays([VIEWS], ["x"]), [{"x": "a"}, {"x": None}, {"x": "c"}]),
        (
            pa.MapArray.from_arrays([0, 1, 2, 3], pa.array(["k", "l", "m"]), VIEWS),
            [[("k", "a")], [("l", None)], [("m", "c")]],
        ),
    ],
)
def test_columns_of_which_pyarrow_takes_no_rows_are_read_all_the_same(column: pa.Array, cells: list[Any]) -> None:
    for chunked in (pa.chunked_array([column]), pa.chunked_array([column.slice(0, 1), column.slice(1)])):
        items = read_items(pa.table({"id": ["x", "y", "z"], "cell": chunked}), task=TASK, item_id="id")
        assert [items.row(at)["cell"] for at in range(3)] == cells
        assert len(set(items.content_hashes([0, 1, 2], b"salt"))) > 1
    assert len(read_items(pa.table({"cell": column.slice(3)}), task=TASK)) == 0


def test_a_frame_of_polars_that_pyarrow_made_a_table_of_is_read() -> None:
    table = pa.table(pl.DataFrame({"id": ["x", "y"], "text": ["u", "v"]}))
    items = read_items(table, task=TASK, item_id="id")
    assert (items.position_of("y"), items.row(1)) == (1, {"id": "y", "text": "v"})


def test_a_column_of_which_pyarrow_can_take_no_rows_is_refused_by_name() -> None:
    views = pa.RunEndEncodedArray.from_arrays(ENDS, pa.array(["a", "b"], type=pa.string_view()))
    within = pa.StructArray.from_arrays([pa.RunEndEncodedArray.from_arrays(ENDS, pa.array([1, 2]))], ["x"])
    for column in (views, within):
        with pytest.raises(BadColumn, match=r"column 'runs' .*run_end_encoded.* cast it"):
            read_items(pa.table({"runs": column}), task=TASK)


def test_polars_and_pyarrow_do_share_the_arrays_they_are_made_of() -> None:
    array = np.array([1.0, 2.0])
    shared = pl.DataFrame({"cell": array}), pa.table({"cell": pa.array(array)})
    array[0] = 7.0
    assert [frame["cell"].to_pylist()[0] if isinstance(frame, pa.Table) else frame["cell"][0] for frame in shared] == [
        7.0,
        7.0,
    ]


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_cells_that_are_rows_of_an_array_are_those_of_when_they_were_frozen(library: str) -> None:
    array = np.arange(6.0).reshape(3, 2)
    frame: Any = pl.DataFrame({"cell": pl.Series(array)})
    if library == "pyarrow":
        frame = pa.table({"cell": pa.FixedSizeListArray.from_arrays(pa.array(array.ravel()), 2)})
    items = read_items(frame, task=TASK, show="cell")
    items.freeze([0, 1])
    array[:] = 9
    assert [list(items.row(position)["cell"]) for position in (0, 1)] == [[0, 1], [2, 3]]


def test_later_changes_to_a_list_of_dicts_have_no_effect() -> None:
    rows: list[dict[str, Any]] = [{"text": "a"}, {"text": "b"}]
    items = read_items(rows, task=TASK)
    rows[0]["text"] = "changed"
    rows.pop()
    assert [items.row(position)["text"] for position in range(len(items))] == ["a", "b"]


@pytest.mark.parametrize("library", ["pandas", "records"])
def test_nested_cells_are_those_of_when_they_were_frozen(library: str) -> None:
    mapping: dict[str, Any] = {"a": [1]}
    items = read_items(LIBRARIES[library]({"cell": [mapping, {"a": [2]}]}), task=TASK)
    items.freeze([0])
    before = items.content_hashes([0], b"s")
    mapping["a"].append("changed")
    assert items.row(0)["cell"] == {"a": [1]}
    assert items.payload(0)[0][0]["rows"] == [["a", "[\n  1\n]"]]
    assert items.frame_rows([0])["cell"].tolist() == [{"a": [1]}]
    assert items.content_hashes([0], b"s") == before


def test_arrays_and_pictures_are_frozen_too() -> None:
    image = IMAGE.copy()
    items = one_cell(image)
    items.freeze([0])
    image[:] = 0
    assert np.array_equal(items.row(0)["cell"], IMAGE)


def test_what_cannot_be_copied_is_frozen_as_it_is() -> None:
    import threading

    lock = threading.Lock()
    items = one_cell(lock)
    items.freeze([0])
    assert items.row(0)["cell"] is lock


def test_read_only_buffers_are_fine_and_the_answers_cannot_be_written_to() -> None:
    values = np.array([0.25, 0.5])
    values.flags.writeable = False
    frame = pd.DataFrame({"text": ["a", "b"], "predicted": ["ham", "ham"], "p": values}, copy=False)
    items = read_items(frame, task=TASK, prediction="predicted", confidence="p", slices="text")
    for array in (items.confidence, items.predictions, items.slices["text"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_callables_frame_is_of_the_users_own_library() -> None:
    kinds: Mapping[str, type] = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.Table}
    for library, kind in kinds.items():
        assert isinstance(tickets(library).native_frame(), kind)


def test_labels_that_a_session_had_before_have_probability_zero() -> None:
    frame = pd.DataFrame({"text": ["a"], "predicted": [2.0]})
    items = read_items(frame, task=Classification([2.0, 3.0]), prediction="predicted", probabilities=[[0.75, 0.25]])
    joined = items.with_task(Classification([1, 2, 3]))
    assert joined.probabilities is not None
    assert joined.probabilities.tolist() == [[0.0, 0.75, 0.25]]
    assert type(joined.predictions[0]) is int
