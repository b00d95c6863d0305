"""A live chart as a cell makes it, and as a person meets it."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.tab import SOON, Tab

CHART = """
import altair as alt
import pandas as pd
import hitl_notebook as hitl

def days(*counts):
    return pd.DataFrame({"day": [f"day {n}" for n in range(len(counts))], "n": counts})

clicked = alt.selection_point(name="selected", fields=["day"])
zoomed = alt.selection_interval(bind="scales", encodings=["y"])
chart = alt.Chart(days(3, 5), title="Items a day").mark_bar().encode(
    x="day", y="n", tooltip=["day", "n"], opacity=alt.when(clicked).then(alt.value(1)).otherwise(alt.value(0.4))
).add_params(clicked, zoomed).properties(width="container", height=160)
live = hitl.LiveChart(chart)
live
"""


class Chart:
    """One live chart on the page; ``view`` counts them from the top."""

    def __init__(self, tab: Tab, view: int = 0) -> None:
        self.page = tab.page
        self.root: Locator = self.page.locator('[data-hitl="chart"]').nth(view)
        self.drawing = self.root.locator("svg")
        self.bars = self.root.locator(".mark-rect path")
        self.ticks = self.root.locator(".role-axis-label text").filter(has_text=re.compile(r"^[0-9.]+$"))
        self.said = self.root.get_by_role("status")
        self.mark = self.root.get_by_role("option")
        """The mark that keys have come to."""
        self.kept = self.page.locator(".hitl-kept-chart img")
        """The picture for readers without a kernel."""

    def wait_for_bars(self, count: int) -> None:
        expect(self.bars).to_have_count(count, timeout=SOON)

    def highest_tick(self) -> str:
        """How far up the axis of counts goes."""
        return self.ticks.last.text_content() or ""
