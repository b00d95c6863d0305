"""Two versions on the same reviews: by hand, in every corner, and over simulated reviews."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import BadColumn, MissingColumn, UnknownChoice
from hitl_notebook.metrics import compare_predictions, compare_versions, mcnemar_p
from hitl_notebook.metrics.versions.paired_difference import PairedDifference
from tests.metrics.versions.simulated import PLANS, Versions, review


def decided(before, after, value, **columns):
    rows = {"item_id": [f"t{row}" for row in range(len(value))], "action": "correct", "kind": "regular"}
    how = {"chosen_by": "sample", "selection_probability": 0.1, "pool_size": 10 * max(len(value), 1)}
    said = {"shown_prediction": before, "shown_model_version": "v1", "prediction": after, "model_version": "v2"}
    return pd.DataFrame({**rows, **how, **said, "value": value, **columns})


def items_of(**versions):
    said = [
        pd.DataFrame({"item_id": [f"t{row}" for row in range(len(cells))], "model_version": name, "prediction": cells})
        for name, cells in versions.items()
    ]
    return pd.concat(said, ignore_index=True)


def test_wins_losses_and_ties_by_hand():
    # t0 repaired, t1 and t2 newly wrong, t3 right both times, t4 wrong both times, differently
    found = compare_versions(decided(["x", "y", "y", "y", "x"], ["y", "x", "z", "y", "z"], ["y"] * 5), "v1", "v2")
    assert (found.wins, found.losses, found.ties) == (1, 2, 2)
    assert found.p_value == mcnemar_p(1, 2) == 1
    assert found.difference.value == pytest.approx(-1 / 5)
    assert found.conclusion == "open"
    assert found.left is None


def test_a_version_that_is_named_in_words_begins_a_sentence():
    def begins(*names):
        return [words[:7] for words in compare_predictions(["a"], ["a"], ["a"], names=names).words]

    assert begins("the old", "the new")[0] == "The new"
    assert begins("v1", "v2")[0] == "v2 agai"


def test_the_interval_by_hand():
    # airway hyper-responsiveness before and after (Bentur et al. 2009), as in Fagerland, Lydersen and Laake (2014):
    # 21 pairs, 1 for, 7 against: centre (2 - 8) / 23, variance ((2 + 8) / 23 - centre**2) / 23
    gain = np.array([1.0] + [-1.0] * 7 + [0.0] * 13)
    estimate = PairedDifference(gain, np.ones(21)).estimate(0.95)
    half = 1.959964 * math.sqrt((10 / 23 - (6 / 23) ** 2) / 23)
    assert estimate.value == pytest.approx(-6 / 21)
    assert (estimate.low, estimate.high) == pytest.approx((-6 / 23 - half, -6 / 23 + half), abs=1e-6)


def test_with_the_items_only_those_that_differ_need_a_review():
    # 40 items, 10 of which differ; 4 of these reviewed: 3 wins, 1 loss. So 10/40 of a mean of 1/2.
    before, after = ["a"] * 40, ["b"] * 10 + ["a"] * 30
    rows = decided(before[:4], after[:4], ["b", "b", "b", "a"])
    found = compare_versions(rows, "v1", "v2", items=items_of(v1=before, v2=after))
    assert found.difference.value == pytest.approx(10 / 40 * (3 - 1) / 4)
    assert found.left == 6
    assert found.words[0].endswith("They differ on 10 items, 4 of them reviewed.")
    # Reviews of what did not change carry over and add nothing.
    more = decided(before[:4] + ["a"] * 20, after[:4] + ["a"] * 20, ["b", "b", "b", "a"] + ["a"] * 20)
    more["item_id"] = [*rows["item_id"], *(f"t{row}" for row in range(10, 30))]
    again = compare_versions(more, "v1", "v2", items=items_of(v1=before, v2=after))
    assert again.ties == 20
    assert again.difference == found.difference
    assert again.p_value == found.p_value


def test_where_all_that_differ_are_reviewed_it_does_not_matter_how_they_were_chosen():
    before, after = ["a"] * 8, ["b", "b"] + ["a"] * 6
    rows = decided(["a", "a"], ["b", "b"], ["b", "b"], chosen_by="hand", selection_probability=None, pool_size=None)
    assert compare_versions(rows, "v1", "v2", items=items_of(v1=before, v2=after)).difference.value == 2 / 8
    rows = rows[:1]
    found = compare_versions(rows, "v1", "v2", items=items_of(v1=before, v2=after))
    assert math.isnan(found.difference.value)
    assert "1 chosen by hand" in found.difference.note
    assert (found.wins, found.conclusion, found.more) == (1, "open", None)
    assert any("No figure over all items" in sentence for sentence in found.words)


@pytest.mark.parametrize(("drawn_as", "is_unbiased"), [("changed", True), ("sample", False)])
def test_what_was_decided_before_speaks_for_itself_and_what_was_drawn_since_for_the_rest(drawn_as, is_unbiased):
    # Six items changed. Two were decided before, by score: wins both. Of the other four, one win and three losses,
    # two are drawn: over all six ways to draw them the estimates have the truth as their mean, which is 0 of 10.
    # Taken for draws from all items (the control), they would not.
    before, after = ["b"] * 10, ["a"] * 6 + ["b"] * 4
    items = items_of(v1=before, v2=after)
    truth = ["a", "a", "a", "b", "b", "b"]
    estimates = []
    for drawn in itertools.combinations(range(2, 6), 2):
        ids = [0, 1, *drawn]
        rows = decided([before[id_] for id_ in ids], [after[id_] for id_ in ids], [truth[id_] for id_ in ids])
        rows = rows.assign(
            item_id=[f"t{id_}" for id_ in ids],
            chosen_by=["order", "order", drawn_as, drawn_as],
            selection_probability=[0.91, 0.91, 1 / 4, 1 / 3],
            pool_size=[10, 9, 4, 3],
            plan_version=["p1", "p1", "p2", "p2"],
            shown_model_version=["v1", "v1", "v2", "v2"],
        )
        estimates.append(compare_versions(rows, "v1", "v2", items=items).difference.value)
    assert (np.mean(estimates) == pytest.approx(0.0)) == is_unbiased


def test_versions_that_say_the_same_of_every_item_differ_by_nothing():
    rows = decided(["a"], ["a"], ["a"])
    found = compare_versions(rows, "v1", "v2", items=items_of(v1=["a", "b"], v2=["a", "b"]))
    assert (found.difference.value, found.difference.low, found.difference.high) == (0, 0, 0)
    assert (found.p_value, found.conclusion, found.left) == (1, "open", 0)


def test_an_item_likelier_to_be_drawn_counts_for_less():
    # a loss of weight 1 beside two wins of weight 3: (3 + 3 - 1) / 7
    rows = decided(["a", "x", "x"], ["x", "a", "a"], ["a"] * 3, selection_probability=[0.9, 0.3, 0.3])
    assert compare_versions(rows, "v1", "v2").difference.value == pytest.approx(5 / 7)


def test_where_reviewers_differ_an_item_counts_by_the_share_who_agree():
    rows = decided(["a"] * 3, ["b"] * 3, ["b", "b", "a"], item_id=["t0"] * 3)
    found = compare_versions(rows, "v1", "v2")
    assert found.difference.value == pytest.approx(1 / 3)
    assert (found.wins, found.losses, found.ties) == (1, 0, 0)
    assert "1 on which reviewers differ" in found.difference.note


def test_what_a_version_has_learned_from_says_nothing_of_the_rest():
    before, after = ["a"] * 10, ["b"] * 6 + ["a"] * 4
    rows = decided(before[:6], after[:6], ["b", "b", "b", "b", "a", "a"])
    items = items_of(v1=before, v2=after)
    assert compare_versions(rows, "v1", "v2", items=items).difference.value == pytest.approx((4 - 2) / 10)
    found = compare_versions(rows, "v1", "v2", items=items, learned_from=["t0", "t1", "t2", "t9"])
    # of the six others three differ: one win, two losses
    assert found.difference.value == pytest.approx((1 - 2) / 6)
    assert found.wins + found.losses + found.ties == 3
    assert "4 that a version has learned from left out" in found.difference.note


def test_flags_and_catch_trials_have_no_say():
    rows = decided(["a"] * 3, ["b"] * 3, ["b", None, "b"], action=["correct", "flag", "correct"])
    rows["kind"] = ["regular", "regular", "catch"]
    found = compare_versions(rows, "v1", "v2")
    assert (found.wins, found.losses, found.ties) == (1, 0, 0)


def test_numbers_agree_by_the_tasks_own_rule():
    task = hitl.Regression(tolerance=0.5)
    rows = decided([1.0, 2.0], [1.4, 5.0], [1.2, 2.0])
    found = compare_versions(rows, "v1", "v2", equal=task.equal)
    assert (found.wins, found.losses, found.ties) == (0, 1, 1)


def test_what_got_worse_comes_first_and_of_that_the_most_frequent_confusion():
    rows = decided(["a", "a", "b", "x", "x"], ["c", "b", "c", "a", "c"], ["a", "a", "b", "a", "a"])
    rows["item_id"] = list("pqrst")
    rows.loc[5] = rows.loc[0].replace("p", "u")
    changes = compare_versions(rows, "v1", "v2").changes
    assert changes["outcome"].tolist() == ["new error"] * 4 + ["repaired", "still wrong"]
    assert set(changes["item_id"][:2]) == {"p", "u"}  # both "a" taken for "c"


def test_the_part_that_lost_most_comes_first():
    rows = decided(["a", "a", "x", "x"], ["x", "x", "a", "a"], ["a"] * 4, slice_channel=["mail", "mail", "web", "web"])
    parts = compare_versions(rows, "v1", "v2").parts
    assert parts[["slice", "part", "value", "losses", "wins", "n"]].to_numpy().tolist() == [
        ["channel", "mail", -1.0, 2, 0, 2],
        ["channel", "web", 1.0, 0, 2, 2],
    ]


def test_the_table_to_draw_begins_with_all_items_and_takes_parts_of_any_type():
    rows = decided(["a", "x"], ["x", "a"], ["a"] * 2, slice_floor=[1, 2])
    found = compare_versions(rows, "v1", "v2")
    assert found.table[["slice", "part", "value", "n"]].to_numpy().tolist() == [
        ["all items", "v2", 0.0, 2],
        ["floor", 1, -1.0, 1],
        ["floor", 2, 1.0, 1],
    ]
    nothing = compare_predictions([], [], [])
    assert nothing.table.columns.tolist() == found.table.columns.tolist()
    assert len(nothing.table) == 0


def test_a_part_is_judged_over_all_of_its_items_where_these_are_known():
    before, after = ["a"] * 8, ["b"] * 2 + ["a"] * 6
    items = items_of(v1=before, v2=after)
    items["slice_channel"] = (["mail"] * 4 + ["web"] * 4) * 2
    found = compare_versions(decided(["a"], ["b"], ["b"]), "v1", "v2", items=items)
    assert found.parts.set_index("part")["value"].to_dict() == {"mail": 2 / 4, "web": 0}


def test_nothing_reviewed_yet_is_nan_and_says_why():
    found = compare_versions(decided([], [], []), "v1", "v2", items=items_of(v1=["a"], v2=["b"]), worth=0.1)
    assert math.isnan(found.difference.value)
    assert (found.wins, found.losses, found.ties, found.p_value) == (0, 0, 0, 1)
    assert found.left == 1
    assert str(found)


def test_it_says_how_many_more_reviews_it_takes_and_when_there_are_too_few():
    before, after = ["a"] * 1_000, ["b"] * 300 + ["a"] * 700
    rows = decided(before[:20], after[:20], ["b"] * 12 + ["a"] * 8)
    found = compare_versions(rows, "v1", "v2", items=items_of(v1=before, v2=after), worth=0.1)
    # among those that differ a difference of 1/3: Connor's (1.960 + 0.842 sqrt(1 - 1/9))**2 * 9 is 68
    assert 68 - 20 <= found.more <= 68
    assert f"About {found.more} more reviews of items on which the versions differ" in str(found)
    small = compare_versions(rows, "v1", "v2", items=items_of(v1=before, v2=after), worth=0.01)
    assert small.more > small.left == 280
    assert "280 of them are left: these items cannot tell" in str(small)


def test_no_difference_seen_asks_which_one_matters():
    found = compare_versions(decided(["a", "b"], ["b", "a"], ["a", "a"]), "v1", "v2")
    assert found.more is None
    assert "name one, as in worth=0.02" in str(found)


def test_four_wins_to_nothing_are_no_improvement_yet_and_six_are():
    for wins, conclusion in ((4, "open"), (5, "open"), (6, "better")):
        assert compare_versions(decided(["x"] * wins, ["a"] * wins, ["a"] * wins), "v1", "v2").conclusion == conclusion
    assert compare_versions(decided(["a"] * 6, ["x"] * 6, ["a"] * 6), "v1", "v2").conclusion == "worse"


def test_a_real_session_that_goes_on_with_a_next_version():
    texts = [f"message {row}" for row in range(30)]
    frame = pd.DataFrame({"text": texts, "predicted": ["ham", "spam"] * 15, "channel": ["mail", "web", "app"] * 10})
    options = {"prediction": "predicted", "show": "text", "slices": "channel", "store": ":memory:", "reviewer": "ada"}
    plan = hitl.ReviewPlan(order="random", seed=1)
    with hitl.ReviewSession(frame, plan=plan, model_version="v1", **options) as session:
        for _ in range(20):
            session.correct(session.next_item(), "ham")
        after = frame.assign(predicted="ham")
        session.update_predictions(after, model_version="v2")
        items = pd.concat([frame.assign(model_version="v1"), after.assign(model_version="v2")])
        items = items.rename(columns={"predicted": "prediction", "channel": "slice_channel"})
        items["item_id"] = [*range(30), *range(30)]
        found = compare_versions(session.decisions, "v1", "v2", items=items, equal=session.task.equal)
    assert found.wins == (session_spam := sum(found.changes["before"] == "spam"))
    assert (found.losses, found.ties) == (0, 20 - session_spam)
    assert found.difference.value == pytest.approx(15 / 30)
    assert found.conclusion == "better"
    assert set(found.parts["part"]) == {"mail", "web", "app"}


@pytest.mark.parametrize("plan", PLANS)
def test_without_a_difference_better_is_said_in_at_most_five_runs_of_a_hundred(plan):
    even, rng, runs = Versions(differ=0.2, wins=0.4, losses=0.4), np.random.default_rng(11), 40
    said = [
        compare_versions(rows, "v1", "v2", items=items).conclusion
        for rows, items in (review(even, plan, 300, 100, rng) for _ in range(runs))
    ]
    assert said.count("better") <= 0.05 * runs + 2 * math.sqrt(0.05 * 0.95 * runs)
    assert said.count("open") >= 0.9 * runs


def test_where_it_is_better_it_is_mostly_said_and_never_the_reverse():
    better, rng, runs = Versions(differ=0.3, wins=0.6, losses=0.2), np.random.default_rng(12), 25
    said = [
        compare_versions(rows, "v1", "v2", items=items).conclusion
        for rows, items in (review(better, PLANS[2], 600, 120, rng) for _ in range(runs))
    ]
    assert said.count("better") > 0.8 * runs
    assert said.count("worse") == 0


def test_a_queue_by_score_without_its_weights_would_call_a_better_version_worse():
    # the positive control of the weights: hard items come first, and there the later version is worse
    better, rng = Versions(differ=0.3, wins=0.45, losses=0.35), np.random.default_rng(13)
    weighted, plain = [], []
    for _ in range(20):
        rows, items = review(better, PLANS[1], 800, 300, rng)
        weighted.append(compare_versions(rows, "v1", "v2", items=items).difference.value)
        rows = rows.assign(chosen_by="sample", selection_probability=0.375)
        plain.append(compare_versions(rows, "v1", "v2", items=items).difference.value)
    spread = np.std(weighted) / math.sqrt(len(weighted))
    assert np.mean(weighted) == pytest.approx(better.difference, abs=3 * spread)
    assert np.mean(plain) < better.difference - 3 * spread


def test_columns_are_compared_without_those_that_say_nothing():
    value, before, after = ["a", "a", None, "a", "b"], ["b", "a", "a", None, "b"], ["a", "b", "a", "a", "b"]
    found = compare_predictions(
        value,
        before,
        after,
        item_id=list("pqrst"),
        sample_weight=[3, 1, 1, 1, 0],
        slices={"part": ["x", "y", "x", "x", "y"]},
    )
    assert (found.wins, found.losses, found.ties) == (1, 1, 0)
    assert found.difference.value == pytest.approx((3 - 1) / 4)
    assert "3 of 5 without a value, a prediction or a weight left out" in found.difference.note
    assert found.changes["item_id"].tolist() == ["q", "p"]
    assert found.parts["part"].tolist() == ["y", "x"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"item_id": [1, 2, 3]}, "item_id has 3 rows, value 2"),
        ({"item_id": [1]}, "item_id has 1 rows, value 2"),
        ({"before": ["a"]}, "before has 1 rows, value 2"),
        ({"after": ["a"] * 3}, "after has 3 rows, value 2"),
        ({"slices": {"part": ["x"]}}, "slice 'part' has 1 rows, value 2"),
        ({"slices": {"part": ["x"] * 3}}, "slice 'part' has 3 rows, value 2"),
    ],
)
def test_columns_of_other_lengths_are_refused(columns, said):
    with pytest.raises(BadColumn, match=said):
        compare_predictions(**{"value": ["a", "b"], "before": ["a", "b"], "after": ["b", "b"], **columns})


def test_a_level_beyond_whole_percent_is_said_as_it_is():
    found = compare_predictions(["a"] * 3, ["b", "a", "a"], ["a"] * 3, worth=0.123, power=0.995, level=0.995)
    assert "99.5% interval" in str(found)
    assert "12.3 points with 99.5% power" in str(found)


def test_what_there_is_no_figure_for_is_said_once():
    found = compare_predictions([None], ["a"], ["a"])
    assert str(found).count("left out") == 1


def test_what_cannot_be_meant_is_refused():
    rows = decided(["a"], ["b"], ["b"])
    with pytest.raises(UnknownChoice, match="'v3': there are 'v1', 'v2'"):
        compare_versions(rows, "v1", "v3")
    with pytest.raises(UnknownChoice, match="'2', perhaps '2': there are 1, 2"):
        compare_versions(rows.assign(model_version=2, shown_model_version=1), "2", "1")
    for name in ("item_id", "action", "kind", "value", "prediction", "shown_prediction"):
        with pytest.raises(MissingColumn, match=f"no {name} among"):
            compare_versions(rows.drop(columns=name), "v1", "v2")
    with pytest.raises(UnknownChoice, match=r"learned_from='abc' is one text: a list of ids, as in \['abc'\]"):
        compare_versions(rows, "v1", "v2", learned_from="abc")
    with pytest.raises(UnknownChoice, match="level"):
        compare_versions(rows, "v1", "v2", level=95)
    with pytest.raises(UnknownChoice, match="power"):
        compare_versions(rows, "v1", "v2", power=80)
    with pytest.raises(UnknownChoice, match="worth"):
        compare_versions(rows, "v1", "v2", worth=2)
    with pytest.raises(MissingColumn, match="model_version"):
        compare_versions(rows, "v1", "v2", items=rows[["item_id", "prediction"]])
    twice = items_of(v1=["a"], v2=["b"])
    with pytest.raises(BadColumn, match="second prediction"):
        compare_versions(rows, "v1", "v2", items=pd.concat([twice, twice], ignore_index=True))
    with pytest.raises(BadColumn, match="'a' by the decisions and 'c' by items"):
        compare_versions(rows, "v1", "v2", items=items_of(v1=["c"], v2=["b"]))
    as_text = items_of(v1=["a"], v2=["b"]).assign(item_id="0")
    with pytest.raises(
        BadColumn, match="items has '0' where the decisions have 0, and no id that is the same: give both"
    ):
        compare_versions(rows.assign(item_id=range(len(rows))), "v1", "v2", items=as_text)
