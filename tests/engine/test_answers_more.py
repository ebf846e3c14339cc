"""Answers that come as one value: numbers, dates, taxonomies, comparisons, rankings, components; pages, shortcuts."""

from __future__ import annotations

import pytest
from labeling import check, results, session

from tests.engine import plans
from tests.engine.acting import Acting
from tests.engine.plans_more import (
    ANIMALS,
    EVERYTHING_DATA,
    ITEMS,
    SCHEMA,
    ask,
    everything,
    leaf,
    path,
    taxonomy,
    thing,
)

Json = dict[str, object]
DATA: Json = {"image": "https://example.com/1.jpg", "text": "Ada", "rows": ITEMS}


def one(control: Json, *parts: Json, data: Json | None = None) -> Acting:
    return Acting(plans.plan(list(parts) or [plans.image()], [control]), data or DATA)


def given(acting: Acting, control: str) -> object:
    return acting.view["answers"].get(control)  # type: ignore[attr-defined]


def messages(acting: Acting) -> list[str]:
    return [fault["message"] for fault in check.problems(acting.state)]


def stored(acting: Acting, control: str) -> object:
    return next((row["value"] for row in results.dump(acting.state) if row["from_name"] == control), None)  # type: ignore[index,call-overload]


# Numbers


def test_a_number_is_kept_as_it_came_and_taken_away_by_null() -> None:
    acting = one(ask("age", "number", "img"))
    acting.do("set_answer", control="age", value={"number": 2.5}, answer="a1")
    assert given(acting, "age") == {"number": 2.5}
    assert stored(acting, "age") == {"number": 2.5}
    acting.do("set_answer", control="age", value=None)
    assert given(acting, "age") is None
    acting.do("undo")
    acting.do("set_answer", control="age", value={"number": None})
    assert given(acting, "age") is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(0.5, "under 1", id="under the least"),
        pytest.param(11, "over 10", id="over the most"),
        pytest.param(2.3, "steps of 0.5", id="between two steps"),
    ],
)
def test_a_number_out_of_range_is_taken_and_stands_before_submit(number: float, words: str) -> None:
    acting = one(ask("age", "number", "img", min=1, max=10, step=0.5))
    acting.do("set_answer", control="age", value={"number": number}, answer="a1")
    assert given(acting, "age") == {"number": number}, "nothing is changed silently"
    (message,) = messages(acting)
    assert words in message


@pytest.mark.parametrize("number", [1, 9.5, 10])
def test_a_number_in_range_is_fine(number: float) -> None:
    acting = one(ask("age", "number", "img", min=1, max=10, step=0.5))
    acting.do("set_answer", control="age", value={"number": number}, answer="a1")
    assert messages(acting) == []


def test_the_usual_step_does_not_mean_whole_numbers() -> None:
    acting = one(ask("age", "number", "img", step=1))
    acting.do("set_answer", control="age", value={"number": 2.5}, answer="a1")
    assert messages(acting) == []


@pytest.mark.parametrize("value", [{"number": "three"}, {"number": True}, {"number": 1e300}, {"rating": []}])
def test_what_is_no_number_is_no_answer(value: Json) -> None:
    acting = one(ask("age", "number", "img"))
    if "number" in value:
        assert acting.refused("set_answer", control="age", value=value, answer="a1") == "bad-answer"
    else:
        acting.do("set_answer", control="age", value=value, answer="a1")
    assert given(acting, "age") is None


def test_a_step_goes_through_the_range_and_starts_again() -> None:
    acting = one(ask("age", "number", "img", min=1, max=2, step=0.4))
    seen = []
    for _ in range(4):
        acting.do("set_answer", control="age", step=1, answer="a1")
        seen.append(given(acting, "age"))
    assert seen == [{"number": 1}, {"number": 1.4}, {"number": 1.8}, {"number": 1}]
    without = one(ask("age", "number", "img", step=0.1))
    for _ in range(3):
        without.do("rate", control="age", step=1, answer="a1")  # as hotkeys do
    assert given(without, "age") == {"number": 0.3}, "no last bits of doubles"


# Dates

