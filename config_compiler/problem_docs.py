"""
The page of the problems (docs/problems.md): each code with a config that shows it, what the compiler says and its
quick fixes. ``python -m config_compiler.problem_docs`` prints it.

The configs stand in ``problem_examples.case`` and are compiled when the page is made, so it cannot say what is not so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config_compiler import reader
from config_compiler.compiler import compile_config
from config_compiler.diagnostics import MAX_DIAGNOSTICS, TEXTS, Diagnostic
from config_compiler.diagnostics import format as format_diagnostic
from config_compiler.fixes import with_fixes

EXAMPLES = Path(__file__).with_name("problem_examples.case")
GROUPS = {
    "C00": ("Limits and refusals", "Most of them end the reading: what stands behind them is not looked at."),
    "C01": ("Tags and where they may stand", ""),
    "C02": ("Names and links", ""),
    "C03": ("Hotkeys", ""),
    "C04": ("Attributes and their values", ""),
    "C05": ("Labels and choices", ""),
    "C06": ("Conditions", ""),
    "C07": ("Data fields and the sample task", ""),
    "C08": ("Styles", ""),
    "C1": ("XML", "With a problem of this group nothing else is checked: the tree would be a guess."),
    "C13": ("Rules and components", ""),
    "C14": ("Answers", ""),
}
_FIELD = '<Text name="t" value="$text"/>'


@dataclass(frozen=True, slots=True)
class Large:
    """A config that is too large to be printed, in words."""

    words: str
    make: Callable[[], str]


LARGE = {
    "C001": Large("A config of more than 1 MB.", lambda: f"<View>{_FIELD}{' ' * reader.MAX_BYTES}</View>"),
    "C005": Large("A `<View>` in 64 others.", lambda: f"{'<View>' * 65}{_FIELD}{'</View>' * 65}"),
    "C006": Large("A config of 20,001 elements.", lambda: f"<View>{_FIELD}{'<View/>' * reader.MAX_ELEMENTS}</View>"),
    "C007": Large(
        "A character that cannot be seen, such as U+0008, in a value.",
        lambda: '<View><Text name="t" value="$text"/><Header value="Read\b"/></View>',
    ),
    "C008": Large(
        "A `<View>` with 201 attributes.",
        lambda: f"<View {' '.join(f'a{n}=_' for n in range(reader.MAX_ATTRIBUTES + 1))}>".replace("_", "''") + _FIELD,
    ),
    "C009": Large(
        "A config with 300 problems.", lambda: f"<View>{_FIELD}{'<Lable/>' * (MAX_DIAGNOSTICS + 100)}</View>"
    ),
}
UNSEEN = {
    "C118": "No config is known that shows it: it is there in case the XML parser finds a fault that the checks before "
    "it did not. The reason is then in the parser's words.",
}
"""Codes that nothing is known to cause, and why they are there."""


def examples() -> dict[str, str]:
    """The configs that the page shows, by code."""
    blocks = EXAMPLES.read_text(encoding="utf-8").split("\n== ")[1:]
    return {code: source.strip("\n") for code, _, source in (block.partition("\n") for block in blocks)}


def shows(code: str, source: str) -> Diagnostic:
    """
    The first problem of *source* with *code*, with its fixes.

    Raises:
        LookupError: it has none.
    """
    for one in with_fixes(source, compile_config(source).diagnostics):
        if one.code == code:
            return one
    raise LookupError(f"the example of {code} does not show it")


def markdown() -> str:
    """The text of docs/problems.md."""
    lines = [
        "# Problems of a config",
        "",
        "What `labelkite check`, the editor and the API say about a config: one problem for each fault, all in one",
        "pass. A problem has a place (line and column), a code that never changes its meaning, a message and a hint.",
        "With an *error* there is no plan; with a *warning* there is one. Where a quick fix is named, the editor has",
        "it: Alt+Enter or Ctrl+. on the underlined text.",
        "",
        "`labelkite docs problems` writes this page from the compiler's own tables; a test compares the two.",
        "[config.md](config.md) teaches the language, [tags.md](tags.md) lists it.",
    ]
    shown = examples()
    group = ""
    for code in sorted(TEXTS):
        here = next(prefix for prefix in sorted(GROUPS, key=len, reverse=True) if code.startswith(prefix))
        if here != group:
            group = here
            title, about = GROUPS[group]
            lines += ["", f"## {title}", *(["", about] if about else [])]
        lines += _problem(code, shown.get(code))
    return "\n".join(lines) + "\n"


def _problem(code: str, source: str | None) -> list[str]:
    lines = ["", f"### {code}", "", f"{TEXTS[code].severity.capitalize()}. {TEXTS[code].about}"]
    if code in UNSEEN:
        said = f"{code} {TEXTS[code].message.format(reason='…')}\n    hint: {TEXTS[code].hint}"
        return [*lines, "", UNSEEN[code], "", "```text", *said.split("\n"), "```"]
    if source is None:
        source = LARGE[code].make()
        one = shows(code, source)
        kind = "" if one.severity == "error" else "warning "
        said = f"config.xml:{one.line}:{one.column}: {kind}{code} {one.message}\n    hint: {one.hint}"
        lines += ["", LARGE[code].words]
    else:
        one = shows(code, source)
        said = format_diagnostic(one, "config.xml", source)
        lines += ["", "```xml", *source.split("\n"), "```"]
    lines += ["", "```text", *said.split("\n"), "```"]
    if one.fixes:
        lines += ["", f"Quick fix: {_listed([fix.title for fix in one.fixes])}."]
    return lines


def _listed(titles: list[str]) -> str:
    """The titles as code, joined by *or*."""
    quoted = [f"`` {title} ``" if "`" in title else f"`{title}`" for title in titles]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


if __name__ == "__main__":
    sys.stdout.write(markdown())
