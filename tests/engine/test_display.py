"""The Display: the plan's values with the task's data."""

from __future__ import annotations

import base64

import pytest
from labeling import display, session

from tests.engine import plans
from tests.engine.acting import Acting

PATH = {"path": ["options"], "source": "options"}


def shown(part: dict[str, object], data: dict[str, object]) -> object:
    return display.resolve(plans.plan([part], []), data)["objects"][str(part["name"])]


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        pytest.param(plans.image(), "https://e.com/1.jpg", {"url": "https://e.com/1.jpg"}, id="an https address"),
        pytest.param(
            plans.image(), "data:image/png;base64,AA", {"url": "data:image/png;base64,AA"}, id="a data address"
        ),
        pytest.param(plans.image(), ["a.jpg", "b.jpg"], {"url": "a.jpg"}, id="a list shows its first page"),
        pytest.param(plans.text(), "a\r\nb 😀", {"text": "a\r\nb 😀"}, id="a text as it is"),
        pytest.param(plans.text(), 5.0, {"text": "5"}, id="a number"),
        pytest.param(plans.text(), ["a", 2], {"text": "a\n2"}, id="a list of lines"),
        pytest.param(
            plans.text(value_type="url"), "https://e.com/a.txt", {"url": "https://e.com/a.txt"}, id="a text elsewhere"
        ),
        pytest.param(
            plans.text(encoding="base64unicode"),
            base64.b64encode("é😀".encode()).decode(),
            {"text": "é😀"},
            id="base64 of UTF-8",
        ),
        pytest.param(plans.text(encoding="base64"), "4Q==", {"text": "á"}, id="base64 of single bytes"),
        pytest.param(plans.text(encoding="base64"), "4Q", {"text": "á"}, id="base64 without padding"),
    ],
)
def test_objects_are_shown(part: dict[str, object], value: object, expected: object) -> None:
    assert shown(part, {"image": value, "text": value}) == expected


@pytest.mark.parametrize(
    ("part", "data", "code", "words"),
    [
        pytest.param(plans.image(), {}, "no-field", "no field 'image'", id="a missing field"),
        pytest.param(plans.image(), {"image": None}, "no-field", "no field 'image'", id="a null field"),
        pytest.param(plans.image(), {"image": 7}, "wrong-type", "a number", id="a number for an image"),
        pytest.param(plans.image(), {"image": ""}, "wrong-type", "an empty text", id="an empty address"),
        pytest.param(plans.text(), {"text": {"a": 1}}, "wrong-type", "an object", id="an object for a text"),
        pytest.param(plans.text(), {"text": True}, "wrong-type", "true or false", id="a bool for a text"),
        pytest.param(plans.text(encoding="base64"), {"text": "%%%"}, "bad-encoding", "decoded", id="not base64"),
        pytest.param(plans.text(encoding="base64unicode"), {"text": "/w=="}, "bad-encoding", "decoded", id="not UTF-8"),
        pytest.param(plans.image(), {"image": "javascript:alert(1)"}, "unsafe-address", "script", id="a script"),
        pytest.param(
            plans.image(), {"image": " \x01JaVa\tscript:alert(1)"}, "unsafe-address", "script", id="a hidden script"
        ),
    ],
)
def test_objects_that_cannot_be_shown_say_why(
    part: dict[str, object], data: dict[str, object], code: str, words: str
) -> None:
    made = display.resolve(plans.plan([part], []), data)
    (fault,) = made["problems"]
    assert made["objects"][str(part["name"])] == {"problem": fault}
    assert fault["code"] == code
    assert words in fault["message"]
    assert fault["object"] == part["name"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"text": "Hello"}, "Hello", id="a literal"),
        pytest.param({"path": ["doc", "pages", 1, "title"], "source": "doc.pages[1].title"}, "Two", id="a nested path"),
        pytest.param({"path": ["a", "b"], "source": "a.b"}, "flat", id="a field whose name has a full stop"),
        pytest.param(
            {"parts": [{"text": "By "}, {"path": ["who"], "source": "who"}, {"text": "!"}]},
            "By 7!",
            id="a text with parts",
        ),
        pytest.param({"path": ["doc", "pages", 9], "source": "doc.pages[9]"}, "", id="a page that is not there"),
        pytest.param(
            {"parts": [{"text": "By "}, {"path": ["nobody"], "source": "nobody"}]}, "By ", id="a missing part"
        ),
        pytest.param(
            {"path": ["doc"], "source": "doc"}, '{"pages": [{"title": "One"}, {"title": "Two"}]}', id="an object"
        ),
    ],
)
def test_headers_are_filled(value: dict[str, object], expected: str) -> None:
    tree = {"node": "view", "key": "n0", "children": [{"node": "header", "key": "n1", "value": value}]}
    data = {"doc": {"pages": [{"title": "One"}, {"title": "Two"}]}, "who": 7, "a.b": "flat", "a": {"b": "deep"}}
    made = display.resolve(plans.plan([], [], tree), data)
    assert made["texts"] == {"n1": expected}
    faults = [fault["message"] for fault in made["problems"]]
    assert bool(faults) is (expected in ("", "By "))


