from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.people import Browser, Process, Project


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
