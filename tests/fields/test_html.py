"""HTML is source text first; what is rendered of it has been sanitised."""

import sys

import pytest

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields import HTML, Text
from hitl_notebook.fields.detection import shown_field
from hitl_notebook.fields.html import sanitised


def test_the_source_is_all_there_and_the_rendering_is_sanitised() -> None:
    html = '<h1 id="document">Offer</h1><script>f()</script><img src="https://elsewhere.example/p.png" alt="a cup">'
    block = HTML("mail").block(html, [])
    assert block["text"] == html
    assert block["rendered"] == '<h1>Offer</h1><img alt="a cup">'


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://elsewhere.example/">x</a>',
        '<form action="https://elsewhere.example/"><input autofocus><button>x</button></form>',
        '<div id="a" class="b" role="alert" data-commandlinker-command="notebook:run" onclick="f()">x</div>',
        '<p style="background: url(//elsewhere.example/p.png); list-style-image: url(//elsewhere.example/p)">x</p>',
        '<base href="//elsewhere.example"><meta http-equiv="refresh" content="0"><link rel="stylesheet" href="//x">x',
        '<svg onload="f()"><style>@import "//elsewhere.example"</style></svg>x',
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=f()&gt;'>",
        '<iframe srcdoc="<script>f()</script>"></iframe><object data="//elsewhere.example"></object>x',
        '<img srcset="//elsewhere.example/p.png 2x" src="//elsewhere.example/p.png">x',
    ],
)
def test_nothing_that_acts_leads_elsewhere_or_is_fetched_is_left(html: str) -> None:
    rendered = sanitised(html)
    for trace in (
        "elsewhere",
        "href",
        "onclick",
        "onload",
        "<img src",
        "style>",
        "<svg",
        "id=",
        "class=",
        "role=",
        "data-",
    ):
        assert trace not in rendered
    assert sanitised(rendered) == rendered


def test_pictures_within_and_plain_styles_stay() -> None:
    html = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="dot"><p style="color:red;text-align:center">x</p>'
    assert sanitised(html) == html


@pytest.mark.parametrize("html", ["\ud800<b>x</b>", "a\0<b>x</b>", "<b>" * 12_000, "<div>" * 8_000, "&" * 40_000, ""])
def test_any_text_is_sanitised(html: str) -> None:
    block = HTML("mail").block(html, [])
    assert block["type"] == "html"
    assert block["rendered"] is not None
    assert len(block["rendered"]) < 300_000


def test_a_very_long_source_is_cut_and_not_rendered() -> None:
    block = HTML("mail").block("<p>word" * 10_000, [])
    assert block["rendered"] is None
    assert block["clipped"] == 70_000
    assert HTML("mail").full_text("<p>word" * 10_000) == "<p>word" * 10_000


def test_html_is_never_found_by_type() -> None:
    assert shown_field("mail", ["<p>one</p>", "<!doctype html><p>two</p>"]) == Text("mail")


def test_without_its_sanitiser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nh3", None)
    with pytest.raises(InvalidField, match=r"hitl-notebook\[html\]"):
        HTML("mail")
