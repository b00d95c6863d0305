import json
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.fields import Contributions, HeatMap, Similar, Text, TokenWeights
from hitl_notebook.fields.detection import explanation_field
from hitl_notebook.protocol import Block

PIXELS = np.arange(12, dtype=np.uint8).reshape(3, 4)
weights = st.floats(allow_nan=False, allow_infinity=False)


def shown(field: Any, cell: Any) -> Block:
    block: Block = field.block(cell, [])
    json.dumps(block, allow_nan=False)
    return block


def heat(cell: Any) -> tuple[Block, Any]:
    buffers: list[bytes] = []
    block = HeatMap("h").block(cell, buffers)
    json.dumps(block, allow_nan=False)
    return block, np.frombuffer(buffers[0], np.int8).reshape(block["height"], block["width"])


# ---------------------------------------------------------------- tokens

PAIRS = [{"text": "money", "weight": 0.5}, {"text": "?", "weight": -0.25}]


@pytest.mark.parametrize(
    "cell",
    [
        [("money", 0.5), ("?", -0.25)],
        (["money", np.float32(0.5)], ["?", Decimal("-0.25")]),
        {"tokens": ["money", "?"], "weights": np.array([0.5, -0.25])},
        [{"token": "money", "weight": 0.5}, {"text": "?", "score": -0.25}],
    ],
)
def test_tokens_and_weights_come_in_several_forms(cell: Any) -> None:
    assert shown(TokenWeights("w"), cell)["tokens"] == PAIRS


def written(tokens: list[dict[str, Any]]) -> str:
    return "".join(token["text"] for token in tokens)


def test_a_long_text_and_its_words_are_cut_at_the_same_place_and_had_whole_alike() -> None:
    lines = [(f"Line {number} \x1b[31mof\x1b[0m the letter.\r\n", number / 3_000) for number in range(3_000)]
    text = "".join(line for line, _ in lines)
    block, of_text = shown(TokenWeights("w"), lines), shown(Text("t"), text)
    assert written(block["tokens"]) == of_text["text"]
    assert block["clipped"] == of_text["clipped"] == len(text)
    assert "more" not in block
    whole = json.loads(TokenWeights("w").full_text(lines))
    assert written(whole) == Text("t").full_text(text)
    assert [token["weight"] for token in whole] == [weight for _, weight in lines]


def test_a_text_as_long_as_is_sent_has_all_its_words() -> None:
    block = shown(TokenWeights("w"), [("x" * 400, 0.5)] * 50)
    assert (len(block["tokens"]), block.get("clipped")) == (50, None)


def test_beyond_2000_tokens_the_rest_is_had_on_demand_and_beyond_50000_it_is_counted() -> None:
    block = shown(TokenWeights("w"), [("a", 0.5)] * 2_088)
    assert (len(block["tokens"]), block["clipped"], block.get("more")) == (2_000, 2_088, None)
    assert len(json.loads(TokenWeights("w").full_text([("a", 0.5)] * 2_088))) == 2_088
    block = shown(TokenWeights("w"), [("a", 0.5)] * 50_088)
    assert (len(block["tokens"]), block["clipped"], block["more"]) == (2_000, 50_000, 88)
    assert len(json.loads(TokenWeights("w").full_text([("a", 0.5)] * 50_088))) == 50_000


@pytest.mark.parametrize("field", [TokenWeights("w"), Contributions("w")])
@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -float("inf"), "0.5", None, True, 1j, [0.5], 10**400])
def test_a_weight_that_is_no_finite_number_is_a_placeholder(field: Any, weight: Any) -> None:
    assert shown(field, [("a", 0.5), ("b", weight)])["type"] == "unreadable"


@pytest.mark.parametrize("field", [TokenWeights("w"), Contributions("w")])
@pytest.mark.parametrize("cell", [[("a", 0.0), ("b", 0.0)], [("a", 1e308), ("b", -1e308)], [("a", 5e-324)], []])
def test_zero_and_huge_weights_and_none_at_all_are_fine(field: Any, cell: Any) -> None:
    assert shown(field, cell)["type"] in ("token_weights", "contributions")


