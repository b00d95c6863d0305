"""Text as the page can hold it: nothing in it acts, and nothing in it goes unseen."""

import re

__all__ = ["TERMINAL_CODE", "visible"]

TERMINAL_CODE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,1000}(?:\x07|\x1b\\))")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def visible(text: str) -> str:
    """``text`` with ANSI codes taken out, controls as their pictures and half surrogate pairs as U+FFFD.

    Bidirectional controls and zero-width characters are left: they have uses in real scripts, and the page marks them.

    >>> visible("a\\x1b[31mred\\x1b[0m\\x00")
    'ared␀'
    """
    if _HIDDEN.search(text) is None:
        return text
    return _HIDDEN.sub(_picture, TERMINAL_CODE.sub("", text.replace("\r\n", "\n")))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x7F:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
