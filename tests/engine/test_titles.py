"""What people call a control, and how what is missing is said to them."""

from __future__ import annotations

import pytest
from labeling import check, display, session, titles
from labeling.model import Settings
from labeling.plan_index import index

from tests.engine import plans
from tests.engine.acting import Acting, Json


def header(key: str, text: str) -> Json:
    return {"node": "header", "key": key, "value": {"text": text}}


def control(key: str, name: str) -> Json:
    return {"node": "control", "key": key, "name": name}


def view(key: str, *children: Json) -> Json:
    return {"node": "view", "key": key, "children": list(children)}


def asked(*children: Json, **more: object) -> Json:
    """A plan with choices ``mood`` and a text area ``why`` whose tree holds *children*."""
    controls = [
        plans.choices("mood", "txt", ["Calm", "Busy"], required=True, **more),
        plans.textarea("why", "txt"),
    ]
    return plans.plan([plans.text()], controls, view("n0", {"node": "object", "key": "n1", "name": "txt"}, *children))


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        pytest.param(asked(control("n2", "mood")), {}, id="no heading"),
        pytest.param(asked(header("n2", "How is it?"), control("n3", "mood")), {"mood": "How is it?"}, id="before it"),
        pytest.param(
            asked(header("n2", "How is it?"), control("n3", "mood"), control("n4", "why")),
            {"mood": "How is it?"},
            id="a heading belongs to one control",
        ),
        pytest.param(
            asked(header("n2", "How is it?"), view("n3", control("n4", "mood"), control("n5", "why"))),
            {"mood": "How is it?"},
            id="before a view that begins with it",
        ),
        pytest.param(
            asked(view("n2", header("n3", "How?"), control("n4", "mood")), header("n5", "Why?"), control("n6", "why")),
            {"mood": "How?", "why": "Why?"},
            id="inside a view",
        ),
    ],
)
def test_a_control_is_called_by_the_heading_right_before_it(plan: Json, found: dict[str, str]) -> None:
    assert titles.titles(index(plan), plans.ARTICLE_DATA) == found
    texts = display.resolve(plan, plans.ARTICLE_DATA)["texts"]
    assert {name: text for name, text in texts.items() if name.endswith("/title")} == {
        f"{name}/title": title for name, title in found.items()
    }


def test_a_header_inside_a_control_and_a_label_of_a_text_area_are_headings_too() -> None:
    inside: list[str | Json] = [plans.option("Calm", group="How is it?"), plans.option("Busy", group="How is it?")]
    controls = [plans.choices("mood", "txt", inside), plans.textarea("why", "txt", label={"path": ["text"]})]
    plan = plans.plan([plans.text()], controls)
    assert titles.titles(index(plan), {"text": "Why so?"}) == {"mood": "How is it?", "why": "Why so?"}


@pytest.mark.parametrize(
    ("plan", "message", "hint"),
    [
        pytest.param(
            asked(header("n2", "How is it?"), control("n3", "mood")),
            "“How is it?” needs an answer",
            "pick Calm or Busy",
            id="with a heading",
        ),
        pytest.param(asked(control("n2", "mood")), "“mood” needs an answer", "pick Calm or Busy", id="without one"),
        pytest.param(
            asked(control("n2", "mood"), required_message="Say how it is!"),
            "Say how it is!",
            "pick Calm or Busy",
            id="with words of its own",
        ),
    ],
)
def test_a_missing_answer_is_named_as_people_see_it(plan: Json, message: str, hint: str) -> None:
    (fault,) = check.problems(session.open_task(plan, plans.ARTICLE_DATA))
    assert (fault["message"], fault["hint"], fault["control"]) == (message, hint, "mood")


