"""CoNLL 2003 and its relatives: a token on each line, its tag in the last column, an empty line behind each sentence.

Source: Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 Shared Task" (2003), sections 2 and 3; the
schemes IOB1, IOB2 and BIOES (also BILOU) in Ratinov and Roth, "Design Challenges and Misconceptions in NER" (2009).

Tokens become a text with one blank between them. A sentence is a task; in a file with several documents
(`-DOCSTART-`) a document is, its sentences on lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from labeling.imports.options import Found, Json, Options
from labeling.imports.rows import lines
from labeling.imports.targets import Notes, named
from labeling.problems import Problem, problem

SUFFIXES = frozenset({".conll", ".conll03", ".iob", ".iob2", ".bio", ".bioes"})
_TAG = re.compile(r"O|[BIESLU]-\S.*")
_START = "-DOCSTART-"


def is_conll(text: str) -> bool:
    """Whether the start of a text is such lines: several columns, the last of them tags, at least one not O."""
    rows = [line.split() for line in list(lines(text))[:-1][:200] if line.strip()]
    tagged = [row for row in rows if row[0] != _START]
    if len(tagged) < 2 or any(len(row) < 2 or not _TAG.fullmatch(row[-1]) for row in tagged):
        return False
    return len(rows) > len(tagged) or len({len(row) for row in tagged}) == 1


@dataclass
class _Piece:
    """A sentence or a document while it is read. spans: start, end (code points, half-open), name."""

    where: str = ""
    text: str = ""
    spans: list[tuple[int, int, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    opened: str = ""

    def add(self, token: str, tag: str, where: str, *, new_line: bool) -> None:
        if self.text:
            self.text += "\n" if new_line else " "
        start, end = len(self.text), len(self.text) + len(token)
        self.text += token
        prefix, _, name = tag.partition("-")
        if prefix == "O":
            self.opened = ""
            return
        goes_on = prefix in "IEL" and self.opened == name and not new_line
        if goes_on:
            first = self.spans[-1]
            self.spans[-1] = (first[0], end, name, first[3])
        else:
            self.spans.append((start, end, name, where))
        self.opened = "" if prefix in "ESLU" else name


class Conll:
    """Reads files for one plan."""

    def __init__(self, plan: Mapping[str, Any], options: Options, notes: Notes) -> None:
        self._options, self._notes = options, notes
        texts = {
            part["name"]: str(part["value"]["path"][0])
            for part in plan.get("objects") or ()
            if part.get("type") == "text" and (part.get("value") or {}).get("path")
        }
        found: tuple[Json | None, str] = next(
            (
                (part, name)
                for part in plan.get("controls") or ()
                if part.get("type") == "labels"
                for name in part.get("to") or ()
                if name in texts
            ),
            (None, ""),
        )
        self._control, self._object = found
        self._field = texts.get(self._object, "")

    def tasks(self, text: str) -> Iterator[Found]:
        if self._control is None:
            hint = 'Add <Text name="text" value="$text"/> and <Labels name="label" toName="text">, then import again.'
            message = "The config has no Labels on a Text."
            yield "the whole file", None, [problem("no-control", message, "the whole file", hint)]
            return
        documents = text.startswith(_START) + text.count(f"\n{_START}") > 1
        for number, piece in enumerate(self._pieces(text, documents), 1):
            where = f"{'document' if documents else 'sentence'} {number} ({piece.where})"
            yield self._task(piece, where)

    def _pieces(self, text: str, documents: bool) -> Iterator[_Piece]:
        piece = _Piece()
        fresh = False
        tabs = "\t" in text[:65536]
        columns_told = False
        for number, line in enumerate(lines(text), 1):
            cells = [cell.strip(" ") for cell in line.split("\t")] if tabs and "\t" in line else line.split()
            if cells and cells[0] == _START:
                if piece.where:
                    yield piece
                piece = _Piece()
                continue
            if not any(cells):
                if piece.where and not documents:
                    yield piece
                    piece = _Piece()
                fresh = True
                continue
            if cells[0].startswith("#") and not _TAG.fullmatch(cells[-1]):
                self._notes.add("comments-left-out", "Comments are left out.", f"line {number}", "")
                continue
            piece.where = piece.where or f"line {number}"
            place = f"line {number}"
            if len(cells) < 2 or not cells[0] or not _TAG.fullmatch(cells[-1]):
                message = (
                    f"The last column is {cells[-1][:40]!r}, which is no tag." if len(cells) > 1 else "It has no tag."
                )
                piece.problems.append(
                    problem("bad-line", message, place, "Write O, or B-NAME, I-NAME (E-, S-) behind the token.")
                )
                continue
            if len(cells) > 2 and not columns_told:
                columns_told = True
                message = f"Of {len(cells)} columns the first (token) and the last (tag) are read."
                self._notes.add("columns-left-out", message, place, "")
            piece.add(cells[0], cells[-1], place, new_line=fresh)
            fresh = False
        if piece.where:
            yield piece

    def _task(self, piece: _Piece, where: str) -> Found:
        assert self._control is not None
        problems: list[Problem] = [{**told, "where": f"{where}, {told['where']}"} for told in piece.problems]
        if problems:  # a token without a tag would be lost, or be said to be O
            return where, None, problems
        results: list[Json] = []
        refused: list[Problem] = []
        for number, (start, end, name, place) in enumerate(piece.spans, 1):
            label = named(self._control, name, folded=False)
            if label is None and (label := named(self._control, name, folded=True)) is not None:
                message = f"The label {name!r} is taken for {label!r}: only case or blanks differ."
                self._notes.add("label-case", message, f"{where}, {place}", "", key=name)
            if label is None:
                message = f"The config has no label {name!r}."
                control = self._control["name"]
                hint = f'Add <Label value="{name}"/> to {control}, or give a label there alias="{name}".'
                refused.append(problem("unknown-label", message, f"{where}, {place}", hint))
                continue
            value = {"start": start, "end": end, "text": piece.text[start:end], "labels": [label]}
            result = {"id": f"span{number}", "from_name": self._control["name"], "to_name": self._object}
            origin = {"origin": "manual"} if self._options.role == "annotations" else {}
            results.append({**result, "type": "labels", "value": value, **origin})
        task: Json = {"data": {self._field: piece.text}}
        if self._options.role == "annotations":
            return where, {**task, "annotations": [{"result": results}]}, refused
        return where, {**task, "predictions": [{"result": results, "model_version": "CoNLL"}]}, refused
