"""Whatever is changed in a store, the verifier says so, and where."""

import dataclasses
import json
import random
import shutil
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
import sqlalchemy as sa

import hitl_notebook as hitl
from hitl_notebook.decisions import Draft, canonical_json, content_digest, event_hash, row_hash
from hitl_notebook.errors import BrokenChain, StoreProblem
from hitl_notebook.store import Store, note_failure, verify, write_checkpoint
from hitl_notebook.store.schema import draws, events, metadata, sessions, store_info
from tests.store.events import CONTENT, decide, draw, selection_of, undo

KEY = b"a key that the database does not hold"


def fill(target, decisions=4):
    """A store with two sessions, two reviewers, every kind of row."""
    with Store.open(target) as store:
        one, two = (store.start_session(name).session_id for name in ("one", "two"))
        drawn = draw(1), draw(2, selection_probability=None, pool_size=None, chosen_by="hand", confidence=None)
        with store.writing() as log:
            log.append(Draft("start", one, "start", None, None, {"task": "classification"}, {"guidelines": "Be kind."}))
            log.add_draws(one, "ada", drawn, content={"t1": CONTENT})
            for number, each in enumerate(drawn, 1):
                log.append(decide(one, number, selection=selection_of(each)))
            log.append(undo(one, "u1", "e2"))
        with store.writing() as log:
            for number in range(decisions):
                log.append(decide(two, number, "bo", prefix="b"))
            log.append(decide(two, 0, "bo", prefix="c", replaces="b0"))
        return one, two


@pytest.fixture
def tamper(target):
    """Run statements on the store's database as someone with a database browser would."""
    engine = sa.create_engine(target if "://" in target else f"sqlite:///{target}")

    def run(*statements):
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SET session_replication_role = replica")  # foreign keys off
            for statement in statements:
                connection.execute(sa.text(statement) if isinstance(statement, str) else statement)

    yield run
    engine.dispose()


def test_an_untouched_store_verifies(target):
    fill(target)
    found = verify(target)
    assert found.problems == []
    assert found.ok
    assert (found.events, found.sessions, found.draws, found.erased) == (9, 2, 2, 0)
    assert found.first_bad_seq is None
    assert "Without a checkpoint" in found.notes[0]


def test_an_empty_store_verifies(target):
    Store.open(target).close()
    found = verify(target)
    assert found.ok
    assert found.events == 0


def other(value, column):
    """``value`` with one byte, digit or bit changed; something where nothing was."""
    if value is None:
        return {
            "reviewer": "x",
            "item_id": "x",
            "content": "{}",
            "salt": "00",
            "content_digest": "0",
            "pool_size": 1,
        }.get(column, 0.5)
    if isinstance(value, str):
        at = len(value) // 2
        return value[:at] + ("x" if value[at : at + 1] != "x" else "y") + value[at + 1 :]
    return value + 7 if isinstance(value, int) else value * (1 + 2**-52)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in metadata.tables.values() for column in table.columns],
    ids=lambda part: part.name if isinstance(part, sa.Column) else str(part),
)
def test_a_change_of_any_column_of_any_row_is_found(target, tamper, table, column):
    fill(target)
    with Store.open(target) as store:
        key = next(iter(table.primary_key))
        rows = store.read(lambda connection: connection.execute(sa.select(key, column)).all())
    missed = []
    for primary, value in rows:
        if column is store_info.c.schema_version:
            changed = 0
        else:
            changed = 10_000 if column.name == "seq" else other(value, column.name)
        where = key == (changed if column is key else primary)
        tamper(sa.update(table).where(key == primary).values({column.name: changed}))
        found = verify(target)
        if found.ok or (table is events and found.first_bad_seq != primary):
            missed.append((primary, value, changed, found))
        tamper(sa.update(table).where(where).values({column.name: value}))
    assert missed == []
    assert rows
    assert verify(target).ok  # the changes above were what it saw


