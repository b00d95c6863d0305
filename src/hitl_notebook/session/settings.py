"""What a session has settled: kept in the log, so that a restart and a later reader know it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from hitl_notebook.decisions import Event
from hitl_notebook.errors import BadGuidelines
from hitl_notebook.review_queue import ReviewPlan

__all__ = ["Settings", "guidelines_text", "text_version"]

_CONTENT = ("guidelines", "id_sample")
_LARGEST_GUIDELINES = 200_000  # bytes: every page gets them whole, in one message with the labels


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The task, the plan and the versions that decisions are made under.

    ``columns`` are the names of columns that the session reads, for opening it again on a frame; ``order`` is the plan
    in words; ``id_sample`` is what is kept of the ids of all items, None where they are the rows' numbers.
    """

    task: str
    task_spec: Mapping[str, Any]
    plan: Mapping[str, Any]
    plan_version: str
    order: str
    model_version: str
    guidelines_version: str | None
    shown: list[str]
    columns: Mapping[str, Any]
    guidelines: str | None = field(default=None)
    id_sample: str | None = field(default=None, repr=False)

    @property
    def seed(self) -> int:
        return int(self.plan["seed"])

    @property
    def review_plan(self) -> ReviewPlan:
        """The plan, with the seed it is carried out with."""
        return ReviewPlan.recorded(self.plan)

    @property
    def changed_between(self) -> tuple[str, str] | None:
        """The two model versions of which only the differences are asked; None where all is asked by the plan."""
        between = self.plan.get("changed_between")
        return None if between is None else (between[0], between[1])

    def record(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """This as an event's record and content; guidelines and ids are content, which can be erased."""
        record = asdict(self)
        return record, {name: record.pop(name) for name in _CONTENT}

    @classmethod
    def from_event(cls, event: Event) -> Self:
        """The settings that an event has recorded."""
        recorded = {**event.record, **{name: (event.content or {}).get(name) for name in _CONTENT}}
        return cls(**{part.name: recorded[part.name] for part in fields(cls)})


def guidelines_text(guidelines: str | None) -> str | None:
    """The guidelines as they were given, None where they were left out.

    Raises
    ------
    BadGuidelines
        They are no text, or take more than 200,000 bytes as they are sent to the page.
    """
    if guidelines is None:
        return None
    if not isinstance(guidelines, str):
        raise BadGuidelines(
            f"guidelines= is {type(guidelines).__name__}: Markdown text for the reviewer; a file's is had with "
            "Path(...).read_text()"
        )
    size = len(json.dumps(guidelines))
    if size > _LARGEST_GUIDELINES:
        raise BadGuidelines(
            f"guidelines= takes {size:,} bytes as it is sent to the page, which takes {_LARGEST_GUIDELINES:,} at most: "
            "shorten the text, link to the rest, or make the pictures in it smaller"
        )
    return guidelines


def text_version(text: str | None) -> str | None:
    """A short hash of a text, None for none."""
    return None if text is None else hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
