"""The worker's border: JSON texts in and out, whatever comes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeling import reduce, results, session, view
from workers.border import Border

from tests.engine import plans
from tests.engine.acting import STEADY
from tests.engine.plans_more import thing

SHA = "0" * 64


def ask(border: Border, op: str, **members: object) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(border.dispatch(json.dumps({"op": op, **members})))
    return answer


@pytest.fixture
def border() -> Border:
    made = Border()
    assert ask(made, "plan", plan=plans.street()) == {"sha": SHA}
    return made


INTENTS = [
    {"type": "object_loaded", "at": 1, "object": "img", "width": 100, "height": 100},
    {"type": "pick_label", "at": 2, "control": "box", "label": "Car"},
    {
        "type": "add_region",
        "at": 3,
        "region": "r1",
        "object": "img",
        "shape": {"x": 1, "y": 2, "width": 30, "height": 40},
    },
    {"type": "choose", "at": 4, "control": "weather", "choice": "Rain", "answer": "a1"},
    {"type": "undo", "at": 5},
]


def test_a_task_is_opened_labelled_dumped_and_closed(border: Border) -> None:
    opened = ask(border, "open", session="s", sha=SHA, data=plans.STREET_DATA, result=[], intents=[])
    assert opened == {"view": view.full(session.open_task(plans.street(), plans.STREET_DATA))}
    for intent in INTENTS:
        assert set(ask(border, "intent", session="s", intent=intent)) == {"patch"}
    dumped = ask(border, "dump", session="s")
    assert [row["id"] for row in dumped["result"]] == ["r1"]
    assert dumped["problems"] == []
    assert ask(border, "close", session="s") == {}
    assert ask(border, "dump", session="s")["problems"][0]["code"] == "unknown-session"


def test_a_log_is_replayed_on_opening(border: Border) -> None:
    ask(border, "open", session="live", sha=SHA, data=plans.STREET_DATA, result=[])
    for intent in INTENTS:
        ask(border, "intent", session="live", intent=intent)
    replayed = ask(border, "open", session="again", sha=SHA, data=plans.STREET_DATA, result=[], intents=INTENTS)
    state = session.open_task(plans.street(), plans.STREET_DATA)
    for intent in INTENTS:
        state, _ = reduce(state, intent)
    assert replayed == {"view": view.full(state)}
    assert ask(border, "dump", session="again") == ask(border, "dump", session="live")
    assert ask(border, "dump", session="again")["result"] == results.dump(state)


def test_sessions_do_not_touch_each_other(border: Border) -> None:
    for name in ("a", "b"):
        ask(border, "open", session=name, sha=SHA, data=plans.STREET_DATA, result=[])
    for intent in INTENTS:
        ask(border, "intent", session="a", intent=intent)
    assert ask(border, "dump", session="b")["result"] == []


def test_settings_and_the_origin_of_predictions_may_be_given(border: Border) -> None:
    row = {"id": "p", "from_name": "stars", "to_name": "img", "type": "rating", "value": {"rating": 2}}
    ask(
        border, "open", session="s", sha=SHA, data=plans.STREET_DATA, result=[row], intents=INTENTS,
        settings={"keep_labels": False, "select_new": True}, origin="prediction",
    )  # fmt: skip
    assert ask(border, "dump", session="s")["result"][-1]["origin"] == "prediction"
    patch = ask(
        border, "intent", session="s", intent={"type": "pick_label", "at": 9, "control": "box", "label": "Sign"}
    )
    assert list(patch["patch"]["regions"]) == ["r1"], "the new region was selected, so its label changes"


def test_labels_of_the_task_before_stay_active(border: Border) -> None:
    for before, active in (({"box": ["Car"]}, ["Car"]), ({"box": 7, "tree": ["Oak"]}, []), ("Car", [])):
        opened = ask(border, "open", session="s", sha=SHA, data=plans.STREET_DATA, settings={"active": before})
        assert opened["view"]["active"]["box"] == active


def test_the_key_of_an_active_label_keeps_it_and_escape_on_nothing_puts_it_down(border: Border) -> None:
    ask(border, "open", session="s", sha=SHA, data=plans.STREET_DATA, settings={"active": {"box": ["Car"]}})
    pick = {"type": "pick_label", "control": "box", "label": "Car", "by": "key", "at": 1}
    assert "active" not in ask(border, "intent", session="s", intent=pick)["patch"]
    shape = {"x": 10, "y": 10, "width": 20, "height": 20, "rotation": 0}
    box = {"type": "add_region", "region": "r1", "object": "img", "shape": shape, "at": 2}
    assert list(ask(border, "intent", session="s", intent=box)["patch"]["regions"]) == ["r1"]
    assert "active" not in ask(border, "intent", session="s", intent=pick)["patch"]
    escape = {"type": "select", "regions": [], "by": "key", "at": 3}
    assert ask(border, "intent", session="s", intent=escape)["patch"]["active"]["box"] == []
    click = {"type": "pick_label", "control": "box", "label": "Car", "at": 4}
    assert ask(border, "intent", session="s", intent=click)["patch"]["active"]["box"] == ["Car"]
    assert ask(border, "intent", session="s", intent=click)["patch"]["active"]["box"] == []


def test_a_display_is_made_for_a_plan(border: Border) -> None:
    shown = ask(border, "display", sha=SHA, data={"image": "a.jpg"})["display"]
    assert shown["objects"] == {"img": {"url": "a.jpg"}}


def test_a_fetched_file_becomes_what_its_object_shows() -> None:
    border = Border()
    part = thing("talk", "paragraphs", value_type="url")
    assert ask(border, "plan", plan=plans.plan([part], [])) == {"sha": SHA}
    ask(border, "open", session="s", sha=SHA, data={"talk": "https://example.com/talk.json"}, result=[], intents=[])
    file = '[{"author": "Ann", "text": "Hi"}]'
    expected = {"object": {"phrases": [{"author": "Ann", "text": "Hi"}]}}
    assert ask(border, "content", session="s", object="talk", text=file) == expected
    assert "problem" in ask(border, "content", session="s", object="talk", text="<html>")["object"]
    assert ask(border, "content", session="s", object="nobody", text=file)["problems"][0]["code"] == "unknown-object"
    loaded = {"type": "object_loaded", "at": 1, "object": "talk", "text": file}
    assert ask(border, "intent", session="s", intent=loaded) == {"patch": {}}
    bad = {"type": "object_loaded", "at": 2, "object": "talk", "text": "no list"}
    assert ask(border, "intent", session="s", intent=bad)["patch"]["problems"][0]["code"] == "wrong-type"


def test_compiling_keeps_the_plan_for_opening() -> None:
    border = Border(lambda source: {"plan": plans.article(), "diagnostics": [], "ms": 1.5, "was": source})
    assert ask(border, "compile", source="<View/>")["was"] == "<View/>"
    assert "view" in ask(border, "open", session="s", sha=SHA, data=plans.ARTICLE_DATA)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        pytest.param("", "bad-message", id="nothing"),
        pytest.param("[1", "bad-message", id="broken JSON"),
        pytest.param("[" * 100_000, "bad-message", id="deep JSON"),
        pytest.param("[]", "bad-message", id="a list"),
        pytest.param('{"op": "fly"}', "unknown-op", id="unknown op"),
        pytest.param('{"op": ["plan"]}', "unknown-op", id="a list as op"),
        pytest.param('{"op": "plan", "plan": {"plan": 99}}', "bad-plan", id="a plan of tomorrow"),
        pytest.param('{"op": "plan", "plan": {"plan": 1, "tree": []}}', "bad-plan", id="a plan without tree"),
        pytest.param('{"op": "plan"}', "bad-message", id="no plan"),
        pytest.param('{"op": "open", "sha": "x", "session": "s", "data": {}}', "unknown-plan", id="unknown plan"),
        pytest.param('{"op": "intent", "session": "s", "intent": {}}', "unknown-session", id="unknown session"),
        pytest.param('{"op": "compile", "source": "<View/>"}', "unknown-op", id="no compiler here"),
    ],
)
def test_bad_messages_are_answered_with_problems(message: str, code: str) -> None:
    (fault,) = json.loads(Border().dispatch(message))["problems"]
    assert fault["code"] == code


def test_a_fault_of_our_own_is_told_and_the_session_lives_on() -> None:
    def broken(source: str) -> dict[str, object]:
        raise ZeroDivisionError(source)

    border = Border(broken)
    ask(border, "plan", plan=plans.street())
    ask(border, "open", session="s", sha=SHA, data=plans.STREET_DATA)
    (fault,) = ask(border, "compile", source="x")["problems"]
    assert fault["code"] == "engine-fault"
    assert ask(border, "dump", session="s") == {"result": [], "problems": []}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = [
    "type",
    "at",
    "object",
    "region",
    "regions",
    "shape",
    "control",
    "label",
    "choice",
    "answer",
    "text",
    "index",
    "ids",
    "rating",
]
TYPES = [
    "add_region",
    "edit_region",
    "pick_label",
    "nudge",
    "select",
    "delete",
    "duplicate",
    "mark",
    "note",
    "choose",
    "rate",
]
TYPES += [
    "type_text",
    "add_text",
    "edit_text",
    "remove_text",
    "undo",
    "redo",
    "reset",
    "object_loaded",
    "select_next",
    "delete_all",
]
LIKELY = st.sampled_from(
    ["r1", "img", "box", "Car", "weather", "notes", "stars", "quality", ["r1"], {"x": 1}, 1, True, "Rain"]
)


@STEADY
@given(
    st.lists(
        st.tuples(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(MEMBERS), LIKELY | JSON, max_size=8)),
        max_size=5,
    )
)
def test_no_intent_brings_the_engine_down(log: list[tuple[str, dict[str, object]]]) -> None:
    border = Border()
    ask(border, "plan", plan=plans.street())
    ask(border, "open", session="s", sha=SHA, data=plans.STREET_DATA, intents=INTENTS)
    for kind, members in log:
        answer = ask(border, "intent", session="s", intent={"at": 10, "type": kind, **members})
        assert set(answer) == {"patch"}, answer
    assert set(ask(border, "dump", session="s")) == {"result", "problems"}
