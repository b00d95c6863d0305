"""What a store does, the same in a SQLite file and in a real PostgreSQL."""

import os
import threading

import pytest

from hitl_notebook.decisions import Draft, Event, Verdicts, admit
from hitl_notebook.errors import Conflict, InvalidDecision, StoreProblem
from hitl_notebook.store import Store, verify
from tests.store.events import CONTENT, decide, draw, ids, undo


def test_what_was_appended_is_read_back_equal_in_order(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        appended = [log.append(decide(session_id, number)) for number in range(3)]
    with store.writing() as log:
        appended.append(log.append(undo(session_id, "u1", "e2")))
    assert store.events(session_id) == appended
    assert [event.seq for event in appended] == [1, 2, 3, 4]
    assert store.events(session_id, after=2) == appended[2:]
    assert store.newest_seq(session_id) == 4


def test_a_store_opened_again_is_the_same_store(target):
    with Store.open(target) as first:
        session = first.start_session("review")
        with first.writing() as log:
            log.append(decide(session.session_id, 1))
    with Store.open(target, create=False) as second:
        assert second.store_id == first.store_id
        assert second.session("review") == session
        assert ids(second.events(session.session_id)) == ["e1"]


def test_sessions_share_one_sequence_and_see_only_their_own(store):
    one, two = store.start_session("one"), store.start_session("two")
    assert store.start_session("one") == one
    assert store.sessions() == [one, two]
    assert store.session("three") is None
    with store.writing() as log:
        log.append(decide(one.session_id, 1))
        log.append(decide(two.session_id, 2))
    assert [event.seq for event in store.events(two.session_id)] == [2]
    assert store.newest_seq(one.session_id) == 1
    assert bytes.fromhex(one.salt) != bytes.fromhex(two.salt)


def test_names_and_ids_are_neither_folded_nor_normalised(store):
    # straße / STRASSE, composed and decomposed é, Latin and Cyrillic a
    names = ["straße", "STRASSE", "é", "e\u0301", "a", "а", "A"]
    rows = [store.start_session(name) for name in names]
    assert len({row.session_id for row in rows}) == len(names)
    with store.writing() as log:
        for name in names:
            log.append(Draft(name, rows[0].session_id, "skip", name, name, {}))
    assert [(event.event_id, event.reviewer, event.item_id) for event in store.events(rows[0].session_id)] == [
        (name, name, name) for name in names
    ]


@pytest.mark.parametrize(
    "value",
    [
        "NUL \x00 in it",
        "half \ud83d of it",
        "😀 \u202e \u2028",
        "x" * 10_000_000,
        2**200,
        -(2**63) - 1,
        1e308,
        0.1 + 0.2,
    ],
    ids=["nul", "surrogate", "emoji", "10MB", "2^200", "below int64", "1e308", "float"],
)
def test_any_value_comes_back_as_it_was(store, value):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        log.append(Draft("e1", session_id, "decide", "ada", "t1", {"client_seq": value}, {"value": {"x": [value]}}))
    (event,) = store.events(session_id)
    assert event.content == {"value": {"x": [value]}}
    assert event.record == {"client_seq": value}
    assert verify(store).ok


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 2_001, "😀" * 501])
def test_an_id_that_not_every_database_keeps_is_refused(store, text):
    session_id = store.start_session("review").session_id
    with pytest.raises(InvalidDecision), store.writing() as log:
        log.append(Draft(text, session_id, "skip", "ada", "t1", {}))
    with pytest.raises(InvalidDecision):
        store.start_session(text)
    assert store.events(session_id) == []


def test_an_id_as_long_as_the_wire_allows_is_kept(store):
    session_id = store.start_session("review").session_id
    random_text = os.urandom(500).hex()  # 1,000 characters that do not compress
    with store.writing() as log:
        log.append(Draft(random_text, session_id, "skip", random_text[:256], random_text, {}))
    assert store.events(session_id)[0].event_id == random_text


def test_an_error_in_the_block_leaves_nothing(store):
    session_id = store.start_session("review").session_id
    with pytest.raises(ZeroDivisionError), store.writing() as log:
        log.append(decide(session_id, 1))
        log.add_draws(session_id, "ada", [draw(1)])
        log.events(session_id)
        raise ZeroDivisionError
    assert store.events(session_id) == []
    assert store.draws(session_id) == []
    with store.writing() as log:
        assert log.append(decide(session_id, 1)).seq == 1
    assert verify(store).ok


