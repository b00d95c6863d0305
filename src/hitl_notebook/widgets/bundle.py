"""The page's part of a widget, as the build made it."""

from pathlib import Path

__all__ = ["bundle", "packed_bundle"]

_STATIC = Path(__file__).parent.parent / "static"


def bundle(name: str) -> str:
    """The text of a bundled file: given its path, anywidget would watch the file and keep every card alive for it.

    Raises
    ------
    FileNotFoundError
        It has not been built, which only happens in a checkout; the message says how to build it.
    """
    return _built(name).read_text(encoding="utf-8")


def packed_bundle(name: str) -> bytes:
    """A bundled file as it is, compressed; raises as ``bundle`` does."""
    return _built(name).read_bytes()


def _built(name: str) -> Path:
    path = _STATIC / name
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: the page's part of the widget has not been built. In a checkout run "
            "`python tests/run.py build`, or install the package again with pip."
        )
    return path
