"""Text that a spreadsheet would run as a formula, made harmless and back.

A spreadsheet takes what begins with ``=``, ``+``, ``-`` or ``@`` for a formula: after spaces, control and invisible
characters too, and in the full-width forms that an East Asian edition folds. A reader that splits a file at other
places than its writer meant finds beginnings inside a cell as well: after a line break, a tab, a semicolon.

So an apostrophe goes before each such beginning, and before each that is an apostrophe already, which makes the way
back exact: one apostrophe less at each.
"""

import re

__all__ = ["defused", "quoted_apostrophes", "restored"]

# Where a reader may begin a cell: line breaks as str.splitlines knows them, and what separates cells elsewhere.
_BEGINNING = r"(?:\A|(?<=[\n\v\f\x1c-\x1e\x85\u2028\u2029\t;])|(?<=\r)(?!\n))"

# Spaces, controls, formats and fillers, which show as nothing or are dropped, and the quotation mark, which a reader
# that splits at semicolons may take for the opening of a cell. What _BEGINNING names is not among them: no character
# is looked at twice, however long the text.
_PASSED_OVER = (
    r'[\x00-\x08\x0e-\x1b\x1f "\x7f-\x84\x86-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f'
    r"\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u202a-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]*"
)

# The four and what NFKC makes of others; the minus sign proper with its forms, to be safe.
_RUNS = r"[=+\-@＝﹦⁼₌⩵⩶＋﹢⁺₊﬩－﹣−⁻₋＠﹫]"

_HARMFUL = re.compile(f"{_BEGINNING}(?={_PASSED_OVER}{_RUNS}|')")
_APOSTROPHE = re.compile(f"{_BEGINNING}(?=')")
_ESCAPE = re.compile(f"{_BEGINNING}'")


def defused(text: str) -> str:
    """``text`` with an apostrophe before each beginning that a spreadsheet would run.

    Examples
    --------
    >>> defused("=1+1"), defused("'tis"), defused("1 - 1")
    ("'=1+1", "''tis", '1 - 1')
    """
    return _HARMFUL.sub("'", text)


def quoted_apostrophes(text: str) -> str:
    """``text`` with formulas left as they are, and still one that ``restored`` gives back exactly.

    Examples
    --------
    >>> quoted_apostrophes("=1+1"), quoted_apostrophes("'tis")
    ('=1+1', "''tis")
    """
    return _APOSTROPHE.sub("'", text)


def restored(text: str) -> str:
    """What ``defused`` or ``quoted_apostrophes`` was given.

    Examples
    --------
    >>> restored("'=1+1"), restored("''tis"), restored("1 - 1")
    ('=1+1', "'tis", '1 - 1')
    """
    return _ESCAPE.sub("", text)
