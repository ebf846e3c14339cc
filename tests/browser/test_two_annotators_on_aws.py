"""The ways of owners and of two annotators through the real page, on what `labelkite deploy` has put on the emulator.

Files go straight to the bucket and come from there, under the policy (CSP) and the CORS rule of the deployment.
"""

from __future__ import annotations

import pytest

from labelkite.deploy import act, look
from tests.deploy.conftest import deployed  # noqa: F401 - a fixture
from tests.deploy.running import Deployment

from .conftest import Running
from .test_owner_pages import (  # noqa: F401
    test_a_zip_of_pictures_and_their_boxes_becomes_answered_tasks,
    test_an_owner_goes_from_a_config_to_a_link,
)
from .test_two_annotators import test_two_people_label_and_the_owner_sees_and_downloads_the_consensus  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class OnAws(Running):
    """The deployment, as the tests of the browser know a server."""

    def __init__(self, deployment: Deployment) -> None:
        self.url, self.owner_link = deployment.url, deployment.owner_link
        store = act.open_store(deployment.account, look.state_of(deployment.account, deployment.name))
        from chalicelib import setup, world

        self.token = setup.new_api_token(world.of(store))
        store.close()


@pytest.fixture
def server(deployed: Deployment) -> Running:  # noqa: F811
    return OnAws(deployed)
