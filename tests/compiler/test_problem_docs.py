"""docs/problems.md: every code has a config that shows it, and the page says what the compiler says."""

from __future__ import annotations

from pathlib import Path

import pytest

from config_compiler import compile_config, problem_docs
from config_compiler.diagnostics import TEXTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "problems.md"
EXAMPLES = problem_docs.examples()


def test_the_page_is_what_the_compiler_says() -> None:
    written = PAGE.read_text("utf-8")
    assert written == problem_docs.markdown(), "run: labelkite docs problems > docs/problems.md"


def test_every_code_has_one_example_and_no_other_has_one() -> None:
    given = [*EXAMPLES, *problem_docs.LARGE, *problem_docs.UNSEEN]
    assert sorted(given) == sorted(TEXTS)


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_example_shows_its_problem_and_no_other(code: str) -> None:
    assert [one.code for one in compile_config(EXAMPLES[code]).diagnostics] == [code]
    assert len(EXAMPLES[code].split("\n")) <= 6


@pytest.mark.parametrize("code", problem_docs.LARGE)
def test_a_large_example_shows_its_problem(code: str) -> None:
    assert problem_docs.shows(code, problem_docs.LARGE[code].make()).code == code


def test_an_example_that_shows_something_else_is_an_error() -> None:
    with pytest.raises(LookupError, match="C020"):
        problem_docs.shows("C020", EXAMPLES["C010"])


def test_every_code_has_a_heading_a_message_and_a_hint_on_the_page() -> None:
    parts = PAGE.read_text("utf-8").split("\n### ")[1:]
    assert sorted(part.split("\n")[0] for part in parts) == sorted(TEXTS)
    assert [part.split("\n")[0] for part in parts if "hint: " not in part] == []
