"""Taking a deployment away: refused while people's work is in it, then kept or deleted as it was said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from labelkite.deploy import act, look, plan, remove
from labelkite.deploy.account import DeployFailed
from labelkite.deploy.stack import Stack
from tests.api.people import Browser, texts
from tests.deploy.running import Deployment, start

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]


@pytest.fixture
def other(deployed: Deployment) -> Iterator[Deployment]:
    """A second deployment in the same account."""
    running = start(deployed.aws, "team-b")
    said = running.deploy()
    assert said.code == 0, said.out + said.err
    yield running
    running.server.stop()


def is_there(deployment: Deployment, bucket: str) -> bool:
    try:
        deployment.account.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        return False
    return True


def test_data_is_kept_unless_it_is_said_to_go(other: Deployment, deployed: Deployment) -> None:
    owner = Browser(other.url)
    owner.join(other.owner_link.partition("#")[2], "Olga")
    owner.project(tasks=texts(2))
    state = look.state_of(other.account, "team-b")
    tables = other.account.client("dynamodb")

    refused = other.command("destroy", "--yes")
    assert refused.code == 1
    assert refused.err.startswith("team-b holds 1 project, so nothing was removed.\nMake a backup first")
    assert look.state_of(other.account, "team-b").is_there
    nobody_to_ask = other.command("destroy", "--keep-data")
    assert "Nothing was done." in nobody_to_ask.out

    said = other.command("destroy", "--keep-data", "--yes")
    assert said.code == 0, said.err
    assert state.outputs["Table"] in said.out
    kept = re.search(r"labelkite (backup team-b-backup --store aws .*)", said.out)
    assert kept is not None, said.out
    assert other.command("status").err.startswith("There is no deployment team-b")
    assert tables.describe_table(TableName=state.outputs["Table"])["Table"]["ItemCount"] > 0
    assert is_there(other, state.outputs["DataBucket"])
    assert not is_there(other, state.outputs["SiteBucket"])

    # The name is free again, and what was kept comes into it by the commands that were printed, in their order.
    saved = other.run(*kept[1].split())
    assert saved.code == 0, saved.out + saved.err
    again = other.deploy()
    assert again.code == 0, again.out + again.err
    newer = look.state_of(other.account, "team-b")
    assert newer.outputs["DataBucket"] != state.outputs["DataBucket"]
    brought = other.run("restore", "team-b-backup", "--name", "team-b")
    assert brought.code == 0, brought.out + brought.err
    assert remove.projects(other.account, newer) == 1
    assert owner.call("GET", "/api/session")["person"]["name"] == "Olga"  # links and sessions hold
    gone = other.command("destroy", "--delete-data", "--yes")
    assert gone.code == 0, gone.err
    assert not is_there(other, newer.outputs["DataBucket"])
    assert newer.outputs["Table"] not in tables.list_tables()["TableNames"]
    assert look.state_of(deployed.account, "team-a").is_there
    left = deployed.account.client("s3").list_objects_v2(Bucket=deployed.account.deploy_bucket)["Contents"]
    assert {one["Key"] for one in left} >= {"team-a/site.json", "team-a/code.json", deployed.package.key}
    assert not [one["Key"] for one in left if "team-b" in one["Key"]]


def test_a_first_deployment_that_fails_leaves_nothing_in_the_way_of_the_next(deployed: Deployment) -> None:
    account = deployed.account
    planned = plan.make(account, "team-d", deployed.package, {"PublicUrl": deployed.url})
    assert planned.is_new
    cloudfront, name = account.client("cloudfront"), f"labelkite-team-d-{account.region}-request"
    config = {"Comment": "somebody has that name", "Runtime": "cloudfront-js-2.0"}
    cloudfront.create_function(Name=name, FunctionConfig=config, FunctionCode=b"function handler(event) {}")
    told: list[str] = []
    with pytest.raises(DeployFailed, match=r"(?s)put back what was there. Why:.*SiteRequest .*already exists"):
        act.Deployment(account, planned, told.append).perform()
    stack = Stack(account, "team-d")
    state = stack.state()
    assert state is not None
    assert (state.status, state.is_there) == ("ROLLBACK_COMPLETE", False)
    assert deployed.command("status").code == 0
    with pytest.raises(DeployFailed, match="There is no deployment team-d"):
        look.state_of(account, "team-d")

    cloudfront.delete_function(Name=name, IfMatch=cloudfront.describe_function(Name=name, Stage="DEVELOPMENT")["ETag"])
    told.clear()
    assert stack.change(planned.template, planned.parameters, {"labelkite": "team-d"}, told.append)
    assert told[0] == "Removing what an earlier try has left (ROLLBACK_COMPLETE) ..."
    assert look.state_of(account, "team-d").outputs["Url"] == deployed.url
    stack.delete(told.append)
    assert stack.state() is None
