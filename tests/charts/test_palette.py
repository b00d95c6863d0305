"""Colours by the arithmetic of WCAG 2.1 for contrast and of Machado et al. (2009) for the colour-blind."""

from itertools import combinations

import numpy as np
import pytest

from hitl_notebook.charts import palette

COLOURS = {name: getattr(palette, name) for name in ("BLUE", "VERMILION", "GREEN", "QUIET")}
# Machado et al. (2009), IEEE TVCG 15(6), severity 1.0; on linear RGB.
SIGHT = {
    "all colours": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    share = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


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
@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_every_colour_stands_out_on_a_light_page_and_on_a_dark_one(name, page):
    assert contrast(COLOURS[name], page) >= 3  # WCAG 1.4.11 for graphics


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_that_meet_in_a_chart_are_told_apart_by_everyone(sight):
    met = [*combinations(("BLUE", "VERMILION", "GREEN"), 2), ("BLUE", "QUIET"), ("VERMILION", "QUIET")]
    near = {pair: apart(COLOURS[pair[0]], COLOURS[pair[1]], sight) for pair in met}
    assert min(near.values()) > 12, near


def test_verdicts_have_the_colours_of_the_palette():
    assert list(palette.VERDICTS) == ["accept", "correct", "flag"]
    assert set(palette.VERDICTS.values()) <= set(COLOURS.values())
