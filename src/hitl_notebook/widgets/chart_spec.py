"""An Altair chart in two parts: how it is drawn, and the rows that it draws, by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from hitl_notebook.charts.dataset import words
from hitl_notebook.charts.names import with_lasting_names
from hitl_notebook.errors import InvalidChart
from hitl_notebook.widgets.chart_rows import Row, json_cell

__all__ = ["ChartSpec", "is_chart", "read_chart"]

_HASHED = re.compile(r"data-[0-9a-f]{8,}")  # Altair's own name for rows that have none
_ONLY = "data"
_ONE_OF_SEVERAL = "dataset"  # Vega-Lite calls what it makes itself data_0, data_1 and so on
# There is one setting for all threads: two that set it back out of turn would leave it changed.
_ALTAIRS_SETTING = Lock()
_MADE_IN_THE_PAGE = {"sequence", "sphere", "graticule"}


@dataclass(frozen=True)
class ChartSpec:
    """What a page needs to draw a chart."""

    spec: dict[str, Any]
    """Vega-Lite, without the rows."""
    rows: dict[str, list[Row]]
    """The rows of each dataset, by a name that stays the same whatever they are."""

    @property
    def fields(self) -> frozenset[str]:
        """The columns that the chart names; some of them may be made by its own transforms."""
        return frozenset(_fields(self.spec))

    @property
    def title(self) -> str:
        """What the chart is called, empty where it has no name: its description, or its title on one line."""
        title = self.spec.get("title", "")
        text = title.get("text", "") if isinstance(title, dict) else title
        said = " ".join(map(str, text)) if isinstance(text, list) else text
        return str(self.spec.get("description") or said)


def is_chart(chart: Any) -> bool:
    """Whether it is an Altair chart of any kind, or a specification as a dict."""
    import altair as alt

    return isinstance(chart, Mapping | alt.TopLevelMixin)


def read_chart(chart: Any) -> ChartSpec:
    """The two parts of an Altair chart, or of a Vega-Lite specification as a dict.

    Raises
    ------
    InvalidChart
        Altair refuses it, or it fetches its data from somewhere.
    """
    spec = _specification(chart)
    rows: dict[str, list[Row]] = {name: list(values) for name, values in spec.pop("datasets", {}).items()}
    unnamed = 0
    for holder in _dicts(spec):
        data = holder.get("data")
        if not isinstance(data, dict):
            continue
        if "url" in data:
            raise InvalidChart(
                "this chart fetches its data from an address, and nothing is fetched here: give it a DataFrame"
            )
        if isinstance(data.get("values"), list):
            unnamed += "name" not in data
            name = data.setdefault("name", f"data-{unnamed:032x}")
            rows[name] = data.pop("values")
        elif "name" in data and not _MADE_IN_THE_PAGE & data.keys():
            rows.setdefault(data["name"], [])
    renamed = _names(rows)
    for holder in _dicts(spec):
        data = holder.get("data")
        if isinstance(data, dict) and data.get("name") in renamed:
            data["name"] = renamed[data["name"]]
    return ChartSpec(
        with_lasting_names(spec), {renamed[name]: [_row(row) for row in values] for name, values in rows.items()}
    )


def _specification(chart: Any) -> dict[str, Any]:
    try:
        spec: dict[str, Any] = _copied(chart if isinstance(chart, Mapping) else _with_all_rows(chart))
    except Exception as error:  # Altair's own and those of its schema, with what is wrong in their words
        raise InvalidChart(f"Altair cannot make this chart: {error}") from error
    return spec


def _with_all_rows(chart: Any) -> Any:
    """The rows go with the chart, whatever the user has Altair do with them; how many they may be the widget says."""
    import altair as alt

    with _ALTAIRS_SETTING, alt.data_transformers.enable("default", max_rows=None):
        return chart.to_dict()


def _copied(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {_copied(name): _copied(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_copied(value) for value in part]
    return words(part) if isinstance(part, str) else part


def _names(rows: Mapping[str, Any]) -> dict[str, str]:
    """A lasting name for each dataset: the user's own where there is one."""
    hashed = [name for name in rows if _HASHED.fullmatch(name)]
    lasting = [_ONLY] if len(rows) == 1 else [f"{_ONE_OF_SEVERAL}_{number}" for number in range(1, len(hashed) + 1)]
    return {**{name: name for name in rows}, **dict(zip(hashed, lasting, strict=False))}


def _row(row: Any) -> Row:
    if isinstance(row, Mapping):
        return {words(str(name)): json_cell(cell) for name, cell in row.items()}
    return {"data": json_cell(row)}  # as Vega takes a value alone


def _dicts(part: Any) -> Iterator[dict[str, Any]]:
    """Every object within a specification, the outer ones first."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _dicts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _dicts(value)


def _fields(spec: Any) -> Iterator[str]:
    for part in _dicts(spec):
        for name in ("field", "fields", "groupby"):
            named = part.get(name)
            yield from [named] if isinstance(named, str) else [one for one in named or () if isinstance(one, str)]
