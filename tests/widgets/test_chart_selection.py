"""Which rows a selection in the page means."""

import pytest

from hitl_notebook.widgets.chart_selection import matching

ROWS = [{"day": "Mon", "n": 3}, {"day": "Tue", "n": 5}, {"day": None, "n": 5}, {"day": "1", "n": None}]


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], []),
        ([[{"field": "day", "any": ["Tue"]}]], [1]),
        ([[{"field": "day", "any": [None]}]], [2]),
        ([[{"field": "day", "any": ["Mon", "Tue"]}]], [0, 1]),
        ([[{"field": "n", "any": [5]}, {"field": "day", "any": ["Tue"]}]], [1]),
        ([[{"field": "day", "any": ["Mon"]}], [{"field": "n", "any": [5]}]], [0, 1, 2]),
        ([[{"field": "n", "from": 3, "to": 5, "open": True}]], [0]),
        ([[{"field": "n", "from": 3, "to": 5, "open": False}]], [0, 1, 2]),
        ([[{"field": "day", "any": [1]}]], []),
        ([[{"field": "gone", "any": [None]}]], []),
    ],
)
def test_rows_meet_all_conditions_of_any_point(points, expected):
    assert matching(ROWS, points) == expected


# 2026-11-21 09:30 in Berlin is 08:30 in UTC, 1 795 249 800 seconds after 1970 began.
HALF_PAST_EIGHT = 1_795_249_800_000


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-11-21T08:30:00+00:00", "Asia/Tokyo"),
        ("2026-11-21T09:30:00", "Europe/Berlin"),
        ("2026-11-21T08:30:00", "no such zone"),
    ],
)
def test_a_time_without_a_zone_is_in_the_pages(text, zone):
    rows = [{"at": text}, {"at": None}]
    assert matching(rows, [[{"field": "at", "any": [HALF_PAST_EIGHT]}]], zone) == [0]
    within = {"field": "at", "from": HALF_PAST_EIGHT - 1, "to": HALF_PAST_EIGHT + 1, "open": True}
    assert matching(rows, [[within]], zone) == [0]


def test_a_date_alone_is_taken_for_utc_as_browsers_do():
    midnight = HALF_PAST_EIGHT - (8 * 60 + 30) * 60_000
    assert matching([{"at": "2026-11-21"}], [[{"field": "at", "any": [midnight]}]], "Asia/Tokyo") == [0]


@pytest.mark.parametrize("cell", [[1, 2], {"a": 1}, None])
def test_what_is_no_number_is_in_no_range(cell):
    assert matching([{"n": cell}, {"n": 1}], [[{"field": "n", "from": 0, "to": 9, "open": False}]]) == [1]


def test_text_that_is_no_time_is_no_number():
    assert matching([{"day": "Mon"}], [[{"field": "day", "from": 0, "to": 9, "open": False}]]) == []
