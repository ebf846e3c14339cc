"""Where the site, the Lambda app and the demo's photos are: inside the installed package, or in a checkout."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import sys
import tomllib
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent


class NotBuilt(Exception):
    """A part that the build makes is missing; `hint` is the command to run."""

    def __init__(self, what: str, looked_in: tuple[Path, ...], hint: str) -> None:
        super().__init__(f"{what} is not there (looked in {' and '.join(map(str, looked_in))})")
        self.hint = hint


def site() -> Path:
    """The built site: a folder with index.html.

    Raises:
        NotBuilt
    """
    return _first("The site", "index.html", PACKAGE / "_site", CHECKOUT / "web" / "dist")


def lambda_folder() -> Path:
    """The folder of the Chalice app. Raises NotBuilt."""
    return _first("The Lambda app", "chalicelib/__init__.py", PACKAGE / "_lambda", CHECKOUT / "lambda")


def infra() -> Path:
    """The folder with the parts of the CloudFormation template. Raises NotBuilt."""
    return _first("The template for AWS", "data.yaml", PACKAGE / "_infra", CHECKOUT / "infra")


def demo_photos() -> Path:
    """The folder with the demo's photos. Raises NotBuilt."""
    for folder in (PACKAGE / "_demo", CHECKOUT / "build" / "demo"):
        photo = next(folder.rglob("*.jpg"), None)
        if photo is not None:
            return photo.parent
    raise NotBuilt("The demo", (PACKAGE / "_demo", CHECKOUT / "build" / "demo"), "Run: make build")


def use_lambda() -> None:
    """Make the Lambda app's modules importable, and the engine when this is a checkout that nobody installed."""
    wanted = [lambda_folder()]
    if importlib.util.find_spec("labeling") is None:
        wanted.append(CHECKOUT / "web" / "py")
    for folder in wanted:
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def load_app() -> Any:
    """The Chalice app of `lambda/app.py`."""
    use_lambda()
    return importlib.import_module("app").app


def version() -> str:
    try:
        return importlib.metadata.version("labelkite")
    except importlib.metadata.PackageNotFoundError:
        with open(CHECKOUT / "pyproject.toml", "rb") as file:
            return str(tomllib.load(file)["project"]["version"])


def _first(what: str, witness: str, *folders: Path) -> Path:
    for folder in folders:
        if (folder / witness).is_file():
            return folder
    raise NotBuilt(what, folders, "Run: make build")
