"""Undo and redo as data, gestures, reset, replays of a whole log."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from labeling import reduce, results, session, view

from tests.engine import plans
from tests.engine.acting import STEADY, Acting


def content(acting: Acting) -> dict[str, Any]:
    return {member: acting.view[member] for member in ("regions", "answers", "counts")}


def test_undo_of_a_deletion_puts_the_region_back_in_its_place(cars: Acting) -> None:
    for name in ("r1", "r2", "r3"):
        cars.box(name)
    cars.do("select", regions=["r2"])
    cars.do("delete")
    assert list(cars.view["regions"]) == ["r1", "r3"]  # type: ignore[call-overload]
    patch = cars.do("undo")
    assert list(cars.view["regions"]) == ["r1", "r2", "r3"]  # type: ignore[call-overload]
    assert cars.region("r2")["n"] == 2
    assert patch["selection"] == ["r2"]
    assert patch["redo"] is True
    cars.do("redo")
    assert list(cars.view["regions"]) == ["r1", "r3"]  # type: ignore[call-overload]
    assert [row["id"] for row in results.dump(cars.state)] == ["r1", "r3"]  # type: ignore[index]


def test_undo_of_many_deletions_keeps_the_order(cars: Acting) -> None:
    names = [f"r{n}" for n in range(50)]
    for name in names:
        cars.box(name)
    cars.do("delete", regions=names[1::2])
    cars.do("undo")
    assert list(cars.view["regions"]) == names  # type: ignore[call-overload]
    cars.do("delete_all")
    cars.do("undo")
    assert list(cars.view["regions"]) == names  # type: ignore[call-overload]


def test_neighbours_of_one_gesture_are_one_step(cars: Acting) -> None:
    cars.box("r1")
    cars.do("select", regions=["r1"])
    for _ in range(5):
        cars.do("nudge", dx=1, dy=0, gesture="keys-1")
    cars.do("nudge", dx=1, dy=0, gesture="keys-2")
    cars.do("undo")
    assert cars.region("r1")["shape"]["x"] == 10.5  # type: ignore[index]
    cars.do("undo")
    assert cars.region("r1")["shape"]["x"] == 10  # type: ignore[index]


def test_a_gesture_that_ends_where_it_began_is_no_step(cars: Acting) -> None:
    cars.box("r1")
    cars.do("select", regions=["r1"])
    cars.do("nudge", dx=1, dy=0, gesture="g")
    cars.do("nudge", dx=-1, dy=0, gesture="g")
    cars.do("undo")
    assert cars.view["regions"] == {}


def test_a_gesture_does_not_join_what_was_undone(cars: Acting) -> None:
    cars.do("type_text", control="notes", text="a", answer="a1", gesture="g")
    cars.do("type_text", control="notes", text="ab", gesture="h")
    cars.do("undo")
    cars.do("type_text", control="notes", text="ax", gesture="g")
    cars.do("undo")
    assert cars.view["answers"] == {"notes": {"text": [], "typing": "a"}}


def test_a_change_after_undo_ends_redo(cars: Acting) -> None:
    cars.box("r1")
    cars.do("undo")
    assert cars.view["redo"] is True
    cars.box("r2")
    assert cars.view["redo"] is False
    assert cars.region("r2")["n"] == 1
    assert cars.do("redo") == {}


def test_undo_with_nothing_to_undo_is_quiet(cars: Acting) -> None:
    assert cars.do("undo") == {}
    assert cars.do("redo") == {}


def test_everything_undone_is_as_opened(cars: Acting) -> None:
    was = content(cars)
    cars.box("r1")
    cars.do("choose", control="weather", choice="Rain", answer="a1")
    cars.do("undo")
    cars.do("undo")
    assert content(cars) == was
    assert cars.view["changed"] is False


def test_reset_goes_back_to_what_was_opened_and_can_be_undone(cars: Acting) -> None:
    cars.box("r1")
    cars.do("choose", control="weather", choice="Rain", answer="a1")
    stored = Acting(plans.street(), plans.STREET_DATA, results.dump(cars.state))
    opened = content(stored)
    stored.do("delete_all")
    stored.do("choose", control="weather", choice="Sunny")
    stored.do("rate", control="stars", rating=3, answer="a2")
    changed = content(stored)
    stored.do("reset")
    assert content(stored) == opened
    assert stored.view["changed"] is False
    stored.do("undo")
    assert content(stored) == changed
    assert stored.view["changed"] is True


def test_the_size_of_the_image_is_not_undone(cars: Acting) -> None:
    cars.box("r1")
    cars.do("undo")
    cars.do("redo")
    row = results.dump(cars.state)[0]
    assert (row["original_width"], row["original_height"], row["image_rotation"]) == (1000, 500, 0)  # type: ignore[index,call-overload]


IDS = st.sampled_from(["r1", "r2", "r3", "r4"])
NUMBERS = st.one_of(st.integers(-20, 120), st.floats(-20, 120, allow_nan=False).map(lambda value: round(value, 3)))
GESTURES = st.sampled_from(["", "", "", "g", "h"])
INTENTS = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["add_region", "edit_region"]),
            "region": IDS,
            "object": st.just("img"),
            "shape": st.fixed_dictionaries(
                {
                    "x": NUMBERS,
                    "y": NUMBERS,
                    "width": NUMBERS,
                    "height": NUMBERS,
                    "rotation": st.sampled_from([0, 0, 30, -90]),
                }
            ),
        }
    ),
    st.fixed_dictionaries({"type": st.just("select"), "regions": st.lists(IDS, max_size=3), "add": st.booleans()}),
    st.fixed_dictionaries(
        {"type": st.just("pick_label"), "control": st.just("box"), "label": st.sampled_from(["Car", "Sign"])}
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["delete", "delete_all", "undo", "undo", "redo", "reset", "select_next"])}
    ),
    st.fixed_dictionaries(
        {"type": st.just("duplicate"), "ids": st.lists(st.sampled_from(["d1", "d2", "d3"]), max_size=2)}
    ),
    st.fixed_dictionaries({"type": st.just("nudge"), "dx": NUMBERS, "dy": NUMBERS, "grow": st.booleans()}),
    st.fixed_dictionaries({"type": st.just("mark"), "regions": st.lists(IDS, max_size=2), "hidden": st.booleans()}),
    st.fixed_dictionaries({"type": st.just("note"), "region": IDS, "text": st.sampled_from(["", "look"])}),
    st.fixed_dictionaries(
        {
            "type": st.just("choose"),
            "control": st.sampled_from(["weather", "quality"]),
            "choice": st.sampled_from(["Snow", "Sharp"]),
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("choose"), "control": st.just("depth"), "choice": st.just("Deep"), "answer": st.just("a2")}
    ),
    st.fixed_dictionaries({"type": st.just("rate"), "control": st.just("stars"), "step": st.integers(-1, 3)}),
    st.fixed_dictionaries(
        {"type": st.just("type_text"), "control": st.just("notes"), "text": st.sampled_from(["", "a", "b"])}
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["add_text", "remove_text"]), "control": st.just("notes"), "index": st.just(0)}
    ),
)


def _session() -> Acting:
    acting = Acting(plans.street(), plans.STREET_DATA)
    acting.do("pick_label", control="box", label="Car")
    return acting


@settings(STEADY, max_examples=150)
@given(st.lists(st.tuples(INTENTS, GESTURES), max_size=25))
def test_any_log_keeps_the_rules_at_each_step(log: list[tuple[dict[str, Any], str]]) -> None:
    acting = _session()
    opened = content(acting)
    for intent, gesture in log:
        # Acting compares the patch with the whole view, and the old state with itself.
        acting.do(**{"kind": intent["type"], "gesture": gesture} | {k: v for k, v in intent.items() if k != "type"})
    numbers = [region["n"] for region in acting.view["regions"].values()]  # type: ignore[attr-defined]
    assert numbers == sorted(set(numbers))
    counts: dict[str, int] = {}
    for region in acting.view["regions"].values():  # type: ignore[attr-defined]
        for label in region["labels"]:
            counts[label] = counts.get(label, 0) + 1
    assert acting.view["counts"] == {"box": counts}

    written = results.dump(acting.state)
    assert results.validate(plans.street(), written, plans.STREET_DATA) == []

    last = content(acting)
    steps = len(acting.state.undo)
    for _ in range(steps):
        acting.do("undo")
    assert content(acting) == opened
    for _ in range(steps):
        acting.do("redo")
    assert content(acting) == last


@settings(STEADY, max_examples=60)
@given(st.lists(INTENTS, max_size=25))
def test_a_replayed_log_gives_the_same_state(log: list[dict[str, Any]]) -> None:
    stamped = [{**intent, "at": 1_700_000_000_000 + number} for number, intent in enumerate(log)]

    def run() -> tuple[object, object]:
        state = session.open_task(plans.street(), plans.STREET_DATA)
        for intent in stamped:
            state, _ = reduce(state, intent)
        return view.full(state), results.dump(state)

    assert run() == run()
