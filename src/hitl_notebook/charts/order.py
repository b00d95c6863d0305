"""Names in the order of the table: a drawing that is patched would keep the order in which it came to know them."""

from typing import Any

import altair as alt

__all__ = ["numbered", "table_order"]

PLACE = "hitl_place"
"""Known to the page, which need not count all rows anew when one changes: the twin of js/src/chart/numbered.ts."""


def numbered() -> dict[str, Any]:
    """The transform by which each row has its place in the table."""
    return {"window": [{"op": "row_number", "as": PLACE}]}


def table_order() -> alt.EncodingSortField:
    """Of a name that stands in several rows the first counts; the chart's data is ``numbered``."""
    return alt.EncodingSortField(PLACE, op="min")
