"""What each type of object has to show, and what is said about data that cannot be shown."""

from __future__ import annotations

import pytest
from labeling import display, plan_index

from tests.engine import plans
from tests.engine.plans_more import ITEMS, ask, everything, leaf, path, taxonomy, thing

Json = dict[str, object]


def shown(part: Json, value: object, **more: object) -> object:
    data = {"field": value, **more}
    return display.resolve(plans.plan([part], []), data)["objects"][str(part["name"])]


def obj(kind: str, **more: object) -> Json:
    return thing("o", kind, "field", **more)


SERIES = obj("timeseries", value_type="json", time_column="Time", channels=[{"column": "v"}, {"column": "1"}])
PHRASES = [
    {"author": "A", "text": "Hi", "start": "0.5", "duration": 1},
    {"author": "B", "text": 7, "start": 1, "end": 2},
]
SPOKEN = [{"author": "A", "text": "Hi", "start": 0.5, "end": 1.5}, {"author": "B", "text": "7", "start": 1, "end": 2}]

FINE = [
    pytest.param(obj("hypertext", value_type="text"), "<b>x</b>", {"text": "<b>x</b>"}, id="html"),
    pytest.param(
        obj("hypertext", value_type="url"), "https://e.com/a", {"url": "https://e.com/a"}, id="html elsewhere"
    ),
    pytest.param(obj("image", pages=True), ["a.png", "b.png"], {"urls": ["a.png", "b.png"]}, id="pages"),
    pytest.param(obj("image", pages=True), "a.png", {"urls": ["a.png"]}, id="one page"),
    pytest.param(obj("image", pages=True), '["a.png"]', {"urls": ["a.png"]}, id="pages as JSON text"),
    pytest.param(obj("audio"), "https://e.com/a.mp3", {"url": "https://e.com/a.mp3"}, id="audio"),
    pytest.param(obj("video"), "a.mp4", {"url": "a.mp4", "frame_rate": 24}, id="video"),
    pytest.param(obj("video", frame_rate=25), "a.mp4", {"url": "a.mp4", "frame_rate": 25}, id="a frame rate"),
    pytest.param(obj("video", frame_rate=0.04), "a.mp4", {"url": "a.mp4", "frame_rate": 25}, id="seconds per frame"),
    pytest.param(
        obj("video", frame_rate=path("fps")), "a.mp4", {"url": "a.mp4", "frame_rate": 30}, id="a frame rate of the data"
    ),
    pytest.param(obj("pdf"), "a.pdf", {"url": "a.pdf"}, id="pdf"),
    pytest.param(obj("pointcloud"), "a.pcd", {"url": "a.pcd"}, id="points elsewhere"),
    pytest.param(obj("pointcloud"), [[1, 2, 3.5], [4, 5, 6]], {"points": [[1, 2, 3.5], [4, 5, 6]]}, id="points"),
    pytest.param(
        SERIES,
        {"time": ["a", "b"], "V": [1, "2.5"]},
        {"series": {"Time": ["a", "b"], "v": [1, 2.5], "1": [1, 2.5]}},
        id="columns by name, case and place",
    ),
    pytest.param(
        SERIES,
        [{"time": 1, "v": 2}, {"time": 2}],
        {"series": {"Time": [1, 2], "v": [2, None], "1": [2, None]}},
        id="rows",
    ),
    pytest.param(
        obj("timeseries", channels=[]), "https://e.com/a.csv", {"url": "https://e.com/a.csv"}, id="series by url"
    ),
    pytest.param(obj("paragraphs"), PHRASES, {"phrases": SPOKEN}, id="phrases"),
    pytest.param(
        obj("paragraphs", name_key="who", text_key="said"),
        [{"who": "A", "said": "x"}, "alone"],
        {"phrases": [{"author": "A", "text": "x"}, {"author": "", "text": "alone"}]},
        id="phrases by other keys",
    ),
    pytest.param(
        obj("paragraphs", audio_url=path("sound")),
        [],
        {"phrases": [], "audio": "a.mp3"},
        id="phrases with a recording",
    ),
    pytest.param(obj("paragraphs", value_type="url"), "a.json", {"url": "a.json"}, id="phrases elsewhere"),
    pytest.param(
        obj("table"),
        {"a": 1, "b": [1]},
        {"columns": ["Name", "Value"], "rows": [["a", "1"], ["b", "1"]]},
        id="an object",
    ),
    pytest.param(
        obj("table"),
        [{"a": 1}, {"b": True}],
        {"columns": ["a", "b"], "rows": [["1", ""], ["", "true"]]},
        id="a list of objects",
    ),
    pytest.param(
        obj("table", value_type="csv|separator=;"),
        'a;b\n1;"x;y"\n2',
        {"columns": ["a", "b"], "rows": [["1", "x;y"], ["2", ""]]},
        id="csv",
    ),
    pytest.param(
        obj("table", value_type="csv|headless"),
        "1\t2",
        {"columns": ["1", "2"], "rows": [["1", "2"]]},
        id="csv, no names",
    ),
    pytest.param(
        obj("table", value_type="csv|separator=|"),
        "a|b\n1|2",
        {"columns": ["a", "b"], "rows": [["1", "2"]]},
        id="pipes",
    ),
    pytest.param(obj("table", value_type="csv|url"), "a.csv", {"url": "a.csv"}, id="csv elsewhere"),
    pytest.param(
        obj("list"),
        ITEMS,
        {
            "items": [
                {"id": "1", "title": "One", "body": "", "html": ""},
                {"id": "b", "title": "", "body": "Two", "html": ""},
                {"id": "c", "title": "", "body": "", "html": "<b>Three</b>"},
            ]
        },
        id="items",
    ),
    pytest.param(
        obj("chat"),
        [{"role": "user", "content": "Hi", "createdAt": 5, "x": 1}],
        {"messages": [{"role": "user", "content": "Hi", "createdAt": 5}]},
        id="messages",
    ),
    pytest.param(obj("component"), {"x": 1}, {"data": {"x": 1}}, id="a component"),
    pytest.param(
        obj("component", src={"text": "https://e.com/w.js"}),
        3,
        {"data": 3, "src": "https://e.com/w.js"},
        id="with code",
    ),
]