def test_an_id_is_stored_once_even_past_the_rule(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        log.append(decide(session_id, 1))
    with pytest.raises(Conflict, match="already"), store.writing() as log:
        log.append(decide(session_id, 2))
        log.append(decide(session_id, 1))
    assert ids(store.events(session_id)) == ["e1"]


def test_sending_twice_stores_once_and_returns_the_first(store):
    session_id = store.start_session("review").session_id
    verdicts = Verdicts()
    for _ in range(2):
        with store.writing() as log:
            verdicts.extend(log.events(session_id, verdicts.seq))
            known = admit(verdicts, decide(session_id, 1))
            if known is None:
                log.append(decide(session_id, 1))
    assert isinstance(known, Event)
    assert store.events(session_id) == [known]


def test_the_block_reads_what_it_appended(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        event = log.append(decide(session_id, 1))
        log.add_draws(session_id, "ada", [draw(1)])
        assert log.events(session_id) == [event]
        assert [drawn.draw for drawn in log.draws(session_id)] == [draw(1)]


def test_draws_come_back_equal_with_their_content_where_it_was_kept(store):
    session_id = store.start_session("review").session_id
    by_hand = draw(3, chosen_by="hand", selection_probability=None, pool_size=None, prediction=None, confidence=None)
    with store.writing() as log:
        log.add_draws(session_id, "ada", [draw(1, selection_probability=1), draw(2)], content={"t2": CONTENT})
        log.add_draws(session_id, "bo", [by_hand])
    drawn = store.draws(session_id, with_content=True)
    assert [(row.seq, row.reviewer, row.draw) for row in drawn] == [
        (1, "ada", draw(1, selection_probability=1.0)),
        (2, "ada", draw(2)),
        (3, "bo", by_hand),
    ]
    assert [row.content for row in drawn] == [None, CONTENT, None]
    assert store.draws(session_id, "bo", with_content=True) == drawn[2:]
    assert store.draws(session_id, after=1, with_content=True) == drawn[1:]
    assert [row.content for row in store.draws(session_id)] == [None] * 3, "not read where nobody asks for it"
    assert verify(store).ok


def test_a_draw_has_its_number_to_itself(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        log.add_draws(session_id, "ada", [draw(1)])
    with pytest.raises(Conflict), store.writing() as log:
        log.add_draws(session_id, "ada", [draw(1)])


def test_thousands_are_appended_in_one_transaction(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        for number in range(12_000):
            log.append(decide(session_id, number))
    assert store.newest_seq(session_id) == 12_000
    assert verify(store).ok


def test_threads_decide_at_once(store):
    session_id = store.start_session("review").session_id
    errors = []

    def work(reviewer):
        try:
            for number in range(20):
                with store.writing() as log:
                    log.append(decide(session_id, number, reviewer, prefix=f"{reviewer}-"))
                assert store.newest_seq(session_id) > 0
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"r{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(store.events(session_id)) == 120
    assert verify(store).ok


def test_writing_inside_writing_is_refused_at_once(store):
    with store.writing(), pytest.raises(RuntimeError, match="already"), store.writing():
        pass


def test_a_session_begun_by_many_at_once_is_one(target):
    found, barrier = [], threading.Barrier(6)

    def begin():
        barrier.wait()
        with Store.open(target) as store:
            found.append((store.store_id, store.start_session("review").session_id))

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_and_its_parent_both_go_on(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        log.append(decide(session_id, 0))
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with store.writing() as log:
                log.append(decide(session_id, 1))
            status = 0
        finally:
            os._exit(status)
    for number in range(2, 6):
        with store.writing() as log:
            log.append(decide(session_id, number))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sorted(ids(store.events(session_id))) == [f"e{number}" for number in range(6)]
    assert verify(store).ok


def test_health_says_how_the_store_is_kept(store):
    session_id = store.start_session("review").session_id
    with store.writing() as log:
        log.append(decide(session_id, 1))
    health = store.health()
    assert health["events"] == 1
    assert health["size_bytes"] > 0
    assert health["store_id"] == store.store_id
    assert health["keeps"] is True


def test_nothing_is_made_where_nothing_is_to_be_made(target):
    with pytest.raises(StoreProblem, match="no store"):
        Store.open(target, create=False)


# ---------------------------------------------------------------- in memory


def test_a_store_in_memory_works_across_threads_and_says_that_it_keeps_nothing():
    with Store.open(":memory:") as store:
        session_id = store.start_session("review").session_id
        threads = []
        for number in range(8):

            def work(number=number):
                with store.writing() as log:
                    log.append(decide(session_id, number))
                    assert store.newest_seq(session_id) >= 0  # read in the middle of one's own transaction

            threads.append(threading.Thread(target=work))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(ids(store.events(session_id))) == [f"e{number}" for number in range(8)]
        assert verify(store).ok
        assert store.keeps is False
        assert store.label == ":memory:"
        assert "memory only" in store.health()["warnings"][0]


def test_stores_in_memory_are_apart():
    with Store.open(":memory:") as one, Store.open("sqlite://") as two:
        one.start_session("review")
        assert two.sessions() == []
