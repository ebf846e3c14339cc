"""spaCy's JSON training form: documents with tokens, BILUO tags and categories.

Source: spacy.io/api/data-formats#json-input. `spacy convert train.json ./ --converter json` makes the DocBin (.spacy)
of it that spaCy 3 trains with; a DocBin itself can only be written by spaCy. Spans are `ner` of tokens, cut as for
CoNLL; `space` says whether a blank follows; choices about the text are `cats`, 1.0 or 0.0 of each choice of the config,
nested ones by their path (`Animal / Cat`). A name that two controls have is that of its control too (`tone: Yes`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from labeling.exports.export import Task, line
from labeling.exports.files import File, Record, Stream
from labeling.exports.regions import Said
from labeling.exports.texts import TextExport
from labeling.exports.tokens import biluo, bio, tokens


class SpacyJson(TextExport):
    name = "SPACY"
    title = "spaCy: training data as JSON, for spacy convert"
    ending = "json"
    media_type = "application/json"
    more: ClassVar[tuple[str, ...]] = ("choices",)

    def task(self, task: Task) -> Iterator[Record]:
        text = self.text(task)
        said = self.said(task.answers[0])
        spans = self.spans(task, said, text)
        borders = [border for span in spans for border in (span.start, span.end)]
        places = _with_blanks(text, tokens(text, borders))
        tags = biluo(bio(places, spans))
        made = [
            {"id": number, "orth": text[start:end], "space": text[end : end + 1] == " ", "ner": tag}
            for number, ((start, end), tag) in enumerate(zip(places, tags, strict=True))
        ]
        paragraph = {"raw": text, "sentences": [{"tokens": made, "brackets": []}], "cats": self._categories(said)}
        yield f"rows.{task.set}", line({"id": task.id, "paragraphs": [paragraph]})

    def _categories(self, said: Said) -> list[Mapping[str, Any]]:
        asked = self.once("choices", self._choices)
        offers = Counter(name for names in asked.values() for name in names)
        made: dict[str, float] = {}
        for control, names in asked.items():
            picked = [_path(choice) for choice in said.answers.get(control) or ()]
            for name in dict.fromkeys([*names, *picked]):  # of the config, and those that only the data names
                made[f"{control}: {name}" if offers[name] > 1 else name] = float(name in picked)
        return [{"label": name, "value": value} for name, value in made.items()]

    def _choices(self) -> dict[str, list[str]]:
        """Names of the choices about the text, by control; of nested ones their paths."""
        return {
            control["name"]: list(_names(control.get("options") or (), ()))
            for control in self.plan["controls"]
            if control["type"] == "choices" and not control.get("per_region") and self.target["name"] in control["to"]
        }

    def files(self) -> list[File]:
        return [
            File(f"{name or 'result'}.json", (b"[\n", Stream(f"rows.{name}", b",\n"), b"\n]\n")) for name in self.sets
        ]


def _names(options: Iterable[Mapping[str, Any]], above: tuple[str, ...]) -> Iterator[str]:
    for option in options:
        if "stored" in option:
            yield _path([*above, option["stored"]])
            yield from _names(option.get("children") or (), (*above, str(option["stored"])))


def _path(choice: object) -> str:
    return " / ".join(map(str, choice)) if isinstance(choice, list) else str(choice)


def _with_blanks(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Tokens for all of the text but single blanks between two: what spaCy's Doc is made of gives the text back."""
    made: list[tuple[int, int]] = []
    at = 0
    for start, end in places:
        gap = at + 1 if made and text[at : at + 1] == " " else at
        if gap < start:
            made.append((gap, start))
        made.append((start, end))
        at = end
    gap = at + 1 if made and text[at : at + 1] == " " else at
    if gap < len(text):
        made.append((gap, len(text)))
    return made