def test_a_missing_answer_about_a_region_names_the_region() -> None:
    controls = [plans.boxes(), plans.choices("quality", "img", list("ABCDEF"), per_region=True, required=True)]
    acting = Acting(plans.plan([plans.image()], controls), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    (fault,) = check.problems(acting.state)
    assert fault["message"] == "“quality” needs an answer for region 1 (Car)"
    assert (fault["hint"], fault["region"]) == ("pick A, B, C … or F", "r1")


def test_marks_that_are_missing_are_asked_for_by_their_labels() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(required=True)])
    (fault,) = check.problems(session.open_task(plan, plans.STREET_DATA))
    assert fault["message"] == "nothing is marked yet"
    assert fault["hint"] == "mark at least one place as Car, Person or Sign"


@pytest.mark.parametrize(
    ("given", "more", "active"),
    [
        pytest.param(["Car"], {}, ["Car"], id="a label that the task has"),
        pytest.param(["Gone"], {}, [], id="one that it does not have"),
        pytest.param(["Sign", "Car"], {}, ["Car"], id="one only where one may be active"),
        pytest.param(["Sign", "Car"], {"choice": "multiple"}, ["Car", "Sign"], id="several where several may be"),
        pytest.param([""], {}, [], id="no label where there must be one"),
        pytest.param([""], {"allow_empty": True}, [""], id="no label where that is allowed"),
    ],
)
def test_labels_stay_active_from_one_task_to_the_next(given: list[str], more: Json, active: list[str]) -> None:
    plan = plans.plan([plans.image()], [plans.boxes(**more)])  # type: ignore[arg-type]
    acting = Acting(plan, plans.STREET_DATA, preferences=Settings(active={"box": given, "other": ["X"]}))
    assert acting.view["active"] == {"box": active}
    assert acting.view["tools"]["img"]["tool"] == ("rectangle" if active else "select")  # type: ignore[index]


def test_a_label_that_may_not_be_used_any_more_does_not_stay_active() -> None:
    row = {
        "id": "r1", "from_name": "box", "to_name": "img", "type": "rectanglelabels",
        "value": {"x": 1, "y": 1, "width": 5, "height": 5, "rotation": 0, "rectanglelabels": ["Car"]},
    }  # fmt: skip
    plan = plans.plan([plans.image()], [plans.boxes(max_usages=1)])
    state = session.open_task(plan, plans.STREET_DATA, [row], Settings(active={"box": ["Car"]}))
    assert state.active == {"box": ()}


def test_a_question_and_a_panel_name_what_is_in_them() -> None:
    asked: list[plans.Json] = [{"node": "control", "key": f"n{at}", "name": name} for at, name in enumerate("ab", 3)]
    panel: plans.Json = {"node": "panel", "key": "n6", "value": {"text": "More"}, "children": [
        {"node": "control", "key": "n7", "name": "c"}, {"node": "control", "key": "n8", "name": "d"},
    ]}  # fmt: skip
    tree: plans.Json = {"node": "view", "key": "n0", "children": [
        {"node": "question", "key": "n2", "value": {"text": "Who?"}, "children": asked},
        {"node": "collapse", "key": "n5", "children": [panel]},
    ]}  # fmt: skip
    controls = [plans.rating(name, "txt") for name in "abcd"]
    texts = display.resolve(plans.plan([plans.text()], controls, tree), plans.ARTICLE_DATA)["texts"]
    titles = {name: text for name, text in texts.items() if name.endswith("/title")}
    assert titles == {"a/title": "Who?", "b/title": "Who?", "c/title": "More"}


def test_a_header_of_the_data_over_labels_is_no_name_of_theirs_and_over_a_question_it_is() -> None:
    from config_compiler import compile_config

    source = """<View><Header value="$package"/><Labels name="entity" toName="t"><Label value="Bug"/></Labels>
      <Text name="t" value="$text"/><Header value="$asked"/>
      <Choices name="about" toName="t"><Choice value="A"/></Choices>
      <Header value="Names in $package"/><Labels name="names" toName="t"><Label value="Name"/></Labels></View>"""
    compiled = compile_config(source).plan
    assert compiled is not None
    data = {"package": "bash", "text": "Fix.", "asked": "What is it about?"}
    found = titles.titles(index(compiled.to_data()), data)
    assert found == {"about": "What is it about?", "names": "Names in bash"}