DATES = [
    pytest.param({}, "2024-05-01T10:30", "2024-05-01T10:30", id="date and time"),
    pytest.param({"only": ["date"]}, "2024-05-01", "2024-05-01", id="a date"),
    pytest.param({"only": ["date"], "format": "%d.%m.%Y"}, "2024-05-01", "01.05.2024", id="in another order"),
    pytest.param({"only": ["date"], "format": "%B %-d, %y"}, "2024-05-01", "May 1, 24", id="in words"),
    pytest.param({"only": ["time"]}, "10:30", "10:30", id="a time"),
    pytest.param({"only": ["time"], "format": "%I:%M %p"}, "22:05", "10:05 PM", id="on a clock of 12 hours"),
    pytest.param({"only": ["month", "year"]}, "2024-05", "2024-05", id="month and year"),
    pytest.param({"only": ["month", "year"], "format": "%m/%Y"}, "2024-05", "05/2024", id="month before year"),
    pytest.param({"only": ["year"]}, "2024", "2024", id="a year"),
    pytest.param({"only": ["month"]}, "05", "05", id="a month"),
]


@pytest.mark.parametrize(("rules", "iso", "written"), DATES)
def test_dates_are_stored_as_the_format_writes_them(rules: Json, iso: str, written: str) -> None:
    acting = one(ask("day", "datetime", "img", **rules))
    acting.do("set_answer", control="day", value={"datetime": iso}, answer="a1")
    assert given(acting, "day") == {"datetime": written, "iso": iso}
    assert stored(acting, "day") == {"datetime": written}
    assert messages(acting) == []
    acting.do("set_answer", control="day", value={"datetime": ""})
    assert given(acting, "day") is None


@pytest.mark.parametrize("iso", ["2024-02-30", "2024-13-01", "tomorrow", "2024", "10:30"])
def test_what_is_no_date_is_refused(iso: str) -> None:
    acting = one(ask("day", "datetime", "img", only=["date"]))
    assert acting.refused("set_answer", control="day", value={"datetime": iso}, answer="a1") == "bad-answer"


@pytest.mark.parametrize(
    ("rules", "iso", "words"),
    [
        pytest.param({"only": ["date"], "min": "2020-06-01"}, "2020-05-31", "before 2020-06-01", id="a day too early"),
        pytest.param({"only": ["date"], "max": "2020-06-01"}, "2020-06-02", "after 2020-06-01", id="a day too late"),
        pytest.param({"only": ["year"], "max": 2020}, "2021", "after 2020", id="a year too late"),
        pytest.param({"only": ["year"], "min": "2020"}, "2020", None, id="the first year"),
        pytest.param({"min": "2020-06-01"}, "2020-06-01T00:00", None, id="the first minute"),
    ],
)
def test_dates_out_of_range_stand_before_submit(rules: Json, iso: str, words: str | None) -> None:
    acting = one(ask("day", "datetime", "img", **rules))
    acting.do("set_answer", control="day", value={"datetime": iso}, answer="a1")
    told = messages(acting)
    assert (words in told[0]) if words else told == []


def test_a_stored_date_in_another_format_is_shown_and_named() -> None:
    row = {"id": "a", "from_name": "day", "to_name": "img", "type": "datetime", "value": {"datetime": "1 May"}}
    acting = Acting(plans.plan([plans.image()], [ask("day", "datetime", "img", only=["date"])]), DATA, [row])
    assert given(acting, "day") == {"datetime": "1 May", "iso": None}
    assert "%Y-%m-%d" in messages(acting)[0]


# Taxonomies


def test_items_of_a_taxonomy_are_switched_on_and_off_in_the_order_of_the_config() -> None:
    acting = one(taxonomy("kind", "img"))
    acting.do("toggle_path", control="kind", path=["Plant", "Tree", "Oak"], answer="a1")
    acting.do("toggle_path", control="kind", path=["Animal", "Dog"], answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["Animal", "dg"], ["Plant", "Tree", "Oak"]]}, "stored by alias"
    assert acting.do("toggle_path", control="kind", path=["Animal", "dg"], checked=True) == {}
    acting.do("toggle_path", control="kind", path=["Animal", "dg"])
    acting.do("toggle_path", control="kind", path=["Plant", "Tree", "Oak"], checked=False)
    assert given(acting, "kind") is None