@pytest.mark.parametrize("seq", [1, 4, 8])
def test_a_deleted_event_is_found_where_it_was(target, tamper, seq):
    fill(target)
    tamper(sa.delete(events).where(events.c.seq == seq))
    found = verify(target)
    assert not found.ok
    assert found.first_bad_seq == seq


def test_deleted_rows_are_found_when_the_rest_is_renumbered(target, tamper):
    fill(target)
    tamper(
        "DELETE FROM events WHERE seq = 4", *(f"UPDATE events SET seq = {n - 1} WHERE seq = {n}" for n in range(5, 10))
    )
    assert verify(target).first_bad_seq == 4


def test_a_deleted_draw_or_session_is_found(target, tamper):
    fill(target)
    tamper(sa.delete(draws).where(draws.c.seq == 2))
    found = verify(target)
    assert not found.ok
    assert found.first_bad_seq == 3  # the decision that names the draw
    tamper(sa.delete(sessions).where(sessions.c.name == "two"))
    assert "no such session" in " ".join(verify(target).problems)


def test_two_events_that_changed_places_are_found(target, tamper):
    fill(target)
    places = [(5, -5), (6, 5), (-5, 6)]
    tamper(*(f"UPDATE events SET seq = {new} WHERE seq = {old}" for old, new in places))
    assert verify(target).first_bad_seq == 5


def test_an_event_moved_to_another_session_is_found(target, tamper):
    one, _ = fill(target)
    tamper(sa.update(events).where(events.c.seq == 6).values(session_id=one))
    assert verify(target).first_bad_seq == 6


@pytest.mark.parametrize("seq", [0, 10])
def test_an_inserted_copy_is_found(target, tamper, seq):
    fill(target)
    columns = ", ".join(column.name for column in events.columns if column.name not in ("seq", "event_id"))
    tamper(f"INSERT INTO events (seq, event_id, {columns}) SELECT {seq}, 'copy', {columns} FROM events WHERE seq = 9")
    found = verify(target)
    assert not found.ok
    assert found.first_bad_seq == seq


def test_content_erased_with_its_salt_leaves_the_chain_whole_and_is_counted(target, tamper):
    one, _ = fill(target)
    tamper("UPDATE events SET content = NULL, salt = NULL WHERE seq IN (2, 3)")
    found = verify(target)
    assert found.ok
    assert found.erased == 2
    with Store.open(target) as store:
        assert [event.content is None for event in store.events(one)] == [False, True, True, False]


def test_what_a_draw_says_of_a_person_is_erased_in_the_same_way(target, tamper):
    one, _ = fill(target)
    tamper("UPDATE draws SET content = NULL, salt = NULL WHERE seq = 1")
    assert "erased by halves" in verify(target).problems[0], "what was shown is there still"
    tamper("UPDATE draws SET shown = NULL WHERE seq = 1")
    found = verify(target)
    assert found.ok
    assert found.erased == 1
    with Store.open(target) as store:
        erased, kept = store.draws(one)
    assert (erased.draw.prediction, erased.draw.confidence, erased.draw.slices) == (None, None, {})
    assert erased.content is None
    assert erased.draw.selection_probability == draw(1).selection_probability
    assert kept.draw.prediction == draw(2).prediction


def test_a_decision_that_does_not_fit_its_draw_is_found_though_all_hashes_fit(target):
    with Store.open(target) as store:
        session_id = store.start_session("review").session_id
        with store.writing() as log:
            log.add_draws(session_id, "ada", [draw(1)])
            log.append(decide(session_id, 1, selection={**selection_of(draw(1)), "probability": 0.2}))
            log.append(decide(session_id, 2, selection=selection_of(draw(2))))
            log.append(decide(session_id, 3, replaces="never"))
    found = verify(target)
    assert found.problems == [
        "event 3: it replaces no earlier event of this reviewer",
        "event 1: it does not fit the draw it names",
        "event 2: the draw it names is missing",
    ]
    assert found.first_bad_seq == 1


# ---------------------------------------------------------------- what only a checkpoint shows


