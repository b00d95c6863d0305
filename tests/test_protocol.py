"""The examples that both sides read, and what the kernel's door keeps out."""

import json
import math
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook import protocol
from hitl_notebook.errors import InvalidMessage
from hitl_notebook.guards import read_message

EXAMPLES = Path(__file__).parent / "protocol"
UP = sorted((EXAMPLES / "up").glob("*.json"))
DOWN = sorted((EXAMPLES / "down").glob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", UP, ids=lambda path: path.stem)
def test_every_example_from_the_page_is_taken(path):
    assert read_message(read(path)) == read(path)


def test_there_is_an_example_of_every_message():
    kinds = {get_args(get_type_hints(kind)["kind"])[0] for kind in get_args(protocol.Message)}
    assert {read(path)["kind"] for path in UP} == kinds
    kinds = {get_args(get_type_hints(kind)["kind"])[0] for kind in get_args(protocol.Down)}
    assert {read(path)["kind"] for path in DOWN} == kinds


@pytest.mark.parametrize("path", UP, ids=lambda path: path.stem)
def test_a_message_with_a_key_missing_or_unknown_is_refused(path):
    for key in read(path):
        with pytest.raises(InvalidMessage):
            read_message({name: value for name, value in read(path).items() if name != key})
    with pytest.raises(InvalidMessage):
        read_message(read(path) | {"gold": "refund"})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("decide_accept", {"action": "delete"}),
        ("decide_accept", {"seconds": -1}),
        ("decide_accept", {"seconds": math.inf}),
        ("decide_accept", {"seconds": True}),
        ("decide_accept", {"client_seq": 1.5}),
        ("decide_accept", {"client_seq": 2**60}),
        ("decide_accept", {"item_id": ""}),
        ("decide_accept", {"item_id": "x" * 1001}),
        ("decide_accept", {"item_id": ["x"]}),
        ("decide_accept", {"comment": "x" * 100_001}),
        ("decide_accept", {"blind": 1}),
        ("decide_accept", {"value": [[[[[[[1]]]]]]]}),
        ("decide_accept", {"value": math.nan}),
        ("decide_accept", {"value": 10**400}),
        ("decide_accept", {"seconds": 10**400}),
        ("decide_accept", {"shown_at": "🕐"}),
        ("want", {"item_ids": "ticket-17"}),
        ("want", {"item_ids": ["x"] * 1001}),
        ("want", {"item_ids": [17]}),
        ("full", {"part": "__class__"}),
        ("full", {"message": -1}),
        ("history", {"limit": -1}),
    ],
)
def test_hostile_values_are_refused(name, changes):
    with pytest.raises(InvalidMessage):
        read_message(read(EXAMPLES / "up" / f"{name}.json") | changes)


@pytest.mark.parametrize("content", [None, [], "decide", 7, {}, {"kind": None}, {"kind": ["decide"]}, {"kind": "drop"}])
def test_what_is_no_message_is_refused(content):
    with pytest.raises(InvalidMessage):
        read_message(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(), part),
    max_leaves=8,
)


@given(st.sampled_from([read(path) for path in UP]), st.dictionaries(st.text(), JSON, max_size=3))
def test_anything_is_either_taken_unchanged_or_refused(example, changes):
    keys = list(example)
    mixed = example | {keys[len(name) % len(keys)]: value for name, value in changes.items()}
    try:
        assert read_message(mixed) is mixed
    except InvalidMessage as refusal:
        assert len(str(refusal)) < 2_000
