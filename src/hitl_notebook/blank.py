"""What counts as blank in a name: text in which there is nothing to see."""

import re

__all__ = ["is_blank"]

# White space, and what Unicode has no picture for: format characters, fillers, selectors and tags.
_UNSEEN = (
    r"\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_BLANK = re.compile(f"[{_UNSEEN}]*")


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen.

    >>> [is_blank(text) for text in ("", " ", "\\u200b", "\\u3164 ", "a\\u200b")]
    [True, True, True, True, False]
    """
    return _BLANK.fullmatch(text) is not None
