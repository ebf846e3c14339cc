"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.aws import Ministack


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store", choices=("embedded", "aws"), default="embedded", help="where the API's in-process tests keep things"
    )
    parser.addoption(
        "--slow-frames", type=int, default=0, help="milliseconds by which the browser's frames come late, to find races"
    )


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    """One ministack for all tests of a run; each test makes a table, a bucket and queues of its own."""
    with Ministack(tmp_path_factory.mktemp("ministack")) as running:
        yield running
