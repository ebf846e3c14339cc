"""Which layer may import what. Read off the syntax tree, so that an import inside a function counts too."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STANDARD = frozenset(sys.stdlib_module_names)

RULES = {
    # folder: what its modules may import beside the standard library
    "web/py/labeling": {"labeling"},
    "config_compiler": {"config_compiler", "pydantic", "pydantic_core"},
    "web/py/workers": {"labeling", "config_compiler", "border", "polyscript"},
    "lambda": {
        "app",
        "chalicelib",
        "labeling",
        "config_compiler",
        "pydantic",
        "pydantic_core",
        "chalice",
        "boto3",
        "botocore",
        "jwt",  # with the first sign-in only
        "imagesize",  # sizes of pictures, for exports
    },
    "labelkite": {
        "labelkite",
        "labeling",
        "config_compiler",
        "chalicelib",
        "app",
        "botocore",  # for deployments
        "chalice",
        "uvicorn",
        "uvloop",
        "httptools",
        "yaml",  # the parts of the template
    },
}


#: The table of tasks is read and filtered in the browser, with numpy; the server writes it without.
NUMPY = {f"web/py/labeling/table/{name}.py" for name in ("reading", "query", "screen", "counting")}


#: Parquet files are written where the extra is installed; nothing else imports the module.
PYARROW = {"web/py/labeling/exports/parquet_file.py"}


#: Parquet files are read on the server only, by a library that Pyodide does not have.
ARRO3 = {"web/py/labeling/imports/parquet.py"}


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", RULES)
def test_a_layer_imports_only_what_it_may(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert files, f"no Python below {folder}: the rule checks nothing"
    wrong = {
        str(path.relative_to(ROOT)): sorted(extra)
        for path in files
        if (
            extra := imported(path)
            - STANDARD
            - RULES[folder]
            - ({"numpy"} if str(path.relative_to(ROOT)) in NUMPY else set())
            - ({"arro3"} if str(path.relative_to(ROOT)) in ARRO3 else set())
            - ({"pyarrow"} if str(path.relative_to(ROOT)) in PYARROW else set())
        )
    }
    assert not wrong


@pytest.mark.parametrize("folder", ["web/py/labeling", "config_compiler"])
def test_shared_code_does_not_ask_for_clock_chance_or_host(folder: str) -> None:
    """Same bytes in, same bytes out: no random module, no wall clock, no question which host this is."""
    wrong = []
    for path in (ROOT / folder).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                name = ast.unparse(node)
                if name in {"time.time", "datetime.now", "datetime.utcnow", "uuid.uuid4", "os.environ", "sys.platform"}:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {name}")
        if imported(path) & {"random", "secrets", "js", "pyodide"}:
            wrong.append(f"{path.relative_to(ROOT)}: {imported(path) & {'random', 'secrets', 'js', 'pyodide'}}")
    assert not wrong


def test_routes_do_not_reach_past_the_handlers() -> None:
    """lambda/app.py holds routes only: no storage, no engine, no compiler."""
    assert not imported(ROOT / "lambda" / "app.py") & {"sqlite3", "boto3", "labeling", "config_compiler"}
