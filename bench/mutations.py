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
ODD = (
    "<", ">", "&", "\"", "'", "/", "=", "-", "--", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!", "&amp;", "&#0;", "&#x10FFFF;",
    "&#xD800;", "&lt;", "&nope;", "$", "$a", "$a.b[0]", "$a[", "{", "}", "{{idx}}", "[", "]", "(", ")", "\\", "\t", "\n", "\r", "\r\n",
    "\0", "\u00a0", "\u0301", "\u202e", "\ufeff", "\U0001f600", "\ud800", "é", "ß", "İ", "ſ", "；", ",", ";", ":", "%", "#", "*", "+",
)  # fmt: skip
"""Signs that mean something to XML or to the language, and letters that are more than they look."""
VALUES = (
    "", " ", "true", "false", "True", "1", "0", "-1", "1e9", "999999999999999", "0.0000001", "NaN", "inf", "٣", "$", "$$", "$a", "$a.b", "a,b",
    ",", ",,", "a,a", "red", "#fff", "#ggg", "rgb(1,2,3)", "hsl(0 0% 0% / 0.5)", "ctrl+a", "shift+shift+a", "ctrl+", "color: red", "a:b;c",
    "url(x)", "}", "/*", "{\"a\": 1}", "{\"type\": \"object\"}", "choices:a,b", "choices:", "^a$", "(a|b)*", "[z-a]", "a{1,9999}", "(((((",
    "%Y-%m-%d", "%", "2020-02-30", "100%", "1px", "calc(1px + 2px)", "region-selected", "choice-selected", "x" * 300, "é\U0001f600",
    "{{idx}}", "{{i}}", "$list[{{idx}}].text", "toString", "__proto__", "name", "*", "single", "multiple", "https://a.b/c", "//a@b/c",
)  # fmt: skip
"""Values that some attribute takes and most do not."""
MOST_CHARACTERS = 30_000


def mutated(random: Random, source: str, others: Sequence[str]) -> str:
    """*source* after one to eight changes by chance; *others* are configs to take pieces from."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        source = random.choice(CHANGES)(random, source, others)
        if len(source) > MOST_CHARACTERS:
            at = random.randrange(len(source) - MOST_CHARACTERS)
            source = source[at : at + MOST_CHARACTERS] if random.random() < 0.2 else source[:MOST_CHARACTERS]
    return source


def _place(random: Random, source: str) -> int:
    return random.randrange(len(source) + 1)


def _flip(random: Random, source: str, others: Sequence[str]) -> str:
    at = _place(random, source)
    return source[:at] + random.choice(ODD) + source[at + random.choice((0, 0, 1)) :]


def _any_character(random: Random, source: str, others: Sequence[str]) -> str:
    at = _place(random, source)
    return source[:at] + chr(random.choice((random.randrange(128), random.randrange(0x110000)))) + source[at + 1 :]


def _byte(random: Random, source: str, others: Sequence[str]) -> str:
    """One byte of the UTF-8 is another one; what is no text then becomes the replacement character."""
    data = bytearray(source.encode("utf-8", "surrogatepass"))
    if data:
        data[random.randrange(len(data))] = random.randrange(256)
    return data.decode("utf-8", "replace")


def _cut(random: Random, source: str, others: Sequence[str]) -> str:
    start, end = sorted((_place(random, source), _place(random, source)))
    return source[:start] + source[min(end, start + random.choice((1, 5, 50, 5000))) :]


def _truncate(random: Random, source: str, others: Sequence[str]) -> str:
    return source[: _place(random, source)]


def _repeat(random: Random, source: str, others: Sequence[str]) -> str:
    start, end = sorted((_place(random, source), _place(random, source)))
    piece = source[start : min(end, start + random.choice((5, 50, 500)))]
    return source[:start] + piece * random.choice((2, 3, 40)) + source[end:]


def _lines(random: Random, source: str, others: Sequence[str]) -> str:
    lines = source.split("\n")
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def _drop_line(random: Random, source: str, others: Sequence[str]) -> str:
    lines = source.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _tokens(change: Callable[[Random, list[str], Sequence[str]], None]) -> Callable[[Random, str, Sequence[str]], str]:
    def changed(random: Random, source: str, others: Sequence[str]) -> str:
        found = TOKEN.findall(source) or [""]
        change(random, found, others)
        return "".join(found)

    return changed


def _swap_tokens(random: Random, tokens: list[str], others: Sequence[str]) -> None:
    first, second = random.randrange(len(tokens)), random.randrange(len(tokens))
    tokens[first], tokens[second] = tokens[second], tokens[first]


def _drop_token(random: Random, tokens: list[str], others: Sequence[str]) -> None:
    del tokens[random.randrange(len(tokens))]


def _double_tokens(random: Random, tokens: list[str], others: Sequence[str]) -> None:
    start = random.randrange(len(tokens))
    piece = tokens[start : start + random.choice((1, 2, 6))]
    at = random.randrange(len(tokens) + 1)
    tokens[at:at] = piece * random.choice((1, 1, 2, 70))


def _graft(random: Random, tokens: list[str], others: Sequence[str]) -> None:
    """Pieces of another config."""
    foreign = TOKEN.findall(random.choice(others)) or [""]
    start = random.randrange(len(foreign))
    at = random.randrange(len(tokens) + 1)
    tokens[at:at] = foreign[start : start + random.choice((1, 2, 6, 20))]


def _attributes(change: Callable[[Random, str, Sequence[str]], str]) -> Callable[[Random, str, Sequence[str]], str]:
    def changed(random: Random, source: str, others: Sequence[str]) -> str:
        found = list(ATTRIBUTE.finditer(source))
        if not found:
            return source
        one = random.choice(found)
        return source[: one.start()] + change(random, one.group(), others) + source[one.end() :]

    return changed


def _drop(random: Random, attribute: str, others: Sequence[str]) -> str:
    return ""


def _other_value(random: Random, attribute: str, others: Sequence[str]) -> str:
    value = random.choice(VALUES)
    quote = "'" if '"' in value else '"'
    return VALUE.sub(lambda _: f"{quote}{value}{quote}", attribute)


def _other_name(random: Random, attribute: str, others: Sequence[str]) -> str:
    tag = random.choice(registry.TAGS)
    name = random.choice(tag.attrs).name if tag.attrs else "x"
    return f" {name}={VALUE.findall(attribute)[0]}"


def _second(random: Random, attribute: str, others: Sequence[str]) -> str:
    """One more attribute, of any tag."""
    return attribute + _other_value(random, _other_name(random, attribute, others), others)


def _foreign(random: Random, attribute: str, others: Sequence[str]) -> str:
    found = ATTRIBUTE.findall(random.choice(others))
    return random.choice(found) if found else attribute


def _other_tag(random: Random, source: str, others: Sequence[str]) -> str:
    """One name of a tag, wherever it stands, becomes another one."""
    names = re.findall(r"<(\w+)", source)
    if not names:
        return source
    return re.sub(rf"(</?){random.choice(names)}\b", rf"\g<1>{random.choice(registry.ALL_NAMES)}", source)


CHANGES: tuple[Callable[[Random, str, Sequence[str]], str], ...] = (
    _flip, _any_character, _byte, _cut, _truncate, _repeat, _lines, _drop_line, _tokens(_swap_tokens), _tokens(_drop_token),
    _tokens(_double_tokens), _tokens(_graft), _attributes(_drop), _attributes(_other_value), _attributes(_other_value),
    _attributes(_other_value), _attributes(_other_name), _attributes(_second), _attributes(_second), _attributes(_foreign), _other_tag,
)  # fmt: skip
