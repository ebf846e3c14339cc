"""The deployment answers: through the front, the way that CloudFront's settings say."""

from __future__ import annotations

import httpx
import pytest

from tests.deploy.running import Deployment

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]


def test_the_api_answers_under_the_site_s_address(deployed: Deployment) -> None:
    answer = httpx.get(f"{deployed.url}/api/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert "default-src 'self'" in answer.headers["content-security-policy"]
