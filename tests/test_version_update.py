"""The next version of a model: what is known of it at once, and that only what it changed is asked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, SessionMismatch, StoreProblem, UnknownChoice
from hitl_notebook.metrics import compare_versions
from tests.page import Page

LABELS = ("a", "b", "c")
IDS = [f"t{number}" for number in range(10)]


def frame(predicted, ids=IDS, text="text"):
    parts = {"id": ids, "text": [f"{text} {id_}" for id_ in ids], "predicted": list(predicted)}
    return pd.DataFrame({**parts, "half": ["even" if number % 2 == 0 else "odd" for number in range(len(ids))]})


def review(predicted="a" * 10, store=":memory:", **options):
    defaults = {
        "task": hitl.Classification(LABELS),
        "item_id": "id",
        "prediction": "predicted",
        "show": "text",
        "slices": "half",
        "plan": hitl.ReviewPlan(order="given", seed=1),
        "reviewer": "ada",
        "store": store,
        "model_version": "v1",
    }
    return hitl.ReviewSession(frame(predicted), **(defaults | options))


def cannot_be_written():
    raise StoreProblem("the disk is full", "make room")


def asked(session, value="a"):
    """Everything that the session still asks, in order; each is answered."""
    met = []
    while (item_id := session.next_item()) is not None:
        met.append(item_id)
        session.correct(item_id, value)
    return met


# ------------------------------------------------------------ what is known at once


def test_what_is_known_is_scored_at_once_and_the_rest_of_what_changed_is_queued():
    with review("aaaaaaaaaa") as session:
        for item_id, value in {"t0": "b", "t1": "a", "t2": "c", "t3": "a"}.items():
            session.correct(item_id, value)
        session.flag("t4", "unreadable")
        #                                          t0 repaired, t1 newly wrong, t2 still wrong, t3 as before
        update = session.update_predictions(frame("bbbabbbaaa"), model_version="v2")
        assert (update.before, update.after, update.items, update.changed) == ("v1", "v2", 10, 6)
        assert (update.known, update.repaired, update.new_errors, update.still_wrong) == (3, 1, 1, 1)
        assert (update.carried_over, update.queued, update.only_changed) == (1, 2, True)
        assert str(update).splitlines() == [
            "v2 beside v1: 6 of 10 predictions differ.",
            "Decided before, of these: 3 (1 repaired, 1 newly wrong, 1 still wrong).",
            "Verdicts that carry over, where both versions say the same: 1.",
            "Queued, in random order: 2 that changed and are undecided, and nothing else.",
        ]
        assert set(asked(session)) == {"t5", "t6"}


def test_an_accept_holds_for_a_version_that_says_the_same():
    with review() as session:
        session.accept("t3")
        session.update_predictions(frame("bbbabbbaaa"), model_version="v2")
        row = session.decisions.iloc[0]
        assert (row["action"], row["agreed"], row["model_version"], row["shown_model_version"]) == (
            "accept", True, "v2", "v1",
        )  # fmt: skip


def test_values_within_the_tolerance_of_both_versions_are_right_in_both():
    weights = pd.DataFrame({"id": ["t1", "t2"], "text": "x", "said": [10.0, 20.0]})
    task = hitl.Regression(unit="kg", tolerance=1)
    options = {"item_id": "id", "prediction": "said", "show": "text", "store": ":memory:", "reviewer": "ada"}
    with hitl.ReviewSession(weights, task, model_version="v1", **options) as session:
        session.correct("t1", 12)
        update = session.update_predictions(weights.assign(said=[13.0, 20.5]), model_version="v2")
        assert (update.changed, update.known, update.repaired) == (1, 1, 1)
        update = session.update_predictions(weights.assign(said=[11.0, 20.5]), model_version="v3")
        assert (update.changed, update.known, update.still_right) == (1, 1, 1)
        assert "1 right in both" in str(update)


def test_the_predictions_of_both_versions_are_there_for_a_comparison_over_all_items():
    with review("aaaaaaaaaa") as session:
        update = session.update_predictions(frame("bbbbaaaaaa"), model_version="v2")
        assert update.predictions.columns.tolist() == ["item_id", "model_version", "prediction", "slice_half"]
        assert update.predictions.groupby("model_version")["prediction"].agg("".join).to_dict() == {
            "v1": "aaaaaaaaaa", "v2": "bbbbaaaaaa",
        }  # fmt: skip
        asked(session, "b")
        found = compare_versions(session.decisions, "v1", "v2", items=update.predictions)
        assert (found.difference.value, found.wins, found.left) == (0.4, 4, 0)


def test_probabilities_of_the_version_before_are_not_those_of_the_next():
    sure, unsure = [[0.9, 0.1, 0.0]] * 10, [[0.4, 0.6, 0.0]] * 10
    with review("a" * 10, probabilities=np.array(sure)) as session:
        with pytest.raises(BadColumn, match="are of the version before"):
            session.update_predictions(frame("b" * 10), model_version="v2")
        assert session.item("t0")["predicted"] == "a"
        update = session.update_predictions(frame("b" * 10), model_version="v2", probabilities=np.array(unsure))
        session.accept("t0")
        assert session.decisions["confidence"].tolist() == [0.6]
        assert update.changed == 10
        assert session.update_predictions(frame("b" * 10).assign(p=unsure), probabilities="p").items == 10


# ------------------------------------------------------------ what is asked


def test_what_was_waiting_by_the_plan_and_has_not_changed_is_not_asked_any_more():
    with review() as session:
        session.accept(session.next_item())  # the plan has drawn all ten by now
        session.skip(session.next_item())
        session.update_predictions(frame("bbbaaaaaaa"), model_version="v2")
        assert session.progress() == {
            "total": 3, "reviewed": 1, "accepted": 1, "corrected": 0, "flagged": 0, "skipped": 0, "remaining": 2,
        }  # fmt: skip
        assert set(asked(session)) == {"t1", "t2"}


def test_all_that_is_undecided_is_asked_by_the_plan_where_that_is_wanted():
    with review() as session:
        session.accept("t0")
        update = session.update_predictions(frame("bbbaaaaaaa"), model_version="v2", ask="all")
        assert (update.queued, update.only_changed) == (9, False)
        assert "Queued, by the plan: 9 undecided" in str(update)
        assert asked(session) == IDS[1:]


def test_what_is_chosen_by_hand_is_asked_all_the_same():
    with review() as session:
        session.enqueue(["t7"])
        session.update_predictions(frame("bbbaaaaaaa"), model_version="v2")
        session.enqueue(["t8"])
        assert asked(session)[:2] == ["t8", "t7"]


def test_new_items_and_those_of_another_content_are_asked_too():
    with review() as session:
        session.accept("t0")
        session.accept("t1")
        later = frame("aaaaaaaaab" + "c", [*IDS, "t10"])
        later.loc[1, "text"] = "another text"
        update = session.update_predictions(later, model_version="v2")
        assert (update.changed, update.new, update.queued) == (1, 1, 3)
        assert update.words[:2] == ["v2 beside v1: 1 of 10 predictions differ.", "New in the frame: 1."]
        assert "3 that changed or are new and are undecided" in update.words[-1]
        assert set(asked(session)) == {"t1", "t9", "t10"}


def test_an_item_that_another_reviewer_has_decided_is_known():
    with review() as session:
        session.accept("t0", reviewer="bob")
        update = session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        assert (update.known, update.queued) == (1, 1)
        assert session.next_item() == session.next_item("bob") == "t1"


def test_draws_are_recorded_with_their_probability_among_what_changed_and_was_undecided():
    with review() as session:
        session.accept("t0")
        session.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        asked(session)
        drawn = session.decisions.iloc[1:]
        assert drawn["chosen_by"].tolist() == ["changed"] * 4
        assert drawn["pool_size"].tolist() == [4, 3, 2, 1]
        assert drawn["selection_probability"].tolist() == [1 / 4, 1 / 3, 1 / 2, 1]
        assert drawn["plan_version"].nunique() == 1
        assert drawn["plan_version"].iloc[0] != session.decisions["plan_version"].iloc[0]
        assert set(drawn["kind"]) == {"regular"}


def test_the_plan_says_what_is_asked_now():
    with review() as session:
        session.update_predictions(frame("bbbbaaaaaa"), model_version="v2")
        assert session._review.settings.order == "only what this model version changed, in random order"


def test_blind_items_are_among_what_changed_in_the_share_that_was_asked_for():
    many = [f"t{number}" for number in range(400)]
    plan = hitl.ReviewPlan(order="least_confident", blind_share=0.25, random_share=0.3, seed=3)
    options = {"item_id": "id", "prediction": "predicted", "confidence": "p", "show": "text", "store": ":memory:"}
    before = frame("a" * 400, many).assign(p=0.5)
    with hitl.ReviewSession(before, plan=plan, reviewer="ada", model_version="v1", **options) as session:
        session.update_predictions(before.assign(predicted="b"), model_version="v2")
        upcoming = session._review.upcoming("ada", 400, ahead=400)
        blind = [session._review.sight("ada", key).is_blind for key, _ in upcoming]
        assert len(blind) == 400
        assert 0.18 < sum(blind) / 400 < 0.32, "0.25, give or take 3 standard deviations"


def test_undo_brings_an_item_of_the_version_before_back():
    with review() as session:
        session.accept("t5")
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        session.undo()
        assert set(asked(session)) == {"t0", "t1", "t5"}


# ------------------------------------------------------------ a page that is open meanwhile


def test_a_decision_from_a_page_that_still_shows_the_version_before_is_kept_and_not_asked_again():
    with review() as session:
        page = Page(session)
        entries = dict(page.card.queue["entries"])
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        for item_id in ("t0", "t7"):
            page.decide(item_id, content_hash=entries[item_id], model_version="v1", value="a")
        decisions = session.decisions.set_index("item_id")
        assert decisions["agreed"].to_dict() == {"t0": False, "t7": True}
        assert asked(session) == ["t1"]


def test_a_decision_of_a_notebook_that_still_has_the_version_before_follows_the_next(tmp_path):
    with review(store=tmp_path / "r.db") as session, review(store=tmp_path / "r.db", reviewer="bo") as older:
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        for item_id in ("t0", "t7"):
            older.accept(item_id)
        for each in (session, older):
            decisions = each.decisions.set_index("item_id")
            assert decisions["agreed"].to_dict() == {"t0": False, "t7": True}
            assert set(decisions["model_version"]) == {"v2"}
            assert set(decisions["shown_model_version"]) == {"v1"}
        assert (session.log["kind"] == "repredict").sum() == 2


def test_such_a_decision_follows_once_the_store_can_be_written_again(tmp_path, monkeypatch):
    with review(store=tmp_path / "r.db") as session, review(store=tmp_path / "r.db", reviewer="bo") as older:
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        with monkeypatch.context() as patch:
            patch.setattr(session._review.store, "writing", cannot_be_written)
            older.accept("t0")
            assert session.decisions["agreed"].tolist() == [True]
        assert session.decisions["agreed"].tolist() == [False]


def test_a_skip_from_such_a_page_asks_nothing_that_would_not_be_asked():
    with review() as session:
        page = Page(session)
        entries = dict(page.card.queue["entries"])
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        page.send("skip", item_id="t7", content_hash=entries["t7"])
        assert page.card.problem is None
        assert set(asked(session)) == {"t0", "t1"}


def test_at_the_end_the_card_says_what_tells_the_versions_apart_and_no_accuracy_of_all_items():
    with review() as session:
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        asked(session)
        summary = Page(session).card.summary
        assert summary["next_steps"][0].startswith("hitl.metrics.compare_versions(session.decisions, 'v1', 'v2'")
        assert summary["accuracy"]["value"] is None
        assert "only what this model version changed was asked" in summary["accuracy"]["note"]


# ------------------------------------------------------------ going on


def test_after_a_restart_the_cells_run_again_go_on_where_it_stood(tmp_path):
    store = tmp_path / "r.db"
    with review(store=store) as session:
        session.accept("t0")
        session.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        first = [session.next_item()]
        session.accept(first[0])
        order = [key for key, _ in session._review.upcoming("ada", 10)]
    with review(store=store) as again:
        assert again.next_item() is not None
        update = again.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        assert (update.known, update.queued) == (2, 3)
        assert asked(again) == order
        drawn = again.decisions[again.decisions["chosen_by"] == "changed"]
        assert drawn["pool_size"].tolist() == [4, 3, 2, 1]


def test_the_cell_of_the_version_before_run_again_asks_by_the_plan(tmp_path):
    with review(store=tmp_path / "r.db") as session:
        session.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        session.accept(session.next_item())
    with review(store=tmp_path / "r.db") as again:
        assert len(asked(again)) == 9


@pytest.mark.parametrize("asked_otherwise", ["changed", "by hand", "not at all"])
def test_what_is_left_of_a_sample_is_not_taken_for_a_random_sample(tmp_path, asked_otherwise):
    plan, store = hitl.ReviewPlan(sample=6, order="random", seed=1), tmp_path / "r.db"
    with review(store=store, plan=plan) as session:
        session.accept(session.next_item())
        if asked_otherwise == "changed":
            session.update_predictions(frame("bbbbbbbaaa"), model_version="v2")
            session.accept(session.next_item())
        elif asked_otherwise == "by hand":
            session.enqueue([session._review.upcoming("ada", 3)[2][0]])
            session.accept(session.next_item())
    with review(store=store, plan=plan) as again:
        asked(again)
        assert len(again.decisions) < 10
        in_card, in_charts = Page(again).card.summary["accuracy"], again._figure_source().reviewed()
        if asked_otherwise == "not at all":
            assert (in_card["value"], in_card["n"], in_charts.weight is None) == (1.0, 6, False)
        else:
            assert in_card["value"] is None
            assert "no random sample" in in_card["note"]
            assert "asked in another way" in in_charts.basis.words


def test_the_same_version_again_changes_nothing():
    with review() as session:
        session.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        upcoming, events = session._review.upcoming("ada", 10), len(session.log)
        update = session.update_predictions(frame("bbbbbaaaaa"), model_version="v2")
        assert (update.before, update.changed, update.queued) == ("v1", 5, 5)
        assert session._review.upcoming("ada", 10) == upcoming
        assert session.log["kind"].tolist()[events:] == ["start"]


def test_a_version_that_nothing_came_before_says_so():
    with review() as session:
        update = session.update_predictions(frame("aaaaaaaaaa"), model_version="v1")
        assert str(update) == "v1 is the version under review already: nothing has changed."
        assert len(asked(session)) == 10


def test_a_third_version_is_compared_with_the_second():
    with review() as session:
        session.update_predictions(frame("bbaaaaaaaa"), model_version="v2")
        session.accept("t0")
        update = session.update_predictions(frame("bbcaaaaaaa"), model_version="v3")
        assert (update.before, update.changed, update.known, update.queued) == ("v2", 1, 0, 1)
        assert asked(session) == ["t2"]


def test_other_predictions_under_the_same_name_are_refused():
    with review() as session, pytest.raises(SessionMismatch, match=r"names other predictions already, of 5"):
        session.update_predictions(frame("bbbbbaaaaa"), model_version="v1")


def test_what_cannot_be_meant_is_refused(tmp_path):
    with review(store=tmp_path / "r.db") as session, pytest.raises(UnknownChoice, match='"changed" or "all"'):
        session.update_predictions(frame("b" * 10), model_version="v2", ask="new")
    opened = hitl.ReviewSession.open(tmp_path / "r.db")
    with opened, pytest.raises(SessionMismatch, match="opened without its items"):
        opened.update_predictions(frame("b" * 10), model_version="v2")


# ------------------------------------------------------------ whatever came before


@settings(max_examples=40)
@given(
    before=st.text("ab", min_size=10, max_size=10),
    after=st.text("ab", min_size=10, max_size=10),
    decided=st.dictionaries(st.sampled_from(IDS), st.sampled_from(("a", "b", "flag", "skip")), max_size=10),
    seed=st.integers(0, 5),
)
def test_each_item_that_changed_and_is_undecided_is_asked_once_and_the_comparison_ends_at_the_truth(
    before, after, decided, seed
):
    with review(before, plan=hitl.ReviewPlan(order="random", seed=seed)) as session:
        session.next_item()  # draws all ten
        for item_id, said in decided.items():
            if said == "skip":
                session.skip(item_id)
            elif said == "flag":
                session.flag(item_id, "unreadable")
            else:
                session.correct(item_id, said)
        update = session.update_predictions(frame(after), model_version="v2")
        verdicts = {item_id: said for item_id, said in decided.items() if said != "skip"}
        open_ = {id_ for id_, *both in zip(IDS, before, after, strict=True) if both[0] != both[1]} - verdicts.keys()
        if before == after:
            assert update.queued == 0
        assert sorted(asked(session, "a")) == sorted(open_)
        truth = {id_: verdicts.get(id_, "a") for id_ in IDS}
        gain = [(truth[id_] == new) - (truth[id_] == old) for id_, old, new in zip(IDS, before, after, strict=True)]
        if "flag" not in verdicts.values():
            found = compare_versions(session.decisions, "v1", "v2", items=update.predictions)
            assert found.difference.value == pytest.approx(sum(gain) / 10)