def test_the_same_name_in_two_branches_is_two_items() -> None:
    acting = one(taxonomy("kind", "img"))
    acting.do("toggle_path", control="kind", path=["Plant", "Other"], answer="a1")
    acting.do("toggle_path", control="kind", path=["Animal", "Other"], answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["Animal", "Other"], ["Plant", "Other"]]}
    assert messages(acting) == []


def test_unknown_items_branches_where_only_leaves_count_and_too_many_are_refused() -> None:
    acting = one(taxonomy("kind", "img", leafs_only=True, max_usages=2))
    assert acting.refused("toggle_path", control="kind", path=["Animal", "Fish"], answer="a1") == "unknown-choice"
    assert acting.refused("toggle_path", control="kind", path=["Plant", "Tree"], answer="a1") == "not-a-leaf"
    for leaf_path in (["Animal", "Cat"], ["Animal", "dg"]):
        acting.do("toggle_path", control="kind", path=leaf_path, answer="a1")
    assert acting.refused("toggle_path", control="kind", path=["Animal", "Other"]) == "too-many-choices"
    whole = [["Animal", "Cat"], ["Animal", "dg"], ["Plant", "Other"]]
    assert acting.refused("set_answer", control="kind", value={"taxonomy": whole}) == "too-many-choices"
    assert acting.refused("set_answer", control="kind", value={"taxonomy": [["Plant"]]}) == "not-a-leaf"
    assert acting.refused("set_answer", control="kind", value={"taxonomy": "Animal"}) == "bad-answer"


def test_with_one_place_another_item_replaces() -> None:
    acting = one(taxonomy("kind", "img", max_usages=1))
    acting.do("toggle_path", control="kind", path=["Plant"], answer="a1")
    acting.do("toggle_path", control="kind", path=["Animal"], answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["Animal"]]}


def test_a_taxonomy_is_set_as_a_whole() -> None:
    acting = one(taxonomy("kind", "img"))
    value = {"taxonomy": [["Plant"], ["Animal", "Cat"], ["Plant"]]}
    acting.do("set_answer", control="kind", value=value, answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["Animal", "Cat"], ["Plant"]]}
    acting.do("set_answer", control="kind", value={"taxonomy": []})
    assert given(acting, "kind") is None


def test_items_of_an_older_config_stand_before_submit_and_can_be_taken_away() -> None:
    row = {"id": "a", "from_name": "kind", "to_name": "img", "type": "taxonomy", "value": {"taxonomy": [["Stone"]]}}
    acting = Acting(plans.plan([plans.image()], [taxonomy("kind", "img")]), DATA, [row])
    assert "Stone" in messages(acting)[0]
    acting.do("toggle_path", control="kind", path=["Stone"])
    assert messages(acting) == []


def test_items_that_come_from_an_address_are_taken_as_they_are() -> None:
    acting = one(taxonomy("kind", "img", [], api_url="https://example.com/tree"))
    acting.do("toggle_path", control="kind", path=["From", "There"], answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["From", "There"]]}
    assert messages(acting) == []


def test_items_of_the_data_can_be_picked() -> None:
    tree = [{"value": "Fish", "children": [{"value": "Eel", "alias": "E"}]}]
    acting = one(taxonomy("kind", "img", dynamic=path("tree")), data={**DATA, "tree": tree})
    acting.do("toggle_path", control="kind", path=["Fish", "Eel"], answer="a1")
    assert given(acting, "kind") == {"taxonomy": [["Fish", "E"]]}


def test_a_taxonomy_labels_marks_and_the_new_mark_is_selected() -> None:
    plan = plans.plan([plans.text()], [taxonomy("marks", "txt", labeling=True)])
    acting = Acting(plan, DATA)
    acting.span("s1", 0, 3)
    assert acting.view["selection"] == ["s1"]
    acting.do("toggle_path", control="marks", path=["Animal", "Cat"])
    assert acting.region("s1")["answers"] == {"marks": {"taxonomy": [["Animal", "Cat"]]}}
    (row,) = results.dump(acting.state)
    assert (row["type"], row["value"]["taxonomy"], row["value"]["start"]) == ("taxonomy", [["Animal", "Cat"]], 0)  # type: ignore[index,call-overload]


# Pairwise


