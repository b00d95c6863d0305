"""HTML, read as source and, when asked for, seen rendered without anything in it that acts."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hitl_notebook.errors import InvalidField
from hitl_notebook.fields.text import Written, text_of
from hitl_notebook.fields.visible import visible

if TYPE_CHECKING:
    from hitl_notebook.protocol import Block

__all__ = ["HTML"]

# Tags nested deep cost the sanitiser the square of their number: a third of a second for this many characters.
_LONGEST_RENDERED = 50_000
_LEFT_OUT = {"a", "area", "map"}
# None of these can name an address: what is fetched by a style goes with its property.
_STYLES = {
    *("color", "background-color", "opacity", "visibility", "display", "float", "clear"),
    *("font-family", "font-size", "font-style", "font-weight", "line-height", "letter-spacing", "white-space"),
    *("text-align", "text-decoration", "text-indent", "text-transform", "vertical-align", "direction"),
    *("width", "height", "max-width", "min-width", "margin", "padding", "border", "border-radius"),
    *(f"{box}-{side}" for box in ("margin", "padding", "border") for side in ("top", "right", "bottom", "left")),
    *("border-collapse", "border-spacing"),
}


@dataclass(frozen=True)
class HTML(Written):
    """Source text, with a control that shows it rendered; only where it is said, never found by type.

    It is rendered in a sandboxed frame where no script runs and nothing is fetched, after the sanitiser ``nh3`` (the
    extra ``html``) has taken out scripts, style sheets, links, forms and all that would be fetched.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if find_spec("nh3") is None:
            raise InvalidField("HTML needs a sanitiser to be rendered: pip install 'hitl-notebook[html]'; or show Code")

    def read(self, cell: Any, buffers: list[bytes]) -> "Block":
        html = text_of(cell)
        return self._block("html", html) | {
            "rendered": sanitised(visible(html)) if len(html) <= _LONGEST_RENDERED else None
        }


def sanitised(html: str) -> str:
    """``html`` without whatever runs, leads elsewhere, is fetched or could be taken for a part of the page.

    >>> sanitised('<p onclick="f()" style="color: red; background: url(x)">a<script>f()</script><a href="/">b</a></p>')
    '<p style="color:red">ab</p>'
    """
    import nh3

    return nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS - _LEFT_OUT,
        clean_content_tags={"script", "style", "title"},
        attributes={
            **{tag: allowed for tag, allowed in nh3.ALLOWED_ATTRIBUTES.items() if tag not in _LEFT_OUT},
            "*": {"style", "lang", "title", "dir"},
        },
        filter_style_properties=_STYLES,
        url_schemes={"data"},
        url_relative="deny",
    )
