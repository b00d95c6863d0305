"""What a page says of its charts is checked before it is believed."""

import pytest

from hitl_notebook.widgets.chart_messages import Selected, SentPicture, WantedLibrary, read_chart_message

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
POINT = [{"field": "day", "any": ["Mon", 3, None]}, {"field": "n", "from": 0, "to": 1.5, "open": True}]

ENDLESS = {"field": "n", "from": 0, "to": float("inf"), "open": True}


def test_messages_of_known_shape_are_read():
    assert read_chart_message({"kind": "library", "library": "vega-9f2c"}, None) == WantedLibrary("vega-9f2c")
    selected = {"kind": "selected", "points": [POINT], "zone": "Europe/Berlin"}
    assert read_chart_message(selected, []) == Selected([POINT], "Europe/Berlin")
    picture = {"kind": "picture", "width": 300, "height": 200}
    assert read_chart_message(picture, [memoryview(PNG)]) == SentPicture(PNG, 300, 200)


@pytest.mark.parametrize(
    ("content", "buffers"),
    [
        (None, []),
        ("library", []),
        ({}, []),
        ({"kind": "library"}, []),
        ({"kind": "run", "code": "1"}, []),
        ({"kind": "selected", "points": None, "zone": "UTC"}, []),
        ({"kind": "selected", "points": [[]], "zone": "UTC"}, []),
        ({"kind": "selected", "points": [[{"field": 3, "any": []}]], "zone": "UTC"}, []),
        ({"kind": "selected", "points": [[ENDLESS]], "zone": "UTC"}, []),
        ({"kind": "selected", "points": [POINT] * 10_001, "zone": "UTC"}, []),
        ({"kind": "picture", "width": 300, "height": 200}, []),
        ({"kind": "picture", "width": 300, "height": 200}, [b"<svg onload=alert(1)>"]),
        ({"kind": "picture", "width": 0, "height": 200}, [PNG]),
        ({"kind": "picture", "width": 300, "height": 10**9}, [PNG]),
        ({"kind": "picture", "width": 300, "height": 200}, [PNG + b"0" * 10**6]),
    ],
)  # fmt: skip
def test_others_are_none(content, buffers):
    assert read_chart_message(content, buffers) is None