def test_one_of_two_is_picked_and_let_go() -> None:
    acting = one(ask("better", "pairwise", ["img", "txt"], required=True), plans.image(), plans.text())
    assert messages(acting) == ["“better” needs an answer"]
    acting.do("set_answer", control="better", value={"selected": "left"}, answer="a1")
    assert given(acting, "better") == {"selected": "left"}
    assert stored(acting, "better") == {"selected": "left"}
    assert messages(acting) == []
    assert acting.refused("set_answer", control="better", value={"selected": "both"}) == "bad-answer"
    acting.do("set_answer", control="better", value={"selected": None})
    assert given(acting, "better") is None


# Rankings


def test_a_ranking_exists_before_anything_was_moved() -> None:
    acting = one(ask("rank", "ranker", "rows", buckets=[]), thing("rows", "list"))
    assert stored(acting, "rank") == {"ranker": {"rank": ["1", "b", "c"]}}
    assert acting.view["changed"] is False


def test_an_item_moves_to_a_place_counted_without_it() -> None:
    acting = one(ask("rank", "ranker", "rows", buckets=[]), thing("rows", "list"))
    acting.do("move_item", control="rank", item="1", index=1)
    assert given(acting, "rank") == {"ranker": {"rank": ["b", "1", "c"]}}
    acting.do("move_item", control="rank", item="c", index=0)
    acting.do("move_item", control="rank", item="b", index=99)
    assert given(acting, "rank") == {"ranker": {"rank": ["c", "1", "b"]}}
    assert acting.refused("move_item", control="rank", item="z", index=0) == "unknown-item"
    assert acting.refused("move_item", control="rank", item="b", bucket="good", index=0) == "unknown-bucket"
    for _ in range(3):
        acting.do("undo")
    assert given(acting, "rank") == {"ranker": {"rank": ["1", "b", "c"]}}


def test_buckets_fill_from_the_rest() -> None:
    buckets = [{"name": "good", "title": "Good"}, {"name": "bad", "title": "Bad"}]
    acting = one(ask("rank", "ranker", "rows", buckets=buckets), thing("rows", "list"))
    assert given(acting, "rank") == {"ranker": {"_": ["1", "b", "c"], "good": [], "bad": []}}
    for item, bucket in (("b", "good"), ("1", "good"), ("c", "bad")):
        acting.do("move_item", control="rank", item=item, bucket=bucket, index=0)
    assert given(acting, "rank") == {"ranker": {"good": ["1", "b"], "bad": ["c"]}}
    acting.do("move_item", control="rank", item="c", bucket="_", index=0)
    assert given(acting, "rank") == {"ranker": {"_": ["c"], "good": ["1", "b"], "bad": []}}


def test_a_default_bucket_takes_what_is_left() -> None:
    buckets = [{"name": "good", "title": "Good"}, {"name": "bad", "title": "Bad", "default": True}]
    acting = one(ask("rank", "ranker", "rows", buckets=buckets), thing("rows", "list"))
    assert given(acting, "rank") == {"ranker": {"good": [], "bad": ["1", "b", "c"]}}
    acting.do("set_answer", control="rank", value={"ranker": {"good": ["c"]}})
    assert given(acting, "rank") == {"ranker": {"good": ["c"], "bad": ["1", "b"]}}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param({"rank": ["1", "1"]}, "bad-answer", id="an item twice"),
        pytest.param({"rank": ["z"]}, "bad-answer", id="an unknown item"),
        pytest.param({"other": ["1"]}, "unknown-bucket", id="an unknown bucket"),
        pytest.param({"rank": "1"}, "bad-answer", id="no list"),
        pytest.param("1", "bad-answer", id="a text"),
    ],
)
def test_rankings_that_fit_nothing_are_refused(value: object, code: str) -> None:
    acting = one(ask("rank", "ranker", "rows", buckets=[]), thing("rows", "list"))
    assert acting.refused("set_answer", control="rank", value={"ranker": value}) == code


# Components


