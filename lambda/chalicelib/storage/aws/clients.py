"""One client per service and process, made at first use: a start must not pay for what no request needs yet."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = {"dynamodb": 5, "s3": 30, "sqs": 30}
CONNECTIONS = 64


class Credentials(NamedTuple):
    access_key: str
    secret_key: str = ""
    token: str | None = None
    """Of temporary credentials, as a Lambda has them."""


@dataclass(eq=False)
class Clients:
    """
    Botocore clients that all threads share.

    Args:
        region: like `us-east-1`; empty: what the environment says.
        endpoint_url: where to reach AWS instead of its own addresses, for tests and compatible stores.
        credentials: None: what the environment, the configuration files or the machine's role give.
    """

    region: str = ""
    endpoint_url: str | None = None
    credentials: Credentials | None = field(default=None, repr=False)
    _made: dict[str, Any] = field(init=False, repr=False, default_factory=dict)
    _lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)

    @property
    def dynamodb(self) -> Any:
        return self._client("dynamodb")

    @property
    def s3(self) -> Any:
        return self._client("s3")

    @property
    def sqs(self) -> Any:
        return self._client("sqs")

    def current_credentials(self) -> Credentials:
        """What addresses are signed with now; a role's credentials change every few hours."""
        if self.credentials is not None:
            return self.credentials
        found = self._session().get_credentials()
        if found is None:
            raise RuntimeError("there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        frozen = found.get_frozen_credentials()
        return Credentials(frozen.access_key, frozen.secret_key, frozen.token)

    def current_region(self) -> str:
        return self.region or str(self._session().get_config_variable("region") or "us-east-1")

    def close(self) -> None:
        with self._lock:
            for name in [name for name in self._made if name != "session"]:
                self._made.pop(name).close()

    def _session(self) -> Any:
        with self._lock:
            return self._session_locked()

    def _session_locked(self) -> Any:
        if "session" not in self._made:
            from botocore.session import Session

            self._made["session"] = Session()
        return self._made["session"]

    def _client(self, service: str) -> Any:
        found = self._made.get(service)
        if found is not None:
            return found
        with self._lock:  # a session must not make two clients at once
            if service not in self._made:
                self._made[service] = self._make(self._session_locked(), service)
            return self._made[service]

    def _make(self, session: Any, service: str) -> Any:
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S[service],
            # Retries are ours (faults.call): botocore's would hide that an earlier try may have written.
            retries={"total_max_attempts": 1},
            max_pool_connections=CONNECTIONS,
            parameter_validation=False,
            signature_version="s3v4" if service == "s3" else None,
            s3={"addressing_style": "path" if self.endpoint_url else "virtual"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            tcp_keepalive=True,
        )
        given = self.credentials
        return session.create_client(
            service,
            region_name=self.region or session.get_config_variable("region") or "us-east-1",
            endpoint_url=self.endpoint_url,
            config=config,
            aws_access_key_id=given.access_key if given else None,
            aws_secret_access_key=given.secret_key if given else None,
            aws_session_token=given.token if given else None,
        )
