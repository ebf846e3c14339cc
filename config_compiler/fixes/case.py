"""One problem, with what stands at its place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from config_compiler import edits
from config_compiler.diagnostics import Diagnostic, Edit, Fix
from config_compiler.edits import remove_attribute
from config_compiler.inventory import Inventory
from config_compiler.outline import Node, Outline, Written
from config_compiler.spans import Span
from config_compiler.tags import registry
from config_compiler.tags.layout import CONDITIONS

MAX_CHOICES = 4  # fixes of one kind for one problem
CONDITION_NAMES = tuple(attr.name for attr in CONDITIONS)


class Case:
    """One problem with what stands at its place: its text, tag and attribute, if it is in one."""

    def __init__(
        self, diagnostic: Diagnostic, span: Span, outline: Outline, known: Inventory, starts: list[int]
    ) -> None:
        self.diagnostic = diagnostic
        self.span = span
        self.outline = outline
        self.source = outline.source
        self.known = known
        self.node = self._node(starts)
        self.attribute = self._attribute()
        self.tag = registry.find(self.node.name) if self.node else None
        self.attr = self.tag.by_name.get(self.attribute.name.lower()) if self.tag and self.attribute else None

    @property
    def text(self) -> str:
        """What the problem underlines."""
        return self.source[self.span.start : self.span.end]

    def _node(self, starts: list[int]) -> Node | None:
        place = bisect_right(starts, self.span.start) - 1
        node = self.outline.nodes[place] if place >= 0 else None
        return node if node and self.span.start < node.token.end else None

    def _attribute(self) -> Written | None:
        if self.node is None:
            return None
        for written in self.node.token.attributes:
            if written.span.start <= self.span.start < max(written.span.end, written.span.start + 1):
                return written
        return None

    def replaced(self, text: str, title: str = "") -> Fix:
        return Fix(title or f"Change to '{text}'", (Edit(self.span.start, self.span.end, edits.escaped(text)),))

    def without_attribute(self) -> Iterator[Fix]:
        """Remove the attribute, unless the tag needs it."""
        if self.attribute and not (self.attr and self.attr.required):
            yield Fix(f"Remove {self.attribute.name}", (remove_attribute(self.source, self.attribute),))

    def meant(self) -> Iterator[Fix]:
        if self.diagnostic.meant:
            yield self.replaced(self.diagnostic.meant)


Maker = Callable[[Case], Iterable[Fix]]


def delete(case: Case) -> Iterator[Fix]:
    """Without the element, unless something in it has a name: others may point at it."""
    node = case.node
    if node and (node.close or node.token.empty) and node.parent and not _has_name(node):
        yield Fix(f"Delete <{node.name}>", (edits.remove(case.source, node.whole),))


def _has_name(node: Node) -> bool:
    return node.attribute("name") is not None or any(_has_name(child) for child in node.children)
