"""
Time of the engine: per intent at 0, 1,000 and 10,000 regions, and of opening, viewing, dumping and validating.

    python bench/engine.py [--repeat N]

Prints tables of medians of processor time. An intent's time is that of `reduce` alone, in CPython.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "web/py")]

from labeling import check, clipboard, reduce, results, session, view  # noqa: E402
from labeling.model import Settings, State  # noqa: E402
from labeling.spans import TextDoc  # noqa: E402

from tests.engine import plans, shapes_plan  # noqa: E402

SIZES = (0, 1_000, 10_000)
Json = dict[str, object]


def street_rows(count: int) -> list[Json]:
    """Boxes on a grid, every fifth with an answer of its own."""
    rows: list[Json] = []
    for number in range(count):
        name = f"r{number:05}"
        shape = {"x": number % 100, "y": number // 100 % 100, "width": 0.9, "height": 0.8, "rotation": 0}
        common = {"id": name, "to_name": "img", "original_width": 6000, "original_height": 4000, "image_rotation": 0}
        label = ("Car", "Person", "Sign")[number % 3]
        value = {**shape, "rectanglelabels": [label]}
        rows.append({**common, "from_name": "box", "type": "rectanglelabels", "value": value})
        if number % 5 == 0:
            value = {**shape, "choices": ["Blurred"]}
            rows.append({**common, "from_name": "quality", "type": "choices", "value": value})
    return rows


def article_rows(count: int, step: int) -> list[Json]:
    return [
        {
            "id": f"s{number:05}", "from_name": "ner", "to_name": "txt", "type": "labels",
            "value": {"start": number * step, "end": number * step + 8, "labels": ["PER"]},
        }
        for number in range(count)
    ]  # fmt: skip


def median(action: Callable[[], object], repeat: int) -> float:
    """Milliseconds of processor time: other programs on the machine do not count."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def intents_of(state: State) -> list[tuple[str, list[Json]]]:
    """Named intents; the last of each list is timed on the state after the others."""
    shape = {"x": 3, "y": 3, "width": 10, "height": 10, "rotation": 0}
    draw: Json = {"type": "add_region", "region": "new", "object": "img", "shape": shape}
    some = list(state.regions)[len(state.regions) // 2 :][:1] or ["new"]
    before: list[Json] = [] if state.regions else [draw]
    pick: list[Json] = [*before, {"type": "select", "regions": some}]
    return [
        ("add_region", [draw]),
        ("select", pick),
        ("select_next", [*before, {"type": "select_next", "step": 1}]),
        ("edit_region", [*before, {"type": "edit_region", "region": some[0], "shape": shape}]),
        ("nudge", [*pick, {"type": "nudge", "dx": 1, "dy": 0}]),
        ("pick_label", [*pick, {"type": "pick_label", "control": "box", "label": "Person"}]),
        ("choose (region)", [*pick, {"type": "choose", "control": "quality", "choice": "Sharp"}]),
        ("choose (image)", [*before, {"type": "choose", "control": "weather", "choice": "Snow"}]),
        ("type_text", [*before, {"type": "type_text", "control": "notes", "text": "abc"}]),
        ("duplicate", [*pick, {"type": "duplicate", "ids": ["copy"]}]),
        ("delete", [*pick, {"type": "delete"}]),
        ("undo of delete", [*pick, {"type": "delete"}, {"type": "undo"}]),
        ("delete_all", [*before, {"type": "delete_all"}]),
    ]


def intent_table(repeat: int) -> None:
    columns: dict[str, list[float]] = {}
    for size in SIZES:
        state = session.open_task(plans.street(), plans.STREET_DATA, street_rows(size))
        loaded = {"type": "object_loaded", "object": "img", "width": 6000, "height": 4000}
        for intent in (loaded, {"type": "pick_label", "control": "box", "label": "Car"}):
            state, _ = reduce(state, {**intent, "at": 1})
        for name, steps in intents_of(state):
            now = state
            for step in steps[:-1]:
                now, _ = reduce(now, {**step, "at": 1})
            last = {**steps[-1], "at": 1}
            _, patch = reduce(now, last)
            assert "problems" not in patch, (name, patch)
            columns.setdefault(name, []).append(median(lambda now=now, last=last: reduce(now, last), repeat))
    print(f"{'ms per intent':<20}" + "".join(f"{size:>12,}" for size in SIZES) + "   regions")
    for name, times in columns.items():
        print(f"{name:<20}" + "".join(f"{time_ms:>12.3f}" for time_ms in times))


def whole_table(repeat: int) -> None:
    print(f"\n{'ms':<20}" + "".join(f"{size:>12,}" for size in SIZES) + "   regions")
    rows_of = {size: street_rows(size) for size in SIZES}
    states = {size: session.open_task(plans.street(), plans.STREET_DATA, rows) for size, rows in rows_of.items()}
    actions: dict[str, Callable[[int], object]] = {
        "open": lambda size: session.open_task(plans.street(), plans.STREET_DATA, rows_of[size]),
        "view": lambda size: view.full(states[size]),
        "view as JSON text": lambda size: json.dumps(view.full(states[size]), separators=(",", ":")),
        "dump": lambda size: results.dump(states[size]),
        "check": lambda size: check.problems(states[size]),
        "validate": lambda size: results.validate(plans.street(), rows_of[size], plans.STREET_DATA),
    }
    for name, action in actions.items():
        times = [median(lambda action=action, size=size: action(size), repeat) for size in SIZES]
        print(f"{name:<20}" + "".join(f"{time_ms:>12.2f}" for time_ms in times))


def text_table(repeat: int) -> None:
    text = ("Wörter mit 😀 und ohne. " * 50_000)[:1_000_000]
    rows = article_rows(10_000, 90)
    state = session.open_task(plans.article(), {"text": text}, rows)
    doc = TextDoc.of(text)
    print("\n1,000,000 code points, 10,000 spans" + " " * 10 + "ms")
    for name, action in (
        ("index the text", lambda: TextDoc.of(text)),
        ("one position from UTF-16 and back", lambda: doc.to_utf16(doc.from_utf16(987_654))),
        ("open", lambda: session.open_task(plans.article(), {"text": text}, rows)),
        ("view", lambda: view.full(state)),
        ("dump", lambda: results.dump(state)),
        ("validate", lambda: results.validate(plans.article(), rows, {"text": text})),
    ):
        print(f"{name:<36}{median(action, repeat):>12.4f}")


def batch_table(repeat: int) -> None:
    """Steps on several of 10,000 regions, and their undo: the issue's limit for any undo is 50 ms."""
    given = shapes_plan.plan()
    rows = [{**row, "from_name": "rectangle"} for row in street_rows(10_000) if row["from_name"] == "box"]
    for row in rows:
        row["value"]["rectanglelabels"] = ["Car"]  # type: ignore[index]
    loaded: Json = {"type": "object_loaded", "object": "img", "width": 6000, "height": 4000, "at": 1}
    state, _ = reduce(session.open_task(given, shapes_plan.DATA, rows), loaded)
    suggest = session.open_task(given, shapes_plan.DATA, rows, Settings(suggest=True), origin="prediction")
    names = list(state.regions)
    copied, _ = clipboard.copied(state, names[:1000])
    some: list[tuple[str, State, Json]] = [
        ("transform 100", state, {"type": "transform", "regions": names[:100], "dx": 5, "dy": 5}),
        ("turn all", state, {"type": "transform", "regions": names, "rotate": 30}),
        ("combine 2", state, {"type": "combine", "how": "union", "regions": names[:2], "ids": ["new"]}),
        ("combine 200", state, {"type": "combine", "how": "union", "regions": names[:200], "ids": ["new"]}),
        ("convert 100", state, {"type": "convert", "to": "polygon", "regions": names[:100], "ids": []}),
        ("one to the front", state, {"type": "reorder", "to": "front", "regions": names[:1]}),
        ("one forward", state, {"type": "reorder", "to": "forward", "regions": names[:1]}),
        ("group 100", state, {"type": "group", "regions": names[:100]}),
        ("paste 1,000", state, {"type": "paste", "rows": copied}),
        ("accept 1", suggest, {"type": "accept", "regions": names[:1]}),
        ("accept all", suggest, {"type": "accept"}),
        ("reject all", suggest, {"type": "reject"}),
        ("delete_all", state, {"type": "delete_all"}),
    ]
    print(f"\n{'ms, 10,000 regions':<20}{'step':>12}{'undo':>12}")
    undo: Json = {"type": "undo", "at": 1}
    for name, start, intent in some:
        step = {**intent, "at": 1}
        after, patch = reduce(start, step)
        assert not patch.get("problems"), (name, patch["problems"])
        times = median(lambda start=start, step=step: reduce(start, step), repeat)
        print(f"{name:<20}{times:>12.2f}{median(lambda after=after: reduce(after, undo), repeat):>12.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=21)
    repeat = parser.parse_args().repeat
    print(f"Python {sys.version.split()[0]} on {sys.platform}\n")
    intent_table(max(repeat, 21))
    batch_table(max(3, repeat // 3))
    whole_table(max(repeat // 3, 3))
    text_table(max(repeat // 3, 3))


if __name__ == "__main__":
    main()
