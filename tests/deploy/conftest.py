"""One deployment for all tests that only look at it, and the emulator for those that change theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.aws import Ministack
from tests.deploy.running import Deployment, start


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """`labelkite deploy` has run once, on an empty account."""
    with pytest.MonkeyPatch.context() as patch, Ministack(tmp_path_factory.mktemp("aws"), whole=True) as aws:
        for name, value in aws.environment().items():
            patch.setenv(name, value)
        running = start(aws)
        said = running.deploy()
        assert said.code == 0, said.out + said.err
        yield running
        running.server.stop()
