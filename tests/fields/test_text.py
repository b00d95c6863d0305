import json
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields import Chat, Code, Markdown, Table, Text
from hitl_notebook.fields.visible import visible
from hitl_notebook.protocol import Block


def shown(field: Any, cell: Any) -> Block:
    buffers: list[bytes] = []
    block: Block = field.block(cell, buffers)
    assert buffers == []
    return block


# ---------------------------------------------------------------- text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\x00", "a\nb␀"),
        ("a\rb", "a␍b"),
        ("\x07\x1b\x7f", "␇␛␡"),
        ("\x85", "\ufffd"),
        ("a\ud800b", "a\ufffdb"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;https://x.example\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;never ended", "␛]0;never ended"),
        ("\u202eevil\u200b", "\u202eevil\u200b"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_what_cannot_be_seen_is_made_visible_and_nothing_else_is_lost(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text(st.characters()))
def test_any_text_can_be_sent(text: str) -> None:
    seen = visible(text)
    seen.encode()
    assert not any(ord(character) < 32 and character not in "\t\n" for character in seen)


def test_ten_million_unfinished_escapes_take_no_time() -> None:
    block = shown(Text("t"), "\x1b]" * 5_000_000)
    assert block["clipped"] == 10_000_000


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (3, "3"),
        (0.1, "0.1"),
        (np.float32(0.5), "0.5"),
        (True, "True"),
        (pd.Timestamp("2026-01-02"), "2026-01-02 00:00:00"),
        ([1, "é"], '[\n  1,\n  "é"\n]'),
        ({"a": np.int64(1), "b": {2}}, '{\n  "a": 1,\n  "b": "{2}"\n}'),
        ({np.int64(1): "a", "1": {(1, 2): 3}}, '{\n  "1": "a",\n  "1": {\n    "(1, 2)": 3\n  }\n}'),
        ([{date(2026, 1, 2): np.array([1, 2])}], '[\n  {\n    "2026-01-02": [\n      1,\n      2\n    ]\n  }\n]'),
        ([np.array([{b"k": None}], dtype=object)], "[\n  [\n    {\n      \"b'k'\": null\n    }\n  ]\n]"),
        ([np.datetime64("2020-01-01", "ns")], '[\n  "2020-01-01 00:00:00"\n]'),
        ([np.datetime64("2020-01-01")], '[\n  "2020-01-01"\n]'),
        ([np.array(["2020-01-01", "NaT"], "M8[ns]")], '[\n  [\n    "2020-01-01 00:00:00",\n    null\n  ]\n]'),
        (b"ab\xff", "ab\\xff"),
        ("", ""),
    ],
)
def test_cells_that_are_no_text_are_shown_as_text(cell: Any, text: str) -> None:
    assert shown(Text("t"), cell) == {"type": "text", "field": "t", "text": text}


