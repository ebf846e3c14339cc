"""What a change of the config does to results, and results read under the newer config."""

from __future__ import annotations

import json
from typing import Any

import pytest
from labeling.migrate import Migration
from labeling.validation import validate

from config_compiler import compile_config
from config_compiler.migrate import Changes, changes

OLD = """<View>
  <Image name="img" value="$image"/>
  <RectangleLabels name="box" toName="img">
    <Label value="Car"/><Label value="Bicycle"/><Label value="Dog"/>
  </RectangleLabels>
  <Choices name="light" toName="img"><Choice value="Day"/><Choice value="Night"/></Choices>
  <Rating name="quality" toName="img"/>
</View>"""


def plan(source: str) -> dict[str, Any]:
    compiled = compile_config(source)
    assert compiled.plan is not None, compiled.diagnostics
    made: dict[str, Any] = json.loads(compiled.plan.to_json())
    return made


def change(new: str, old: str = OLD, **mapping: Any) -> Changes:
    return changes(plan(old), plan(new), mapping)


def box(name: str, *labels: str, **more: Any) -> dict[str, Any]:
    value = {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 0, "rectanglelabels": list(labels)}
    return {"id": name, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value, **more}


RESULT = [
    box("a", "Car"),
    box("b", "Dog", meta={"text": ["asleep"]}),
    {"id": "c", "from_name": "light", "to_name": "img", "type": "choices", "value": {"choices": ["Night"]}},
    {"id": "d", "from_name": "quality", "to_name": "img", "type": "rating", "value": {"rating": 4}},
    {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
]


def test_a_change_that_touches_no_name_keeps_everything() -> None:
    found = change(OLD.replace('value="Car"', 'value="Car" background="#123456"').replace("$image", "$photo"))
    assert found["same"]
    assert found["needs"] == ["photo"]
    assert Migration(found).apply(RESULT) == (RESULT, [])


def test_labels_that_were_respelt_are_guessed_and_marked_so() -> None:
    found = change(OLD.replace('"Bicycle"', '"bicycles"').replace('"Dog"', '"Animal"'))
    box_change = found["controls"][0]
    assert box_change["what"] == "kept"
    assert {row["stored"]: (row["becomes"], row.get("guessed", False)) for row in box_change["options"]} == {
        "Car": ("Car", False),
        "Bicycle": ("bicycles", True),
        "Dog": (None, False),
    }
    assert found["added"] == [{"control": "box", "option": "Animal"}]


def test_the_author_maps_an_old_label_to_a_new_one() -> None:
    new = OLD.replace('"Dog"', '"Animal"')
    found = change(new, options={"box": {"Dog": "Animal"}})
    kept, orphans = Migration(found).apply(RESULT)
    assert orphans == []
    assert kept == [RESULT[0], {**box("b", "Animal", meta={"text": ["asleep"]})}, *RESULT[2:]]
    assert validate(plan(new), kept, {"image": "/a.png"}) == []
    assert found["added"] == []


def test_a_label_that_is_gone_orphans_its_regions_and_their_relations() -> None:
    kept, orphans = Migration(change(OLD.replace('<Label value="Dog"/>', ""))).apply(RESULT)
    assert kept == [RESULT[0], RESULT[2], RESULT[3]]
    assert [orphan.result for orphan in orphans] == [RESULT[1], RESULT[4]]
    assert orphans[0].reason == "Dog is gone from box"


def test_one_of_two_labels_that_is_gone_leaves_the_region_with_the_other() -> None:
    kept, orphans = Migration(change(OLD.replace('<Label value="Dog"/>', ""))).apply([box("a", "Car", "Dog")])
    assert kept == [box("a", "Car")]
    assert len(orphans) == 1


def test_control_and_object_that_are_renamed_take_their_results_along() -> None:
    new = OLD.replace('"img"', '"photo"').replace('name="box"', 'name="boxes"')
    found = change(new)
    assert found["objects"] == [{"object": "img", "becomes": "photo", "what": "renamed", "guessed": True}]
    assert found["controls"][0]["becomes"] == "boxes"
    assert found["controls"][0].get("guessed")
    kept, orphans = Migration(found).apply(RESULT)
    assert orphans == []
    assert [(row.get("from_name"), row.get("to_name")) for row in kept if isinstance(row, dict)] == [
        ("boxes", "photo"), ("boxes", "photo"), ("light", "photo"), ("quality", "photo"), (None, None)
    ]  # fmt: skip


def test_a_control_of_another_type_orphans_with_the_reason() -> None:
    new = OLD.replace('<Rating name="quality" toName="img"/>', '<TextArea name="quality" toName="img"/>')
    found = change(new)
    assert found["controls"][2]["what"] == "retyped"
    assert found["controls"][2]["reason"] == "results of type rating cannot become textarea"
    counts = Migration(found).count([RESULT, RESULT[:1]]).to_dict()
    assert counts["annotations"] == 2
    assert counts["results"] == {"kept": 4, "renamed": 0, "orphaned": 1}


def test_the_author_can_let_a_control_go_although_the_name_is_there() -> None:
    found = change(OLD, controls={"light": None})
    assert found["controls"][1]["what"] == "removed"
    assert len(Migration(found).apply(RESULT)[1]) == 1


def test_going_back_brings_orphans_back() -> None:
    """Stored results are never rewritten: they are read under the changes from their own config to today's."""
    new = OLD.replace('<Label value="Dog"/>', "")
    stored = json.loads(json.dumps(RESULT))
    kept, orphans = Migration(change(new)).apply(stored)
    assert len(kept) + len(orphans) == len(RESULT)
    assert stored == RESULT
    assert Migration(change(OLD)).apply(stored) == (RESULT, [])


def test_paths_of_a_taxonomy_are_mapped_as_wholes() -> None:
    old = """<View><Text name="t" value="$t"/><Taxonomy name="x" toName="t">
      <Choice value="Animal"><Choice value="Cat"/><Choice value="Dog"/></Choice></Taxonomy></View>"""
    new = old.replace('value="Animal"', 'value="Pet"')
    mapping = {"x": {"Animal": "Pet", "Animal / Cat": "Pet / Cat", "Animal / Dog": None}}
    result = [{"id": "r", "from_name": "x", "to_name": "t", "type": "taxonomy",
               "value": {"taxonomy": [["Animal", "Cat"], ["Animal", "Dog"]]}}]  # fmt: skip
    kept, orphans = Migration(change(new, old=old, options=mapping)).apply(result)
    assert isinstance(kept[0], dict)
    assert kept[0]["value"] == {"taxonomy": [["Pet", "Cat"]]}
    assert orphans[0].reason == "Animal / Dog is gone from x"


def test_two_old_labels_may_become_one() -> None:
    new = OLD.replace('<Label value="Bicycle"/>', "").replace('value="Car"', 'value="Vehicle"')
    found = change(new, options={"box": {"Car": "Vehicle", "Bicycle": "Vehicle"}})
    kept, orphans = Migration(found).apply([box("a", "Car", "Bicycle")])
    assert kept == [box("a", "Vehicle")]
    assert orphans == []


@pytest.mark.parametrize("result", [None, "no json", 7, {"a": 1}], ids=["null", "text", "number", "object"])
def test_what_is_no_list_of_results_is_nothing(result: object) -> None:
    assert Migration(change(OLD.replace('"Dog"', '"Cow"'))).apply(result) == ([], [])


def test_foreign_rows_go_through_unchanged() -> None:
    rows = [7, None, {"from_name": "strange", "value": 3}, {"type": "relation"}]
    assert Migration(change(OLD.replace('"Dog"', '"Cow"'))).apply(rows) == (rows, [])


def many(name: str, controls: int, options: int = 1) -> dict[str, Any]:
    rows = [{"stored": f"{name} {'long ' * 20}{n}", "value": "", "color": ""} for n in range(options)]
    named = [{"name": f"{name}{n}", "type": "choices", "to": ["t"], "options": rows} for n in range(controls)]
    return {"objects": [{"name": "t", "type": "text"}], "controls": named, "fields": []}


def test_thousands_of_controls_are_told_apart_by_their_names_alone() -> None:
    found = changes(many("one", 3_000), many("two", 3_000))
    assert [row["what"] for row in found["controls"]] == ["removed"] * 3_000
    assert len(found["added"]) == 3_000


def test_so_many_options_that_all_could_be_meant_are_not_all_guessed() -> None:
    old, new = many("c", 50, 200), many("c", 50, 200)
    for control in new["controls"]:
        control["options"] = [
            {**row, "stored": row["stored"].replace("c long", "x long")} for row in control["options"]
        ]
    found = [option for row in changes(old, new)["controls"] for option in row["options"]]
    assert found[0]["what"] == "renamed"
    assert found[0].get("guessed") is True
    assert found[-1]["what"] == "removed"
