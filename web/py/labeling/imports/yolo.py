"""YOLO: one text file of labels for each image; detection, segments and turned boxes.

Source: docs.ultralytics.com/datasets (detect, segment, obb). Each line is a class number and numbers relative to the
image (0-1): `x y width height` of the middle of a box (a fifth is a confidence), `x1 y1 x2 y2 …` of an outline, or the
four corners of a turned box. The names of the classes are lines of classes.txt (or obj.names), or `names` of data.yaml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from labeling import reading
from labeling.imports.coco import with_results
from labeling.imports.options import Json, Options
from labeling.imports.targets import Box, Form, Polygon, Region, Size, Targets, boxed, turned
from labeling.problems import Problem, problem

NAME_FILES = frozenset({"classes.txt", "obj.names", "classes.names"})
YAML_FILES = frozenset({"data.yaml", "data.yml", "dataset.yaml", "dataset.yml"})
MOST_LINES = 10_000
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\"")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_HINT = "A line is: class x y width height, or class x1 y1 x2 y2 x3 y3 …, all but the class from 0 to 1."


def names_of_lines(text: str) -> list[str]:
    """The names in a classes.txt, by their line; lines may be empty at the end only."""
    return [line.strip() for line in text.rstrip().splitlines()]


def is_labels(text: str) -> bool:
    """Whether a text is lines of a class number and four numbers or more; an empty one is not."""
    rows = [line.split() for line in text.splitlines()[:50] if line.strip()]
    return bool(rows) and all(
        len(row) >= 5 and row[0].isdecimal() and row[0].isascii() and all(map(_NUMBER.fullmatch, row[1:]))
        for row in rows
    )


def task(
    address: str,
    text: str | None,
    names: Sequence[str],
    targets: Targets,
    options: Options,
    size: Size | None,
    where: str,
) -> tuple[Json, list[Problem]]:
    """
    The task of one image.

    Args:
        text: the file of labels; None: there is none, so nobody has looked at the image. An empty one says that nothing
            is on it.
        size: the image's, in pixels; turned boxes need it.
    """
    results: list[Json] = []
    problems: list[Problem] = []
    scores: list[float] = []
    rows = [(number, line.split()) for number, line in enumerate((text or "").splitlines(), 1) if line.strip()]
    corners_only = all(len(cells) == 9 for _, cells in rows)
    if len(rows) > MOST_LINES:
        message = f"It has {len(rows):,} lines; {MOST_LINES:,} are read."
        return {"data": {targets.field: address}}, [problem("too-many-lines", message, where, "Split the image.")]
    for number, cells in rows:
        place = f"{where}, line {number}"
        found = _region(cells, names, size, corners_only)
        if isinstance(found, str):
            problems.append(problem("bad-line", found, place, _HINT))
            continue
        made = targets.results(found, f"yolo{number}", options.role, place)
        if isinstance(made, list):
            results += made
            scores += [found.score] if found.score is not None else []
        else:
            problems.append(made)
    made_task: Json = {"data": {targets.field: address}}
    return with_results(made_task, results, options, text is not None, scores, "YOLO"), problems


def _region(cells: Sequence[str], names: Sequence[str], size: Size | None, corners_only: bool) -> Region | str:
    if not (cells[0].isascii() and cells[0].isdecimal() and len(cells[0]) < 8):
        return f"The class {cells[0][:20]!r} is no number from 0."
    which = int(cells[0])
    if which >= len(names) or not names[which]:
        return f"There is no name for class {which}; {len(names)} names are known."
    numbers: list[float] = []
    for cell in cells[1:]:
        value = reading.number(float(cell)) if _NUMBER.fullmatch(cell) else None
        if value is None:
            return f"{cell[:20]!r} is no number."
        numbers.append(float(value))
    if len(numbers) in (4, 5):
        x, y, width, height = numbers[:4]
        if width <= 0 or height <= 0:
            return "The box has no area."
        box = Box(100 * (x - width / 2), 100 * (y - height / 2), 100 * width, 100 * height)
        return Region(names[which], (box,), size, numbers[4] if len(numbers) == 5 else None)
    score = numbers.pop() if len(numbers) % 2 and len(numbers) >= 7 else None
    if len(numbers) < 6:
        return f"The line has {len(cells)} numbers."
    points = [(100 * x, 100 * y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    forms: list[Form] = [Polygon(points), boxed(points)]
    if len(points) == 4:
        box_of = turned(points, size) if size else None
        upright = boxed(points)
        if box_of is None and all(x in (upright.x, upright.x + upright.width) for x, _ in points):
            box_of = upright
        if box_of is not None:
            forms = [box_of, Polygon(points)] if corners_only else [Polygon(points), box_of]
        else:
            forms = [Polygon(points)]
    return Region(names[which], forms, size, score)


def names_of_yaml(text: str) -> list[str] | None:
    """
    `names` of a data.yaml: a list or numbered names, in a block or in brackets; None if it has none.

    No reader of YAML: plain and quoted scalars on one line each, comments, and nothing else, which is what is in use.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for place, line in enumerate(lines):
        head, colon, rest = line.partition(":")
        if not colon or head.strip("'\" ") != "names" or line[0].isspace():
            continue
        rest = rest.strip()
        if not _bare(rest):
            block = []
            for below in lines[place + 1 :]:
                if not below[0].isspace() and not below.startswith("-"):
                    break
                block.append(below.strip())
            return _numbered(block)
        close = {"[": "]", "{": "}"}.get(rest[0])
        if close is None:
            return None
        whole = " ".join([rest, *(_bare(below) for below in lines[place + 1 :])])
        inside = _until(whole[1:], close)
        return None if inside is None else _numbered([f"- {p}" for p in inside] if close == "]" else inside)
    return None


def _numbered(entries: Sequence[str]) -> list[str] | None:
    found: dict[int, str] = {}
    for entry in entries:
        if entry.startswith("-"):
            found[len(found)] = _scalar(entry[1:])
            continue
        number, colon, name = entry.partition(":")
        number = number.strip("'\" ")
        if not colon or not number.isascii() or not number.isdecimal() or len(number) > 6:
            return None
        found[int(number)] = _scalar(name)
    last = max(found, default=-1)
    if last > 100_000:
        return None
    return [found.get(place, "") for place in range(last + 1)] if found else None


def _until(text: str, close: str) -> list[str] | None:
    """The entries of a flow list up to its end; commas inside quotes are theirs."""
    entries: list[str] = []
    start = at = 0
    while at < len(text):
        quoted = _QUOTED.match(text, at) if not text[start:at].rpartition(":")[2].strip() else None
        if quoted:
            at = quoted.end()
            continue
        if text[at] in (",", close):
            if text[start:at].strip():
                entries.append(text[start:at].strip())
            if text[at] == close:
                return entries
            start = at + 1
        at += 1
    return None


def _bare(text: str) -> str:
    """Without a comment behind it."""
    return re.sub(r"\s#.*$", "", f" {text}").strip()


def _scalar(text: str) -> str:
    """A plain scalar, or a quoted one with its escapes (those of JSON in double quotes, a doubled single quote)."""
    text = text.strip()
    quoted = _QUOTED.match(text)
    if not quoted:
        return _bare(text)
    inside = quoted[0]
    if inside[0] == "'":
        return inside[1:-1].replace("''", "'")
    try:
        return str(json.loads(inside, strict=False))
    except ValueError:
        return inside[1:-1]