@pytest.mark.parametrize("cell", [None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
@pytest.mark.parametrize("field", [Text("t"), Markdown("t"), Code("t"), Table("t"), Chat("t")])
def test_a_missing_cell_is_a_block_of_its_own(field: Any, cell: Any) -> None:
    assert shown(field, cell) == {"type": "missing", "field": "t"}


def test_long_text_is_cut_and_can_be_had_whole() -> None:
    text = "x" * 20_001
    for field in (Text("t"), Markdown("t"), Code("t")):
        block = shown(field, text)
        assert (len(block["text"]), block["clipped"]) == (20_000, 20_001)
        assert field.full_text(text) == text
    assert "clipped" not in shown(Text("t"), "x" * 20_000)


def test_code_says_its_language() -> None:
    assert shown(Code("c", language="sql"), "select 1") == {
        "type": "code",
        "field": "c",
        "text": "select 1",
        "language": "sql",
    }
    assert shown(Code("c"), "x")["language"] is None


def test_a_field_takes_a_columns_name_and_options_by_name() -> None:
    for given_column in (None, ["a"], {"a": 1}):
        with pytest.raises(InvalidField, match="name of a column"):
            Text(given_column)
    with pytest.raises(TypeError):
        Code("c", "sql")  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Text("t").column = "other"  # type: ignore[misc]


# ---------------------------------------------------------------- tables


def test_a_mapping_is_a_table_of_names_and_values() -> None:
    block = shown(Table("t"), {"opened": 2019, "closed": None, "__proto__": {"a": [1]}})
    assert block["columns"] is None
    assert block["rows"][:2] == [["opened", "2019"], ["closed", ""]]
    assert json.loads(block["rows"][2][1]) == {"a": [1]}


@pytest.mark.parametrize(
    ("cell", "columns", "rows"),
    [
        ([{"a": 1}, {"b": 2}], ["a", "b"], [["1", ""], ["", "2"]]),
        ([[1, 2], [3]], ["0", "1"], [["1", "2"], ["3", ""]]),
        (np.array([[1, 2], [3, 4]]), ["0", "1"], [["1", "2"], ["3", "4"]]),
        (pd.DataFrame({"a": [1], 2: ["x"]}), ["a", "2"], [["1", "x"]]),
        ([], [], []),
    ],
)
def test_rows_are_a_table_with_columns(cell: Any, columns: list[str], rows: list[list[str]]) -> None:
    block = shown(Table("t"), cell)
    assert (block["columns"], block["rows"]) == (columns, rows)


def test_a_series_is_a_table_of_names_and_values() -> None:
    assert shown(Table("t"), pd.Series({"a": 1}))["rows"] == [["a", "1"]]


def test_a_large_table_says_what_it_leaves_out() -> None:
    block = shown(Table("t"), [{"a": number} for number in range(1_500)])
    assert (len(block["rows"]), block["more"]) == (1_000, 500)
    block = shown(Table("t"), [dict.fromkeys(range(600), 1)] * 60)
    assert block["columns"] is not None
    assert (block["columns"][-1], len(block["rows"][0])) == ("… 100 more columns", 501)
    assert len(block["rows"]) * 501 <= 20_000
    assert len(block["rows"]) + block["more"] == 60
    block = shown(Table("t"), dict.fromkeys(range(1_500), 1))
    assert (len(block["rows"]), block["more"]) == (1_000, 500)
    block = shown(Table("t"), [{"a": "x" * 2_000}] * 100)
    assert len(block["rows"]) + block["more"] == 100
    assert sum(len(row[0]) for row in block["rows"]) < 110_000
    assert shown(Table("t"), pd.DataFrame({"a": range(1_300)}))["more"] == 300


def test_a_cell_that_was_cut_is_had_whole_by_its_number_row_by_row() -> None:
    field, long = Table("t"), "ab\0" * 1_000
    for cell, cut in [
        ({"a": 1, "b": long}, [[3, 3_000]]),
        ([{"a": long, "b": 1}, {"b": long}], [[0, 3_000], [3, 3_000]]),
        ([dict.fromkeys(range(600), 1), {2: long}], [[503, 3_000]]),  # 500 columns, and one that says how many are not
        (pd.DataFrame({"a": ["x", long]}), [[1, 3_000]]),
    ]:
        block = shown(field, cell)
        assert block["cut"] == cut
        flat = [text for row in block["rows"] for text in row]
        for at, _ in cut:
            assert flat[at] == field.full_text(cell, at)[:2_000]
            assert field.full_text(cell, at) == "ab␀" * 1_000
    assert "cut" not in shown(field, {"a": "x" * 2_000})
    for at in (None, 4):
        with pytest.raises(InvalidField):
            field.full_text({"a": 1, "b": long}, at)


def test_several_columns_of_the_item_are_one_table() -> None:
    field = Table(["age", "income"], name="applicant")
    assert (field.columns, field.name, Table(["age"]).name) == (("age", "income"), "applicant", "row")
    assert shown(field, {"age": 41, "income": None})["rows"] == [["age", "41"], ["income", ""]]
    with pytest.raises(InvalidField, match="a list of columns"):
        Table([])


def test_what_is_no_table_says_so() -> None:
    assert "not int" in shown(Table("t"), 3)["message"]
    assert "not set" in shown(Table("t"), {3})["message"]


# ---------------------------------------------------------------- chats


def test_a_chat_keeps_roles_and_texts() -> None:
    cell = [
        {"role": "user", "content": "hello\x00"},
        {"role": "assistant", "content": [{"type": "text", "text": "see:"}, {"type": "image_url"}]},
        {"role": "tool", "content": None},
        {"content": "no role"},
    ]
    assert shown(Chat("c"), cell)["messages"] == [
        {"role": "user", "text": "hello␀"},
        {"role": "assistant", "text": 'see:\n{\n  "type": "image_url"\n}'},
        {"role": "tool", "text": ""},
        {"role": "", "text": "no role"},
    ]


def test_a_long_chat_says_what_it_leaves_out() -> None:
    block = shown(Chat("c"), [{"role": "user", "content": "x" * 30_000}] * 300)
    assert block["messages"][0] == {"role": "user", "text": "x" * 20_000, "clipped": 30_000}
    assert len(block["messages"]) + block["more"] == 300
    assert sum(len(message["text"]) for message in block["messages"]) <= 220_000
    assert shown(Chat("c"), [{"role": "user", "content": "x"}] * 300)["more"] == 200


def test_a_message_that_was_cut_can_be_had_whole() -> None:
    said = [{"role": "user", "content": "x" * 30_000}, {"role": "assistant", "content": "y" * 30_000}]
    assert Chat("c").full_text(said, 1) == "y" * 30_000
    for message in (None, 2):
        with pytest.raises(InvalidField, match="messages 0 to 1"):
            Chat("c").full_text(said, message)


@pytest.mark.parametrize("cell", ["text", 3, {"role": "user", "content": "x"}, [1], [{"role": "user"}]])
def test_what_is_no_chat_says_so(cell: Any) -> None:
    assert shown(Chat("c"), cell)["type"] == "unreadable"
