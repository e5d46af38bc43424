"""What a session of the server is told: the address once, then the browser's commits, none of them lost."""

import pytest

from pages.parts.stage import session
from pages.parts.stage.example import Example, View


class State(dict):
    """As Streamlit's session state: entries are attributes too."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


@pytest.fixture
def state(monkeypatch):
    """A session whose address asks for a base."""
    made = State()
    monkeypatch.setattr(session.st, "session_state", made)
    monkeypatch.setattr(session.st, "query_params", Address({"base": "2", "t": "x"}))
    session.held()
    return made


class Address(dict):
    to_dict = dict.copy


def send(state, query, revision=None):
    """The browser's commit lies in the component's state, as in the message that brings a press too."""
    revision = state.held.revision if revision is None else revision
    state[session.STAGE] = {"commit": {"session": state.held.session, "revision": revision, "query": query}}


def test_the_address_is_read_once(state, monkeypatch):
    monkeypatch.setattr(session.st, "query_params", Address({"base": "10"}))
    assert session.current() == Example(base="2")
    assert session.held().own
    assert state.faults == ["t was ignored: it is “x”, where a finite number was expected."]


def test_two_sessions_have_two_names(state):
    first = state.held.session
    del state["held"]
    assert session.held().session != first


def test_a_change_by_python_takes_the_waiting_commit_first(state):
    send(state, "z=1,2&base=2")
    session.set_view(present=True)
    assert session.current().logits == (1, 2)
    assert session.view() == View(present=True)
    assert state.held.revision == 1


def test_the_commit_that_was_taken_so_is_old_when_its_own_callback_comes(state):
    send(state, "z=1,2&present=0")
    session.set_view(present=True)
    after = state.held
    session.hear_commit()
    assert state.held is after


def test_a_commit_with_a_fault_is_told_once_and_calls_the_browser_back(state):
    send(state, "z=1,x")
    session.take_commit()
    session.take_commit()
    assert state.faults == ["z was ignored: entry 2 is “x”, where a finite number was expected."]
    assert state.held.revision == 1


def test_without_a_commit_nothing_changes(state):
    before = state.held
    session.take_commit()
    assert state.held is before
    assert state.faults


def test_what_was_pressed_before_a_restarted_server_knew_the_example_is_done_after_its_commit(state):
    send(state, "z=1,2")
    seen = []
    state.pressed = lambda: seen.append(session.current().logits)
    session.hear_commit()
    session.hear_commit()
    assert seen == [(1, 2)]


class Interrupted(BaseException):
    """What Streamlit raises where another message takes the place of a run."""


def test_a_commit_whose_callback_was_broken_off_is_heard_when_the_next_run_starts(state, monkeypatch):
    def interrupt(*_):
        raise Interrupted

    send(state, "z=1,2")
    with monkeypatch.context() as patch:
        patch.setattr(session.holding, "commit", interrupt)
        with pytest.raises(Interrupted):
            session.hear_commit()
    session.hear_commit()
    assert session.current().logits == (1, 2)


def test_faults_of_the_address_are_over_on_another_page(state):
    session.turn_to("")
    assert state.faults
    assert state.fresh
    session.turn_to("clipping")
    assert state.faults == []
    assert not state.fresh


def test_what_is_kept_is_made_again_where_its_key_is_another(state):
    made = [session.kept("x", key, lambda key=key: [key]) for key in (1, 1, 2)]
    assert made == [[1], [1], [2]]
    assert made[0] is made[1]
