"""Hostile texts of the project's own, each with a number: what it runs tells the page that number, what it fetches asks
for it.

``payloads.json`` is read by the page's own tests too.
"""

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ELSEWHERE", "Payload", "payloads"]

ELSEWHERE = "attacker.example"
# Without quotes, which would end what it stands in; 42 is the asterisk, for a page of any origin.
_FIRE = "top.postMessage({{fired:{number}}},String.fromCharCode(42))"


@dataclass(frozen=True)
class Payload:
    number: int
    group: str
    name: str
    text: str


def payloads() -> list[Payload]:
    groups = json.loads(Path(__file__).with_name("payloads.json").read_text())
    named = [(group, name, text) for group, texts in groups.items() for name, text in texts.items()]
    return [
        Payload(
            number,
            group,
            name,
            text.replace("FIRE", _FIRE.format(number=number)).replace("ASK", f"{ELSEWHERE}/{number}"),
        )
        for number, (group, name, text) in enumerate(named)
    ]
