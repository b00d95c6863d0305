"""What holds of a store in a SQLite file beyond what every store does."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

import hitl_notebook as hitl
from hitl_notebook.errors import ExportExists, HitlWarning, StoreProblem
from hitl_notebook.store import Store, verify
from hitl_notebook.store.file_system import file_system, is_network
from hitl_notebook.store.sqlite import has_wal_reset_bug
from tests.store.events import decide, ids


def test_every_connection_is_durable_in_a_rollback_journal(file):
    with Store.open(file) as store:
        settings = []

        def look():
            def ask(connection):
                pragmas = ("journal_mode", "synchronous", "foreign_keys")
                barrier.wait()  # so that every thread holds a connection of its own
                return [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() for pragma in pragmas]

            settings.append(store.read(ask))

        barrier = threading.Barrier(8)
        threads = [threading.Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert settings == [["truncate", 2, 1]] * 8


def test_health_says_the_journal_mode_and_why(file):
    with Store.open(file) as store:
        health = store.health()
    assert (health["journal_mode"], health["synchronous"]) == ("truncate", "FULL")
    assert "WAL-reset bug" in health["journal_mode_reason"]
    assert health["sqlite_has_wal_reset_bug"] is has_wal_reset_bug(sqlite3.sqlite_version_info)
    assert health["integrity"] == "ok"
    assert health["warnings"] == []
    assert health["store"] == str(file)


def test_a_path_is_taken_as_it_is(tmp_path):
    for name in ["with space.db", "100%.db", "a?b#c.db", "ü 😀.db", "file:x.db"]:
        with Store.open(tmp_path / name) as store:
            store.start_session("review")
        assert (tmp_path / name).is_file()
    assert len(list(tmp_path.glob("*.db"))) == 5
    with Store.open(f"sqlite:///{tmp_path}/with space.db", create=False) as store:
        assert store.session("review")
    with Store.open(sa.URL.create("sqlite", database=str(tmp_path / "100%.db")), create=False) as store:
        assert store.session("review")


def test_a_relative_path_stays_what_it_was_when_the_directory_changes(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with Store.open("reviews.db") as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        store.start_session("review")
    assert (tmp_path / "reviews.db").is_file()
    assert not (tmp_path / "elsewhere" / "reviews.db").exists()


def test_a_reader_waits_for_a_commit_and_a_commit_for_a_reader(file):
    with Store.open(file) as store, Store.open(file) as other:
        session_id = store.start_session("review").session_id
        blocker = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        blocker.execute("BEGIN EXCLUSIVE")
        threading.Timer(0.3, blocker.execute, ["COMMIT"]).start()
        began = time.monotonic()
        assert other.events(session_id) == []
        assert time.monotonic() - began > 0.2  # it really was in the way
        blocker.execute("BEGIN")
        blocker.execute("SELECT * FROM events").fetchall()
        threading.Timer(0.3, blocker.execute, ["COMMIT"]).start()
        with store.writing() as log:
            log.append(decide(session_id, 1))
        assert ids(other.events(session_id)) == ["e1"]
        blocker.close()


def test_a_backup_of_a_store_in_use_is_whole_and_never_overwrites(file, tmp_path):
    with Store.open(file) as store:
        session_id = store.start_session("review").session_id
        with store.writing() as log:
            log.append(decide(session_id, 1))
        store.backup(tmp_path / "copy.db")
        with store.writing() as log:
            log.append(decide(session_id, 2))
        with pytest.raises(ExportExists, match="never overwrites"):
            store.backup(tmp_path / "copy.db")
        with pytest.raises(ExportExists):
            store.backup(file)
    with Store.open(tmp_path / "copy.db", create=False) as copy:
        assert ids(copy.events(session_id)) == ["e1"]
        assert verify(copy).ok
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "reviews.db", "reviews.db-journal"]


def test_a_store_in_memory_can_be_saved_by_a_backup(tmp_path):
    with Store.open(":memory:") as store:
        session = store.start_session("review")
        store.backup(tmp_path / "copy.db")
    with Store.open(tmp_path / "copy.db", create=False) as copy:
        assert copy.session("review") == session


def test_network_file_systems_are_recognised_by_the_mount_they_lie_on(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/vda / ext4 rw 0 0\nhub:/home /home nfs4 rw 0 0\ntmpfs /home/ada/my\\040disk tmpfs rw 0 0\n"
        "//srv/x /mnt/share cifs rw 0 0\n"
    )
    kinds = {
        path: file_system(Path(path), mounts)
        for path in ["/var/reviews.db", "/home/ada/reviews.db", "/home/ada/my disk/reviews.db", "/mnt/share/reviews.db"]
    }
    assert list(kinds.values()) == ["ext4", "nfs4", "tmpfs", "cifs"]
    assert [is_network(kind) for kind in kinds.values()] == [False, True, False, True]


@pytest.fixture
def over_a_network(file, monkeypatch):
    """The directory of ``file`` is mounted over a network, as far as anybody can tell."""
    mounts = file.with_name("mounts")
    mounts.write_text(f"hub:/x {file.parent} nfs rw 0 0\n")
    monkeypatch.setattr(file_system, "__defaults__", (mounts,))


@pytest.mark.usefixtures("over_a_network")
def test_a_network_file_system_is_warned_of_once_and_in_health(file):
    with pytest.warns(HitlWarning, match=r"network file system \(nfs\).*PostgreSQL") as warned:
        session = hitl.ReviewSession([{"text": "a", "predicted": "b"}], prediction="predicted", store=file)
    assert [warning.filename for warning in warned] == [__file__], "it points at the user's own line"
    assert "network file system (nfs)" in session.health()["warnings"][0]
    session.close()
    with hitl.ReviewSession.open(file) as again:  # warnings are errors here
        assert "network file system (nfs)" in again.health()["warnings"][0]


def test_a_local_disk_is_not_warned_of(file):
    with Store.open(file) as store:
        assert store.health()["warnings"] == []


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_IOERR_LOCK, "The file system (nfs) failed while"),
        (sqlite3.SQLITE_IOERR_FSYNC, "The file system (nfs) failed while"),
        (sqlite3.SQLITE_PROTOCOL, "The file system (nfs) failed while"),
        (sqlite3.SQLITE_BUSY, "the network file system (nfs) gives no locks"),
    ],
)
@pytest.mark.usefixtures("over_a_network")
@pytest.mark.filterwarnings("ignore:The store lies on a network")
def test_what_a_file_system_without_locks_does_is_said_with_a_way_out(file, code, says):
    def fails(_connection):
        error = sqlite3.OperationalError("as the database says it")
        error.sqlite_errorcode = code
        raise error

    with Store.open(file, patience_seconds=0.1) as store:
        with pytest.raises(StoreProblem) as problem:
            store.read(fails)
        assert says in str(problem.value)
        assert "local disk" in problem.value.remedy


def test_a_store_is_made_whole_or_not_at_all(file, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", stopped)
    with pytest.raises(KeyboardInterrupt):
        Store.open(file)
    assert list(file.parent.iterdir()) == []


def test_a_store_is_made_where_files_cannot_be_linked(file, monkeypatch):
    def refused(*_):
        raise PermissionError("no hard links on this file system")

    monkeypatch.setattr(os, "link", refused)
    with Store.open(file) as store:
        store.start_session("review")
    with Store.open(file, create=False) as store:
        assert store.session("review")


def test_another_program_that_holds_the_file_for_long_is_reported(file):
    with Store.open(file, patience_seconds=0.3) as store:
        session_id = store.start_session("review").session_id
        blocker = sqlite3.connect(file, isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreProblem, match=r"locked by another program for 0.3 seconds"), store.writing() as log:
            log.append(decide(session_id, 1))
        with pytest.raises(StoreProblem, match="locked"):
            store.events(session_id)
        with pytest.raises(StoreProblem, match="locked"):
            Store.open(file, patience_seconds=0.1)
        blocker.execute("COMMIT")
        blocker.close()
        with store.writing() as log:
            log.append(decide(session_id, 1))
        assert ids(store.events(session_id)) == ["e1"]
