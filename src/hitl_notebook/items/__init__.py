"""The user's frame: checked once, snapshotted, handed out in windows."""

from hitl_notebook.items.ids import typed_id
from hitl_notebook.items.items import Items
from hitl_notebook.items.reading import read_items, read_named_items

__all__ = ["Items", "read_items", "read_named_items", "typed_id"]