@pytest.mark.parametrize("cell", ["text", 3, {"tokens": ["a"], "weights": [1, 2]}, ["ab"], [("a",)], [3]])
def test_what_is_no_list_of_tokens_says_so(cell: Any) -> None:
    assert shown(TokenWeights("w"), cell)["type"] == "unreadable"


# ---------------------------------------------------------------- contributions


@pytest.mark.parametrize(
    "cell",
    [
        {"age": (0.25, 41), "amount": (-0.5, "9.90"), "left out": None},
        [("age", 0.25, 41), ("amount", -0.5, "9.90")],
        [{"name": "age", "weight": 0.25, "value": 41}, {"feature": "amount", "contribution": -0.5, "value": "9.90"}],
    ],
)
def test_contributions_come_in_several_forms_and_go_largest_first(cell: Any) -> None:
    assert shown(Contributions("c"), cell)["rows"] == [["amount", -0.5, "9.90"], ["age", 0.25, "41"]]


@pytest.mark.parametrize("weight", [float("nan"), Decimal("sNaN"), np.float32("nan"), float("inf"), "x", 10**400])
def test_a_mapping_with_a_weight_that_is_none_is_a_placeholder_that_names_it(weight: Any) -> None:
    for cell in ({"age": 0.5, "amount": weight}, {"age": 0.5, "amount": (weight, "9.90")}):
        block = shown(Contributions("c"), cell)
        assert block["type"] == "unreadable"
        assert "the weight of 'amount'" in block["message"]


def test_of_equal_contributions_the_first_stays_first() -> None:
    assert [row[0] for row in shown(Contributions("c"), {"b": 1, "a": -1, "c": 2})["rows"]] == ["c", "b", "a"]


def test_beyond_a_thousand_contributions_or_a_hundred_thousand_characters_the_smallest_are_counted() -> None:
    block = shown(Contributions("c"), {f"f{number}": number for number in range(1_050)})
    assert (block["rows"][0][0], len(block["rows"]), block["more"]) == ("f1049", 1_000, 50)
    long = shown(Contributions("c"), {"f" * 400 + str(number): (number, "v" * 600) for number in range(1_000)})
    characters = sum(len(name) + len(value) for name, _, value in long["rows"])
    assert 100_000 <= characters < 101_000
    assert len(long["rows"]) + long["more"] == 1_000


# ---------------------------------------------------------------- heat maps


def test_a_heat_map_is_in_steps_of_its_largest_weight() -> None:
    block, steps = heat([[1.0, -0.5], [0.0, 0.25]])
    assert (block["width"], block["height"], block["scale"]) == (2, 2, 1.0)
    assert steps.tolist() == [[127, -64], [0, 32]]


@given(st.lists(st.lists(weights, min_size=3, max_size=3), min_size=1, max_size=4))
def test_weights_come_back_to_within_half_a_step(cell: list[list[float]]) -> None:
    block, steps = heat(cell)
    largest = np.abs(cell).max()
    assert block["scale"] == pytest.approx(largest, rel=1e-6)
    # compared in units of the largest, as differences of 1e308 have no floats
    unit = np.array(cell) / largest if largest else np.zeros_like(cell)
    assert np.abs(steps / 127 - unit).max() <= 0.5 / 127 + 1e-6


@pytest.mark.parametrize(("shape", "shown_as"), [((200, 100), (64, 32)), ((1, 1_000), (1, 64)), ((64, 64), (64, 64))])
def test_a_large_heat_map_is_averaged_down(shape: tuple[int, int], shown_as: tuple[int, int]) -> None:
    block, steps = heat(np.full(shape, -2.0))
    assert steps.shape == shown_as
    assert (block["scale"], set(steps.ravel().tolist())) == (2.0, {-127})


def test_zero_and_huge_heat_maps_are_fine() -> None:
    assert heat(np.zeros((2, 2)))[0]["scale"] == 0
    block, steps = heat(np.full((100, 100), 1e308))
    assert block["scale"] == pytest.approx(1e308)
    assert steps.min() == 127


