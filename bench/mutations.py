"""Configs broken by chance: letters, lines, attributes and elements are lost, doubled, moved and mixed up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from config_compiler.tags import registry

#: What an element, an attribute, a text or a reference is, roughly: mutations need no more.
TOKEN = re.compile(r"<!--.*?-->|<[^<>]*>|[^<>]+|[<>]", re.DOTALL)
ATTRIBUTE = re.compile(r"\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*')")
VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
#: Signs that mean something to XML or to the language, and letters that are more than they look.
ODD: tuple[str, ...] = (
    *"<>&\"'/=-,;:%#*+$[](){}\\\t\n\r\0\ufeff\u00a0\u0301\u202e\ud800éßİſ；",
    "--", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!", "\r\n", "\U0001f600",
    "&amp;", "&lt;", "&nope;", "&#0;", "&#x10FFFF;", "&#xD800;", "$a", "$a.b[0]", "$a[", "{{idx}}",
)  # fmt: skip
#: Values that some attribute takes and most do not.
VALUES: tuple[str, ...] = (
    "", " ", "true", "false", "True", "1", "0", "-1", "1e9", "999999999999999", "0.0000001", "NaN", "inf", "٣", "100%",
    "$", "$$", "$a", "$a.b", "$list[{{idx}}].text", "{{idx}}", "{{i}}", "a,b", ",", ",,", "a,a", "*", "name", "single",
    "multiple", "red", "#fff", "#ggg", "rgb(1,2,3)", "hsl(0 0% 0% / 0.5)", "ctrl+a", "shift+shift+a", "ctrl+", "1px",
    "color: red", "a:b;c", "url(x)", "}", "/*", "calc(1px + 2px)", '{"a": 1}', '{"type": "object"}', "choices:a,b",
    "choices:", "^a$", "(a|b)*", "[z-a]", "a{1,9999}", "(((((", "%Y-%m-%d", "%", "2020-02-30", "region-selected",
    "choice-selected", "x" * 300, "é\U0001f600", "toString", "__proto__", "https://a.b/c", "//a@b/c",
)  # fmt: skip
MOST_CHARACTERS = 30_000


def mutated(random: Random, source: str, others: Sequence[str]) -> str:
    """*source* after one to eight changes by chance; *others* are configs to take pieces from."""
    changes = _Changes(random, others)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        source = random.choice(changes.all)(source)
        if len(source) > MOST_CHARACTERS:
            at = random.randrange(len(source) - MOST_CHARACTERS) if random.random() < 0.2 else 0
            source = source[at : at + MOST_CHARACTERS]
    return source


def _tokens(source: str) -> list[str]:
    return TOKEN.findall(source) or [""]


class _Changes:
    """Ways to change a config; each takes its source and gives another one."""

    def __init__(self, random: Random, others: Sequence[str]) -> None:
        self._random, self._others = random, others
        self.all: tuple[Callable[[str], str], ...] = (
            self._character, self._any_character, self._byte, self._cut, self._truncate, self._repeat,
            self._swap_lines, self._drop_line, self._swap_tokens, self._drop_token, self._double_tokens, self._graft,
            *([self._attribute] * 6), self._rename_tag,
        )  # fmt: skip

    def _place(self, source: str) -> int:
        return self._random.randrange(len(source) + 1)

    def _span(self, source: str, *longest: int) -> tuple[int, int]:
        start, end = sorted((self._place(source), self._place(source)))
        return start, min(end, start + self._random.choice(longest))

    # characters and lines

    def _character(self, source: str) -> str:
        at = self._place(source)
        return source[:at] + self._random.choice(ODD) + source[at + self._random.choice((0, 0, 1)) :]

    def _any_character(self, source: str) -> str:
        at = self._place(source)
        return source[:at] + chr(self._random.randrange(self._random.choice((128, 0x110000)))) + source[at + 1 :]

    def _byte(self, source: str) -> str:
        """One byte of the UTF-8 is another one; what is no text then becomes the replacement character."""
        data = bytearray(source.encode("utf-8", "surrogatepass"))
        if data:
            data[self._random.randrange(len(data))] = self._random.randrange(256)
        return data.decode("utf-8", "replace")

    def _cut(self, source: str) -> str:
        start, end = self._span(source, 1, 5, 50, 5000)
        return source[:start] + source[end:]

    def _truncate(self, source: str) -> str:
        return source[: self._place(source)]

    def _repeat(self, source: str) -> str:
        start, end = self._span(source, 5, 50, 500)
        return source[:start] + source[start:end] * self._random.choice((2, 3, 40)) + source[end:]

    def _swap_lines(self, source: str) -> str:
        lines = source.split("\n")
        first, second = (self._random.randrange(len(lines)) for _ in range(2))
        lines[first], lines[second] = lines[second], lines[first]
        return "\n".join(lines)

    def _drop_line(self, source: str) -> str:
        lines = source.split("\n")
        del lines[self._random.randrange(len(lines))]
        return "\n".join(lines)

    # elements

    def _swap_tokens(self, source: str) -> str:
        tokens = _tokens(source)
        first, second = (self._random.randrange(len(tokens)) for _ in range(2))
        tokens[first], tokens[second] = tokens[second], tokens[first]
        return "".join(tokens)

    def _drop_token(self, source: str) -> str:
        tokens = _tokens(source)
        del tokens[self._random.randrange(len(tokens))]
        return "".join(tokens)

    def _double_tokens(self, source: str) -> str:
        tokens = _tokens(source)
        start, at = self._random.randrange(len(tokens)), self._random.randrange(len(tokens) + 1)
        piece = tokens[start : start + self._random.choice((1, 2, 6))]
        return "".join([*tokens[:at], *piece * self._random.choice((1, 1, 2, 70)), *tokens[at:]])

    def _graft(self, source: str) -> str:
        """A piece of another config."""
        tokens, foreign = _tokens(source), _tokens(self._random.choice(self._others))
        start, at = self._random.randrange(len(foreign)), self._random.randrange(len(tokens) + 1)
        return "".join([*tokens[:at], *foreign[start : start + self._random.choice((1, 2, 6, 20))], *tokens[at:]])

    def _rename_tag(self, source: str) -> str:
        """One name of a tag, wherever it stands, becomes another one."""
        names = re.findall(r"<(\w+)", source)
        if not names:
            return source
        return re.sub(
            rf"(</?){self._random.choice(names)}\b", rf"\g<1>{self._random.choice(registry.ALL_NAMES)}", source
        )

    # attributes

    def _attribute(self, source: str) -> str:
        """One attribute is lost, gets another value or name, has one more beside it or is one of another config."""
        found = list(ATTRIBUTE.finditer(source))
        if not found:
            return source
        one = self._random.choice(found)
        written = one.group()
        name, value = written.partition("=")[0], VALUE.findall(written)[0]
        foreign = ATTRIBUTE.findall(self._random.choice(self._others)) or [""]
        text = self._random.choice(
            (
                "",
                f"{name}={self._value()}",
                f"{name}={self._value()}",
                f" {self._name()}={value}",
                f"{written} {self._name()}={self._value()}",
                f"{written} {self._name()}={self._value()}",
                self._random.choice(foreign),
            )
        )
        return source[: one.start()] + text + source[one.end() :]

    def _value(self) -> str:
        value = self._random.choice(VALUES)
        return f"'{value}'" if '"' in value else f'"{value}"'

    def _name(self) -> str:
        tag = self._random.choice(registry.TAGS)
        return self._random.choice(tag.attrs).name if tag.attrs else "x"
