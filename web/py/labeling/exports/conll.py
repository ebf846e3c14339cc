"""CoNLL 2003: a token and its tag on each line, four columns `token -X- _ tag`.

Source: Tjong Kim Sang and De Meulder (2003), Introduction to the CoNLL-2003 Shared Task, doi:10.3115/1119176.1119195,
section 2: a blank line ends a sentence, `-DOCSTART-` begins a document, which here is a task. Tags are IOB2. Part of
speech and chunk are not known. A line of the text is a sentence; a token that a span begins or ends in is cut there.
Blanks in labels become `_`.
"""

from __future__ import annotations

from collections.abc import Iterator

from labeling.exports.export import Task
from labeling.exports.files import File, Record, Stream
from labeling.exports.texts import TextExport
from labeling.exports.tokens import Span, bio, tokens


class Conll(TextExport):
    name = "CONLL2003"
    title = "CoNLL 2003: a token and its tag on each line"
    ending = "conll"
    media_type = "text/plain"

    def task(self, task: Task) -> Iterator[Record]:
        text = self.text(task)
        spans = self.spans(task, self.said(task.answers[0]), text)
        spans = [Span(span.start, span.end, "_".join(span.label.split()) or "_") for span in spans]
        borders = [border for span in spans for border in (span.start, span.end)]
        places = tokens(text, borders)
        lines = ["-DOCSTART- -X- O O\n"]
        before = 0
        for number, ((start, end), tag) in enumerate(zip(places, bio(places, spans), strict=True)):
            if not number or "\n" in text[before:start]:
                lines.append("\n")
            lines.append(f"{text[start:end]} -X- _ {tag}\n")
            before = end
        yield f"rows.{task.set}", ("".join(lines) + "\n").encode("utf-8", "replace")

    def files(self) -> list[File]:
        return [File(f"{name or 'result'}.conll", (Stream(f"rows.{name}"),)) for name in self.sets]
