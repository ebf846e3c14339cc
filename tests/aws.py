"""AWS on this machine: starts ministack on a free port, and gives each caller a store of its own there.

    with Ministack(folder) as aws:
        store = aws.store(work=True)

It checks what AWS checks: conditions, transactions, signatures of requests and addresses, policies of forms.
"""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from chalicelib.storage.aws import AwsStore, open_aws
from chalicelib.storage.aws.clients import Clients, Credentials
from chalicelib.storage.aws.resources import create_resources

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".cache/ministack/bin/python"
CREDENTIALS = Credentials("test", "test")
REGION = "us-east-1"
START_S = 60


class Ministack:
    """
    The process, its address, and how to make a store in it. Data are in *folder*.

    Args:
        whole: all services and not only those of a store, and nothing is kept for a next start.
    """

    def __init__(self, folder: Path, port: int = 0, *, whole: bool = False) -> None:
        self.folder = folder
        self.whole = whole
        self.port = port or _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.functions_at = ""
        """Where its functions reach AWS, when not at `url`: a proxy of this object, set before the start."""
        self.shared = self.clients()
        """Clients that stay open: making them takes longer than most tests."""
        self._numbers = itertools.count(1)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of the emulator; functions run in its children."""
        assert self._process is not None
        return self._process.pid

    def environment(self) -> dict[str, str]:
        """What a process needs to find it: `labelkite up --store aws` and the app on Lambda."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
        }

    def clients(self, url: str | None = None) -> Clients:
        """New clients; `url`: to reach it there, through a proxy for example."""
        return Clients(REGION, url or self.url, CREDENTIALS)

    def resources(self, name: str) -> dict[str, Any]:
        """Make a table, a bucket and queues; what `open_aws` calls them."""
        queue, dead = create_resources(self.shared, table=name, bucket=name, queue=name)
        return {"table": name, "bucket": name, "queue": queue, "dead_queue": dead}

    def store(self, name: str = "", *, clients: Clients | None = None, **options: Any) -> AwsStore:
        """A store on new resources, through the clients of this object or others."""
        made = self.resources(name or f"test-{next(self._numbers)}")
        return open_aws(**made, clients=clients or self.shared, **options)

    def start(self) -> None:
        if not PYTHON.exists():
            raise RuntimeError("ministack is missing: make .cache/ministack/.ready")
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {
            "SERVICES": "dynamodb,iam,s3,sqs,sts",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
        }
        environment = {
            **({} if self.whole else kept),
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AUTH": "true",
            "LOG_LEVEL": "WARNING",
            "AWS_ACCESS_KEY_ID": CREDENTIALS.access_key,
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS.secret_key,
            **({"AWS_ENDPOINT_URL": self.functions_at} if self.functions_at else {}),
        }
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [str(PYTHON), "-m", "ministack"], env=environment, stdout=log, stderr=log, cwd=self.folder
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _wait(self) -> None:
        """Until it answers: asked again and again, for START_S at most."""
        assert self._process is not None
        for _ in range(START_S * 10):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1):
                    return
            except OSError:
                try:
                    self._process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
        raise RuntimeError(f"ministack did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def __enter__(self) -> Ministack:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
