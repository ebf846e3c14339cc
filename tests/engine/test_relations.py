"""Links between regions."""

from __future__ import annotations

import pytest
from labeling import results, session, view

from tests.engine import plans
from tests.engine.acting import Acting
from tests.engine.plans_more import EVERYTHING_DATA, everything


@pytest.fixture
def linked() -> Acting:
    """Three boxes; the first is linked to the second."""
    acting = Acting(everything(), EVERYTHING_DATA)
    acting.do("pick_label", control="box", label="Car")
    for place, name in enumerate(("r1", "r2", "r3")):
        acting.box(name, x=10 * place)
    acting.do("relate", **{"from": "r1", "to": "r2"})
    return acting


def links(acting: Acting) -> list[tuple[str, str, str, tuple[str, ...]]]:
    rows = acting.view["relations"]
    return [(row["from"], row["to"], row["direction"], tuple(row["labels"])) for row in rows]  # type: ignore[attr-defined]


def test_a_link_is_made_labelled_turned_and_taken_away(linked: Acting) -> None:
    assert links(linked) == [("r1", "r2", "right", ())]
    patch = linked.do("set_relation", **{"from": "r1", "to": "r2", "labels": ["near", "owns"]})
    assert set(patch) == {"relations"}
    assert links(linked) == [("r1", "r2", "right", ("owns", "near"))], "in the order of the config"
    linked.do("set_relation", **{"from": "r1", "to": "r2", "direction": "bi"})
    assert links(linked) == [("r1", "r2", "bi", ("owns", "near"))]
    linked.do("unrelate", **{"from": "r1", "to": "r2"})
    assert links(linked) == []
    linked.do("undo")
    assert links(linked) == [("r1", "r2", "bi", ("owns", "near"))]


def test_a_link_may_be_named_from_its_other_end(linked: Acting) -> None:
    assert linked.refused("relate", **{"from": "r2", "to": "r1"}) == "related"
    linked.do("set_relation", **{"from": "r2", "to": "r1", "direction": "right"})
    assert links(linked) == [("r1", "r2", "left", ())]
    linked.do("unrelate", **{"from": "r2", "to": "r1"})
    assert links(linked) == []


def test_links_that_cannot_be_are_refused(linked: Acting) -> None:
    assert linked.refused("relate", **{"from": "r1", "to": "r1"}) == "same-region"
    assert linked.refused("relate", **{"from": "r1", "to": "r9"}) == "unknown-region"
    assert linked.refused("unrelate", **{"from": "r1", "to": "r3"}) == "not-related"
    assert linked.refused("set_relation", **{"from": "r1", "to": "r2", "direction": "up"}) == "bad-direction"
    assert linked.refused("set_relation", **{"from": "r1", "to": "r2", "labels": ["hates"]}) == "unknown-label"
    assert linked.refused("set_relation", **{"from": "r1", "to": "r2", "labels": "owns"}) == "bad-intent"
    assert linked.refused("relate", **{"from": "r1"}) == "bad-intent"


def test_one_label_only_where_the_config_says_single() -> None:
    plan = everything()
    plan["relations"] = {**plan["relations"], "choice": "single"}  # type: ignore[dict-item]
    acting = Acting(plan, EVERYTHING_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.box("r2", x=50)
    acting.do("relate", **{"from": "r1", "to": "r2"})
    two = {"from": "r1", "to": "r2", "labels": ["owns", "near"]}
    assert acting.refused("set_relation", **two) == "too-many-labels"


def test_without_the_tag_links_have_no_labels() -> None:
    acting = Acting(plans.street(), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    acting.box("r1")
    acting.box("r2", x=50)
    acting.do("relate", **{"from": "r1", "to": "r2"})
    assert links(acting) == [("r1", "r2", "right", ())]
    assert acting.refused("set_relation", **{"from": "r1", "to": "r2", "labels": ["owns"]}) == "unknown-label"


def test_a_deleted_region_takes_its_links_along_and_brings_them_back(linked: Acting) -> None:
    linked.do("relate", **{"from": "r3", "to": "r2"})
    linked.do("relate", **{"from": "r1", "to": "r3"})
    before = links(linked)
    linked.do("delete", regions=["r2"])
    assert links(linked) == [("r1", "r3", "right", ())]
    linked.do("undo")
    assert links(linked) == before
    linked.do("redo")
    assert links(linked) == [("r1", "r3", "right", ())]
    linked.do("delete_all")
    linked.do("undo")
    assert links(linked) == [("r1", "r3", "right", ())]
    linked.do("reset")
    assert (links(linked), linked.view["regions"]) == ([], {})
    linked.do("undo")
    assert links(linked) == [("r1", "r3", "right", ())]


def test_links_of_one_gesture_are_one_step(linked: Acting) -> None:
    linked.do("relate", **{"from": "r2", "to": "r3"}, gesture="g")
    linked.do("set_relation", **{"from": "r2", "to": "r3", "labels": ["owns"]}, gesture="g")
    linked.do("undo")
    assert links(linked) == [("r1", "r2", "right", ())]
    linked.do("relate", **{"from": "r2", "to": "r3"}, gesture="h")
    steps = len(linked.state.undo)
    linked.do("unrelate", **{"from": "r2", "to": "r3"}, gesture="h")
    assert len(linked.state.undo) == steps - 1, "what ends as it began is no step"


def test_links_are_stored_and_read_again(linked: Acting) -> None:
    linked.do("set_relation", **{"from": "r1", "to": "r2", "labels": ["owns"]})
    rows = results.dump(linked.state)
    (row,) = [row for row in rows if row["type"] == "relation"]  # type: ignore[index,call-overload]
    expected = {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "right", "labels": ["owns"]}
    assert row == expected
    assert results.validate(everything(), rows, EVERYTHING_DATA) == []
    again = session.open_task(everything(), EVERYTHING_DATA, rows)
    assert view.full(again)["relations"] == linked.view["relations"]
    assert results.dump(again) == rows
