"""Words that stand in lit templates of a JavaScript module: they should go through ``t`` (``scripts.texts``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Names and signs that are the same in every language.
SAME = re.compile(
    r"\b(?:Ctrl|Shift|Alt|Enter|Esc|Space|Tab|Labelkite|[A-Z])\b|\b(?:px|Aa|ab)\b|&\w+;|\b(?:Shift|Ctrl|Alt)\+\w+"
)
_READ = r"title|aria-(?:label|description|roledescription|valuetext)|placeholder|alt"
_ATTRIBUTE = re.compile(rf"\s(?:{_READ})=\"([^\"]*)\"")
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_REGEX_BEFORE = re.compile(r"[=(,:?&|!;{}\[]\s*$")
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/")
_STRING = re.compile(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"")
#: Stands where an expression was.
_HOLE = "\0"


def words_in_templates(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of every text and readable attribute of the templates, in their order in the module."""
    markup = _markup(source)
    found = [(match.start(1), match[1]) for match in _ATTRIBUTE.finditer(markup)]
    bare = _TAG.sub(lambda match: re.sub(r"[^\n]", _HOLE, match[0]), markup)
    found += [(match.start(), match[0]) for match in re.finditer(rf"[^{_HOLE}\n]+", bare)]
    for at, words in sorted(found):
        if re.search(r"[A-Za-z]{2}", SAME.sub("", words)):
            yield source.count("\n", 0, at) + 1, words.replace(_HOLE, " ").strip()


def _markup(source: str) -> str:
    """The module with everything blanked that is not markup of a template; as long as the module."""
    kept, at = [_HOLE] * len(source), 0
    for place, sign in enumerate(source):
        if sign == "\n":
            kept[place] = "\n"
    open_: list[list[int]] = []  # [is a template, is markup or depth of braces]
    while at < len(source):
        sign, inside = source[at], bool(open_) and bool(open_[-1][0])
        if inside:
            if sign == "\\":
                at += 2
            elif sign == "`":
                open_.pop()
                at += 1
            elif source.startswith("${", at):
                open_.append([0, 0])
                at += 2
            else:
                if open_[-1][1]:
                    kept[at] = sign
                at += 1
        elif source.startswith("//", at):
            at = len(source) if (end := source.find("\n", at)) < 0 else end
        elif source.startswith("/*", at):
            at = source.index("*/", at) + 2
        elif string := _STRING.match(source, at):
            at = string.end()
        elif sign == "/" and _REGEX_BEFORE.search(source[max(0, at - 5) : at]) and (regex := _REGEX.match(source, at)):
            at = regex.end()
        elif sign == "`":
            open_.append([1, source.endswith(("html", "svg"), 0, at)])
            at += 1
        else:
            if open_ and sign == "{":
                open_[-1][1] += 1
            elif open_ and sign == "}":
                if open_[-1][1] == 0:
                    open_.pop()
                else:
                    open_[-1][1] -= 1
            at += 1
    return "".join(kept)
