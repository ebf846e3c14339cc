from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api import inside
from tests.api.people import Browser, Process, Project


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `both_stores` run on each of them, whatever the option says."""
    if metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("store", ["embedded", "aws"], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that look into the embedded store's own file have nothing to look at elsewhere."""
    if config.getoption("--store") == "aws":
        gone = [item for item in items if item.get_closest_marker("embedded_only")]
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item not in gone]


@pytest.fixture(autouse=True)
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """The store of `inside.opened`: what the option says, or the marker."""
    name: str = getattr(request, "param", None) or request.config.getoption("--store")
    if name == "aws":
        with inside.on_aws(request.getfixturevalue("aws")):
            yield name
    else:
        yield name


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("api") / "data")
    yield process
    process.stop()


@pytest.fixture(scope="session")
def owner(server: Process) -> Browser:
    browser = Browser(server.url)
    browser.join(server.owner_link, "Olga")
    return browser


@pytest.fixture
def annotator(server: Process) -> Callable[[Project, str], Browser]:
    def make(project: Project, name: str = "Ana") -> Browser:
        browser = Browser(server.url)
        browser.join(project.invite, name)
        return browser

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"
