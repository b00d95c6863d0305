from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hitl_notebook.decisions import GENESIS, Counts, Draft, Event, Verdicts, admit, content_digest, event_hash
from hitl_notebook.errors import Conflict


def draft(event_id, kind="decide", item="t1", reviewer="ada", action="accept", replaces=None, **content):
    record = {"content_hash": None, "replaces": replaces, "action": action, "origin": "api"}
    return Draft(event_id, "s", kind, reviewer, None if kind == "undo" else item, record, content)


def change(event_id, item, new_hash="h2"):
    return Draft(event_id, "s", "item_changed", None, item, {"old_hash": "h1", "new_hash": new_hash})


def repredict(event_id, item, version, prediction, confidence):
    content = {"prediction": prediction, "confidence": confidence}
    return Draft(event_id, "s", "repredict", None, item, {"model_version": version}, content)


def logged(drafts: Iterable[Draft], first_seq=1):
    return [
        Event(
            seq,
            draft.event_id,
            draft.session_id,
            draft.kind,
            "2026-11-21T09:30:00.000000Z",
            draft.reviewer,
            draft.item_id,
            dict(draft.record),
            dict(draft.content),
        )
        for seq, draft in enumerate(drafts, first_seq)
    ]


def ids(events):
    return [event.event_id for event in events]


# ---------------------------------------------------------------- what stands


def test_nothing_stands_in_an_empty_log():
    verdicts = Verdicts()
    assert verdicts.seq == 0
    assert verdicts.decision("ada", "t1") is None
    assert verdicts.last_standing("ada") is None
    assert verdicts.history("ada") == []
    assert verdicts.counts("ada") == Counts(0, 0, 0, 0, 0)
    assert verdicts.reviewers == []


def test_a_change_replaces_and_its_undo_restores():
    verdicts = Verdicts(logged([draft("e1"), draft("e2", action="flag", replaces="e1")]))
    assert verdicts.decision("ada", "t1").event_id == "e2"
    assert ids(verdicts.history("ada")) == ["e2"]
    assert verdicts.counts("ada") == Counts(reviewed=1, accepted=0, corrected=0, flagged=1, skipped=0)
    verdicts.extend(logged([draft("e3", "undo", replaces="e2")], 3))
    assert verdicts.decision("ada", "t1").event_id == "e1"
    assert verdicts.counts("ada") == Counts(reviewed=1, accepted=1, corrected=0, flagged=0, skipped=0)


def test_undo_goes_back_to_the_first_event():
    events = [draft("e1"), draft("e2", "skip", "t2"), draft("e3", item="t3")]
    undos = [draft("u1", "undo", replaces="e3"), draft("u2", "undo", replaces="e2"), draft("u3", "undo", replaces="e1")]
    verdicts = Verdicts(logged([*events, *undos]))
    assert verdicts.last_standing("ada") is None
    assert verdicts.history("ada") == []
    assert set(verdicts.decided("ada")) == set()


def test_reviewers_do_not_touch_each_other():
    verdicts = Verdicts(logged([draft("e1"), draft("e2", reviewer="bo", action="correct")]))
    assert verdicts.last_standing("ada").event_id == "e1"
    assert verdicts.decision("bo", "t1").event_id == "e2"
    assert verdicts.reviewers == ["ada", "bo"]


def test_skipped_items_are_listed_in_the_order_of_skipping_until_decided():
    verdicts = Verdicts(logged([draft("e1", "skip", "t2"), draft("e2", "skip", "t1"), draft("e3", "skip", "t3")]))
    assert verdicts.skipped("ada") == ["t2", "t1", "t3"]
    verdicts.extend(logged([draft("e4", item="t1"), draft("e5", "skip", "t2")], 4))
    assert verdicts.skipped("ada") == ["t3", "t2"]
    verdicts.extend(
        logged([draft("e6", "undo", replaces="e5"), draft("e7", "undo", replaces="e4")], 6)
    )  # both first skips stand again
    assert verdicts.skipped("ada") == ["t2", "t1", "t3"]


def test_a_changed_item_is_open_again_and_counted_until_it_is_decided_again():
    verdicts = Verdicts(logged([draft("e1"), draft("e2", item="t2"), change("c1", "t1"), change("c2", "t9")]))
    assert verdicts.decision("ada", "t1") is None
    assert len(verdicts.waiting) == 1  # nobody had decided on t9
    assert ids(verdicts.history("ada")) == ["e2"]
    verdicts.extend(logged([draft("e3")], 5))
    assert len(verdicts.waiting) == 0
    verdicts.extend(logged([draft("u1", "undo", replaces="e3")], 6))
    assert len(verdicts.waiting) == 1
    assert verdicts.last_standing("ada").event_id == "e2"


def test_a_lapsed_decision_is_not_what_undo_takes_back():
    verdicts = Verdicts(logged([draft("e1"), draft("e2", item="t2"), change("c1", "t2")]))
    assert verdicts.last_standing("ada").event_id == "e1"


