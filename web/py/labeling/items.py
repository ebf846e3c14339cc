"""Pages: how many an object has, which one is looked at, and what is on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from labeling import display
from labeling.model import Region, State, Task
from labeling.plan_index import PlanIndex


def pages(task: Task, name: str) -> int:
    """How many pages the object has; one, if it is no list of pages or has nothing to show."""
    part = task.index.objects.get(name)
    if part is None or not part.pages:
        return 1
    return max(1, len(display.object_display(part, task.data).get("urls", ())))


def viewed(items: Mapping[str, int], name: str) -> int:
    """The page of the object that is looked at."""
    return items.get(name, 0)


def size_key(name: str, item: int) -> str:
    """Where ``State.sizes`` keeps the size of a page; under the object's own name is that of the page looked at."""
    return f"{name}/{item}"


def filter_of(task: Task, items: Mapping[str, int]) -> Callable[[Region], bool]:
    """Says of a region whether it is on a page that is looked at now."""
    around = homes(task.index)
    paged = {name for name, part in task.index.objects.items() if part.pages}

    def on_page(region: Region) -> bool:
        if region.object in paged and (region.item or 0) != viewed(items, region.object):
            return False
        return all(viewed(items, node) == item for node, item in around.get(region.object, ()))

    return on_page


def homes(index: PlanIndex) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """By object: the Repeaters with pages around it and the copy it is in, as (node, item) from the outside in."""
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    tree = index.raw.get("tree")
    _collect(tree, (), found)
    return found


def _collect(node: object, at: tuple[tuple[str, int], ...], found: dict[str, tuple[tuple[str, int], ...]]) -> None:
    if not isinstance(node, Mapping):
        return
    if node.get("node") == "object" and at:
        found[str(node.get("name"))] = at
    paged = node.get("node") == "repeater" and node.get("mode") == "pagination"
    children = node.get("children")
    for place, child in enumerate(children if isinstance(children, list) else ()):
        _collect(child, (*at, (str(node.get("key")), place)) if paged else at, found)


def copies(index: PlanIndex) -> Mapping[str, int]:
    """How many copies each Repeater with pages has, by its node."""
    return {
        str(node.get("key")): len(children)
        for node in index.tree
        if node.get("node") == "repeater"
        and node.get("mode") == "pagination"
        and isinstance(children := node.get("children"), list)
    }


def view_items(state: State) -> dict[str, int]:
    """The pages that are looked at, of everything that has pages."""
    index = state.task.index
    made = {name: viewed(state.items, name) for name, part in index.objects.items() if part.pages}
    return made | {node: viewed(state.items, node) for node in copies(index)}
