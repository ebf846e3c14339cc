"""``--update-golden`` rewrites the expectations in ``tests/golden``; never on CI."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("golden")
    group.addoption("--update-golden", action="store_true", help="write what the compiler says now into tests/golden")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    asked = bool(request.config.getoption("--update-golden", default=False))
    if asked and os.environ.get("CI"):
        pytest.fail("--update-golden is refused when CI is set: look at the change and commit it", pytrace=False)
    return asked
