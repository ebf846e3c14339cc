"""A deployment by the command itself, on the emulator, with a front in CloudFront's place."""

from __future__ import annotations

import functools
import os
import platform
import re
import subprocess
import sys
from dataclasses import dataclass, field

from labelkite.deploy import act, look, package, plan
from labelkite.deploy.account import Account
from labelkite.deploy.package import Architecture, Package
from labelkite.server.run import Server
from tests.aws import REGION, ROOT, Ministack
from tests.deploy.front import Front

WHEELS = ROOT / ".cache/lambda"
#: The emulator runs the functions on this machine.
ARCH: Architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
NAME = "team-a"


@dataclass
class Said:
    code: int
    out: str
    err: str


@dataclass
class Deployment:
    """The emulator, the front, and the command."""

    aws: Ministack
    account: Account
    front: Front
    server: Server
    owner_link: str = ""
    name: str = NAME
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    @functools.cached_property
    def package(self) -> Package:
        """The same zip that the command makes, made once."""
        return package.build(self.aws.folder / "code.zip", ARCH, wheels=WHEELS / ARCH)

    def again(self, **asked: str) -> tuple[plan.Plan, list[str]]:
        """A further deployment, in this process: its plan, and what was told. `asked`: the template's parameters."""
        planned = plan.make(self.account, self.name, self.package, asked)
        told: list[str] = []
        act.Deployment(self.account, planned, told.append, health_s=20).perform()
        self.front.forget()
        self.allow_plain_http()
        return planned, told

    def command(self, command: str, *options: str, timeout_s: float = 300) -> Said:
        """`labelkite COMMAND --name … options`, as a person would type it."""
        return self.run(command, "--name", self.name, *options, timeout_s=timeout_s)

    def run(self, *words: str, timeout_s: float = 300) -> Said:
        """`labelkite WORDS`."""
        done = subprocess.run(
            [sys.executable, "-m", "labelkite", *words],
            env=self.environment,
            cwd=self.aws.folder,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def allow_plain_http(self) -> None:
        """The emulator has no TLS, and keeps the rule that the data bucket is for TLS only: so that rule goes."""
        bucket = look.state_of(self.account, self.name).outputs["DataBucket"]
        self.account.client("s3").delete_bucket_policy(Bucket=bucket)

    def deploy(self, *options: str) -> Said:
        self.front.forget()
        said = self.command(
            "deploy", "--yes", "--arch", ARCH, "--wheels", str(WHEELS / ARCH), "--public-url", self.url, *options
        )
        self.front.forget()
        if said.code == 0:
            self.allow_plain_http()
        found = re.search(r"http://\S+/join#\S+", said.out)
        self.owner_link = found[0] if found else self.owner_link
        return said


def start(aws: Ministack, name: str = NAME) -> Deployment:
    """Emulator and front, nothing deployed yet."""
    variables = {
        **aws.environment(),
        "AWS_DEFAULT_REGION": REGION,
        "PYTHONPATH": os.pathsep.join(str(ROOT / part) for part in ("", "web/py", "lambda")),
        "PYTHONUNBUFFERED": "1",
        "HOME": str(aws.folder),
        "PATH": os.environ["PATH"],
    }
    account = Account(REGION)
    front = Front(account, name, aws.url)
    server = Server(front)
    server.start()
    return Deployment(aws, account, front, server, name=name, environment=variables)