def test_a_component_answers_with_what_it_declared() -> None:
    acting = one(ask("widget", "component", "widget", result=SCHEMA), thing("widget", "component", "image"))
    assert (
        acting.refused("set_answer", control="widget", value={"component": {"color": 3}}, answer="a1") == "bad-answer"
    )
    assert acting.refused("set_answer", control="widget", value={"component": []}, answer="a1") == "bad-answer"
    acting.do("set_answer", control="widget", value={"component": {"size": 2}}, answer="a1")
    assert messages(acting) == ["“widget”: color is missing"], "it may come with the next answer, not with the submit"
    acting.do("set_answer", control="widget", value={"component": {"size": 2, "color": "red"}})
    assert given(acting, "widget") == {"component": {"size": 2, "color": "red"}}
    assert messages(acting) == []
    assert stored(acting, "widget") == {"component": {"size": 2, "color": "red"}}


# Pages


def book() -> Acting:
    page = plans.choices("page", "book", ["Text", "Blank"], per_item=True, required=True)
    part = {**plans.image("book", "pages"), "pages": True}
    return Acting(plans.plan([part], [plans.boxes("scan", "book"), page]), EVERYTHING_DATA)


def test_each_page_has_an_answer_of_its_own() -> None:
    acting = book()
    assert acting.view["items"] == {"book": 0}
    acting.do("choose", control="page", choice="Text", answer="a1")
    acting.do("choose", control="page", choice="Blank", item=2, answer="a2")
    assert given(acting, "page") == {"items": {"0": {"choices": ["Text"]}, "2": {"choices": ["Blank"]}}}
    assert messages(acting) == ["“page” needs an answer for page 2"]
    acting.do("view_item", object="book", item=1)
    acting.do("choose", control="page", choice="Blank", answer="a3")
    assert messages(acting) == []
    rows = [(row["item_index"], row["value"]["choices"]) for row in results.dump(acting.state)]  # type: ignore[index,call-overload]
    assert rows == [(0, ["Text"]), (1, ["Blank"]), (2, ["Blank"])]
    for _ in range(3):
        acting.do("undo")
    assert given(acting, "page") is None
    assert acting.refused("choose", control="page", choice="Text", item=3) == "unknown-item"


def test_looking_at_a_page_is_no_change_and_lets_go_of_what_is_not_on_it() -> None:
    acting = book()
    acting.do("object_loaded", object="book", width=1000, height=500)
    acting.do("pick_label", control="scan", label="Car")
    shape = {"x": 10, "y": 10, "width": 10, "height": 10, "rotation": 0}
    acting.do("add_region", region="r1", object="book", shape=shape)
    acting.do("select", regions=["r1"])
    patch = acting.do("view_item", object="book", item=2)
    assert patch["items"] == {"book": 2}
    assert acting.view["selection"] == []
    acting.do("object_loaded", object="book", width=300, height=400, item=2)
    acting.do("add_region", region="r2", object="book", shape=shape)
    assert (acting.region("r1").get("item"), acting.region("r2").get("item")) == (0, 2)
    acting.do("select_next", step=1)
    acting.do("select_next", step=1)
    assert acting.view["selection"] == ["r2"], "what is on another page is not gone through"
    acting.do("undo")
    assert acting.view["items"] == {"book": 2}, "looking is not undone"
    assert acting.refused("view_item", object="book", item=3) == "unknown-item"
    assert acting.refused("view_item", object="img", item=0) == "unknown-object"


# Shortcuts, and what a new annotation starts with


def test_a_shortcut_adds_to_what_is_typed() -> None:
    acting = one(plans.textarea("notes", "img"))
    acting.do("type_text", control="notes", text="so 😀 so", answer="a1")
    acting.do("insert_text", control="notes", text="!")
    acting.do("insert_text", control="notes", text="X", place=5)
    acting.do("insert_text", control="notes", text="<", place=0)
    assert given(acting, "notes") == {"text": [], "typing": "<so 😀X so!"}


