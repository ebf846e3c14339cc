"""Repeater: the plan of one task, made of templates and a list in its data."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from labeling import plan_index, reduce, repeat, results, session, view

from tests.engine import plans
from tests.engine.result_cases import BOX, PICTURE, control

Json = dict[str, Any]


def node(kind: str, key: str, **more: Any) -> Json:
    return {"node": kind, "key": key, **more}


def repeater(key: str, field: list[Any], *children: Json, flag: str = "{{idx}}", mode: str = "list") -> Json:
    on = {"path": field, "source": ".".join(map(str, field))}
    return node("repeater", key, on=on, flag=flag, mode=mode, children=list(children))


def pages(mode: str = "list") -> Json:
    page = {"path": ["images", "{{idx}}", "url"], "source": "images[{{idx}}].url"}
    objects: list[Json] = [
        plans.text("t"),
        {"name": "page_{{idx}}", "type": "image", "value": page, "repeat": "n2"},
    ]
    controls: list[Json] = [
        control("all", "choices", "t", labels="x y"),
        control("lab_{{idx}}", "rectanglelabels", "page_{{idx}}", labels="Table", repeat="n2"),
        control(
            "why_{{idx}}",
            "choices",
            "page_{{idx}}",
            labels="a b",
            repeat="n2",
            when={"kind": "choice-selected", "tag": "all", "choices": ["x"]},
        ),
    ]
    inner = [
        node("header", "n3", value={"text": "Page {{idx}}"}, size=4, underline=False, style={}),
        node("object", "n4", name="page_{{idx}}"),
        node("control", "n5", name="lab_{{idx}}"),
        node("control", "n6", name="why_{{idx}}", when=controls[2]["when"]),
    ]
    copies = repeater("n2", ["images"], *inner, mode=mode)
    children = [node("object", "n1", name="t"), node("control", "n7", name="all"), copies]
    tree = node("view", "n0", display="block", style={}, children=children)
    made = plans.plan(objects, controls, tree)
    made["hotkeys"] = [
        {"key": "1", "scope": "main", "does": "x", "intent": {"type": "choose", "control": "all", "choice": "x"}},
        {"key": "2", "scope": "main", "does": "Table", "intent": {"type": "pick_label", "control": "lab_{{idx}}"}},
    ]
    made["rules"] = [{"for": "lab_{{idx}}", "message": "m", "severity": "error"}, {"for": "all", "message": "m"}]
    return made


DATA: Json = {"text": "abc", "images": [{"url": "https://example.com/0.png"}, {"url": "https://example.com/1.png"}]}


def test_objects_and_controls_are_made_for_every_item_in_document_order() -> None:
    made = repeat.expand(pages(), DATA)
    assert [part["name"] for part in made["objects"]] == ["t", "page_0", "page_1"]  # type: ignore[attr-defined]
    names = [one["name"] for one in made["controls"]]  # type: ignore[attr-defined]
    assert names == ["all", "lab_0", "why_0", "lab_1", "why_1"]
    index = plan_index.index(made)
    assert index.controls["lab_1"].to == ("page_1",)
    assert not index.repeats
    assert all("repeat" not in one for one in (*made["objects"], *made["controls"]))  # type: ignore[misc]


def test_a_step_of_a_path_that_is_the_flag_is_the_index() -> None:
    made = repeat.expand(pages(), DATA)
    assert made["objects"][2]["value"] == {"path": ["images", 1, "url"], "source": "images[1].url"}  # type: ignore[index]


def test_the_tree_has_a_view_per_copy_and_every_key_once() -> None:
    made = repeat.expand(pages(), DATA)
    index = plan_index.index(made)
    keys = [one["key"] for one in index.tree]
    assert len(keys) == len(set(keys))
    (found,) = [one for one in index.tree if one["node"] == "repeater"]
    assert [child["key"] for child in found["children"]] == ["n2.0", "n2.1"]  # type: ignore[attr-defined]
    headers = [one["value"] for one in index.tree if one["node"] == "header"]
    assert headers == [{"text": "Page 0"}, {"text": "Page 1"}]


def test_hotkeys_and_rules_follow_their_controls() -> None:
    made = repeat.expand(pages(), DATA)
    keys = [(one["intent"]["control"], one.get("repeat")) for one in made["hotkeys"]]  # type: ignore[attr-defined]
    assert keys == [("all", None), ("lab_0", {"node": "n2", "item": 0}), ("lab_1", {"node": "n2", "item": 1})]
    assert [rule["for"] for rule in made["rules"]] == ["lab_0", "lab_1", "all"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("images", [None, "one", {"a": 1}, [], 7])
def test_no_list_gives_no_copies(images: object) -> None:
    made = repeat.expand(pages(), {"text": "abc", "images": images})
    assert [part["name"] for part in made["objects"]] == ["t"]  # type: ignore[attr-defined]
    assert [one["name"] for one in made["controls"]] == ["all"]  # type: ignore[attr-defined]
    assert plan_index.index(made).problems == ()


def test_the_plan_itself_is_not_changed() -> None:
    plan = pages()
    before = copy.deepcopy(plan)
    repeat.expand(plan, DATA)
    assert plan == before


def nested() -> Json:
    inner = repeater("n2", ["rows", "{{r}}", "cells"], node("control", "n3", name="c_{{r}}_{{c}}"), flag="{{c}}")
    outer = repeater("n1", ["rows"], inner, flag="{{r}}")
    cell = control("c_{{r}}_{{c}}", "textarea", "t", repeat="n2")
    return plans.plan([plans.text("t")], [cell], node("view", "n0", display="block", style={}, children=[outer]))


def test_repeaters_nest_with_flags_of_their_own() -> None:
    data = {"text": "a", "rows": [{"cells": [1, 2]}, {"cells": []}, {"cells": [3]}]}
    made = repeat.expand(nested(), data)
    assert [one["name"] for one in made["controls"]] == ["c_0_0", "c_0_1", "c_2_0"]  # type: ignore[attr-defined]
    keys = [one["key"] for one in plan_index.index(made).tree]
    assert len(keys) == len(set(keys))


def test_more_copies_than_anybody_works_through_are_cut_with_a_problem() -> None:
    data = {"text": "a", "rows": [{"cells": list(range(400))}] * 5}
    made = plan_index.for_task(nested(), data)
    assert [fault["code"] for fault in made.problems] == ["too-many-copies"] * 3
    assert len(made.controls) < repeat.MOST_COPIES
    state = session.open_task(nested(), data)
    assert "too-many-copies" in {fault["code"] for fault in state.problems}


def test_a_plan_without_a_repeater_keeps_its_index() -> None:
    index = plan_index.index(plans.street())
    assert plan_index.for_task(index, {"anything": [1]}) is index


def test_a_plan_with_a_repeater_can_be_indexed_before_there_is_a_task() -> None:
    index = plan_index.index(pages())
    assert index.repeats
    assert list(index.controls) == ["all", "lab_{{idx}}", "why_{{idx}}"]
    assert plan_index.for_task(index, DATA).controls["why_1"].chain[0].tag == "all"


def test_a_task_is_opened_labelled_written_and_checked_by_its_own_plan() -> None:
    state = session.open_task(pages(), DATA)
    intents: list[Json] = [
        {"type": "object_loaded", "object": "page_1", "width": 600, "height": 400},
        {"type": "pick_label", "control": "lab_1", "label": "Table"},
        {"type": "add_region", "region": "r1", "object": "page_1", "shape": BOX},
    ]
    for at, intent in enumerate(intents):
        state, patch = reduce(state, {**intent, "at": at})
        assert "problems" not in patch
    dumped = results.dump(state)
    value = {**BOX, "rectanglelabels": ["Table"]}
    row = {"id": "r1", "from_name": "lab_1", "to_name": "page_1", "type": "rectanglelabels", "value": value}
    assert dumped == [{**row, "origin": "manual", **PICTURE}]
    assert results.validate(pages(), dumped, DATA) == []
    assert [p["code"] for p in results.validate(pages(), dumped, {**DATA, "images": []})] == ["unknown-control"]
    again = session.open_task(pages(), DATA, dumped)
    assert view.full(again)["regions"] == view.full(state)["regions"]