@pytest.mark.parametrize(("part", "value", "expected"), FINE)
def test_objects_are_shown(part: Json, value: object, expected: Json) -> None:
    assert shown(part, value, fps="30", sound="a.mp3") == expected


def test_every_type_of_object_is_shown_somewhere() -> None:
    from labeling import displays
    from labeling.plan_parts import KINDS_ON

    tried = {str(case.values[0]["type"]) for case in FINE} | {"text", "image"}  # type: ignore[index]
    assert tried == set(displays.SHOW)
    assert set(KINDS_ON) <= set(displays.SHOW)


WRONG = [
    pytest.param(obj("image", pages=True), [], "wrong-type", "nothing", id="no pages"),
    pytest.param(obj("image", pages=True), ["a", 7], "wrong-type", "page 2 holds a number", id="a page that is none"),
    pytest.param(obj("image", pages=True), ["a", "javascript:x"], "unsafe-address", "page 2", id="a page is a script"),
    pytest.param(obj("audio"), ["a"], "wrong-type", "a list", id="a list for audio"),
    pytest.param(obj("pdf"), "vbscript:x", "unsafe-address", "script", id="a script for a document"),
    pytest.param(obj("video", frame_rate="fast"), "a", "wrong-type", "frame rate", id="a frame rate in words"),
    pytest.param(obj("video", frame_rate=0), "a", "wrong-type", "frame rate", id="no frames"),
    pytest.param(obj("video", frame_rate=path("none")), "a", "no-field", "'none'", id="a missing frame rate"),
    pytest.param(obj("pointcloud"), [[1, 2]], "wrong-type", "point 1", id="points in a plane"),
    pytest.param(SERIES, {"v": [1]}, "no-column", "no time column 'Time'", id="no times"),
    pytest.param(SERIES, {"time": [1]}, "no-column", "no column 'v'", id="no channel"),
    pytest.param(SERIES, {"time": [1, 2], "v": [1]}, "uneven-columns", "different lengths", id="uneven columns"),
    pytest.param(SERIES, {"time": [2, 1], "v": [1, 2]}, "time-order", "must rise", id="time goes back"),
    pytest.param(SERIES, {"time": 3, "v": [1]}, "wrong-type", "'time' holds a number", id="no list"),
    pytest.param(SERIES, "https://e.com/a.csv", "wrong-type", "a text", id="an address for columns"),
    pytest.param(obj("paragraphs"), "Hello", "wrong-type", "a text, not a list of phrases", id="a text for phrases"),
    pytest.param(obj("paragraphs"), [{"said": "x"}], "bad-item", "phrase 1 has no 'text'", id="another key"),
    pytest.param(obj("paragraphs"), ["x", 7], "bad-item", "phrase 2 is a number", id="a number for a phrase"),
    pytest.param(obj("paragraphs", audio_url=path("bad")), [], "unsafe-address", "recording", id="a script to hear"),
    pytest.param(obj("table"), 7, "wrong-type", "a number, not a table", id="a number for a table"),
    pytest.param(obj("table"), [{"a": 1}, 7], "bad-item", "row 2", id="a row that is none"),
    pytest.param(obj("table", value_type="csv"), "\n\n", "wrong-type", "no rows", id="an empty csv"),
    pytest.param(obj("list"), {"a": 1}, "wrong-type", "an object, not a list", id="an object for a list"),
    pytest.param(obj("list"), [{"id": 1}, {"id": "1"}], "bad-item", "two items have the id '1'", id="an id twice"),
    pytest.param(obj("list"), [None], "bad-item", "item 1", id="an item that is none"),
    pytest.param(obj("chat"), "Hi", "wrong-type", "a list of messages", id="a text for a conversation"),
    pytest.param(obj("chat"), [{"content": "Hi"}], "bad-item", "message 1 has no role", id="nobody speaks"),
    pytest.param(obj("component", src={"text": "javascript:x"}), 1, "unsafe-address", "script", id="code is a script"),
]