@pytest.mark.parametrize(
    "cell",
    [
        [[1.0, float("nan")]],
        [[float("inf"), 1.0]],
        [["a", "b"]],
        [1.0, 2.0],
        [[1], [1, 2]],
        "x",
        np.zeros((2, 2, 2)),
        [],
    ],
)
def test_what_is_no_heat_map_is_a_placeholder_and_leaves_no_buffer(cell: Any) -> None:
    buffers: list[bytes] = []
    assert HeatMap("h").block(cell, buffers)["type"] == "unreadable"
    assert buffers == []


# ---------------------------------------------------------------- similar examples


def test_similar_examples_keep_their_order_and_are_at_most_ten() -> None:
    cell = [{"text": f"t{number}", "label": number, "similarity": 1 - number / 20} for number in range(12)]
    block = shown(Similar("s"), cell)
    assert block["examples"][1] == {"text": "t1", "label": "1", "similarity": 0.95}
    assert (len(block["examples"]), block["more"]) == (10, 2)


def test_similar_examples_may_be_images() -> None:
    buffers: list[bytes] = []
    cell = [{"image": PIXELS, "label": "7"}, {"image": "https://x.example/a.png", "label": "8"}]
    first, second = Similar("s").block(cell, buffers)["examples"]
    assert (first["mime"], first["buffer"], len(buffers)) == ("image/png", 0, 1)
    assert "buffer" not in second
    assert "not fetched" in second["text"]


def test_a_similarity_that_is_missing_is_unknown() -> None:
    block = shown(Similar("s"), [{"text": "a", "label": None, "similarity": float("nan")}])
    assert block["examples"] == [{"text": "a", "label": None, "similarity": None}]


@pytest.mark.parametrize("cell", ["text", [1], *([{"text": "a", "similarity": odd}] for odd in ("high", float("inf")))])
def test_what_is_no_similar_example_is_a_placeholder(cell: Any) -> None:
    assert shown(Similar("s"), cell)["type"] == "unreadable"


# ---------------------------------------------------------------- a column of them


@pytest.mark.parametrize(
    ("good", "odd", "type_"),
    [
        ([("good", 0.1)], [("good", "x")], "token_weights"),
        ([("good", 0.1)], [("good", None), ("movie", 1)], "token_weights"),
        ({"age": 0.1}, {"age": "x", "amount": 1}, "contributions"),
        ({"age": 0.1}, {"age": True}, "contributions"),
        ([[0.1, 0.2]], [["x", 0.2]], "heat_map"),
        ([[0.1, 0.2]], [[None, 0.2]], "heat_map"),
        ([[0.1, 0.2]], [[0.1, 0.2], [0.3]], "heat_map"),
    ],
)
@pytest.mark.parametrize("others", [1, 19])
def test_a_weight_that_is_no_number_spoils_its_own_item_and_no_other(
    good: Any, odd: Any, type_: str, others: int
) -> None:
    cells = [good] * others + [odd]
    field = explanation_field("why", cells)
    assert [shown(field, cell)["type"] for cell in cells] == [type_] * others + ["unreadable"]


@pytest.mark.parametrize("good", [[("good", 0.1)], [{"token": "good", "weight": 0.1}]])
def test_an_explanation_of_nothing_says_so_and_spoils_no_other(good: Any) -> None:
    field = explanation_field("why", [good, []])
    assert [shown(field, cell)["type"] for cell in (good, [])] == ["token_weights"] * 2
    assert shown(explanation_field("why", [{"age": 0.1}, {}]), {})["rows"] == []


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        ([{"age": 0.1}, {"city": "Berlin"}, {"city": "Rome", "age": 3}], "table"),
        ([{"city": "Berlin"}, {"city": "Rome"}], "table"),
        ([[("good", "x")], [("movie", "y")]], "text"),
        ([[("good", 0.1)], "because"], "text"),
        ([np.array(0.1), np.array(0.2)], "text"),
    ],
)
def test_what_is_mostly_no_weights_is_shown_as_what_it_is(cells: Any, type_: str) -> None:
    field = explanation_field("why", cells)
    assert [shown(field, cell)["type"] for cell in cells] == [type_] * len(cells)