def rehash(target, tamper, first):
    """Change an event and make every hash from it on anew, as one who knows how."""
    with Store.open(target) as store:
        rows = store.read(
            lambda connection: connection.execute(sa.select(events).order_by(events.c.seq)).mappings().all()
        )
    head = rows[first - 2]["hash"]
    for row in map(dict, rows[first - 1 :]):
        seq = row["seq"]
        if seq == first:
            row["content"] = canonical_json({"value": "forged"})
            row["content_digest"] = content_digest(row["salt"], row["content"])
        row["previous_hash"] = head
        hashed = {name: row[name] for name in row if name not in ("content", "salt", "hash")}
        head = row["hash"] = event_hash(**hashed)
        tamper(sa.update(events).where(events.c.seq == seq).values(row))


@pytest.mark.parametrize("key", [None, KEY])
def test_hashes_made_anew_are_found_against_a_checkpoint_only(target, tamper, tmp_path, key):
    fill(target)
    write_checkpoint(target, tmp_path / "mark.json", key)
    rehash(target, tamper, 6)
    assert verify(target).ok
    found = verify(target, tmp_path / "mark.json", key=key)
    assert not found.ok
    assert "rewritten" in found.problems[0]


def test_a_cut_off_end_is_found_against_a_checkpoint_only(target, tamper, tmp_path):
    fill(target)
    write_checkpoint(target, tmp_path / "mark.json", KEY)
    tamper("DELETE FROM events WHERE seq > 7")
    assert verify(target).ok
    found = verify(target, tmp_path / "mark.json", key=KEY)
    assert not found.ok
    assert "cut off" in found.problems[0]
    assert found.first_bad_seq == 8


def test_an_older_copy_is_found_against_a_checkpoint_only(file, tmp_path):
    _, two = fill(file)
    shutil.copy(file, tmp_path / "older.db")
    with Store.open(file) as store, store.writing() as log:
        log.append(decide(two, 99, "bo"))
    write_checkpoint(file, tmp_path / "mark.json")
    shutil.copy(tmp_path / "older.db", file)
    assert verify(file).ok
    found = verify(file, tmp_path / "mark.json")
    assert not found.ok
    assert found.first_bad_seq == 10


def test_a_checkpoint_fits_the_store_that_has_gone_on_and_says_what_it_does_not_cover(target, tmp_path):
    _, two = fill(target)
    assert write_checkpoint(target, tmp_path / "mark.json", KEY).events == 9
    with Store.open(target) as store, store.writing() as log:
        log.append(decide(two, 99, "bo"))
    found = verify(target, tmp_path / "mark.json", key=KEY)
    assert found.ok
    assert found.notes == ["The events after number 9, the checkpoint's last, are covered by their hashes only."]
    assert write_checkpoint(target, tmp_path / "mark.json", KEY).events == 10


def test_a_checkpoint_of_a_broken_store_is_refused_and_the_earlier_one_stays(target, tamper, tmp_path):
    fill(target)
    write_checkpoint(target, tmp_path / "mark.json")
    before = (tmp_path / "mark.json").read_text()
    rehash(target, tamper, 6)
    with pytest.raises(BrokenChain, match="no checkpoint was written"):
        write_checkpoint(target, tmp_path / "mark.json")
    tamper("UPDATE events SET recorded_at = 'never' WHERE seq = 2")
    with pytest.raises(BrokenChain, match="event 2"):
        write_checkpoint(target, tmp_path / "new.json")
    assert (tmp_path / "mark.json").read_text() == before
    assert [path.name for path in tmp_path.iterdir() if "json" in path.name] == ["mark.json"]