def test_history_is_paged_by_sequence_number():
    verdicts = Verdicts(logged([draft(f"e{n}", item=f"t{n}") for n in range(1, 8)]))
    assert ids(verdicts.history("ada", limit=3)) == ["e7", "e6", "e5"]
    assert ids(verdicts.history("ada", before=5, limit=3)) == ["e4", "e3", "e2"]
    assert ids(verdicts.history("ada", before=2, limit=3)) == ["e1"]


def test_effective_gives_one_decision_a_reviewer_and_item_in_the_order_of_the_log():
    verdicts = Verdicts(
        logged(
            [
                draft("s1", "skip", "t1"),
                draft("e1"),
                draft("e2", item="t2"),
                draft("e3", replaces="e1"),
                draft("e4", reviewer="bo"),
            ]
        )
    )
    assert [event.event_id for event in verdicts.effective()] == ["e2", "e3", "e4"]


def test_predictions_are_the_newest_that_came_after_a_decision():
    verdicts = Verdicts(logged([repredict("r1", "t1", "v2", "spam", 0.5), repredict("r2", "t1", "v3", "ham", None)]))
    assert verdicts.predictions["t1"] == ("v3", "ham", None)
    assert "t2" not in verdicts.predictions


def test_events_given_twice_are_folded_once():
    events = logged([draft("e1"), draft("e2", item="t2")])
    verdicts = Verdicts(events)
    verdicts.extend(events)
    assert verdicts.counts("ada").reviewed == 2
    assert len(verdicts.history("ada")) == 2


def test_a_hundred_thousand_events_leave_the_newest_and_its_undo_at_hand():
    verdicts = Verdicts(logged(draft(f"e{n}", item=f"t{n}") for n in range(100_000)))
    assert verdicts.last_standing("ada").event_id == "e99999"
    assert admit(verdicts, draft("u1", "undo", replaces="e99999")) is None


# ---------------------------------------------------------------- what is admitted


def test_an_event_sent_twice_is_answered_with_the_first():
    verdicts = Verdicts(logged([draft("e1")]))
    assert admit(verdicts, draft("e1")).seq == 1
    assert admit(verdicts, draft("e2", item="t2")) is None


@pytest.mark.parametrize("other", [{"reviewer": "bo"}, {"item": "t2"}, {"kind": "skip"}])
def test_an_id_of_another_event_is_refused(other):
    with pytest.raises(Conflict, match="already used for another event"):
        admit(Verdicts(logged([draft("e1")])), draft("e1", **other))


@pytest.mark.parametrize("replaces", [None, "e1", "e9"])
def test_a_change_of_what_no_longer_stands_is_refused_and_says_what_does(replaces):
    verdicts = Verdicts(logged([draft("e1"), draft("e2", action="correct", replaces="e1", value="card lost")]))
    with pytest.raises(Conflict, match="what stands now: corrected\\."):
        admit(verdicts, draft("e3", replaces=replaces))
    assert admit(verdicts, draft("e3", replaces="e2")) is None


def test_a_change_of_an_undone_decision_is_refused():
    verdicts = Verdicts(logged([draft("e1"), draft("u1", "undo", replaces="e1")]))
    with pytest.raises(Conflict, match="no decision of yours stands"):
        admit(verdicts, draft("e2", replaces="e1"))


def test_a_skip_does_not_take_a_decision_away():
    verdicts = Verdicts(logged([draft("e1", value="refund")]))
    with pytest.raises(Conflict, match="already decided: accepted\\."):
        admit(verdicts, draft("e2", "skip"))


def test_a_stale_undo_is_refused_and_says_what_it_would_have_taken_back():
    verdicts = Verdicts(logged([draft("e1"), draft("e2", action="flag", item="t2", reason="unreadable")]))
    with pytest.raises(Conflict, match="item “t2”, flagged\\."):
        admit(verdicts, draft("u1", "undo", replaces="e1"))
    with pytest.raises(Conflict, match="nothing left to undo"):
        admit(Verdicts(), draft("u1", "undo", replaces="e1"))


def test_a_verdict_on_an_earlier_content_is_refused():
    verdicts = Verdicts(logged([change("c1", "t1", new_hash="h2")]))
    stale = Draft("e1", "s", "decide", "ada", "t1", {"content_hash": "h1", "replaces": None, "action": "accept"})
    with pytest.raises(Conflict, match="has changed since it was shown"):
        admit(verdicts, stale)
    fresh = Draft("e1", "s", "decide", "ada", "t1", {"content_hash": "h2", "replaces": None, "action": "accept"})
    assert admit(verdicts, fresh) is None


# ---------------------------------------------------------------- any sequence

REVIEWERS, ITEMS = ["ada", "bo"], ["t1", "t2", "t3"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["decide", "decide", "skip", "undo", "change", "resend", "stale"]),
        st.sampled_from(REVIEWERS),
        st.sampled_from(ITEMS),
        st.sampled_from(["accept", "correct", "flag"]),
    ),
    max_size=40,
)


