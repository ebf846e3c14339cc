"""Where shapes are: the Context of an object in a state, for reading, drawing, showing and writing its regions."""

from __future__ import annotations

from collections.abc import Mapping

from labeling import display
from labeling.geometry import Size
from labeling.model import Region, State, Task
from labeling.plan_index import Control, Granularity, PlanIndex
from labeling.shapes import Context
from labeling.spans import TextDoc


def phrases(index: PlanIndex, data: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The texts of the conversations that are in the task's data, by object."""
    found = {}
    for part in index.objects.values():
        if part.type == "paragraphs":
            shown = display.object_display(part, data).get("phrases")
            if shown is not None:
                found[part.name] = tuple(phrase["text"] for phrase in shown)
    return found


def docs(index: PlanIndex, data: Mapping[str, object]) -> dict[str, TextDoc]:
    """The plain texts that are in the task's data, by object; others are fetched by the page."""
    return {
        part.name: TextDoc.of(shown["text"])
        for part in index.objects.values()
        if part.type == "text" and "text" in (shown := display.object_display(part, data))
    }


def of(
    task: Task,
    name: str,
    docs: Mapping[str, TextDoc],
    sizes: Mapping[str, Size],
    lengths: Mapping[str, float],
    control: Control | None = None,
    granularity: Granularity = "symbol",
) -> Context:
    """The context of the object *name*; *control* is the one that makes or made the region."""
    part = task.index.objects[name]
    return Context(
        part, control, docs.get(name), sizes.get(name), task.phrases.get(name), lengths.get(name), granularity
    )


def size_of(state: State, region: Region) -> Size | None:
    """The size of the picture under the region: on a page of its own what the region remembers comes first."""
    shown = state.sizes.get(region.object)
    return shown or region.size if region.item is None else region.size or shown


class Places:
    """The contexts of a state's objects, each made once: enough to show and to write shapes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._made: dict[str, Context] = {}

    def of(self, name: str) -> Context:
        found = self._made.get(name)
        if found is None:
            state = self._state
            found = self._made[name] = of(state.task, name, state.docs, state.sizes, state.lengths)
        return found
