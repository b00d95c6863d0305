import base64
import os
import struct
import zlib
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Pillow

from hitl_notebook.errors import BadColumn, InvalidField
from hitl_notebook.fields import Image
from hitl_notebook.items import read_items
from hitl_notebook.protocol import Block
from hitl_notebook.tasks import Classification
from tests.libraries import LIBRARIES

TASK = Classification(["ham"])
RAMP = np.linspace(0, 255, 12).astype(np.uint8).reshape(3, 4)
LARGEST_BUFFER = 512 * 1_024


def encoded(kind: str, image: Pillow.Image | None = None, **options: Any) -> bytes:
    buffer = BytesIO()
    (image or Pillow.new("RGB", (4, 3), "red")).save(buffer, format=kind, **options)
    return buffer.getvalue()


def shown(cell: Any, **options: Any) -> tuple[Block, Any]:
    """The block and the picture as an array; None where there is a placeholder."""
    buffers: list[bytes] = []
    block = Image("i", **options).block(cell, buffers)
    if block["type"] != "image":
        assert buffers == []
        return block, None
    assert len(buffers[0]) <= LARGEST_BUFFER
    opened = Pillow.open(BytesIO(buffers[0]))
    assert Pillow.MIME[opened.format or ""] == block["mime"]
    return block, np.asarray(opened)


def refused(cell: Any, **options: Any) -> str:
    block, _ = shown(cell, **options)
    assert block["type"] == "unreadable"
    return block["message"]


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
        + chunk(b"IEND", b"")
    )


# ---------------------------------------------------------------- arrays


@pytest.mark.parametrize(
    ("array", "seen"),
    [
        (RAMP, RAMP),
        (RAMP.astype(np.int64), RAMP),
        (RAMP.astype(np.float64), RAMP),
        (RAMP / 255, RAMP),
        (RAMP.astype(np.float16), RAMP),
        (RAMP > 100, np.where(RAMP > 100, 255, 0)),
        (RAMP[:, :, None], RAMP),
        (RAMP.astype(np.uint16) * 257, RAMP),
        (RAMP.astype(np.float64) * 2 - 300, RAMP),
        (RAMP.astype(np.float64) * 1e305 * 4 - 5e307, RAMP),
        (np.full((2, 2), np.nan), np.zeros((2, 2))),
        (np.array([[0.5, np.nan], [np.inf, -np.inf]]), [[128, 0], [255, 0]]),
        (np.zeros((2, 2)), np.zeros((2, 2))),
        (np.full((2, 2), 1_000.0), np.zeros((2, 2))),
    ],
)
def test_an_array_of_one_channel_is_grey(array: Any, seen: Any) -> None:
    block, picture = shown(array)
    assert (block["width"], block["height"]) == np.shape(seen)[::-1]
    assert np.abs(picture.astype(int) - np.asarray(seen)).max() <= 1


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_come_with_their_channels_last_or_first(channels: int) -> None:
    array = np.arange(5 * 6 * channels, dtype=np.uint8).reshape(5, 6, channels)
    assert np.array_equal(shown(array)[1], array)
    assert np.array_equal(shown(np.moveaxis(array, 2, 0))[1], array)
    assert np.array_equal(shown(array.tolist())[1], array)


def test_black_and_white_may_be_said() -> None:
    digit = np.array([[0.0, 8.0, 16.0]] * 2)
    assert shown(digit, value_range=(0, 16))[1][0].tolist() == [0, 128, 255]
    assert shown(digit, value_range=(16, 0))[1][0].tolist() == [255, 128, 0]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 3)),
        np.zeros(3),
        np.zeros((2, 2, 2)),
        np.zeros((2, 2, 2, 3)),
        np.array([["a"]]),
        np.array([[1j]]),
        np.array([[Decimal("0.5")]]),
        3,
        [[1, 2], [3]],
        {"a": 1},
    ],
    ids=str,
)
def test_what_is_no_picture_is_a_placeholder(array: Any) -> None:
    refused(array)


# ---------------------------------------------------------------- bytes and Pillow images


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_bytes_that_a_page_can_show_are_left_as_they_are(kind: str) -> None:
    data = encoded(kind)
    buffers: list[bytes] = []
    block = Image("i").block(memoryview(data), buffers)
    assert buffers == [data]
    assert (block["width"], block["height"], block["mime"]) == (4, 3, f"image/{kind.lower()}")


@pytest.mark.parametrize("kind", ["BMP", "TIFF"])
def test_other_bytes_are_made_png(kind: str) -> None:
    block, picture = shown(encoded(kind))
    assert block["mime"] == "image/png"
    assert picture[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "I", "F", "I;16"])
def test_pillow_images_of_every_mode_are_shown(mode: str) -> None:
    block, _ = shown(Pillow.new(mode, (4, 3)))
    assert (block["type"], block["width"], block["height"]) == ("image", 4, 3)


def test_a_pillow_image_is_not_changed() -> None:
    image = Pillow.new("RGB", (3_000, 2_000), "red")
    block, _ = shown(image)
    assert (block["width"], block["height"]) == (1_024, 683)
    assert image.size == (3_000, 2_000)


def test_a_turned_photo_is_shown_upright() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    small, large = (encoded("JPEG", Pillow.new("RGB", size), exif=exif) for size in ((40, 30), (4_000, 3_000)))
    assert (shown(small)[0]["width"], shown(small)[0]["height"]) == (30, 40)
    assert (shown(large)[0]["width"], shown(large)[0]["height"]) == (768, 1_024)


