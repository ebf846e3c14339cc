"""What a prediction brought, while it has to be accepted: it counts for nothing until then."""

from __future__ import annotations

import json
from typing import Any

import pytest
from labeling import check, results, session, view
from labeling.model import Settings

from tests.engine import plans
from tests.engine.acting import Acting, as_json

Json = dict[str, Any]


def row(name: str, score: float | None = None, label: str = "Car", x: float = 10) -> Json:
    value = {"x": x, "y": 10, "width": 10, "height": 10, "rotation": 0, "rectanglelabels": [label]}
    made = {"id": name, "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": value}
    return made if score is None else {**made, "score": score}


def answer(control: str, value: Json, name: str = "a1", kind: str = "choices", **more: object) -> Json:
    return {"id": name, "from_name": control, "to_name": "img", "type": kind, "value": value, **more}


PREDICTION = [
    row("p1", 0.9),
    row("p2", 0.4, x=30),
    row("p3", label="Sign", x=50),
    {**answer("quality", {**row("p1")["value"], "choices": ["Blurred"]}, "p1")},
    answer("weather", {"choices": ["Snow"]}, score=0.7),
    answer("notes", {"text": ["icy"]}, "a2", "textarea"),
    {"type": "relation", "from_id": "p1", "to_id": "p2", "direction": "right"},
]


class Suggested(Acting):
    def __init__(self, rows: object = PREDICTION, plan: Json | None = None) -> None:
        given = plan or plans.street()
        super().__init__(given, plans.STREET_DATA, [], Settings(suggest=True))
        self.state = session.open_task(given, plans.STREET_DATA, rows, Settings(suggest=True), origin="prediction")
        self.view = as_json(view.full(self.state))
        self.do("object_loaded", object="img", width=1000, height=500)

    def ids(self) -> list[str]:
        """Ids of what would be submitted."""
        return [row.get("id", "link") for row in results.dump(self.state)]  # type: ignore[attr-defined]


def test_a_suggestion_is_shown_as_one_and_counts_for_nothing() -> None:
    acting = Suggested()
    assert acting.view["suggestions"] == 5
    assert all(region["suggestion"] for region in acting.view["regions"].values())  # type: ignore[attr-defined]
    assert acting.view["answers"]["weather"] == {"choices": ["Snow"], "suggestion": True}  # type: ignore[index]
    assert acting.view["counts"] == {"box": {}}
    assert acting.ids() == []
    # "depth" asks for Snow: what is only suggested shows nothing.
    assert acting.view["hidden"] != Acting(plans.street(), plans.STREET_DATA, PREDICTION).view["hidden"]
    (told,) = check.problems(acting.state)
    assert (told["code"], told["severity"], told["message"]) == ("undecided", "warning", "5 suggestions are undecided")
    assert acting.view["changed"] is False


def test_what_is_required_is_not_there_until_the_suggestion_is_accepted() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(), plans.choices("weather", "img", ["Snow"], required=True)])
    acting = Suggested([answer("weather", {"choices": ["Snow"]})], plan)
    assert [told["code"] for told in check.problems(acting.state)] == ["required", "undecided"]
    acting.do("accept", controls=["weather"])
    assert check.problems(acting.state) == []


def test_accepting_all_is_one_step_and_keeps_where_it_came_from() -> None:
    acting = Suggested()
    before = json.dumps(results.dump(acting.state, draft=True))
    acting.do("accept")
    assert acting.view["suggestions"] == 0
    assert acting.view["counts"] == {"box": {"Car": 2, "Sign": 1}}
    assert acting.ids() == ["p1", "p1", "p2", "p3", "a1", "a2", "link"]
    rows = results.dump(acting.state)
    assert {row["origin"] for row in rows[:-1]} == {"prediction"}  # type: ignore[index]
    assert results.validate(plans.street(), rows, plans.STREET_DATA) == []
    acting.do("undo")
    assert json.dumps(results.dump(acting.state, draft=True)) == before


def test_rejecting_takes_away_with_the_links() -> None:
    acting = Suggested()
    acting.do("select", regions=["p1", "p3"])
    acting.do("reject", regions=["p1"], controls=["notes"])
    assert list(acting.view["regions"]) == ["p2", "p3"]  # type: ignore[call-overload]
    assert acting.view["selection"] == ["p3"]
    assert acting.view["relations"] == []
    assert list(acting.view["answers"]) == ["weather"]  # type: ignore[call-overload]
    acting.do("reject")
    assert (acting.view["regions"], acting.view["answers"], acting.view["suggestions"]) == ({}, {}, 0)
    acting.do("undo")
    acting.do("undo")
    assert acting.view["suggestions"] == 5


