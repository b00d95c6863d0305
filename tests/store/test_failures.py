"""Everything that can go wrong with a store: a sentence says what and what to do, and nothing is touched."""

import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from hitl_notebook.errors import HitlError, StoreProblem
from hitl_notebook.store import Store, verify
from hitl_notebook.store.schema import SCHEMA_VERSION
from tests.store.events import decide, ids
from tests.store.postgres_server import administrator, terminate
from tests.store.test_processes import ENVIRONMENT, ROOT, decide_in_a_process


def fill(target, count=20):
    with Store.open(target) as store:
        session_id = store.start_session("review").session_id
        with store.writing() as log:
            for number in range(count):
                log.append(decide(session_id, number))
    return session_id


def refusal(action):
    """What an action is refused with; it has to say what failed and what to do."""
    with pytest.raises(StoreProblem) as caught:
        action()
    problem = caught.value
    assert isinstance(problem, HitlError)
    assert isinstance(problem, OSError)
    what, remedy = problem.args
    assert what.endswith(".")
    assert remedy
    assert str(problem) == f"{what} {remedy}"
    return str(problem)


def write_one(store, session_id, number=100):
    with store.writing() as log:
        log.append(decide(session_id, number))


# ---------------------------------------------------------------- files that are no store


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"ticket,label\n17,refund\n" * 100, "not a SQLite database"),
        (b"SQLite format 3\x00" + b"\xff" * 4080, "not a SQLite database"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_no_store_is_refused_and_left_alone(file, content, says):
    file.write_bytes(content)
    assert says in refusal(lambda: Store.open(file))
    assert file.read_bytes() == content
    assert list(file.parent.iterdir()) == [file]


def test_a_database_of_another_program_is_refused_and_left_alone(file):
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE events (id)")
    connection.close()
    before = file.read_bytes()
    assert "not a whole store" in refusal(lambda: Store.open(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("version", "said"), [(SCHEMA_VERSION + 1, "newer hitl_notebook"), (SCHEMA_VERSION - 1, "before the first release")]
)
def test_a_store_of_another_version_is_refused_and_left_alone(target, version, said):
    fill(target)
    engine = sa.create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE store_info SET schema_version = {version}")
    engine.dispose()
    before = None if "://" in target else Path(target).read_bytes()
    assert said in refusal(lambda: Store.open(target))
    assert not verify(target).ok
    if before is not None:
        assert Path(target).read_bytes() == before


def test_a_store_without_one_of_its_tables_is_refused(target):
    fill(target)
    engine = sa.create_engine(target if "://" in target else f"sqlite:///{target}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE draws")
    engine.dispose()
    assert "lacks the table draws" in refusal(lambda: Store.open(target))


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_truncated_store_is_refused_and_left_alone(file, part):
    fill(file)
    whole = file.read_bytes()
    cut = whole[: int(len(whole) * part)]
    file.write_bytes(cut)
    assert "damaged" in refusal(lambda: Store.open(file))
    assert file.read_bytes() == cut


def test_a_damaged_store_says_so_and_is_left_alone(file):
    session_id = fill(file, 200)
    damaged = bytearray(file.read_bytes())
    damaged[4096 * 8 : 4096 * 20] = b"\xff" * (4096 * 12)
    file.write_bytes(damaged)
    with Store.open(file) as store:
        assert "damaged" in refusal(lambda: store.events(session_id))
        assert store.health()["integrity"] != "ok" or "problem" in store.health()
    assert not verify(file).ok
    assert file.read_bytes() == damaged


def test_a_directory_is_no_store_and_a_missing_one_holds_none(tmp_path):
    assert "not a file" in refusal(lambda: Store.open(tmp_path))
    assert "directory exists" in refusal(lambda: Store.open(tmp_path / "none" / "reviews.db"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", [5, None, b"r.db", ["r.db"], "a\0b", "~nobody-of-that-name/r.db", "\ud800.db"])
def test_what_is_no_path_is_no_store(target):
    said = refusal(lambda: Store.open(target))
    assert f"store={target!r}" in said.encode("utf-8", "backslashreplace").decode()
    assert "SQLAlchemy URL" in said


# ---------------------------------------------------------------- files that change under a store in use


def test_a_deleted_store_is_missed_and_not_made_anew(file):
    session_id = fill(file)
    with Store.open(file) as store:
        moved = file.rename(file.with_name("moved.db"))
        assert "deleted or moved" in refusal(lambda: write_one(store, session_id))
        assert "deleted or moved" in refusal(lambda: store.events(session_id))
        assert "deleted or moved" in store.health()["problem"]
        assert not file.exists()
        moved.rename(file)
        write_one(store, session_id)
        assert len(store.events(session_id)) == 21


def test_a_replaced_store_is_noticed(file):
    session_id = fill(file)
    fill(file.with_name("other.db"))
    with Store.open(file) as store:
        file.with_name("other.db").replace(file)
        before = file.read_bytes()
        assert "replaced by another file" in refusal(lambda: write_one(store, session_id))
        assert "replaced by another file" in refusal(lambda: store.newest_seq(session_id))
        assert file.read_bytes() == before


def test_a_store_that_was_taken_away_during_the_commit_is_not_acknowledged(file):
    session_id = fill(file)

    def write():
        with store.writing() as log:
            log.append(decide(session_id, 100))
            file.unlink()

    with Store.open(file) as store:
        refusal(write)


def test_another_store_copied_over_the_file_is_noticed(file):
    session_id = fill(file)
    other = file.with_name("other.db")
    fill(other)
    with Store.open(other) as store:
        store.start_session("more")
    with Store.open(file) as store:
        shutil.copyfile(other, file)
        assert "another store" in refusal(lambda: write_one(store, session_id))
    assert file.read_bytes() == other.read_bytes()


def test_a_store_cut_off_under_us_is_noticed(file):
    session_id = fill(file)
    with Store.open(file) as store:
        os.truncate(file, 0)
        refusal(lambda: write_one(store, session_id))
        refusal(lambda: store.events(session_id))
    assert file.stat().st_size == 0


# ---------------------------------------------------------------- no room, no permission


def test_a_database_that_may_not_grow_says_that_the_disk_is_full_and_work_resumes(file):
    session_id = fill(file)
    limit = [1]

    def limited(connection, _record):
        connection.execute(f"PRAGMA max_page_count={limit[0]}")

    sa.event.listen(sa.Engine, "connect", limited)
    try:
        with Store.open(file) as store:
            assert "is full" in refusal(lambda: [write_one(store, session_id, n) for n in range(100, 200)])
            stored = store.events(session_id)
            assert len(stored) >= 20
    finally:
        sa.event.remove(sa.Engine, "connect", limited)
    with Store.open(file) as store:
        assert store.events(session_id) == stored
        write_one(store, session_id, 300)
    assert verify(file).ok


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a full disk was NOT tried: mounting a small one needs root (a database that may not grow was)")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_reported_and_work_resumes_when_there_is_room(small_disk):
    file = small_disk / "reviews.db"
    session_id = fill(file)
    with Store.open(file) as store:
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as out:
            while True:
                out.write(b"\0" * 4096)
        assert "is full" in refusal(lambda: [write_one(store, session_id, n) for n in range(100, 300)])
        stored = store.events(session_id)
        filler.unlink()
        write_one(store, session_id, 400)
        assert len(store.events(session_id)) == len(stored) + 1
        assert verify(store).ok


def test_there_is_no_half_made_store_on_a_full_disk(small_disk):
    (small_disk / "filler").write_bytes(b"\0" * 390 * 1024)
    assert "disk is not full" in refusal(lambda: Store.open(small_disk / "reviews.db"))
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.fixture
def ours():
    """A directory that belongs to whoever ``as_a_user`` runs as."""
    directory = Path(tempfile.mkdtemp(prefix="hitl-", dir="/tmp"))
    yield directory
    directory.chmod(0o700)
    shutil.rmtree(directory)


def as_a_user(target):
    """Decide in a process without root's power over permissions."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (target.parent, *target.parent.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    command = [sys.executable, "-m", "tests.store.unprivileged", str(target)]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_writable_store_is_written_without_a_warning(ours):
    fill(ours / "reviews.db")
    assert as_a_user(ours / "reviews.db") == "read ['review']\n\nwritten\n"


@pytest.mark.parametrize("what", ["file", "directory"])
def test_a_read_only_store_is_read_and_says_why_it_cannot_be_written(ours, what):
    file = ours / "reviews.db"
    fill(file)
    file.with_name("reviews.db-journal").unlink()
    before = file.read_bytes()
    (file if what == "file" else ours).chmod(0o444 if what == "file" else 0o555)
    said = as_a_user(file)
    assert said.startswith("read ['review']\nThe store or its directory is read-only")
    assert "StoreProblem:" in said
    assert "permission" in said or "may read and write" in said
    assert file.read_bytes() == before


def test_no_store_is_made_where_one_may_not_write(ours):
    ours.chmod(0o555)
    assert "No store can be made" in as_a_user(ours / "reviews.db")


@pytest.mark.parametrize("failing", ["fcntl", "fsync,fdatasync"])  # a lock that cannot be had, a sync that fails
def test_a_file_system_that_fails_is_named_and_nothing_is_acknowledged(file, strace, failing):
    fill(file)
    watcher = [strace, "-f", "-P", file, "-P", f"{file}-journal", "-e", f"inject={failing}:error=EIO", "-o", os.devnull]
    process = decide_in_a_process(file, "bo", 1, watched_by=watcher)
    output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert re.search(rf"The file system \(\w+\) failed while {file} was in use \(disk I/O error\)\. Move", errors)
    with Store.open(file) as store:
        assert {event.reviewer for event in store.events(store.session("review").session_id)} == {"ada"}
    assert verify(file).ok


# ---------------------------------------------------------------- servers


def test_a_password_is_never_shown(monkeypatch):
    for url in [
        "postgresql://ada:s3cret@127.0.0.1:1/reviews",
        "postgresql+psycopg://ada@127.0.0.1:1/reviews?password=s3cret",
        "postgresql://ada:s3cret@[broken/reviews",
        "postgresql://ada:s3cret@host:port/reviews",
        "mysql://ada:s3cret@host/reviews",
    ]:
        began = time.monotonic()
        assert "s3cret" not in refusal(lambda url=url: Store.open(url))
        found = verify(url)
        assert not found.ok
        assert "s3cret" not in repr(found)
        assert time.monotonic() - began < 20


def test_the_label_of_a_server_has_no_password(database):
    url = sa.make_url(database).set(password="s3cret")  # noqa: S106
    with Store.open(url) as store:
        assert "s3cret" not in store.label + repr(store) + repr(store.health())
        assert "hitl@" in store.label
        assert "s3cret" not in repr(verify(url))


def test_a_wrong_password_is_said_and_not_shown(database):
    with administrator(database) as connection:
        connection.execute("DROP ROLE IF EXISTS guarded")
        connection.execute("CREATE ROLE guarded LOGIN SUPERUSER PASSWORD 'r1ght-one'")
    url = sa.make_url(database).set(username="guarded")
    began = time.monotonic()
    said = refusal(lambda: Store.open(url.set(password="wr0ng-one")))  # noqa: S106
    assert time.monotonic() - began < 10
    assert "password" in said
    assert "wr0ng-one" not in said + repr(verify(url.set(password="wr0ng-one")))  # noqa: S106
    with Store.open(url.set(password="r1ght-one")) as store:  # noqa: S106
        assert "r1ght-one" not in store.label + repr(store) + repr(store.health())


def test_connections_that_are_all_in_use_are_said_to_be_within_ten_seconds(database):
    session_id = fill(database)
    with Store.open(database) as store:
        held = [store._database.engine.connect() for _ in range(15)]
        began = time.monotonic()
        assert "were in use for 5 seconds" in refusal(lambda: store.events(session_id))
        assert time.monotonic() - began < 10
        held.pop().close()
        assert len(store.events(session_id)) == 20
        for connection in held:
            connection.close()


def test_a_server_that_is_gone_is_said_to_be_within_ten_seconds(own_server):
    session_id = fill(own_server.url)
    with Store.open(own_server.url) as store:
        own_server.stop()
        for action in (lambda: store.events(session_id), lambda: store.persist(lambda: write_one(store, session_id))):
            began = time.monotonic()
            assert "Check that the server runs" in refusal(action)
            assert time.monotonic() - began < 10
        began = time.monotonic()
        refusal(lambda: Store.open(own_server.url))
        assert time.monotonic() - began < 2, "what was never there is not waited for"
        own_server.start()
        write_one(store, session_id)
        assert len(store.events(session_id)) == 21


def test_a_database_that_does_not_exist_is_named(database):
    url = sa.make_url(database).set(database="nowhere")
    assert "nowhere" in refusal(lambda: Store.open(url))


def test_tables_of_another_program_stay_untouched(database):
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id int)")
    with Store.open(database) as store:  # a shared database is fine
        store.start_session("review")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE draws")
    engine.dispose()
    assert "lacks the table draws" in refusal(lambda: Store.open(database))


def test_a_lost_connection_is_reported_and_the_next_call_works(database):
    session_id = fill(database)
    with Store.open(database) as store:

        def interrupted():
            with store.writing() as log:
                log.append(decide(session_id, 100))
                log.flush()
                terminate(database)

        refusal(interrupted)
        assert len(store.events(session_id)) == 20
        write_one(store, session_id)
        terminate(database)
        assert "e100" in ids(store.events(session_id))
        assert verify(store).ok


def test_a_transaction_that_holds_the_log_for_long_is_reported(database):
    session_id = fill(database)
    url = sa.make_url(database)
    with (
        Store.open(database, patience_seconds=0.3) as store,
        psycopg.connect(host=url.query["host"], user="hitl", dbname=url.database) as other,
    ):
        other.execute("SELECT * FROM store_info FOR UPDATE")
        assert "locked by another program for 0.3 seconds" in refusal(lambda: write_one(store, session_id))
        other.rollback()
        write_one(store, session_id)