def test_a_forged_or_foreign_checkpoint_is_refused(target, file, tmp_path):
    fill(target)
    mark = tmp_path / "mark.json"
    write_checkpoint(target, mark, KEY)
    assert verify(target, mark, key=KEY).ok  # the control
    assert "give its key" in verify(target, mark).problems[0]
    assert "signature" in verify(target, mark, key=b"another").problems[0]
    unsigned = {**json.loads(mark.read_text()), "mac": None}
    mark.write_text(json.dumps(unsigned))
    assert "not signed" in verify(target, mark, key=KEY).problems[0]
    assert "not signed" in verify(target, mark).notes[0]
    mark.write_text(json.dumps({**unsigned, "store_id": "another"}))
    assert "another store" in verify(target, mark).problems[0]
    assert not verify(target, mark).is_broken
    for text in ["", "{}", "[]", "é", json.dumps({**unsigned, "events": "9"}), json.dumps({**unsigned, "more": 1})]:
        mark.write_text(text)
        assert "not a checkpoint" in verify(target, mark).problems[0]
    assert "not a checkpoint" in verify(target, tmp_path / "none.json").problems[0]


# ---------------------------------------------------------------- whose decisions they are


def begun(target, name="review", **decided):
    """A session of that name, given an item as a review gives it."""
    frame = pd.DataFrame({"id": ["t0"], "text": ["win"], "predicted": ["ham"]})
    task = hitl.Classification(["ham", "spam"])
    with hitl.ReviewSession(frame, task, item_id="id", prediction="predicted", store=target, name=name) as session:
        for item_id, value in decided.items():
            session.correct(item_id, value)


def session_rows(target):
    with Store.open(target) as store:
        query = sa.select(*(column for column in sessions.columns if column.name != "hash"))
        return {row["name"]: dict(row) for row in store.read(lambda c: c.execute(query).mappings().all())}


def put(row, **changes):
    """The statement that gives a session's row other columns, and a hash that fits."""
    changed = row | changes
    values = changed | {"hash": row_hash("session", changed)}
    return sa.update(sessions).where(sessions.c.session_id == row["session_id"]).values(values)


def swap_names(rows):
    one, two = rows["one"], rows["two"]
    return [put(one, name="between"), put(two, name="one"), put(one, name="two")]


def plant(rows):
    planted = {"session_id": "s9", "name": "planted", "salt": "00" * 16, "created_at": rows["one"]["created_at"]}
    return [sa.insert(sessions).values(planted | {"hash": row_hash("session", planted)})]


FORGERIES = {
    "names swapped": swap_names,
    "name changed": lambda rows: [put(rows["one"], name="other")],
    "salt changed": lambda rows: [put(rows["one"], salt="11" * 16)],
    "time changed": lambda rows: [put(rows["one"], created_at="2020-01-01T00:00:00.000000Z")],
}


@pytest.mark.parametrize("with_checkpoint", [False, True])
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_session_that_is_no_longer_its_own_is_found_though_its_hash_fits(
    target, tamper, tmp_path, forge, with_checkpoint
):
    for name in ("one", "two"):
        begun(target, name, t0="spam")
    mark = tmp_path / "mark" if with_checkpoint else None
    if mark is not None:
        write_checkpoint(target, mark, KEY)
    key = KEY if with_checkpoint else None
    assert verify(target, mark, key=key).ok  # the control
    tamper(*forge(session_rows(target)))
    found = verify(target, mark, key=key)
    assert not found.ok
    assert "session" in found.problems[0]
    assert found.first_bad_seq is None
    with pytest.raises(BrokenChain, match="no checkpoint was written"):
        write_checkpoint(target, tmp_path / "new", key)


@pytest.mark.parametrize("with_checkpoint", [False, True])
def test_a_session_without_events_is_named_in_a_note(target, tamper, tmp_path, with_checkpoint):
    begun(target, "one")
    mark = tmp_path / "mark" if with_checkpoint else None
    if mark is not None:
        write_checkpoint(target, mark)
    tamper(*plant(session_rows(target)))
    found = verify(target, mark)
    assert found.ok, "a session that was begun and never given items looks the same"
    assert "'planted'" in found.notes[-1]
    assert note_failure(target, dataclasses.replace(found, is_broken=True), "ada") == 2
    assert any("'planted'" in note for note in verify(target, mark).notes), "a failure noted is no sign of a review"


