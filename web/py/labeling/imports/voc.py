"""Pascal VOC: one XML file for each image, with a box and a name for each object.

Source: Everingham and Winn, The PASCAL Visual Object Classes Challenge 2012 Development Kit, section 4: `annotation`
with `filename`, `size` (`width`, `height`) and `object`s (`name`, `bndbox` with `xmin`, `ymin`, `xmax`, `ymax`). Pixels
are counted from 1 and `xmax`, `ymax` are inside the box. A file with a 0 or a fraction among them cannot be meant so:
its numbers are taken as the edges of the boxes in pixels from 0, as several tools write them, with a note.

A document type is refused before anything in it is read: entities are never expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from labeling import reading
from labeling.imports.coco import MOST_SIDE, no_file, with_results
from labeling.imports.options import Beside, Found, Json, Options, address_of
from labeling.imports.targets import Box, Region, Targets
from labeling.problems import Problem, problem

MOST_XML_BYTES = 8 << 20
MOST_DEPTH = 32
MOST_ELEMENTS = 200_000


@dataclass
class Element:
    """An element with its own text, without what is around its children."""

    name: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        return [child for child in self.children if child.name == name]

    def one(self, *path: str) -> Element | None:
        found: Element | None = self
        for name in path:
            found = next(iter(found.all(name)), None) if found is not None else None
        return found

    def said(self, *path: str) -> str:
        found = self.one(*path)
        return found.text.strip() if found is not None else ""


class _Refused(Exception):
    def __init__(self, code: str, message: str, hint: str, line: int) -> None:
        super().__init__(message)
        self.problem = problem(code, message, f"line {line}", hint)


def tree(data: bytes) -> Element | Problem:
    """The root of an XML document, or why it is not read. No document type, no entities but the five of XML."""
    if len(data) > MOST_XML_BYTES:
        message = f"It has more than {MOST_XML_BYTES >> 20} MB."
        return problem("too-large", message, "the whole file", "Write one file for each image.")
    parser = expat.ParserCreate()
    parser.buffer_text = True
    root = Element("", 1)
    stack = [root]
    count = 0

    def start(name: str, _: object) -> None:
        nonlocal count
        count += 1
        line = parser.CurrentLineNumber
        if len(stack) > MOST_DEPTH or count > MOST_ELEMENTS:
            message = f"It has more than {MOST_DEPTH} levels or {MOST_ELEMENTS:,} elements."
            raise _Refused("too-deep", message, "Write one file for each image.", line)
        element = Element(name, line)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def text(letters: str) -> None:
        if not stack[-1].children:
            stack[-1].text += letters

    def doctype(*_: object) -> None:
        message = "It has a document type (<!DOCTYPE …>), which is not read."
        raise _Refused("doctype", message, "Take the line with <!DOCTYPE out.", parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, doctype
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        return refused.problem
    except (expat.ExpatError, ValueError, LookupError):
        # What expat says differs between its versions; the place does not.
        line = parser.ErrorLineNumber
        return problem(
            "bad-xml", "This is no XML.", f"line {line}", "Mend it there; an editor that checks XML shows it."
        )
    return root.children[0]


def tasks(root: Element, targets: Targets, options: Options, beside: Beside) -> Iterator[Found]:
    """The one task of an annotation file."""
    name = root.said("filename") or root.said("path")
    where = f"image {name[:120]}" if name else "the whole file"
    if root.name != "annotation":
        message = f"The file's element is {root.name[:60]!r}, not 'annotation': it is no Pascal VOC file."
        yield where, None, [problem("not-voc", message, f"line {root.line}", "Export as Pascal VOC, or as JSON.")]
        return
    if not targets.object:
        hint = 'Add an object, e.g. <Image name="image" value="$image"/>, then import again.'
        yield where, None, [problem("no-image-object", "The config shows no image.", where, hint)]
        return
    address = address_of(name, beside, options)
    if address is None:
        yield where, None, [no_file(name, where)]
        return
    size = _size(root) or beside.size(name)
    if size is None:
        hint = f"Both must be 1 to {MOST_SIDE}; boxes in pixels need them."
        yield where, None, [problem("bad-size", "The file says no size (width and height).", where, hint)]
        return
    results: list[Json] = []
    problems: list[Problem] = []
    edges = _says_edges(root)
    if edges:
        message = "Its coordinates hold a 0 or a fraction: they are taken as edges from 0, not as pixels from 1."
        targets.notes.add("voc-edges", message, where, "")
    for number, element in enumerate(root.all("object"), 1):
        place = f"{where}, object {number} (line {element.line})"
        box = _box(element, size, edges)
        label = element.said("name")
        if isinstance(box, str) or not label:
            message = box if isinstance(box, str) else "It has no name."
            hint = "An object needs a name and a bndbox with xmin, ymin, xmax, ymax."
            problems.append(problem("bad-region", message, place, hint))
            continue
        if element.all("part"):
            message = "Parts of objects are left out: their place is in a file of their own."
            targets.notes.add("parts-left-out", message, place, "Write each part as an object to keep it.")
        made = targets.results(Region(label, (box,), size, None, _said(element)), f"voc{number}", options.role, place)
        if isinstance(made, list):
            results += made
        else:
            problems.append(made)
    task: Json = {"data": {targets.field: address}}
    yield where, with_results(task, results, options, True, [], "Pascal VOC"), problems


_SIDES = ("xmin", "ymin", "xmax", "ymax")


def _says_edges(root: Element) -> bool:
    numbers = (_number(element.said("bndbox", name)) for element in root.all("object") for name in _SIDES)
    return any(value is not None and (value == 0 or value != int(value)) for value in numbers)


def _number(said: str) -> float | None:
    try:
        value = reading.number(float(said)) if said.isascii() else None
    except ValueError:
        return None
    return None if value is None else float(value)


def _box(element: Element, size: tuple[int, int], edges_from_0: bool) -> Box | str:
    edges = []
    for name in _SIDES:
        said = element.said("bndbox", name)
        value = _number(said)
        if value is None:
            return f"Its {name} is {said[:20]!r}, which is no number." if said else f"It has no bndbox with {name}."
        edges.append(value)
    before = 0 if edges_from_0 else 1
    left, top, right, bottom = edges[0] - before, edges[1] - before, edges[2], edges[3]
    if right <= left or bottom <= top:
        return "Its box has no area: xmax must be above xmin, ymax above ymin."
    width, height = size
    return Box(100 * left / width, 100 * top / height, 100 * (right - left) / width, 100 * (bottom - top) / height)


def _said(element: Element) -> list[str]:
    """What a person noted besides the box: it becomes the region's note."""
    text = [name for name in ("truncated", "difficult", "occluded") if element.said(name) == "1"]
    pose = element.said("pose")
    return [*text, f"pose: {pose[:60]}"] if pose and pose != "Unspecified" else text


def _size(root: Element) -> tuple[int, int] | None:
    sides = []
    for name in ("width", "height"):
        said = root.said("size", name)
        if not (said.isascii() and said.isdecimal() and len(said) < 8 and 1 <= int(said) <= MOST_SIDE):
            return None
        sides.append(int(said))
    return sides[0], sides[1]
