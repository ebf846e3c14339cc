"""Steps on many regions: patches tell only what changed, and an undo of what the page remembers tells no region."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import reduce, results, session, view
from labeling.model import Settings, State
from workers.border import Border

from tests.engine import plans
from tests.engine.acting import STEADY, Acting, as_json
from tests.engine.plans_more import ask

Json = dict[str, Any]
COUNT = 220
NAMES = [f"r{number:03}" for number in range(COUNT)]


def rows(**more: object) -> list[Json]:
    common = {"from_name": "box", "to_name": "img", "type": "rectanglelabels", "image_rotation": 0}
    common |= {"original_width": 1000, "original_height": 500}
    place = {"width": 2, "height": 3, "rotation": 0, "rectanglelabels": ["Car"]}
    return [
        {**common, **more, "id": name, "value": {**place, "x": 3.0 * (number % 20), "y": 5.0 * (number // 20)}}
        for number, name in enumerate(NAMES)
    ]


class Page:
    """Draws by patches alone, and remembers what steps did, as docs/contracts.md says that a page may."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.view: Json = as_json(view.full(state))
        self.steps: dict[int, dict[str, dict[str, tuple[object, object]]]] = {}
        self.told = 0

    def do(self, kind: str, **members: object) -> Json:
        self.state, made = reduce(self.state, {"type": kind, "at": 1, **members}, list(self.steps))
        patch: Json = as_json(made)
        self.told = len(patch.get("regions", ())) + len(patch.get("changes", ()))
        step, joins, way = patch.pop("step", None), patch.pop("joins", False), patch.pop("way", "")
        before = self.view
        if way:
            note = self.steps[step]
            for member, changed in note.items():
                patch[member] = {name: pair[way == "again"] for name, pair in changed.items()}
        self.view = view.apply(before, patch)
        if step is not None and not way:
            old = self.steps.pop(step, None)
            if old is not None or not joins:
                note = {member: dict(changed) for member, changed in (old or {"regions": {}, "answers": {}}).items()}
                for member, entries in (("regions", patch.get("regions", {})), ("answers", patch.get("answers", {}))):
                    self._note(note, member, entries, before)
                self._note(note, "regions", patch.get("changes", {}), before)
                self.steps[step] = note
        assert self.view == as_json(view.full(self.state)), "the page shows something else than there is"
        return patch

    def _note(self, note: Json, member: str, entries: Json, before: Json) -> None:
        for name in entries:
            was = note[member][name][0] if name in note[member] else before[member].get(name)
            note[member][name] = (was, self.view[member].get(name))


def page(suggest: bool = False, **more: object) -> Page:
    preferences = Settings(suggest=suggest)
    origin: Any = "prediction" if suggest else "manual"
    made = Page(session.open_task(plans.street(), plans.STREET_DATA, rows(**more), preferences, origin=origin))
    made.do("object_loaded", object="img", width=1000, height=500)
    return made


#: What a person does to all that is selected; those that change one member of each region, and the others.
BATCHES = [
    pytest.param([("nudge", {"dx": 1, "dy": 2})], id="moved by a key"),
    pytest.param([("transform", {"dx": 3, "dy": 1})], id="dragged"),
    pytest.param([("transform", {"rotate": 30})], id="turned"),
    pytest.param([("pick_label", {"control": "box", "label": "Sign"})], id="another label"),
    pytest.param([("mark", {"regions": NAMES, "hidden": True, "locked": True})], id="hidden and locked"),
    pytest.param([("delete", {})], id="deleted"),
    pytest.param([("reorder", {"regions": NAMES[:210], "to": "front"})], id="another order"),
    pytest.param([("group", {})], id="grouped"),
    pytest.param([("duplicate", {"ids": [f"copy-{name}" for name in NAMES]})], id="duplicated"),
    pytest.param([("nudge", {"dx": 1, "dy": 0, "gesture": "g"})] * 3, id="one gesture of several intents"),
    pytest.param([("delete_all", {}), ("reset", {})], id="deleted and reset"),
    pytest.param([("nudge", {"dx": 1, "dy": 0}), ("delete", {"regions": NAMES[:3]})], id="many, then a few"),
]


@pytest.mark.parametrize("steps", BATCHES)
def test_a_page_that_remembers_steps_is_told_no_region_on_the_way_back(steps: list[tuple[str, Json]]) -> None:
    there = page()
    there.do("select", regions=NAMES)
    before = there.view
    for kind, members in steps:
        there.do(kind, **members)
        assert there.told or kind == "reset"
    after = there.view
    for way, end in (("undo", before), ("redo", after), ("undo", before)):
        while there.state.undo if way == "undo" else there.state.redo:
            there.do(way)
            assert there.told == 0, way
        assert there.view["regions"] == end["regions"]
        assert there.view["counts"] == end["counts"]


@pytest.mark.parametrize("steps", BATCHES)
def test_a_page_that_remembers_nothing_is_told_everything(steps: list[tuple[str, Json]]) -> None:
    acting = Acting(plans.street(), plans.STREET_DATA, rows())
    acting.do("select", regions=NAMES)
    start = acting.view
    for kind, members in steps:
        acting.do(kind, **members)
    while acting.state.undo:
        acting.do("undo")
    assert acting.view["regions"] == start["regions"]
    assert acting.view["counts"] == start["counts"]
    while acting.state.redo:
        acting.do("redo")


def test_a_gesture_that_ends_where_it_began_is_no_step_and_none_is_told() -> None:
    there = page()
    there.do("select", regions=["r000"])
    there.do("nudge", dx=1, dy=0)
    there.do("type_text", control="notes", text="a", gesture="g", answer="a1")
    there.do("type_text", control="notes", text="", gesture="g", answer="a1")
    there.do("undo")
    there.do("select", regions=["r001"])
    there.do("nudge", dx=1, dy=0, gesture="h")
    there.do("nudge", dx=-1, dy=0, gesture="h")
    there.do("redo")