def test_a_session_without_events_that_a_checkpoint_knew_is_missed_and_known_again(target, tamper, tmp_path):
    begun(target, "one")
    with Store.open(target) as store:
        store.start_session("two")
    write_checkpoint(target, tmp_path / "mark", KEY)
    assert not any("'two'" in note for note in verify(target, tmp_path / "mark", key=KEY).notes)
    tamper(put(session_rows(target)["two"], name="other"))
    assert verify(target).ok
    assert verify(target, tmp_path / "mark", key=KEY).problems == ["the session 'two' is missing"]
    tamper(sa.delete(sessions).where(sessions.c.name == "other"))
    assert verify(target, tmp_path / "mark", key=KEY).problems == ["the session 'two' is missing"]


def test_events_written_before_they_said_whose_they_are_are_accepted_with_a_note(target, tamper, tmp_path):
    fill(target)
    assert "do not say its name" in verify(target).notes[-1]
    write_checkpoint(target, tmp_path / "mark", KEY)
    assert verify(target, tmp_path / "mark", key=KEY).notes == []
    tamper(*swap_names(session_rows(target)))
    assert verify(target).ok
    assert "is not the one that the checkpoint knew" in verify(target, tmp_path / "mark", key=KEY).problems[0]


def test_a_checkpoint_from_before_they_had_sessions_still_fits(target, tmp_path):
    begun(target)
    mark = tmp_path / "mark"
    made = write_checkpoint(target, mark, KEY)
    before = dataclasses.replace(made, sessions=None, mac=None).signed(KEY)
    before.save(mark)
    without = {name: value for name, value in json.loads(mark.read_text()).items() if name != "sessions"}
    mark.write_text(json.dumps(without))
    assert verify(target, mark, key=KEY).ok
    made.save(mark)
    mark.write_text(json.dumps({name: v for name, v in json.loads(mark.read_text()).items() if name != "sessions"}))
    assert "signature" in verify(target, mark, key=KEY).problems[0], "what was signed cannot be taken out"


@pytest.mark.parametrize(
    "forge",
    [
        "UPDATE sessions SET name = x'6f6e65'",
        "UPDATE sessions SET name = NULL",
        "INSERT INTO sessions SELECT 's9', name, salt, created_at, hash FROM sessions",
    ],
)
def test_a_session_whose_name_is_no_text_or_not_its_own_is_found(file, forge):
    begun(file, "one")
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "PRAGMA legacy_alter_table = ON; ALTER TABLE sessions RENAME TO strict;"
            "CREATE TABLE sessions AS SELECT * FROM strict; DROP TABLE strict"
        )
    assert verify(file).ok  # the control: without the constraints that would have refused it
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(forge)
    found = verify(file)
    assert found.is_broken
    assert "session" in found.problems[0]


# ---------------------------------------------------------------- the file itself


def contents(file):
    connection = sqlite3.connect(file)
    try:
        tables = ("store_info", "sessions", "events", "draws")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
    finally:
        connection.close()


def test_a_changed_byte_anywhere_in_the_file_is_found_or_changes_no_row(file):
    fill(file, decisions=30)
    original, rows = file.read_bytes(), contents(file)
    rng = random.Random(7)
    found_wrong = 0
    for _ in range(150):
        at = rng.randrange(len(original))
        damaged = bytearray(original)
        damaged[at] ^= 1 << rng.randrange(8)
        file.write_bytes(damaged)
        if verify(file).ok:
            assert contents(file) == rows
        else:
            found_wrong += 1
    assert found_wrong > 20


def test_a_trigger_that_would_change_the_log_is_found(file):
    fill(file)
    connection = sqlite3.connect(file)
    connection.execute("CREATE TRIGGER quiet AFTER INSERT ON events BEGIN DELETE FROM events WHERE seq = NEW.seq; END")
    connection.close()
    assert "quiet" in verify(file).problems[0]


