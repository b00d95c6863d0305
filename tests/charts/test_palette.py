"""Colours by the arithmetic of WCAG 2.1 for contrast and of Machado et al. (2009) for the colour-blind."""

from itertools import combinations

import numpy as np
import pytest

from hitl_notebook import charts
from hitl_notebook.charts import palette
from tests.charts.drawing import drawn
from tests.charts.tables import TABLES, decisions

COLOURS = {name: getattr(palette, name) for name in ("BLUE", "VERMILION", "GREEN", "QUIET")}
# Machado et al. (2009), IEEE TVCG 15(6), severity 1.0; on linear RGB.
SIGHT = {
    "all colours": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
PAGES = ["#ffffff", "#111111"]
# How full a cell is says how much, and the number stands in it.
WITH_NUMBERS = {"confusion", "pairwise_agreement"}
# One colour to some; but grey is dashed lines and dots, where green is areas and larger dots.
OF_OTHER_FORM = {palette.GREEN, palette.QUIET}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    share = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def over(colour, opacity, page):
    """A colour as a browser paints it on a page."""
    paint, ground = ([int(of[place : place + 2], 16) for place in (1, 3, 5)] for of in (colour, page))
    mixed = (round(opacity * top + (1 - opacity) * below) for top, below in zip(paint, ground, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def painted(mark, page):
    """Colours of the palette that a mark is drawn with, each as it is and as it is seen on the page."""
    for paint in ("fill", "stroke"):
        if mark.get(paint) in COLOURS.values():
            opacity, own = mark.get("opacity"), mark.get(f"{paint}Opacity")
            seen = (1 if opacity is None else opacity) * (1 if own is None else own)
            if seen > 0:
                yield mark[paint], over(mark[paint], seen, page)


def contrast(one, other):
    light, dark = sorted((float(XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    ratio = XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one, other, sight):
    """The distance of CIE 1976; 2.3 is just seen side by side."""
    seen = [lab(np.array(SIGHT[sight]) @ linear(colour)) for colour in (one, other)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def test_the_arithmetic_knows_what_is_known():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the example of many a guide
    assert apart("#000000", "#ffffff", "all colours") == pytest.approx(100, abs=0.01)
    # Red and green of one lightness: what the test is there to find.
    assert apart("#c00000", "#007c00", "all colours") > 100
    assert apart("#b8503c", "#7a7a3c", "deuteranopia") < 15


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("page", PAGES)
def test_every_colour_stands_out_on_a_light_page_and_on_a_dark_one(name, page):
    assert contrast(COLOURS[name], page) >= 3  # WCAG 1.4.11 for graphics


@pytest.fixture(scope="module")
def drawings():
    decided = decisions()
    return drawn({name: getattr(charts, name)(table(decided)) for name, table in TABLES.items()})


def test_what_is_drawn_pale_would_be_noticed():
    assert contrast(over(palette.BLUE, 1, "#ffffff"), "#ffffff") >= 3
    assert contrast(over(palette.BLUE, 0.6, "#ffffff"), "#ffffff") < 2.3
    pale = {"fill": palette.BLUE, "opacity": 0.6, "fillOpacity": 0.5}
    assert list(painted(pale, "#ffffff")) == [(palette.BLUE, over(palette.BLUE, 0.3, "#ffffff"))]


@pytest.mark.parametrize("name", sorted(set(TABLES) - WITH_NUMBERS))
@pytest.mark.parametrize("page", PAGES)
def test_every_mark_stands_out_as_pale_as_it_is_drawn(drawings, name, page):
    """As long as nothing is selected: what is not is then set back on purpose."""
    marks = [mark for mark in drawings[name].marks if mark["role"] == "mark"]
    # Of a mark with edges these are enough: what is between them may be a tint.
    clearest = [max(contrast(seen, page) for _, seen in paints) for mark in marks if (paints := [*painted(mark, page)])]
    assert clearest
    assert min(clearest) >= 3


@pytest.mark.parametrize("name", sorted(set(TABLES) - WITH_NUMBERS))
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("sight", SIGHT)
def test_colours_of_one_chart_are_told_apart_as_pale_as_they_are_drawn(drawings, name, page, sight):
    paints = {paint for mark in drawings[name].marks for paint in painted(mark, page) if contrast(paint[1], page) >= 3}
    near = {
        (one, other): apart(one[1], other[1], sight)
        for one, other in combinations(sorted(paints), 2)
        if one[0] != other[0] and {one[0], other[0]} != OF_OTHER_FORM
    }
    assert min(near.values(), default=100) > 12, near


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_that_meet_in_a_chart_are_told_apart_by_everyone(sight):
    met = [*combinations(("BLUE", "VERMILION", "GREEN"), 2), ("BLUE", "QUIET"), ("VERMILION", "QUIET")]
    near = {pair: apart(COLOURS[pair[0]], COLOURS[pair[1]], sight) for pair in met}
    assert min(near.values()) > 12, near


def test_verdicts_have_the_colours_of_the_palette():
    assert list(palette.VERDICTS) == ["accept", "correct", "flag"]
    assert set(palette.VERDICTS.values()) <= set(COLOURS.values())
