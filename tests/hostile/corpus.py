"""Hostile texts of the project's own, each with a number: what it runs calls that number, what it fetches asks for it.

``payloads.json`` is read by the page's own tests too.
"""

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ELSEWHERE", "Payload", "payloads"]

ELSEWHERE = "attacker.example"


@dataclass(frozen=True)
class Payload:
    number: int
    group: str
    name: str
    text: str
    acts: bool
    """Whether it would run or fetch something where it is taken for markup or an address."""


def payloads() -> list[Payload]:
    groups = json.loads(Path(__file__).with_name("payloads.json").read_text())
    named = [(group, name, text) for group, texts in groups.items() for name, text in texts.items()]
    return [
        Payload(
            number,
            group,
            name,
            text.replace("FIRE", f"top.fire({number})").replace("ASK", f"{ELSEWHERE}/{number}"),
            "FIRE" in text or "ASK" in text,
        )
        for number, (group, name, text) in enumerate(named)
    ]