def test_phrases_that_come_later_give_many_spans_their_words() -> None:
    talk = {"name": "chat", "type": "paragraphs", "value": {"path": ["url"], "source": "url"}, "value_type": "url"}
    talk |= {"name_key": "author", "text_key": "text", "layout": "none"}
    act = {**ask("m", "paragraphlabels", "chat"), "options": [plans.option("A")], "choice": "single"}
    plan = plans.plan([talk], [{**act, "allow_empty": False}])
    spans = [
        {"id": name, "from_name": "m", "to_name": "chat", "type": "paragraphlabels",
         "value": {"start": "0", "end": "0", "startOffset": at + 1, "endOffset": at + 3, "paragraphlabels": ["A"]}}
        for at, name in enumerate(NAMES)
    ]  # fmt: skip
    there = Page(session.open_task(plan, {"url": "chat.json"}, spans))
    there.do("object_loaded", object="chat", text=json.dumps([{"author": "x", "text": "hello world " * 50}]))
    assert there.view["regions"]["r001"]["text"] == "ll"


def test_suggestions_that_are_accepted_all_at_once_can_be_undecided_again() -> None:
    there = page(suggest=True)
    assert there.view["suggestions"] == COUNT
    there.do("accept")
    assert (there.view["suggestions"], there.view["counts"]["box"]) == (0, {"Car": COUNT})
    there.do("undo")
    assert (there.view["suggestions"], there.view["counts"]["box"], there.told) == (COUNT, {}, 0)
    there.do("redo")
    assert all("suggestion" not in region for region in there.view["regions"].values())


def test_of_many_regions_only_what_changed_is_told() -> None:
    there = page()
    there.do("select", regions=NAMES)
    patch = there.do("pick_label", control="box", label="Sign")
    members = {"labels", "color", "labeled_by", "more_labels"}
    assert set(patch["changes"]) == set(NAMES)
    assert all(set(change) == members for change in patch["changes"].values())
    assert "regions" not in patch
    hidden = there.do("mark", regions=NAMES, hidden=True)
    assert set(map(json.dumps, hidden["changes"].values())) == {'{"hidden": true}'}


def test_a_step_that_the_page_forgot_is_told_again() -> None:
    there = page()
    there.do("select", regions=NAMES)
    there.do("nudge", dx=1, dy=0)
    there.steps.clear()
    there.do("undo")
    assert there.told == COUNT


ACTS = st.sampled_from(
    [
        ("nudge", {"dx": 1, "dy": 0, "gesture": "g"}), ("nudge", {"dx": 0, "dy": 1}), ("transform", {"dx": 2}),
        ("pick_label", {"control": "box", "label": "Sign"}), ("pick_label", {"control": "box", "label": "Car"}),
        ("delete", {}), ("delete", {"regions": NAMES[:2]}), ("undo", {}), ("undo", {}), ("redo", {}),
        ("mark", {"regions": NAMES[7:215], "locked": True}), ("mark", {"regions": NAMES, "locked": False}),
        ("select", {"regions": NAMES}), ("select", {"regions": NAMES[:5]}), ("select_next", {"step": 1}),
        ("object_loaded", {"object": "img", "width": 800, "height": 400}), ("reset", {}), ("delete_all", {}),
    ]
)  # fmt: skip


@settings(STEADY, max_examples=6)
@given(st.lists(ACTS, min_size=4, max_size=12))
def test_any_steps_on_many_regions(acts: list[tuple[str, Json]]) -> None:
    there = page()
    there.do("select", regions=NAMES)
    for kind, members in acts:
        if kind == "object_loaded":
            there.steps.clear()  # what was drawn before may be drawn otherwise
        there.do(kind, **members)


def opened(border: Border, **members: object) -> Json:
    message = {"op": "open", "session": "s", "sha": "0" * 64, "data": plans.STREET_DATA, "result": rows(), **members}
    answer: Json = json.loads(border.dispatch(json.dumps(message)))
    return answer


@pytest.mark.parametrize(
    "log",
    [
        pytest.param([], id="nothing done yet"),
        pytest.param([{"type": "delete_all"}, {"type": "undo"}, {"type": "delete", "regions": NAMES[:9]}], id="work"),
        pytest.param([{"type": "choose", "control": "weather", "choice": "Rain", "answer": "a"}], id="an answer"),
        pytest.param([{"type": "select", "regions": NAMES[:1]}], id="a selection"),
    ],
)
def test_a_page_that_shows_what_is_stored_is_told_what_the_log_changed(log: list[Json]) -> None:
    border = Border()
    border.dispatch(json.dumps({"op": "plan", "plan": plans.street()}))
    first = as_json(view.full(session.open_task(plans.street(), plans.STREET_DATA, rows())))
    intents = [{"at": 1, **intent} for intent in log]
    whole = opened(border, intents=intents)["view"]
    patch = opened(border, intents=intents, shown=True)["patch"]
    assert view.apply(first, patch) == whole
    assert len(patch["regions"]) + len(patch["changes"]) < 10


def test_plain_results_and_unusual_ones_are_the_same_regions() -> None:
    plain = session.open_task(plans.street(), plans.STREET_DATA, rows(score=0.5))
    unusual = session.open_task(
        plans.street(), plans.STREET_DATA, [{**row, "hidden": False} for row in rows(score=0.5)]
    )
    assert plain.regions == unusual.regions
    assert [region.size for region in plain.regions.values()] == [region.size for region in unusual.regions.values()]
    assert results.dump(plain) == results.dump(unusual) == [{**row, "origin": "manual"} for row in rows(score=0.5)]