@pytest.mark.parametrize(
    ("asked", "accepted"),
    [
        pytest.param({"above": 0.5}, ["p1", "p1", "a1"], id="from a score on"),
        pytest.param({"below": 0.5}, ["p2"], id="under a score"),
        pytest.param({"above": 0.4, "below": 0.9}, ["p2", "a1"], id="between"),
        pytest.param({"regions": ["p1", "p2"], "above": 0.5}, ["p1", "p1"], id="of those named"),
        pytest.param({"regions": []}, [], id="none named"),
    ],
)
def test_scores_say_what_is_accepted(asked: Json, accepted: list[str]) -> None:
    acting = Suggested()
    acting.do("accept", **asked)
    assert acting.ids() == accepted


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kind": "pick_label", "control": "box", "label": "Sign"}, id="another label"),
        pytest.param({"kind": "nudge", "dx": 1, "dy": 0}, id="moved"),
        pytest.param({"kind": "choose", "control": "quality", "choice": "Sharp"}, id="an answer of it"),
    ],
)
def test_changing_a_suggestion_accepts_it_as_changed(change: Json) -> None:
    acting = Suggested()
    acting.do("select", regions=["p1"])
    acting.do(**change)
    assert "suggestion" not in acting.region("p1")
    assert acting.region("p1")["origin"] == "prediction-changed"
    assert acting.view["suggestions"] == 4


def test_changing_a_suggested_answer_accepts_it_and_showing_depends_on_it_then() -> None:
    acting = Suggested()
    hidden = acting.view["hidden"]
    acting.do("accept", controls=["weather"])
    assert acting.view["hidden"] != hidden
    acting.do("choose", control="tags", choice="Night", answer="new")
    acting.do("add_text", control="notes", text="cold")
    assert acting.view["answers"]["notes"] == {"text": ["icy", "cold"], "typing": ""}  # type: ignore[index]
    assert "a2" in acting.ids()


def test_accepting_may_give_the_active_label() -> None:
    acting = Suggested()
    acting.do("pick_label", control="box", label="Person")
    acting.do("accept", regions=["p1"], relabel=True)
    assert acting.region("p1")["labels"] == ["Person"]
    assert acting.region("p1")["origin"] == "prediction-changed"
    acting.do("accept", regions=["p2"])
    assert (acting.region("p2")["labels"], acting.region("p2")["origin"]) == (["Car"], "prediction")


def test_a_draft_keeps_what_is_undecided_and_a_submit_with_it_is_refused() -> None:
    acting = Suggested()
    acting.do("accept", regions=["p2"])
    draft = results.dump(acting.state, draft=True)
    again = Acting(plans.street(), plans.STREET_DATA, draft)
    assert again.view["suggestions"] == 4
    assert as_json(view.full(again.state)["regions"]) == acting.view["regions"]
    assert json.dumps(results.dump(again.state, draft=True)) == json.dumps(draft)
    told = results.validate(plans.street(), draft, plans.STREET_DATA)
    assert {fault["code"] for fault in told} == {"undecided"}


def test_too_many_of_a_label_are_not_accepted_at_once() -> None:
    plan = plans.plan([plans.image()], [plans.boxes(max_usages=1)])
    acting = Suggested([row("p1"), row("p2", x=40)], plan)
    assert acting.refused("accept") == "label-full"
    acting.do("accept", regions=["p1"])
    assert acting.refused("accept", regions=["p2"]) == "label-full"
    acting.do("reject", regions=["p2"])
    assert acting.ids() == ["p1"]


def test_copies_and_new_regions_are_no_suggestions() -> None:
    acting = Suggested()
    acting.do("select", regions=["p1"])
    acting.do("duplicate", ids=["c1"])
    assert acting.ids() == ["c1", "c1"]
    assert acting.refused("accept", regions=["nobody"]) == "unknown-region"
    acting.do("accept", regions=["c1"])
    assert acting.view["suggestions"] == 5


def test_without_the_setting_a_prediction_is_where_one_starts() -> None:
    state = session.open_task(plans.street(), plans.STREET_DATA, PREDICTION, origin="prediction")
    assert view.full(state)["suggestions"] == 0
    assert len(results.dump(state)) == len(PREDICTION)
