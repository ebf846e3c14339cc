"""Texts of the annotators' pages: which there are, and what the other languages lack.

``python -m scripts.texts`` prints what each language of ``web/static/texts`` lacks or has too much, as JSON to fill in.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "web/static"
TEXTS = STATIC / "texts"
ENGINE = ROOT / "web/py/labeling"
#: Parts of the engine whose messages reach annotators; the others speak to owners and programs.
SPEAKING = ("answers", "shapes", "*")
SILENT = {"compare", "migrate", "plan_index", "plan_parts", "plan_reading", "patterns", "schema", "intent_reading"}
#: These judge the form of JSON, which the page makes by itself; so does whatever says what something "must" be.
SILENT |= {"validation", "validation_answers", "intent_form", "batch_reading", "paint_reading"}
SILENT |= {"loading", "loading_rows"}
#: Plural forms that each language tells apart (Unicode CLDR).
FORMS = {"ar": {"zero", "one", "two", "few", "many", "other"}}

_LITERAL = r"'((?:[^'\\\n]|\\.)*)'"
#: ``t('…')``, and ``text('…')`` of tables whose texts go through ``t`` where they are shown.
_CALL = re.compile(rf"(?<![\w.$#])(?:t|rich|text)\(\s*{_LITERAL}")
#: What commands say of themselves; every row of theirs is shown through ``t``.
_ROW = re.compile(r"\b(?:does|group): '([A-Z](?:[^'\\\n]|\\.)*)'")
#: A text that is put together where it is used: nobody could translate it.
_MADE = re.compile(r"(?<![\w.$#])(?:t|rich|text)\(\s*(?:`|\"|'[^'\n]*'\s*\+|[\w.]+\s*\+)")
#: Names that hold a message, and functions that answer with one.
_NAMES = {"told", "message", "hint", "about"}
_ANSWERING = {"_way_out", "faults", "place"}
_MARK = re.compile(r"\{(\w+)\}")


def modules() -> list[Path]:
    """Modules of the site whose texts are in the catalogue."""
    return sorted(path for path in STATIC.rglob("*.js") if "dev" not in path.relative_to(STATIC).parts)


def used() -> dict[str, str]:
    """Every text that a module asks for, with the module.

    Raises:
        ValueError: a text that is put together at run time cannot be translated.
    """
    found: dict[str, str] = {}
    for path in modules():
        if path == STATIC / "app/texts.js":
            continue
        source, name = path.read_text(), str(path.relative_to(STATIC))
        texts = [match[1] for match in _ROW.finditer(source)] if is_annotators(name) else []
        if "texts.js'" in source:
            if made := _MADE.search(source):
                line = source.count("\n", 0, made.start()) + 1
                raise ValueError(f"{path.relative_to(ROOT)}:{line}: the text of t() must be one literal in '…'")
            texts += [match[1] for match in _CALL.finditer(source)]
        for text in texts:
            found.setdefault(text.replace("\\'", "'").replace("\\\\", "\\"), name)
    return found


def is_annotators(name: str) -> bool:
    """Whether a module (path under web/static) is of the pages that annotators see; owners' are in English."""
    return name.startswith(("elements/", "app/", "pages/label", "pages/join.", "pages/kite-comments."))


def said() -> set[str]:
    """Messages and hints of the engine, with ``{0}`` … where something is filled in."""
    found: set[str] = set()
    for path in sorted(
        {path for folder in SPEAKING for path in ENGINE.glob(f"{folder}/*.py" if folder != "*" else "*.py")}
    ):
        if path.stem not in SILENT:
            found |= set(_sentences(ast.parse(path.read_text())))
    return found


def _sentences(tree: ast.Module) -> Iterator[str]:
    """What is handed to a function whose arguments are for people, or kept under a name for it, or answered by one."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"refuse", "problem", "Fault", "_fault", "fault", "bad"}:
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Assign) and {getattr(target, "id", "") for target in node.targets} & _NAMES:
            given = [node.value]
        elif isinstance(node, ast.FunctionDef) and node.name in _ANSWERING:
            given = [part.value for part in ast.walk(node) if isinstance(part, ast.Return | ast.Yield) and part.value]
        for argument in given:
            for part in _branches(argument):
                text = _template(part)
                words = re.findall(r"[A-Za-z]{2,}", _MARK.sub(" ", text))
                # One word in the middle fits any sentence: such a pattern would translate what it does not know.
                exact = len(words) > 1 or bool(words and text.startswith(words[0]))
                if " " in text.strip() and exact and "must" not in words:
                    yield text


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """Both texts of a conditional, the members of a pair."""
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    elif isinstance(node, ast.Tuple):
        for part in node.elts:
            yield from _branches(part)
    else:
        yield node


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, at = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{at}}}")
            at += 1
    return "".join(parts)


def catalogue(language: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((TEXTS / f"{language}.json").read_text())
    return found


def languages() -> list[str]:
    return sorted(path.stem for path in TEXTS.glob("*.json"))


def marks(text: str) -> set[str]:
    return set(_MARK.findall(text))


def main() -> None:
    wanted = {"interface": set(used()), "said": said()}
    for language in languages():
        given = catalogue(language)
        lacks = {part: dict.fromkeys(sorted(texts - set(given[part])), "") for part, texts in wanted.items()}
        json.dump({"language": language, "lacks": lacks}, sys.stdout, ensure_ascii=False, indent=1)
        print()
        for part, texts in wanted.items():
            for text in sorted(set(given[part]) - texts):
                print(f"{language}: not used any more in {part}: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
