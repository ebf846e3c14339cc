"""The crowd of tests/crowd on the deployment: functions with their roles and rights, the queue, the gateway."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from labelkite.deploy import act, look
from tests.api.people import Browser
from tests.crowd.scene import Size, perform_on
from tests.crowd.test_crowd import require
from tests.deploy.running import Deployment

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]


@dataclass
class Standing:
    """What the play needs of a server."""

    url: str
    token: str

    def owner(self) -> Browser:
        return Browser(self.url, token=self.token)


def test_a_crowd_on_the_deployment(deployed: Deployment) -> None:
    state = look.state_of(deployed.account, deployed.name)
    store = act.open_store(deployed.account, state)
    try:
        from chalicelib import setup, world

        token = setup.new_api_token(world.of(store))
    finally:
        store.close()
    names = {"LABELKITE_TABLE": "Table", "LABELKITE_BUCKET": "DataBucket", "LABELKITE_QUEUE": "Queue"}
    environment = {**deployed.aws.environment(), **{name: state.outputs[key] for name, key in names.items()}}
    size = Size(people=6, tasks=30, kills=0, gold_every=3, pause_after=5, spammer_right=0)
    require(perform_on(Standing(deployed.url, token), size, environment))
