"""The policy for whoever deploys: enough for everything that the command does, and what is said when it is not enough.

The emulator refuses what a caller's own policies do not allow. What CloudFormation asks for in the caller's name it
does not check; that part follows the template's types (`tests/guards/test_infra.py`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelkite.deploy import look
from tests.api.people import Browser, texts
from tests.aws import REGION
from tests.deploy.running import Deployment, start

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]
NAME, USER = "team-r", "data-scientist"


@pytest.fixture(scope="module")
def limited(deployed: Deployment) -> Iterator[Deployment]:
    """A deployment to be made by somebody who has the policy that `--policy` prints and nothing else."""
    running = start(deployed.aws, NAME)
    iam = deployed.account.client("iam")
    iam.create_user(UserName=USER)
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    running.environment |= {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    yield running
    running.server.stop()


def grant(deployment: Deployment, policy: dict[str, Any]) -> None:
    deployment.account.client("iam").put_user_policy(
        UserName=USER, PolicyName="labelkite", PolicyDocument=json.dumps(policy)
    )


def printed(deployment: Deployment) -> dict[str, Any]:
    """As somebody sees it who cannot ask AWS anything."""
    nobody = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    deployment.environment, kept = nobody | {"PYTHONPATH": deployment.environment["PYTHONPATH"]}, deployment.environment
    said = deployment.command("deploy", "--policy", "--region", REGION)
    deployment.environment = kept
    assert said.code == 0, said.err
    policy: dict[str, Any] = json.loads(said.out)
    return policy


def test_the_printed_policy_is_enough_to_deploy_change_look_back_up_restore_and_remove(
    limited: Deployment, tmp_path: Path
) -> None:
    grant(limited, printed(limited))
    # The emulator has no TLS: the rule that the site's bucket is for TLS only ends the first try, where it was to begin
    # to send the site. What is made by then stays, and the next run goes on.
    broken = limited.deploy()
    assert broken.code == 1
    what, state, hint = broken.err.splitlines()
    assert what.startswith("A right is missing: s3:PutObject")
    assert state == "The functions are the new ones; nobody sees a page yet."
    assert hint.startswith("Something forbids it in so many words")
    site = look.state_of(limited.account, NAME).outputs["SiteBucket"]
    limited.account.client("s3").delete_bucket_policy(Bucket=site)
    made = limited.deploy()
    assert made.code == 0, made.out + made.err
    assert "  nothing to change" in made.out
    owner = Browser(limited.url)
    owner.join(limited.owner_link.partition("#")[2], "Olga")
    owner.project(tasks=texts(2))

    changed = limited.deploy("--log-days", "7", "--mail", "ana@example.org")
    assert changed.code == 0, changed.out + changed.err
    assert "+ Alarms (AWS::SNS::Topic)" in changed.out
    for command, *options in (["status", "--owner-link"], ["logs", "api"], ["doctor"]):
        said = limited.command(command, *options)
        assert "right is missing" not in said.err, (command, said.err)
        assert "Could not look" not in said.out, (command, said.out)
    folder = str(tmp_path / "backup")
    for command, *options in (["backup", folder], ["restore", folder, "--replace"]):
        said = limited.command(command, *options)
        assert said.code == 0, (command, said.out + said.err)
    gone = limited.command("destroy", "--delete-data", "--yes")
    assert gone.code == 0, gone.out + gone.err
    assert limited.command("status").err.startswith(f"There is no deployment {NAME}")


@pytest.mark.parametrize(
    ("without", "right"),
    [("cloudformation", "cloudformation:CreateChangeSet"), ("s3", "s3:CreateBucket")],
)
def test_a_missing_right_is_named_with_the_way_to_get_it(limited: Deployment, without: str, right: str) -> None:
    policy = printed(limited)
    assert without in {one["Sid"] for one in policy["Statement"]}
    grant(limited, {**policy, "Statement": [one for one in policy["Statement"] if one["Sid"] != without]})
    refused = limited.deploy()
    assert refused.code == 1
    first, state, hint = refused.err.splitlines()
    assert first.startswith(f"A right is missing: {right}"), refused.err
    assert state.startswith(("Nothing of the deployment was changed", "If AWS has begun"))
    assert f"`labelkite deploy --name {NAME} --policy`" in hint
    assert look.Stack(limited.account, NAME).state() is None


def test_who_has_the_policy_of_one_deployment_does_not_reach_another(limited: Deployment) -> None:
    grant(limited, printed(limited))
    limited.name = "team-a"
    said = [limited.command(*one) for one in (["logs"], ["destroy", "--delete-data", "--yes"])]
    limited.name = NAME
    assert [one.err.startswith("A right is missing: ") for one in said] == [True, True], said
    assert look.state_of(limited.account, "team-a").is_there


@pytest.mark.parametrize("command", [["status"], ["backup", "somewhere"], ["deploy", "--plan"]], ids=lambda one: one[0])
@pytest.mark.parametrize(
    ("variables", "first", "second"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAWRONG"}, "AWS does not know this access key (", "aws configure"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "There are no credentials for AWS", "aws sso login"),
        ({"AWS_PROFILE": "nope"}, "AWS_PROFILE or AWS's files do not fit: The config profile (nope)", "list-profiles"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS cannot be reached", "HTTPS_PROXY"),
    ],
    ids=["unknown-key", "no-key", "no-profile", "no-network"],
)
def test_who_is_not_signed_in_hears_how(
    deployed: Deployment, command: list[str], variables: dict[str, str], first: str, second: str
) -> None:
    kept = deployed.environment
    deployed.environment = {name: value for name, value in {**kept, **variables}.items() if value}
    said = deployed.command(command[0], *command[1:])
    deployed.environment = kept
    assert said.code == 1
    lines = said.err.splitlines()
    assert len(lines) == 2, said.err
    assert lines[0].startswith(first)
    assert second in lines[1]
    assert "Packing" not in said.out
