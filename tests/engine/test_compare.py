"""What differs between two lists of results."""

from __future__ import annotations

from typing import Any

from labeling.compare import compare, differs


def box(id_: str, x: float, label: str | None = "Car", **more: Any) -> dict[str, Any]:
    value: dict[str, Any] = {"x": x, "y": 10, "width": 5, "height": 5, "rotation": 0}
    if label is None:
        return {"id": id_, "from_name": "plain", "to_name": "img", "type": "rectangle", "value": value, **more}
    value["rectanglelabels"] = [label]
    return {"id": id_, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value, **more}


def choice(id_: str, name: str, **more: Any) -> dict[str, Any]:
    value = {"choices": [name]}
    return {"id": id_, "from_name": "mood", "to_name": "img", "type": "choices", "value": value, **more}


def link(a: str, b: str, *labels: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": a, "to_id": b, "direction": "right", "labels": list(labels)}


def ids(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def test_equal_results_differ_in_nothing() -> None:
    rows = [box("a", 1), choice("m", "Calm"), link("a", "b")]
    found = compare(rows, [dict(row) for row in rows])
    assert not differs(found)
    assert found["same"] == 3


def test_added_removed_moved_and_renamed_regions_are_told_apart() -> None:
    before = [box("stays", 1), box("moves", 2), box("renamed", 3), box("both", 4), box("goes", 5)]
    after = [box("stays", 1), box("moves", 20), box("renamed", 3, "Tree"), box("both", 40, "Tree"), box("comes", 6)]
    found = compare(before, after)
    assert found["same"] == 1
    assert ids(found["added"]) == ["comes"]
    assert ids(found["removed"]) == ["goes"]
    assert ids(found["changed"]) == ["renamed", "both"]
    assert found["changed"][0] == {
        "id": "renamed", "control": "box", "object": "img", "type": "rectanglelabels", "from": ["Car"], "to": ["Tree"],
    }  # fmt: skip
    assert ids(found["moved"]) == ["moves", "both"]
    assert (found["moved"][0]["from"]["x"], found["moved"][0]["to"]["x"]) == (2, 20)
    assert "rectanglelabels" not in found["moved"][0]["to"]


def test_a_region_with_several_results_moves_once() -> None:
    def rows(x: float) -> list[dict[str, Any]]:
        place = {"x": x, "y": 10, "width": 5, "height": 5, "rotation": 0}
        told = {**choice("a", "Calm"), "value": {**place, "choices": ["Calm"]}}
        return [box("a", x), told]

    found = compare(rows(1), rows(2))
    assert ids(found["moved"]) == ["a"]
    assert found["changed"] == []


def test_an_answer_given_again_under_another_id_is_the_same_answer() -> None:
    found = compare([choice("m1", "Calm")], [choice("m2", "Sad")])
    assert (found["added"], found["removed"]) == ([], [])
    assert (found["changed"][0]["from"], found["changed"][0]["to"]) == (["Calm"], ["Sad"])


def test_answers_of_different_pages_are_different_answers() -> None:
    found = compare([choice("m1", "Calm", item_index=0)], [choice("m2", "Calm", item_index=1)])
    assert (len(found["added"]), len(found["removed"])) == (1, 1)
    assert found["added"][0]["item"] == 1


def test_what_a_control_says_stands_under_its_own_member() -> None:
    text = {"id": "t", "from_name": "note", "to_name": "img", "type": "textarea", "value": {"text": ["a"]}}
    side = {"id": "p", "from_name": "pick", "to_name": "img", "type": "pairwise", "value": {"selected": "left"}}
    found = compare([text, side], [{**text, "value": {"text": ["b"]}}, {**side, "value": {"selected": "right"}}])
    assert [(c["from"], c["to"]) for c in found["changed"]] == [(["a"], ["b"]), ("left", "right")]
    assert found["moved"] == []


def test_a_region_without_labels_has_no_value() -> None:
    assert compare([], [box("a", 1, None)])["added"][0]["value"] is None


def test_links_are_named_by_their_ends() -> None:
    found = compare([link("a", "b", "part of"), link("c", "d")], [link("a", "b", "next to")])
    assert found["changed"] == [
        {
            "type": "relation", "from_id": "a", "to_id": "b",
            "from": {"labels": ["part of"], "direction": "right"}, "to": {"labels": ["next to"], "direction": "right"},
        }
    ]  # fmt: skip
    assert [entry["from_id"] for entry in found["removed"]] == ["c"]


def test_a_note_at_a_region_is_a_change_of_it() -> None:
    found = compare([box("a", 1)], [box("a", 1, meta={"text": ["blurred"]})])
    assert found["changed"][0]["meta"] == {"from": None, "to": {"text": ["blurred"]}}


def test_comparing_both_ways_swaps_added_and_removed() -> None:
    one, other = [box("a", 1), choice("m", "Calm")], [box("b", 2), choice("m", "Sad"), link("b", "b")]
    there, back = compare(one, other), compare(other, one)
    assert (there["added"], there["removed"]) == (back["removed"], back["added"])
    assert there["same"] == back["same"]


def test_results_that_are_damaged_are_compared_as_they_are() -> None:
    broken = [{"id": ["x"], "from_name": {}}, {"type": "choices", "value": {"choices": 3}, "item_index": []}]
    found = compare([{"type": "choices", "value": None}], broken)
    assert differs(found)