def test_a_new_annotation_starts_with_the_configs_answers() -> None:
    plan = plans.plan(
        [plans.image(), plans.text(), {**plans.image("book", "pages"), "pages": True}],
        [
            ask("age", "number", "img", default_value=0.5),
            plans.rating("stars", "img", default_value=3),
            plans.textarea("notes", "img", value={"text": "as usual"}),
            plans.choices("weather", "img", ["Sunny", plans.option("Rain", selected=True)]),
            taxonomy("kind", "txt", [leaf("A", leaf("B", selected=True)), leaf("C", selected=True)]),
            plans.choices("page", "book", [plans.option("Text", selected=True)], per_item=True),
        ],
    )
    acting = Acting(plan, EVERYTHING_DATA)
    assert acting.view["answers"] == {
        "age": {"number": 0.5},
        "stars": {"rating": 3},
        "notes": {"text": ["as usual"], "typing": ""},
        "weather": {"choices": ["Rain"]},
        "kind": {"taxonomy": [["A", "B"], ["C"]]},
        "page": {"items": {str(page): {"choices": ["Text"]} for page in range(3)}},
    }
    rows = results.dump(acting.state)
    assert len(rows) == 8
    assert results.validate(plan, rows, EVERYTHING_DATA) == []
    again = session.open_task(plan, EVERYTHING_DATA, rows)
    assert results.dump(again) == rows


def test_a_new_region_starts_with_the_default_numbers_of_its_questions() -> None:
    acting = Acting(everything(), EVERYTHING_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    assert acting.region("r1")["answers"] == {"size": {"number": 3}}
    acting.do("undo")
    assert acting.view["regions"] == {}


def test_a_prediction_gets_the_ranking_that_each_submit_has() -> None:
    plan = plans.plan(
        [thing("rows", "list"), plans.image()], [ask("rank", "ranker", "rows", buckets=[]), plans.boxes()]
    )
    row = {
        "id": "r1", "from_name": "box", "to_name": "img", "type": "rectanglelabels",
        "value": {"x": 1, "y": 1, "width": 9, "height": 9, "rotation": 0, "rectanglelabels": ["Car"]},
    }  # fmt: skip
    opened = session.open_task(plan, DATA, [row], origin="prediction")
    assert [entry["from_name"] for entry in results.dump(opened)] == ["box", "rank"]  # type: ignore[index,call-overload]
    stored_before = session.open_task(plan, DATA, [row])
    assert [entry["from_name"] for entry in results.dump(stored_before)] == ["box"], "stored answers stay as they are"  # type: ignore[index,call-overload]


# Conversations


def test_messages_are_written_edited_and_deleted() -> None:
    acting = Acting(everything(), EVERYTHING_DATA)
    acting.do("message", control="chat", role="user", content="Hi", answer="m1")
    acting.do("message", control="chat", role="assistant", content="Hello!", answer="m2")
    shape = acting.region("m1")["shape"]
    assert shape == {"role": "user", "content": "Hi", "createdAt": acting.at - 1000}
    assert acting.region("m1")["kind"] == "message"
    acting.do("edit_message", region="m1", content="Hi there")
    assert acting.region("m1")["shape"]["content"] == "Hi there"  # type: ignore[index]
    assert acting.refused("edit_message", region="m2", content="x") == "not-editable"
    assert acting.refused("edit_message", region="m1", content=" ") == "empty-text"
    assert acting.refused("message", control="chat", role="system", content="x", answer="m3") == "unknown-role"
    assert acting.refused("message", control="chat", role="user", content="", answer="m3") == "empty-text"
    assert acting.refused("message", control="chat", role="user", content="x", answer="m1") == "id-taken"
    acting.do("select", regions=["m2"])
    acting.do("rate", control="helpful", rating=4)
    rows = [row for row in results.dump(acting.state) if row["id"] == "m2"]  # type: ignore[index,call-overload]
    assert [row["type"] for row in rows] == ["chatmessage", "rating"]  # type: ignore[index,call-overload]
    acting.do("delete")
    assert list(acting.view["regions"]) == ["m1"]  # type: ignore[call-overload]


def test_a_conversation_has_a_length() -> None:
    control = ask("chat", "chatmessage", "chat", roles=["user"], editable=True, min_messages=2, max_messages=3)
    acting = Acting(plans.plan([thing("chat", "chat")], [control]), EVERYTHING_DATA)
    assert messages(acting) == ["“chat” has 1 of at least 2 messages"]
    for name in ("m1", "m2"):
        acting.do("message", control="chat", role="user", content="x", answer=name)
    assert messages(acting) == []
    assert acting.refused("message", control="chat", role="user", content="x", answer="m3") == "too-many-messages"


def test_the_animals_are_as_the_tests_say() -> None:
    assert [entry["value"] for entry in ANIMALS] == ["Animal", "Plant"]
