"""What a saved notebook shows of a widget where no kernel runs: an output of its own, under the widget."""

import html
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["KeptOutput", "Picture"]

# In a trusted notebook whose kernel is another one, ipywidgets puts "model not found" where the widget was.
_NO_ERROR_ABOVE = (
    "<style>.jp-OutputArea-child:has(> .jupyter-widgets):not(:has(> .jupyter-widgets > *))"
    ":has(+ .jp-OutputArea-child .{kept}){{display:none}}</style>"
)


@dataclass(frozen=True)
class Picture:
    """A drawing that the page has sent up."""

    png: bytes
    width: int
    height: int
    words: str
    """What it shows, for who cannot see it."""

    def html(self) -> str:
        """As an element that holds it whole."""
        source = f"data:image/png;base64,{b64encode(self.png).decode()}"
        size = f'width="{self.width}" height="{self.height}"'
        return f'<img {size} style="max-width:100%;height:auto" alt="{html.escape(self.words)}" src="{source}">'


class KeptOutput:
    """The output that the widget's own style hides while the widget is there."""

    def __init__(self, kept: str) -> None:
        self._class = kept
        self._handle: Any = None

    def show(self, words: Sequence[str]) -> None:
        """Put it under what the running cell has displayed so far."""
        from IPython.display import display

        self._handle = display(self._bundle(words, []), raw=True, display_id=True)

    def renew(self, words: Sequence[str], pictures: Sequence[Picture]) -> None:
        """Exchange what is kept."""
        if self._handle is not None:
            self._handle.update(self._bundle(words, pictures), raw=True)

    def _bundle(self, words: Sequence[str], pictures: Sequence[Picture]) -> dict[str, Any]:
        marked_up = "".join(f"<p>{html.escape(word)}</p>" for word in words)
        drawn = "".join(picture.html() for picture in pictures)
        style = _NO_ERROR_ABOVE.format(kept=self._class)
        bundle = {
            "text/plain": "\n".join(words),
            "text/html": f'{style}<div class="{self._class}">{marked_up}{drawn}</div>',
        }
        if len(pictures) == 1:
            # What is made of a notebook without a browser, as a PDF is, takes no HTML.
            bundle["image/png"] = b64encode(pictures[0].png).decode()
        return bundle
