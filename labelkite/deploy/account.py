"""An AWS account in one region, by the credentials that are there already; makes this package's clients."""

from __future__ import annotations

import functools
import os
from typing import Any


class DeployFailed(Exception):
    """Something cannot go on; `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


class Account:
    """
    Args:
        region: empty: what the environment or the profile says.
    Raises:
        DeployFailed: no region.
    """

    def __init__(self, region: str = "") -> None:
        try:
            from botocore.session import Session
        except ImportError as error:
            raise DeployFailed("botocore is not installed.", "Run: pip install 'labelkite[aws]'") from error
        self._session = Session()
        said = os.environ.get("AWS_REGION") or self._session.get_config_variable("region")
        self.region = region or str(said or "")
        if not self.region:
            raise DeployFailed(
                "No region is given.",
                "Add --region with a place near your people, for example --region eu-central-1 (Frankfurt); "
                "the same one in every command.",
            )
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A botocore client; AWS_ENDPOINT_URL, AWS_PROFILE and their like count."""
        if service not in self._clients:
            from botocore.config import Config

            config = Config(
                retries={"mode": "standard", "max_attempts": 6}, request_checksum_calculation="when_required"
            )
            self._clients[service] = self._session.create_client(service, region_name=self.region, config=config)
        return self._clients[service]

    @functools.cached_property
    def id(self) -> str:
        """The account's number. AWS tells it to whoever has a key that counts, without any right."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def deploy_bucket(self) -> str:
        """Where zips and what was sent to sites are kept; one for all deployments of the account in the region."""
        return f"labelkite-deploy-{self.id}-{self.region}"

    def close(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()


def code_of(error: Any) -> str:
    """AWS's own name for what a ClientError says."""
    return str(error.response.get("Error", {}).get("Code", ""))