def test_texts_of_controls_and_options_are_filled() -> None:
    given = [plans.option("Yes", text={"path": ["yes"], "source": "yes"}), plans.option("No")]
    controls = [plans.choices("c", "txt", given), plans.textarea("t", "txt", label="Say", value=PATH)]  # type: ignore[arg-type]
    made = display.resolve(plans.plan([plans.text()], controls), {"text": "x", "yes": "Oui", "options": "pre"})
    assert [option["text"] for option in made["options"]["c"]] == ["Oui", "No"]
    assert [option["stored"] for option in made["options"]["c"]] == ["Yes", "No"]
    assert made["texts"] == {"t/title": "Say", "t/label": "Say", "t/value": "pre"}


def test_options_of_the_data_follow_those_of_the_config_with_colours_of_their_own() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(labels=[plans.option("Car", "#e69f00")], dynamic=PATH)])
    data = {
        "image": "x",
        "options": ["Bus", {"value": "Tram", "alias": "T", "Background": "#123456", "hint": "rails"}, 7],
    }
    made = display.resolve(plan, data)
    options = made["options"]["box"]
    assert made["problems"] == []
    assert [option["value"] for option in options] == ["Car", "Bus", "Tram", "7"]
    assert [option["stored"] for option in options] == ["Car", "Bus", "T", "7"]
    assert [option["color"] for option in options] == ["#e69f00", "#0072b2", "#123456", "#009e73"]
    assert options[2]["hint"] == "rails"
    assert display.resolve(plan, data) == made
    acting = Acting(plan, data)
    acting.do("pick_label", control="box", label="Tram")
    acting.box("r1")
    assert (acting.region("r1")["labels"], acting.region("r1")["color"]) == (["T"], "#123456")


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        pytest.param(None, "no-field", "'options'", id="missing"),
        pytest.param("Bus,Tram", "wrong-type", "list", id="a text"),
        pytest.param(["Bus", {"alias": "T"}, None], "bad-option", "option 2", id="an option without value"),
    ],
)
def test_options_that_cannot_be_used_say_why(value: object, code: str, words: str) -> None:
    plan = plans.plan([plans.image()], [plans.boxes(dynamic=PATH)])
    data = {"image": "x", "options": value}
    fault = display.resolve(plan, data)["problems"][0]
    assert fault["code"] == code
    assert words in fault["message"]
    assert session.open_task(plan, data).problems[0] == fault


def test_a_background_that_is_no_colour_is_not_passed_on() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(labels=[], dynamic=PATH)])
    data = {"image": "x", "options": [{"value": "Bus", "background": "red;background:url(//e.com)"}]}
    assert display.resolve(plan, data)["options"]["box"][0]["color"] == "#e69f00"


def test_nested_options_of_the_data_keep_their_children() -> None:
    plan = plans.plan([plans.text()], [plans.choices("c", "txt", [], allow_nested=True, dynamic=PATH)])
    data = {"text": "x", "options": [{"value": "Animal", "children": [{"value": "Cat"}, "Dog"]}]}
    (animal,) = display.resolve(plan, data)["options"]["c"]
    assert [child["value"] for child in animal["children"]] == ["Cat", "Dog"]  # type: ignore[attr-defined]
    acting = Acting(plan, data)
    acting.do("choose", control="c", choice="Cat", answer="a1")
    assert acting.view["answers"] == {"c": {"choices": [["Animal", "Cat"]]}}
