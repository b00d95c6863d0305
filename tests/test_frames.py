"""The table of effective decisions, extended by what is new, against one that reads the whole log."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.decisions import Draft, Event, Verdicts, admit
from hitl_notebook.errors import Conflict, StoreProblem
from hitl_notebook.figures import Reviewed
from hitl_notebook.frames import DecisionTable, Standing
from hitl_notebook.frames.columns import times
from hitl_notebook.items import typed_id
from hitl_notebook.tasks import MultiLabel, Task
from tests.store.events import decide as drafted

TASK = hitl.Classification(["refund", "fees", "card lost"])

# Item ids as the store has them: text, numbers, both in one column, times.
KEYS = st.sampled_from(
    [
        [("t1", "str"), ("t2", "str"), ("t3", "str")],
        [("1", "int"), ("2", "int"), ("3", "int")],
        [("t1", "str"), ("int:1", "int"), ("float:1.5", "float")],
        [("2026-11-21T09:30:00+00:00", "datetime"), ("2026-11-21T09:31:00+00:00", "datetime")],
    ]
)
VALUES = st.sampled_from(TASK.labels)
TIMES = st.sampled_from([None, "2026-11-21T09:30:00.120Z", "2026-11-21T09:30:00.123456789Z", "9999-12-31", "yesterday"])
CONTENTS = st.fixed_dictionaries(
    {
        "prediction": st.none() | VALUES,
        "value": VALUES,
        "first_value": st.none() | VALUES,
        "confidence": st.none() | st.sampled_from([0.5, 1]),
        "comment": st.sampled_from([None, "clear", "half a pair: \ud800"]),
        "slices": st.sampled_from(
            [{}, {"channel": "mail"}, {"channel": None}, {"channel": 1}, {"a": 1.5, "channel": 2}]
        ),
    }
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "decide", "decide", "skip", "undo", "item_changed", "repredict", "table", "table"]),
        st.sampled_from(["ada", "bo"]),
        st.integers(0, 2),
        st.sampled_from(["accept", "correct", "flag"]),
        CONTENTS,
        TIMES,
    ),
    max_size=30,
)


def draft_of(number, step, keys, verdicts):
    kind, reviewer, item, action, content, shown_at = step
    key, id_type = keys[item % len(keys)]
    if kind == "undo":
        last = verdicts.last_standing(reviewer)
        return Draft(f"e{number}", "s", kind, reviewer, None, {"replaces": last and last.event_id})
    if kind == "item_changed":
        return Draft(f"e{number}", "s", kind, reviewer, key, {"old_hash": "", "new_hash": f"h{number}"})
    if kind == "repredict":
        return Draft(f"e{number}", "s", kind, reviewer, key, {"model_version": f"v{number}"}, content)
    stands = verdicts.decision(reviewer, key)
    made = drafted("s", number, reviewer, replaces=stands.event_id if stands and kind == "decide" else None)
    hash_ = verdicts.content_hash(key) or "h0"
    record = {**made.record, "action": action, "id_type": id_type, "shown_at": shown_at, "content_hash": hash_}
    content = {**made.content, **content, "value": None if action == "flag" else content["value"]}
    return Draft(made.event_id, "s", kind, reviewer, key, record, content)


def logged(draft, seq):
    at = "2026-11-21T09:30:00.000000Z"
    return Event(
        seq, *(draft.event_id, "s", draft.kind, at, draft.reviewer, draft.item_id, draft.record, draft.content)
    )


def read_at_once(events, task):
    return DecisionTable(Standing.now(Verdicts(events)), task, typed_id).frame()


@settings(max_examples=60)
@given(KEYS, STEPS)
def test_a_table_extended_by_what_is_new_equals_one_that_reads_the_whole_log(keys, steps):
    verdicts, events = Verdicts(), []
    table = DecisionTable(Standing.now(verdicts), TASK, typed_id)
    for number, step in enumerate([*steps, ("table", *steps[0][1:])] if steps else [], 1):
        if step[0] == "table":
            table = table.extended(Standing.now(verdicts, table.standing))
            pd.testing.assert_frame_equal(table.frame(), read_at_once(events, TASK))
            rows = table.rows()
            for numbers, name in (("item_number", "key"), ("reviewer_number", "reviewer")):
                assert (pd.factorize(rows[numbers])[0] == pd.factorize(rows[name])[0]).all()
            continue
        draft = draft_of(number, step, keys, verdicts)
        try:
            admit(verdicts, draft)
        except Conflict:
            continue
        events.append(logged(draft, number))
        verdicts.extend(events[-1:])


@pytest.mark.parametrize(
    ("first", "second"),
    [(1, None), ("mail", None), (1, "mail"), (1, 1.5), (None, 1), (True, None)],
    ids=str,
)
def test_a_column_whose_last_odd_cell_is_undone_has_the_type_of_those_that_are_left(first, second):
    keys = [("t1", "str"), ("int:1", "int")]
    verdicts, events = Verdicts(), []

    def take(step):
        events.append(logged(draft_of(len(events) + 1, step, keys, verdicts), len(events) + 1))
        verdicts.extend(events[-1:])

    for item, cell in enumerate((first, second)):
        content = {"value": "fees", "comment": [None, "\ud800"][item], "slices": {"channel": cell}}
        take(("decide", "ada", item, "accept", content, None))
    table = DecisionTable(Standing.now(verdicts), TASK, typed_id)
    take(("undo", "ada", 0, "", {}, None))
    table = table.extended(Standing.now(verdicts, table.standing))
    pd.testing.assert_frame_equal(table.frame(), read_at_once(events, TASK))
    pd.testing.assert_frame_equal(table.rows()[list(table.frame())], table.frame())


def test_only_items_with_news_are_read_again():
    events = [logged(drafted("s", number), number) for number in range(1, 4)]
    verdicts = Verdicts(events)
    earlier = Standing.now(verdicts)
    assert (Standing.now(verdicts, earlier).again, Standing.now(verdicts, earlier).decisions) == (frozenset(), [])
    verdicts.extend([logged(drafted("s", 4), 4)])
    added = Standing.now(verdicts, earlier)
    assert (added.again, [event.event_id for event, _ in added.decisions]) == (frozenset(), ["e4"])
    verdicts.extend([logged(Draft("u", "s", "undo", "ada", None, {"replaces": "e4"}), 5)])
    assert Standing.now(verdicts, earlier).again == {"t4"}
    assert Standing.now(verdicts, earlier).decisions == []
    assert Standing.now(Verdicts(events), earlier).again is None


MOMENTS = st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))
WRITTEN = st.builds(
    lambda moment, precision, zone: moment.isoformat(timespec=precision).replace("+00:00", zone),
    MOMENTS,
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
    st.sampled_from(["Z", "+00:00"]),
)


@given(st.lists(st.none() | WRITTEN | st.sampled_from(["yesterday", "2026-02-30T09:30:00.120Z", "2026-11-21"])))
def test_times_are_read_as_python_reads_each_whatever_stands_beside_it(cells):
    def moment(cell):
        try:
            read = datetime.fromisoformat(cell)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        except (TypeError, ValueError):
            return None

    column = times(cells)
    assert str(column.dtype) == "datetime64[us, UTC]"
    assert [None if pd.isna(cell) else cell.to_pydatetime() for cell in column] == list(map(moment, cells))


# ---------------------------------------------------------------- a session


ITEMS = pd.DataFrame({"id": ["t1", "t2", "t3", "t4"], "text": ["a", "b", "c", "d"], "said": ["fees"] * 4})
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["decide", "decide", "skip", "undo", "new model", "changed item", "decisions"]),
        st.sampled_from(["ada", "bo"]),
        st.sampled_from(ITEMS["id"].tolist()),
        VALUES,
    ),
    max_size=12,
)


def begun(store, frame):
    return hitl.ReviewSession(frame, TASK, item_id="id", prediction="said", show="text", store=store, reviewer="ada")


def reviewed(decisions):
    """What figures are computed from, whose items and reviewers have numbers, or only names."""
    found = Reviewed(decisions=decisions, categories=TASK.labels, population=len(ITEMS))
    items = found.items.drop(columns="item_number", errors="ignore").sort_index(axis=1)  # their order is left open
    return items, found.ratings, found.values.to_frame(), pd.DataFrame({"reviewer": found.reviewers})


@settings(max_examples=30)
@given(MOVES)
def test_what_a_session_says_is_decided_equals_what_one_opened_anew_says(moves):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hitl_notebook.frames.growing._MOST_PIECES", 3)
        frame = ITEMS.copy()
        with begun(":memory:", frame) as session:
            session.next_item()  # all are drawn: one that changes is then one of four
            for number, (move, reviewer, item, value) in enumerate([*moves, ("decisions", "ada", "t1", "fees")]):
                try:
                    match move:
                        case "decide":
                            session.correct(item, value, reviewer=reviewer)
                        case "skip":
                            session.skip(item, reviewer=reviewer)
                        case "undo":
                            session.undo(reviewer=reviewer)
                        case "new model":
                            frame = frame.assign(said=value)
                            session.update_predictions(frame)
                        case "changed item":
                            frame = frame.assign(text=frame["text"].where(frame["id"] != item, f"text {number}"))
                            session.update_predictions(frame)
                        case "decisions":
                            whole = Standing.now(Verdicts(session._review.store.events(session._review.row.session_id)))
                            expected = DecisionTable(whole, session.task, typed_id)
                            pd.testing.assert_frame_equal(session.decisions, expected.frame())
                            numbered = session._decision_table().rows()
                            names = expected.frame()
                            for of_these, of_all in zip(reviewed(numbered), reviewed(names), strict=True):
                                pd.testing.assert_frame_equal(of_these, of_all)
                except Conflict:
                    pass


def failed_commit(connection):
    raise StoreProblem("The disk is full.", "Free some space.")


def test_decisions_of_another_process_and_after_a_failed_commit_are_there(tmp_path, monkeypatch):
    with begun(tmp_path / "r.db", ITEMS) as here, begun(tmp_path / "r.db", ITEMS) as there:
        here.accept("t1")
        assert here.decisions["item_id"].tolist() == ["t1"]
        there.correct("t1", "refund")
        there.accept("t2", reviewer="bo")
        assert here.decisions[["item_id", "value"]].to_numpy().tolist() == [["t1", "refund"], ["t2", "fees"]]
        with monkeypatch.context() as failing, pytest.raises(StoreProblem):
            failing.setattr(here._review.store._database, "commit", failed_commit)
            here.accept("t3")
        pd.testing.assert_frame_equal(here.decisions, there.decisions)


class Goods(list):
    """A list with a hash, as a value has to have."""

    def __hash__(self):
        return hash(tuple(self))


class Basket(Task):
    """A value that its holder can change."""

    name = "basket"

    def spec(self):
        return {}

    @classmethod
    def from_spec(cls, spec):
        return cls()

    def check(self, value):
        return Goods(value)

    from_json = check

    def to_json(self, value):
        return list(value)


@pytest.mark.parametrize("task", [Basket(), MultiLabel(["a", "b"])], ids=["lists", "tuples"])
def test_the_frame_of_decisions_is_the_callers_own(task):
    frame = pd.DataFrame({"id": ["t1", "t2"], "text": ["x", "y"], "said": [["a"], ["b"]]})
    with hitl.ReviewSession(frame, task, item_id="id", prediction="said", store=":memory:") as session:
        session.accept("t1")
        session.correct("t2", ["a", "b"])
        before = session.decisions
        mine = session.decisions
        if isinstance(mine["value"][0], list):
            mine["value"][0].append("c")
            mine["prediction"][1].clear()
        mine.loc[:, "action"] = "mine"
        mine.loc[0, "confidence"] = 0.1
        mine["value"].array[1] = None
        mine["seconds"].array[:] = 7.0
        mine["item_id"].array[0] = "t9"
        pd.testing.assert_frame_equal(session.decisions, before)
        session.accept("t1")
        assert session.decisions["item_id"].tolist() == ["t2", "t1"]
        assert session.decisions["value"].map(list).tolist() == [["a", "b"], ["a"]]


def test_a_comment_with_half_a_surrogate_pair_comes_back_as_it_was():
    with begun(":memory:", ITEMS) as session:
        session.accept("t1", comment="clear")
        session.accept("t2", comment="\ud83d")
        assert session.decisions["comment"].tolist() == ["clear", "\ud83d"]
