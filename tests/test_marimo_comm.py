"""A card in marimo, without its page: marimo's own comm, and what it does when a cell is run again."""

import pandas as pd
import pytest
from marimo._plugins.ui._impl.anywidget.init import init_marimo_widget

import hitl_notebook as hitl
from hitl_notebook.widgets.marimo_comm import is_replayed, was_taken_away


@pytest.fixture
def session():
    frame = pd.DataFrame({"text": ["a", "b", "c"], "said": ["ham", "spam", "ham"]})
    with hitl.ReviewSession(frame, prediction="said", reviewer="ada", store=":memory:") as session:
        yield session


@pytest.fixture
def card(session):
    card = session.widget
    init_marimo_widget(card)
    return card


def test_a_session_shows_its_card_in_marimo(session):
    assert session._display_() is session.widget


def test_a_page_that_is_given_the_traits_as_they_were_sent_is_given_the_newest_queue(session, card):
    before = [key for key, _ in card.queue["entries"]]
    session.accept(session.next_item())
    assert is_replayed(card)
    assert [key for key, _ in card.queue["entries"]] == before[1:]


def test_elsewhere_the_queue_is_not_sent_for_every_decision(session):
    before = session.widget.queue
    session.accept(session.next_item())
    assert not is_replayed(session.widget)
    assert session.widget.queue is before


def test_a_card_taken_away_is_closed_by_the_next_one(session, card):
    assert not was_taken_away(card)
    card.comm.close()  # as marimo does when the cell that made it is run again
    assert card.is_closed
    following = session.widget
    assert following is not card
    assert card.comm is None, "its listeners and its widget are gone"
    assert not following.is_closed
