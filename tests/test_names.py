"""Who reviews, where nobody says so."""

import getpass

import pandas as pd
import pytest

import hitl_notebook as hitl
from hitl_notebook.errors import BadName

HUB = {
    "JUPYTERHUB_USER": "grace@navy.example",
    "JUPYTERHUB_SERVICE_PREFIX": "/user/grace@navy.example/",
    "JUPYTERHUB_BASE_URL": "/",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
    "JUPYTERHUB_SERVER_NAME": "",
}


def review(**options):
    frame = pd.DataFrame({"text": ["a", "b"], "said": ["ham", "spam"]})
    return hitl.ReviewSession(frame, prediction="said", store=":memory:", **options)


@pytest.fixture
def hub(monkeypatch):
    """What a single-user server of JupyterHub gives its kernels; everybody is the same login on many hubs."""
    for name, value in HUB.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(getpass, "getuser", lambda: "jovyan")


def test_on_a_hub_the_reviewer_is_its_user(hub):
    with review() as session:
        session.accept(session.next_item())
        assert session.reviewer == "grace@navy.example"
        assert list(session.decisions["reviewer"]) == ["grace@navy.example"]
        assert session.widget.session["reviewer"] == "grace@navy.example"


def test_a_name_that_is_given_counts_for_more(hub):
    with review(reviewer="ada") as session:
        assert session.reviewer == "ada"


def test_elsewhere_it_is_the_login_name(hub, monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER")
    with review() as session:
        assert session.reviewer == "jovyan"


def test_a_hub_user_that_is_no_name_is_refused(hub, monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "a\nb")
    with pytest.raises(BadName, match="control characters"):
        review()


@pytest.mark.parametrize("name", ["", " \t", "\u200b", "\u2060\ufeff", "\u3164", "\u2800", " \u200d "])
@pytest.mark.parametrize("what", ["reviewer", "name", "model_version"])
def test_a_name_of_which_nothing_can_be_seen_is_blank(what, name):
    with pytest.raises(BadName, match=f"{what} is blank"):
        review(**{what: name})


def test_a_name_may_hold_what_joins_its_characters():
    assert review(reviewer="👩\u200d🔬").reviewer == "👩\u200d🔬"
    assert review(reviewer="نمی\u200cدانم").reviewer == "نمی\u200cدانم"