@pytest.mark.parametrize(("part", "value", "code", "words"), WRONG)
def test_objects_that_cannot_be_shown_name_the_field_and_the_way_out(
    part: Json, value: object, code: str, words: str
) -> None:
    made = display.resolve(plans.plan([part], []), {"field": value, "bad": "javascript:x"})
    (fault,) = made["problems"]
    assert made["objects"]["o"] == {"problem": fault}
    assert fault["code"] == code
    assert words in fault["message"]
    assert fault["hint"]
    assert fault["object"] == "o"


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        pytest.param(
            {**SERIES, "value_type": "url"},
            "time,v\n1,2\n2,\n",
            {"series": {"Time": [1, 2], "v": [2, None], "1": [2, None]}},
            id="csv with names",
        ),
        pytest.param(
            obj("timeseries", time_column=0, channels=[{"column": "1"}], sep=";"),
            "1;5\n2;6",
            {"series": {"0": [1, 2], "1": [5, 6]}},
            id="csv without names",
        ),
        pytest.param(
            obj("paragraphs", value_type="url"),
            '[{"text": "x"}]',
            {"phrases": [{"author": "", "text": "x"}]},
            id="phrases",
        ),
        pytest.param(
            obj("table", value_type="csv|url"), "a,b\n1,2", {"columns": ["a", "b"], "rows": [["1", "2"]]}, id="a table"
        ),
        pytest.param(obj("text", value_type="url"), "[1]", {"text": "[1]"}, id="a text stays a text"),
    ],
)
def test_fetched_files_become_what_can_be_drawn(part: Json, text: str, expected: Json) -> None:
    index = plan_index.index(plans.plan([part], []))
    assert display.fetched(index.objects["o"], text) == expected


def test_fetched_files_that_are_something_else_say_so() -> None:
    index = plan_index.index(plans.plan([obj("paragraphs", value_type="url")], []))
    assert "problem" in display.fetched(index.objects["o"], "<html>")


def test_texts_of_every_node_are_filled() -> None:
    said = [{"node": kind, "key": f"n{at}", "value": path("t"), "children": []} for at, kind in enumerate(KINDS, 1)]
    tree = {"node": "view", "key": "n0", "children": said}
    assert display.resolve(plans.plan([], [], tree), {"t": "T"})["texts"] == dict.fromkeys(
        ("n1", "n2", "n3", "n4"), "T"
    )


KINDS = ("header", "markdown", "panel", "question")


def test_links_have_their_options_and_a_taxonomy_of_the_config_is_not_repeated() -> None:
    made = display.resolve(everything(), {})
    assert [entry["text"] for entry in made["relations"]] == ["owns", "near"]
    assert "kind" not in made["options"], "the plan has them, for all tasks"
    assert "relations" not in display.resolve(plans.street(), plans.STREET_DATA)


def test_a_taxonomy_of_the_data_is_a_tree() -> None:
    plan = plans.plan([plans.image()], [taxonomy("kind", "img", [leaf("Stone")], dynamic=path("tree"))])
    tree = [{"value": "Fish", "children": [{"value": "Eel"}]}]
    options = display.resolve(plan, {"image": "x", "tree": tree})["options"]["kind"]
    assert [entry["value"] for entry in options] == ["Stone", "Fish"]
    assert [entry["value"] for entry in options[1]["children"]] == ["Eel"]  # type: ignore[union-attr, index]


def test_a_repeater_gives_the_plan_of_the_task() -> None:
    inner = [{"node": "object", "key": "n2", "name": "p{{i}}"}, {"node": "control", "key": "n3", "name": "c{{i}}"}]
    repeater = {
        "node": "repeater", "key": "n1", "on": path("docs"), "flag": "{{i}}", "mode": "pagination", "children": inner,
    }  # fmt: skip
    tree = {"node": "view", "key": "n0", "children": [repeater]}
    part = {**thing("p{{i}}", "image"), "value": path("docs", "{{i}}", "url"), "repeat": "n1"}
    control = {**ask("c{{i}}", "rating", "p{{i}}", max_rating=5), "repeat": "n1"}
    plan = plans.plan([part], [control], tree)
    made = display.resolve(plan, {"docs": [{"url": "a.png"}, {"url": "b.png"}]})
    assert made["objects"] == {"p0": {"url": "a.png"}, "p1": {"url": "b.png"}}
    assert [entry["name"] for entry in made["plan"]["controls"]] == ["c0", "c1"]  # type: ignore[attr-defined]
    assert display.resolve(plan, {})["objects"] == {}
