"""The tables, the same on every database, and the step that makes them or recognises them."""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa

from hitl_notebook.decisions import row_hash
from hitl_notebook.errors import StoreProblem
from hitl_notebook.version import __version__

__all__ = ["SCHEMA_VERSION", "draws", "events", "make_tables", "metadata", "now", "recognise", "sessions", "store_info"]

SCHEMA_VERSION = 2

metadata = sa.MetaData()
# On SQLite only INTEGER makes the primary key the row's own address; on PostgreSQL INTEGER would end at two billion.
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

store_info = sa.Table(
    "store_info",
    metadata,
    sa.Column("store_id", sa.Text, primary_key=True),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("tool_version", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("salt", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.session_id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.Column("reviewer", sa.Text),
    sa.Column("item_id", sa.Text),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("salt", sa.Text),
    sa.Column("content_digest", sa.Text, nullable=False),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("events_of_session", "session_id", "seq"),
)

draws = sa.Table(
    "draws",
    metadata,
    sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=False),
    sa.Column("session_id", sa.Text, sa.ForeignKey("sessions.session_id"), nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("draw", sa.BigInteger, nullable=False),
    sa.Column("drawn_at", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("id_type", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("model_version", sa.Text, nullable=False),
    sa.Column("plan_version", sa.Text, nullable=False),
    sa.Column("chosen_by", sa.Text, nullable=False),
    sa.Column("selection_probability", sa.Double),
    sa.Column("pool_size", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("content", sa.Text),
    sa.Column("shown", sa.Text),
    sa.Column("salt", sa.Text),
    sa.Column("content_digest", sa.Text, nullable=False),
    sa.Column("shown_digest", sa.Text),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.UniqueConstraint("session_id", "reviewer", "draw"),
    sa.Index("draws_of_session", "session_id", "seq"),
)


def now() -> str:
    """This moment in UTC, as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def recognise(connection: sa.Connection, label: str) -> bool:
    """Whether the database holds a store that this version can use; False where there is room for a new one.

    Raises
    ------
    StoreProblem
        It holds something else, or a store of a newer version, or one from before the first release.
    """
    tables = set(sa.inspect(connection).get_table_names())
    ours = tables & metadata.tables.keys()
    # A PostgreSQL database is often shared with other programs; a file is not.
    if not ours and (not tables or connection.dialect.name == "postgresql"):
        return False
    if not tables >= metadata.tables.keys():
        missing = ", ".join(sorted(metadata.tables.keys() - tables))
        raise StoreProblem(
            f"{label} is a database, but not a whole store of hitl_notebook: it lacks the table {missing}.",
            "Name another file or database, or restore this one from a backup.",
        )
    found = connection.execute(sa.select(store_info.c.schema_version)).scalars().all()
    if len(found) != 1:
        raise StoreProblem(
            f"{label} does not say which store it is.",
            "Restore it from a backup, or name another file or database.",
        )
    if found[0] > SCHEMA_VERSION:
        raise StoreProblem(
            f"{label} was written by a newer hitl_notebook (schema {found[0]}; this one knows {SCHEMA_VERSION}).",
            "Upgrade with: pip install -U hitl-notebook",
        )
    if found[0] < SCHEMA_VERSION:
        raise StoreProblem(
            f"{label} was written before the first release of hitl_notebook (schema {found[0]}; this one knows "
            f"{SCHEMA_VERSION}).",
            "Export it with the version that wrote it, and take the decisions in with import_decisions.",
        )
    return True


def make_tables(connection: sa.Connection) -> None:
    """An empty store with an id of its own, inside the caller's transaction."""
    metadata.create_all(connection)
    row = {
        "store_id": str(uuid4()),
        "schema_version": SCHEMA_VERSION,
        "created_at": now(),
        "tool_version": __version__,
    }
    connection.execute(sa.insert(store_info), {**row, "hash": row_hash("store", row)})
