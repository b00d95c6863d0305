"""What a dashboard tells of a selection, and what it takes the trouble to tell again."""

import pytest

from tests.widgets.test_dashboard import Board, select, session


@pytest.fixture
def board():
    with session() as review:
        for _ in range(10):
            review.accept(review.next_item())
        made = Board(review)
        made.watch()
        made.wait(lambda: made.kinds("round"))
        yield made
        made.dashboard.close()


def behind(board):
    return [(told["name"], told["count"], told["selected"]) for told in board.kinds("behind")]


def test_a_cell_with_nothing_behind_it_is_told_too(board):
    select(board, "confusion", prediction="ham", value="spam")  # everything was accepted
    assert behind(board) == [("confusion", 0, True)]


def test_the_same_items_behind_a_mark_of_another_figure_are_told_of_that(board):
    select(board, "confusion", prediction="ham", value="ham")
    select(board, "class_scores", label="ham", measure="precision")
    assert behind(board) == [("confusion", 5, True), ("class_scores", 5, True)]


def test_decisions_on_the_items_behind_a_mark_are_those_of_now(board):
    review = board.dashboard._source._session
    select(board, "confusion", prediction="ham", value="ham")
    board.heard.clear()
    before = board.dashboard.selected
    review.accept(before["item_id"].iloc[0], comment="seen again")
    board.wait(lambda: board.kinds("round"))
    board.wait(lambda: "seen again" in board.dashboard.selected["comment"].tolist())
    assert behind(board) == [], "the count is what it was"
