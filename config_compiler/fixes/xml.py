"""Fixes for faults of the XML itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5

from config_compiler import edits
from config_compiler.diagnostics import Edit, Fix
from config_compiler.edits import remove_attribute
from config_compiler.fixes.case import Case, Maker
from config_compiler.outline import Node
from config_compiler.spans import Span
from config_compiler.tags import registry

STARTER = '<View>\n  <Text name="text" value="$text"/>\n</View>\n'
_ENDING_QUOTE = re.compile(r"[ \t\r\n]+[\w:.\-]+[ \t]*=[ \t]*$")


def _cut(case: Case, title: str, *endings: str) -> Iterator[Fix]:
    """Without what begins at the place and ends with the first of *endings* that is found."""
    for ending in endings:
        end = case.source.find(ending, case.span.start)
        if end >= 0:
            yield Fix(title, (edits.remove(case.source, Span(case.span.start, end + len(ending))),))
            return


def _doctype(case: Case) -> Iterator[Fix]:
    bracket = case.source.find("[", case.span.start)
    close = case.source.find(">", case.span.start)
    endings = ("]>", ">") if 0 <= bracket < close else (">",)
    return _cut(case, "Delete the document type", *endings)


def _instruction(case: Case) -> Iterator[Fix]:
    return _cut(case, "Delete it", "?>")


def _entity(case: Case) -> Iterator[Fix]:
    if known := html5.get(case.text[1:]):
        name = known if known.isprintable() and not known.isspace() else f"U+{ord(known[0]):04X}"
        yield Fix(f"Write the character itself: {name}", (edits.replace(case.span, known),))
    yield Fix(f"Write &amp;{case.text[1:]}", (edits.replace(case.span, f"&amp;{case.text[1:]}"),))


def _remove(case: Case) -> Iterator[Fix]:
    yield Fix("Delete it", (edits.remove(case.source, case.span),))


def _character(case: Case) -> Iterator[Fix]:
    yield Fix("Delete the character", (edits.replace(case.span, ""),))


def _written_as(text: str) -> Maker:
    def make(case: Case) -> Iterator[Fix]:
        yield Fix(f"Write {text}", (edits.replace(case.span, text),))

    return make


def _empty(case: Case) -> Iterator[Fix]:
    at = len(case.source)
    gap = "" if not case.source or case.source.endswith("\n") else "\n"
    yield Fix("Start with a text to label", (Edit(at, at, gap + STARTER),))


def _not_closed(case: Case) -> Iterator[Fix]:
    node = case.node
    if node is None:
        return
    tag = registry.find(node.name)
    if tag and not tag.children and not tag.holds_layout and not node.texts:
        yield Fix(f"Close it: <{node.name} …/>", (Edit(node.token.end - 1, node.token.end, "/>"),))
        return
    last = _last_inside(case, node)
    indent = edits.indent_at(case.source, node.token.start)
    if last is None:
        at, text = node.token.end, f"</{node.name}>"
    elif not node.children or last.whole.end >= len(case.source.rstrip()):
        at, text = len(case.source.rstrip()), f"\n{indent}</{node.name}>"
    else:
        at, text = last.whole.end, f"\n{indent}</{node.name}>"
    yield Fix(f"Add </{node.name}>", (Edit(at, at, text),))


def _last_inside(case: Case, node: Node) -> Node | None:
    """The last child that belongs in *node*: it is deeper indented, or on its line, and may stand in it."""
    deep = len(edits.indent_at(case.source, node.token.start))
    last = None
    for child in node.children:
        begin = case.source.rfind("\n", 0, child.token.start) + 1
        own_line = not case.source[begin : child.token.start].strip()
        if own_line and child.token.start - begin <= deep and node.parent is not None:
            break
        last = child
    return last


def _misspelt_end(case: Case) -> Iterator[Fix]:
    around = case.outline.innermost(case.span.start)
    if around:
        yield Fix(f"Write </{around.name}>", (edits.replace(case.span, f"</{around.name}>"),))


def _twice(case: Case) -> Iterator[Fix]:
    if case.attribute:
        yield Fix(f"Remove the second {case.attribute.name}", (remove_attribute(case.source, case.attribute),))


def _no_value(case: Case) -> Iterator[Fix]:
    yield Fix(f'Write {case.text}="true"', (Edit(case.span.end, case.span.end, '="true"'),))
    if case.attribute:
        yield Fix(f"Remove {case.text}", (remove_attribute(case.source, case.attribute),))


def _no_quotes(case: Case) -> Iterator[Fix]:
    text = case.text.strip()
    yield Fix(f'Write "{text}"', (edits.replace(case.span, f'"{text}"'),))


def _open_quote(case: Case) -> Iterator[Fix]:
    for written in case.node.token.attributes if case.node else ():
        if written.value_span and written.value_span.start == case.span.start + 1:
            end = written.value_span.end
            if written.closed:  # it ends in another tag: the value ends with its line or tag
                found = re.compile(r"/?>|[\r\n]").search(case.source, case.span.start)
                end = found.start() if found else end
            yield Fix(f"Add {case.text} after the value", (Edit(end, end, case.text),))


def _odd(case: Case) -> Iterator[Fix]:
    before = case.source[case.span.start - 1 : case.span.start]
    if before in ('"', "'") and case.text[:1].isalpha():
        yield Fix("Put a space before it", (Edit(case.span.start, case.span.start, " "),))
        return
    swallowed = case.node.token.attributes if case.node else []
    for written in swallowed:
        found = _ENDING_QUOTE.search(written.raw)
        if found and written.value_span and written.span.end <= case.span.start:
            at = written.value_span.start + found.start()
            yield Fix(f"Add {written.quote} after {written.raw[: found.start()]!r}", (Edit(at, at, written.quote),))
            return
    yield Fix("Delete it", (edits.replace(case.span, ""),))


def _unfinished(case: Case) -> Iterator[Fix]:
    if case.text.startswith("</"):
        yield Fix("Add >", (Edit(case.span.end, case.span.end, ">"),))
    elif case.node:
        end = case.node.token.end
        gap = "" if case.source[end - 1] not in "=" else '""'
        yield Fix("Add />", (Edit(end, end, f"{gap}/>"),))
        yield Fix("Delete it", (edits.remove(case.source, Span(case.node.token.start, end)),))


def _outside(case: Case) -> Iterator[Fix]:
    root = case.outline.roots[0] if case.outline.roots else None
    span = case.node.whole if case.node else case.span
    if case.node and root and root.close and root.close.end <= span.start:
        text = case.source[span.start : span.end]
        moved = Edit(root.close.start, root.close.start, f"{edits.INDENT}{text}\n")
        yield Fix(f"Move it into <{root.name}>", (moved, edits.remove(case.source, span)))
    yield Fix("Delete it", (edits.remove(case.source, span),))


def _never_ends(case: Case) -> Iterator[Fix]:
    ending = "-->" if case.text == "<!--" else "]]>"
    line = case.source.find("\n", case.span.start)
    at = line if line >= 0 else len(case.source)
    at = len(case.source[:at].rstrip())
    gap = " " if ending == "-->" and not case.source[:at].endswith("-") else ""
    yield Fix(f"Add {ending}", (Edit(at, at, gap + ending),))


def _dashes(case: Case) -> Iterator[Fix]:
    for token in case.outline.tokens:
        if token.kind == "comment" and token.start <= case.span.start < token.end:
            inside = Span(token.start + 4, token.end - 3)
            text = re.sub("-(?=-)", "- ", case.source[inside.start : inside.end])
            text += " " if text.endswith("-") else ""
            yield Fix("Put blanks between the dashes", (edits.replace(inside, text),))


FIXES: dict[str, Maker] = {
    "C002": _doctype,
    "C003": _entity,
    "C004": _instruction,
    "C007": _character,
    "C101": _empty,
    "C102": _not_closed,
    "C103": _misspelt_end,
    "C104": _remove,
    "C105": _twice,
    "C106": _written_as("&amp;"),
    "C107": _written_as("&lt;"),
    "C108": _no_value,
    "C109": _no_quotes,
    "C110": _open_quote,
    "C111": _odd,
    "C112": _unfinished,
    "C113": _outside,
    "C114": _never_ends,
    "C115": _dashes,
    "C116": _written_as("]]&gt;"),
    "C117": _character,
}