def test_what_cannot_be_opened_does_not_verify(tmp_path):
    (tmp_path / "text.db").write_text("not a database, " * 100)
    for name in ("text.db", "none.db"):
        found = verify(tmp_path / name)
        assert not found.ok
        assert not found.is_broken
        assert found.problems


@pytest.mark.parametrize("key", [None, b"", b"another", KEY])
def test_what_kept_a_store_from_being_checked_is_noted_nowhere(target, tmp_path, key):
    fill(target)
    write_checkpoint(target, tmp_path / "mark", KEY)
    mark = tmp_path / ("none" if key == KEY else "mark")
    found = verify(target, mark, key=key)
    assert (found.ok, found.is_broken, len(found.problems)) == (False, False, 1)
    assert note_failure(target, found, "ada") == 0
    assert verify(target, tmp_path / "mark", key=KEY).events == found.events


def test_what_is_wrong_is_wrong_although_the_checkpoint_cannot_be_read(target, tamper, tmp_path):
    fill(target)
    tamper(BREAKS["changed event"])
    found = verify(target, tmp_path / "none")
    assert found.is_broken
    assert note_failure(target, found, "ada") == 2


def test_a_store_that_is_locked_is_not_taken_for_a_broken_one(file):
    fill(file)
    with Store.open(file, patience_seconds=0.1) as store, closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = verify(store)
        assert (found.ok, found.is_broken) == (False, False)
        assert "locked" in found.problems[0]
        other.execute("ROLLBACK")
        assert verify(store).ok


def test_nothing_is_signed_with_an_empty_key(target, tmp_path):
    fill(target)
    with pytest.raises(BrokenChain, match="key is empty"):
        write_checkpoint(target, tmp_path / "mark", b"")
    assert not (tmp_path / "mark").exists()


# ---------------------------------------------------------------- a failed verification in the log


BREAKS = {
    "changed event": "UPDATE events SET reviewer = 'eve' WHERE seq = 2",
    "changed head": f"UPDATE events SET hash = '{'f' * 64}' WHERE seq = 9",
    "deleted event": "DELETE FROM events WHERE seq = 4",
    "moved event": "UPDATE events SET seq = 40 WHERE seq = 9",
    "changed draw": "UPDATE draws SET item_id = 't9' WHERE seq = 1",
    "changed prediction": "UPDATE draws SET content = replace(content, 'confidence', 'certainty') WHERE seq = 1",
    "changed session": "UPDATE sessions SET name = 'other' WHERE name = 'one'",
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_a_failure_is_noted_behind_what_is_wrong_and_mends_nothing(target, tamper, change):
    sessions_of = fill(target)
    tamper(change)
    before = verify(target)
    assert not before.ok
    for _ in range(2):
        assert note_failure(target, before, "ada") == 2
        after = verify(target)
        assert not after.ok
        assert after.first_bad_seq == before.first_bad_seq
        assert after.problems == before.problems
    with Store.open(target) as store:
        for session_id in sessions_of:
            noted = [event for event in store.events(session_id) if event.kind == "verification_failed"]
            assert [(event.reviewer, event.record["problems"]) for event in noted] == [("ada", before.problems)] * 2


def test_noting_a_failure_never_fills_up_a_log_that_was_cut_off(target, tamper, tmp_path):
    fill(target)
    write_checkpoint(target, tmp_path / "mark", KEY)
    tamper("DELETE FROM events WHERE seq > 5")
    for _ in range(4):  # nine events again, and more
        found = verify(target, tmp_path / "mark", key=KEY)
        assert not found.ok
        note_failure(target, found, "ada")
    found = verify(target, tmp_path / "mark", key=KEY)
    assert found.events > 9
    assert not found.ok


def test_a_damaged_database_is_not_written_to(file):
    fill(file)
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM draws; END")
    connection.close()
    before = file.read_bytes()
    found = verify(file)
    assert not found.ok
    with pytest.raises(StoreProblem, match="left as it is"):
        note_failure(file, found, "ada")
    assert file.read_bytes() == before