class PlainModel:
    """Everything not undone, kept as a list and looked through from the start at every question."""

    def __init__(self):
        self.rows = []  # [event_id, kind, reviewer, item, action, lapsed]
        self.lapsed = set()  # (reviewer, item) of standing decisions that a change of the item ended

    def top(self, reviewer, item):
        live = [row for row in self.rows if row[2:4] == [reviewer, item] and not row[5]]
        return live[-1] if live else None

    def last(self, reviewer):
        live = [row for row in self.rows if row[2] == reviewer and not row[5]]
        return live[-1] if live else None

    def standing(self, reviewer):
        tops = [self.top(reviewer, item) for item in ITEMS]
        return [row for row in self.rows if any(row is top for top in tops)]


def play(steps):
    """The log that ``admit`` lets through, and the plain model of it."""
    verdicts, model, log, sent = Verdicts(), PlainModel(), [], []
    for number, (step, reviewer, item, action) in enumerate(steps):
        stands, last = model.top(reviewer, item), model.last(reviewer)
        decided = stands is not None and stands[1] == "decide"
        new = None
        if step == "decide":
            new = draft(f"e{number}", "decide", item, reviewer, action, stands[0] if decided else None)
            model.rows.append([new.event_id, "decide", reviewer, item, action, False])
        elif step == "skip" and not decided:
            new = draft(f"e{number}", "skip", item, reviewer)
            model.rows.append([new.event_id, "skip", reviewer, item, None, False])
        elif step == "undo" and last is not None:
            new = draft(f"e{number}", "undo", None, reviewer, replaces=last[0])
            model.rows = [row for row in model.rows if row is not last]
        elif step == "change":
            new = change(f"e{number}", item)
            tops = ((each, model.top(each, item)) for each in REVIEWERS)
            model.lapsed |= {(each, item) for each, top in tops if top is not None and top[1] == "decide"}
            for row in model.rows:
                row[5] = row[5] or row[3] == item
        elif step == "resend" and sent:
            assert admit(verdicts, sent[number % len(sent)]) is not None
        elif step == "stale":
            with pytest.raises(Conflict):
                admit(verdicts, draft(f"e{number}", "decide", item, reviewer, action, replaces="never"))
            with pytest.raises(Conflict):
                admit(verdicts, draft(f"e{number}", "undo", None, reviewer, replaces="never"))
        if new is not None:
            assert admit(verdicts, new) is None
            sent.append(new)
            log += logged([new], len(log) + 1)
            verdicts.extend(log[-1:])
    return log, verdicts, model


def facts(verdicts):
    return {
        reviewer: (
            [verdicts.decision(reviewer, item) for item in ITEMS],
            verdicts.last_standing(reviewer),
            verdicts.history(reviewer),
            verdicts.skipped(reviewer),
            set(verdicts.decided(reviewer)),
            verdicts.counts(reviewer),
            set(verdicts.waiting),
            verdicts.effective(),
            verdicts.seq,
        )
        for reviewer in REVIEWERS
    }


@given(STEPS)
def test_any_sequence_of_steps_equals_a_plain_model(steps):
    _, verdicts, model = play(steps)
    for reviewer in REVIEWERS:
        standing = model.standing(reviewer)
        decides = [row for row in standing if row[1] == "decide"]
        assert ids(verdicts.history(reviewer)) == [row[0] for row in reversed(standing)]
        assert set(verdicts.decided(reviewer)) == {row[3] for row in decides}
        assert verdicts.skipped(reviewer) == [row[3] for row in standing if row[1] == "skip"]
        last = model.last(reviewer)
        assert ids(filter(None, [verdicts.last_standing(reviewer)])) == ([last[0]] if last else [])
        actions = [row[4] for row in decides]
        assert verdicts.counts(reviewer) == Counts(
            len(decides),
            *(actions.count(action) for action in ("accept", "correct", "flag")),
            len(standing) - len(decides),
        )
    open_again = {item for reviewer, item in model.lapsed if item not in verdicts.decided(reviewer)}
    assert len(verdicts.waiting) == len(open_again)


@given(STEPS, st.lists(st.integers(0, 40)))
def test_folding_in_parts_equals_folding_at_once(steps, cuts):
    log, incremental, _ = play(steps)
    bounds = [0, *sorted(cut for cut in cuts if cut <= len(log)), len(log)]
    in_parts = Verdicts()
    for start, end in pairwise(bounds):
        in_parts.extend(log[start:end])
    assert facts(in_parts) == facts(Verdicts(log)) == facts(incremental)


# ---------------------------------------------------------------- hashes


def test_the_hashes_are_over_exactly_the_documented_bytes():
    # printf 'hitl_notebook content 1\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0{}' | sha256sum
    assert content_digest("00" * 16, "{}") == "e166e0ff6d48d179beefbe90672497f073aa7ec288c954e940cfc92449ac6b19"
    # printf 'hitl_notebook event 1\n{"content_digest":"d",…,"session_id":"s"}' | sha256sum
    assert (
        event_hash(
            seq=1,
            event_id="e1",
            session_id="s",
            kind="skip",
            recorded_at="t",
            reviewer="ada",
            item_id=None,
            record="{}",
            content_digest="d",
            previous_hash=GENESIS,
        )
        == "679fc5bb303306963895359653a95e48d9fbbb781c8ba968e881ad3c0efe05a3"
    )
