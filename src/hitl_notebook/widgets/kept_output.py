"""What a saved notebook shows of a widget where no kernel runs: an output of its own, under the widget."""

import html
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Content", "KeptOutput", "Picture", "Title"]

# In a trusted notebook whose kernel is another one, ipywidgets puts "model not found" where the widget was.
_NO_ERROR_ABOVE = (
    "<style>.jp-OutputArea-child:has(> .jupyter-widgets):not(:has(> .jupyter-widgets > *))"
    ":has(+ .jp-OutputArea-child .{kept}){{display:none}}</style>"
)


@dataclass(frozen=True)
class Title:
    """The name of what comes below it."""

    words: str

    def html(self) -> str:
        """As a paragraph of its own."""
        return f"<p><strong>{html.escape(self.words)}</strong></p>"


@dataclass(frozen=True)
class Picture:
    """A drawing that the page has sent up."""

    png: bytes
    width: int
    height: int
    words: str
    """What it shows, for who cannot see it."""

    def html(self) -> str:
        """In a paragraph of its own, whole."""
        source = f"data:image/png;base64,{b64encode(self.png).decode()}"
        size = f'width="{self.width}" height="{self.height}"'
        picture = f'<img {size} style="max-width:100%;height:auto" alt="{html.escape(self.words)}" src="{source}">'
        return f"<p>{picture}</p>"


Content: TypeAlias = Sequence[str | Title | Picture]
"""What is kept, from top to bottom; a string is a paragraph."""


class KeptOutput:
    """The output that the widget's own style hides while the widget is there."""

    def __init__(self, kept: str) -> None:
        self._class = kept
        self._handle: Any = None

    def show(self, content: Content) -> None:
        """Put it under what the running cell has displayed so far."""
        from IPython.display import display

        self._handle = display(self._bundle(content), raw=True, display_id=True)

    def renew(self, content: Content) -> None:
        """Exchange what is kept."""
        if self._handle is not None:
            self._handle.update(self._bundle(content), raw=True)

    def _bundle(self, content: Content) -> dict[str, Any]:
        pictures = [part for part in content if isinstance(part, Picture)]
        said = [part if isinstance(part, str) else part.words for part in content if not isinstance(part, Picture)]
        marked_up = "".join(f"<p>{html.escape(part)}</p>" if isinstance(part, str) else part.html() for part in content)
        style = _NO_ERROR_ABOVE.format(kept=self._class)
        bundle = {
            "text/plain": "\n".join(said),
            "text/html": f'{style}<div class="{self._class}">{marked_up}</div>',
        }
        if len(pictures) == 1:
            # What is made of a notebook without a browser, as a PDF is, takes no HTML.
            bundle["image/png"] = b64encode(pictures[0].png).decode()
        return bundle