def test_large_images_become_small_enough_to_send() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1_500, 2_000, 4), dtype=np.uint8)
    for cell in (noise, noise[:, :, :3], noise[:, :, 0], encoded("PNG", Pillow.fromarray(noise))):
        block, _ = shown(cell)
        assert max(block["width"], block["height"]) <= 1_024
        assert block["width"] * 3 == pytest.approx(block["height"] * 4, rel=0.02)
    assert shown(noise, max_side=50)[0]["width"] == 50


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not an image"),
        (b"just bytes", "not an image"),
        (encoded("PNG")[:40], "broken"),
        (encoded("JPEG")[:200], "broken"),
        (encoded("GIF")[:10], "broken"),
        (encoded("WEBP")[:20], "broken"),
        (b"RIFFxxxxWAVEfmt ", "broken"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not an image"),
        (png_that_claims(60_000, 60_000), "too large"),
        (png_that_claims(2**31 - 1, 2**31 - 1), "too large|broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\n<?xml version='1.0'?><svg/>", "SVG"),
    ],
    ids=lambda part: str(part[:12]),
)
def test_a_broken_or_dangerous_file_is_a_placeholder(data: bytes, said: str) -> None:
    message = refused(data)
    assert any(part in message for part in said.split("|"))


def test_a_pillow_image_beyond_all_bounds_is_not_decoded() -> None:
    assert "too large" in refused(Pillow.new("1", (10_000, 6_000)))


# ---------------------------------------------------------------- paths and URLs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images" / "deep").mkdir(parents=True)
    (tmp_path / "images" / "a.png").write_bytes(encoded("PNG"))
    (tmp_path / "images" / "deep" / "b.jpg").write_bytes(encoded("JPEG"))
    (tmp_path / "images" / "broken.png").write_bytes(b"broken")
    (tmp_path / "secret.png").write_bytes(encoded("PNG"))
    (tmp_path / "images" / "link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "images" / "up").symlink_to(tmp_path)
    (tmp_path / "images" / "inside.png").symlink_to(tmp_path / "images" / "a.png")
    return tmp_path / "images"


def test_paths_under_the_root_are_shown(root: Path) -> None:
    for path in ("a.png", "deep/b.jpg", "deep/../a.png", "inside.png", str(root / "a.png"), Path("a.png"), "./a.png"):
        assert shown(path, root=root)[0]["width"] == 4


@pytest.mark.parametrize(("path", "said"), [("no.png", "no such"), ("deep", "no such"), ("broken.png", "not an image")])
def test_a_missing_or_broken_file_is_a_placeholder(root: Path, path: str, said: str) -> None:
    assert said in refused(path, root=root)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    "path",
    [
        "../secret.png",
        "deep/../../secret.png",
        "/etc/passwd",
        "link.png",
        "up/secret.png",
        "file:///etc/passwd",
        " FILE:a.png",
        "a.png\0",
        "..",
    ],
)
def test_a_path_out_of_the_root_is_refused_at_the_door_and_again_when_opened(
    root: Path, library: str, path: str
) -> None:
    frame = LIBRARIES[library]({"photo": ["a.png", path]})
    with pytest.raises(BadColumn, match=r"column 'photo': 1 cells.*row 1"):
        read_items(frame, task=TASK, show=Image("photo", root=root))
    refused(path, root=root)


def test_a_path_out_of_the_root_is_found_in_any_row(root: Path) -> None:
    for path in ("../secret.png", "/etc/passwd", "deep/../../x", "file:a.png", "a.png\0", Path("../secret.png")):
        frame = pd.DataFrame({"photo": ["a.png"] * 1_999 + [None, path]})
        with pytest.raises(BadColumn, match="row 2000"):
            read_items(frame, task=TASK, show=Image("photo", root=root))


def test_of_many_paths_the_first_thousand_are_looked_at_before_they_are_shown(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A look at each of a million files takes minutes on a file server.
    looked_at = set()
    look = os.lstat

    def noting_look(path: Any, **options: Any) -> os.stat_result:
        looked_at.add(str(path))
        return look(path, **options)

    monkeypatch.setattr(os, "lstat", noting_look)
    cells = [f"pictures/{number}.png" for number in range(10_000)]
    assert Image("path", root=root).refused(cells) == {}
    assert {f"{root}/pictures/{number}.png" for number in range(1_000)} <= looked_at
    assert len(looked_at) < 1_020


def test_a_link_that_leads_out_later_is_not_followed(root: Path) -> None:
    items = read_items(pd.DataFrame({"photo": ["a.png"]}), task=TASK, show=Image("photo", root=root))
    (root / "a.png").unlink()
    (root / "a.png").symlink_to(root.parent / "secret.png")
    assert "leads out" in items.payload(0)[0][0]["message"]


@pytest.mark.parametrize(
    "url",
    ["https://x.example/a.png", "HTTP://x.example", "//x.example/a.png", "ftp://x", "s3://bucket/a", "javascript:x"],
)
def test_a_url_is_never_fetched(root: Path, url: str) -> None:
    for options in ({}, {"root": root}):
        items = read_items(pd.DataFrame({"photo": [url]}), task=TASK, show=Image("photo", **options))
        (block,) = items.payload(0)[0]
        assert "not fetched" in block["message"]


def test_a_path_without_a_root_says_what_to_give() -> None:
    assert "root=" in refused("a.png")


def test_data_urls_hold_an_image_or_a_placeholder() -> None:
    assert shown("data:image/png;base64," + base64.b64encode(encoded("PNG")).decode())[0]["width"] == 4
    assert "base64" in refused("data:image/png;base64,???")
    refused("data:image/svg+xml;base64,PHN2Zz4=")
    assert "SVG" in refused("<svg onload=alert(1)>")


def test_options_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidField, match="no directory"):
        Image("i", root=tmp_path / "none")
    for max_side in (0, 10_000):
        with pytest.raises(InvalidField, match="max_side"):
            Image("i", max_side=max_side)
