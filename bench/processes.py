"""Servers under test: started as processes of their own, waited for, ended by id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import httpx

START_S = 300
_LEFT_OUT = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class NotStarted(Exception):
    """The server ended or did not answer; the message has the end of its log."""


class Process:
    """
    A server: `with Process(command, url=..., health="/health", log=path) as server`. `started` is the time in seconds
    from the start of the process to the first answer with status 200.
    """

    def __init__(
        self, command: Sequence[str], *, url: str, health: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.url = url
        self.log = log
        self._health = url + health
        self._command = command
        self._environment = {**clean_environment(), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    @property
    def pid(self) -> int:
        if self._process is None:
            raise NotStarted("nobody started it")
        return self._process.pid

    def start(self) -> None:
        with open(self.log, "ab") as log:
            begun = time.perf_counter()
            self._process = subprocess.Popen(
                self._command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                cwd=self.log.parent,
            )
        try:
            self._wait(begun)
        except BaseException:
            self.stop()
            raise

    def _wait(self, begun: float) -> None:
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.perf_counter() - begun < START_S:
                if self._process is not None and self._process.poll() is not None:
                    break
                try:
                    if client.get(self._health).status_code == 200:
                        self.started = time.perf_counter() - begun
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.01)
        said = self.log.read_text(errors="replace")[-2000:]
        raise NotStarted(f"{self._command[0]} did not answer at {self._health}:\n{said}")

    def stop(self) -> None:
        """As Ctrl-C would; what does not end in 20 s is killed."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def __enter__(self) -> Process:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def clean_environment() -> dict[str, str]:
    """Ours without what slows Python's start, and without proxies: everything is on loopback.

    Paths of PYTHONPATH are those of this process wherever a process of ours is started, so that all run one Labelkite.
    """
    held = {name: value for name, value in os.environ.items() if name.upper() not in _LEFT_OUT}
    if held.get("PYTHONPATH"):
        held["PYTHONPATH"] = os.pathsep.join(os.path.abspath(path) for path in held["PYTHONPATH"].split(os.pathsep))
    return held


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
