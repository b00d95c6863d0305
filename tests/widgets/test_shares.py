"""Blocks that share one message: the light ones stay as they are, the heavy ones give way, and nothing goes unsaid."""

from io import BytesIO

import numpy as np
import pytest
from PIL.Image import fromarray
from PIL.Image import open as open_image

from hitl_notebook import fields
from hitl_notebook.widgets.shares import shared
from hitl_notebook.widgets.weight import weight


def noise(side, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)


def packed(image, kind="PNG"):
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def blocks_of(*shown):
    """The blocks of these cells, each with the field that shows it, and their buffers."""
    buffers = []
    return [field.block(cell, buffers) for field, cell in shown], buffers


LIGHT = (fields.Text("light"), "a few words")
HEAVY = {
    "text": (fields.Text("heavy"), "x" * 20_000),
    "markdown": (fields.Markdown("heavy"), "*長* " * 5_000),
    "code": (fields.Code("heavy"), '"\\n"' * 5_000),
    "html": (fields.HTML("heavy"), "<p>a</p>" * 2_000),
    "image": (fields.Image("heavy"), noise(300)),
    "chat": (fields.Chat("heavy"), [{"role": "user", "content": "x" * 9_000}, {"role": "bot", "content": "yes"}] * 9),
    "similar": (fields.Similar("heavy"), [{"image": noise(128, n), "text": "t" * 900, "label": "a"} for n in range(9)]),
    "table": (fields.Table("heavy"), [{"a": "x" * 300, "b": "y" * 300}] * 100),
    "contributions": (fields.Contributions("heavy"), {f"{'name' * 90} {n}": 0.1 for n in range(100)}),
    "token_weights": (fields.TokenWeights("heavy"), [("token" * 9, 0.1)] * 900),
}
HELD_BY = {"chat": "messages", "similar": "examples", "table": "rows", "contributions": "rows"}


def holders(blocks):
    return [holder for block in blocks for holder in (block, *block.get("examples", ())) if "buffer" in holder]


@pytest.mark.parametrize("kind", HEAVY)
@pytest.mark.parametrize("largest", [9_000, 20_000])
def test_what_is_heavy_gives_way_and_what_is_light_stays(kind, largest):
    blocks, buffers = blocks_of(LIGHT, HEAVY[kind], LIGHT)
    assert weight(blocks, buffers) > largest
    (first, smaller, last), own = shared(blocks, buffers, largest)
    assert first == last == blocks[0]
    assert weight([first, smaller, last], own) <= largest
    assert weight([first, smaller, last], own) > largest / 3
    assert (smaller["type"], smaller["field"]) == (blocks[1]["type"], "heavy")
    assert [holder["buffer"] for holder in holders([smaller])] == list(range(len(own)))


@pytest.mark.parametrize("kind", HELD_BY)
def test_the_parts_of_a_list_that_are_left_out_are_counted(kind):
    (block,), buffers = blocks_of(HEAVY[kind])
    parts = HELD_BY[kind]
    (smaller,), _ = shared([block], buffers, 9_000)
    assert len(smaller[parts]) + smaller.get("more", 0) == len(block[parts])
    assert len(smaller[parts]) > 0


def test_what_was_left_out_before_is_counted_too():
    (block,), _ = blocks_of((fields.Table("heavy"), [{"a": "x" * 90}] * 1_050))
    assert block["more"] == 50
    (smaller,), _ = shared([block], [], 9_000)
    assert len(smaller["rows"]) + smaller["more"] == 1_050


@pytest.mark.parametrize("count", [900, 2_100, 50_100])
def test_words_that_are_left_out_can_be_had_with_their_text(count):
    (block,), _ = blocks_of((fields.TokenWeights("heavy"), [("token" * 9, 0.1)] * count))
    (smaller,), _ = shared([block], [], 9_000)
    assert smaller["tokens"] == block["tokens"][: len(smaller["tokens"])]
    assert 0 < len(smaller["tokens"]) < 900
    assert smaller["clipped"] == 45 * min(count, 50_000)
    assert smaller.get("more", 0) == max(count - 50_000, 0)


def test_every_message_of_a_chat_is_there_and_the_long_ones_can_be_had_whole():
    (block,), _ = blocks_of(HEAVY["chat"])
    (smaller,), _ = shared([block], [], 20_000)
    assert [(message.get("clipped", len(message["text"]))) for message in smaller["messages"]] == [9_000, 3] * 9
    assert {message["text"] for message in smaller["messages"][1::2]} == {"yes"}


def test_a_text_that_was_cut_already_keeps_its_length():
    (block,), _ = blocks_of((fields.Text("heavy"), "x" * 70_000))
    (smaller,), _ = shared([block], [], 1_000)
    assert smaller["clipped"] == 70_000
    assert 800 < len(smaller["text"]) < 1_000


def test_html_goes_without_its_rendering_before_its_source_is_cut():
    (block,), _ = blocks_of(HEAVY["html"])
    (smaller,), _ = shared([block], [], weight(block) - 1)
    assert (smaller["text"], smaller["rendered"]) == (block["text"], None)
    assert "clipped" not in smaller


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "I;16", "1", "CMYK"])
def test_a_picture_of_any_mode_is_made_smaller_and_says_how_large_it_is_now(mode):
    image = fromarray(noise(600)).convert("I" if mode == "I;16" else mode).convert(mode)
    if mode == "RGBA":
        image.putalpha(100)
    buffers = [packed(image, "JPEG" if mode == "CMYK" else "PNG")]
    block = {"type": "image", "field": "x", "buffer": 0, "mime": "image/png", "width": 600, "height": 600}
    ((smaller,), (data,)) = shared([block], buffers, 20_000)
    shown = open_image(BytesIO(data))
    assert len(data) < 20_000
    assert shown.size == (smaller["width"], smaller["height"])
    assert shown.get_format_mimetype() == smaller["mime"]
    assert ("A" in shown.mode) == (mode == "RGBA")


def test_examples_keep_their_pictures():
    (block,), buffers = blocks_of(HEAVY["similar"])
    (smaller,), own = shared([block], buffers, 90_000)
    assert len(own) == len(smaller["examples"]) == 9
    for example, data in zip(smaller["examples"], own, strict=True):
        assert open_image(BytesIO(data)).get_format_mimetype() == example["mime"]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "of_ones_own", "field": "x", "text": "x" * 9_000},
        {"type": "table", "field": "x", "columns": ["x" * 9_000], "rows": [["y"]]},
        {"type": "unreadable", "field": "x", "message": "m" * 9_000},
    ],
)
def test_what_cannot_give_way_is_replaced_by_words(block):
    assert shared([block], [], 2_000) == (
        [{"type": "unreadable", "field": "x", "message": "too large to be shown beside the rest of this item"}], [],
    )  # fmt: skip


def test_pictures_beyond_counting_are_replaced_by_words():
    blocks, buffers = blocks_of(*[(fields.Image(f"picture {n}"), noise(60, n)) for n in range(50)])
    smaller, own = shared(blocks, buffers, 60_000)
    assert weight(smaller, own) <= 60_000
    assert {block["type"] for block in smaller} == {"unreadable"}
