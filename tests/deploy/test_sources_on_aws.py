"""A bucket of one's own: `--source` gives the functions the rights on it, below the prefix and nowhere else."""

from __future__ import annotations

import httpx
import pytest

from labelkite.cli_deploy import source_parameters
from labelkite.deploy import doctor
from labelkite.deploy.account import DeployFailed
from tests.api.people import BOXES, GIF, Browser
from tests.deploy.running import Deployment

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]
BUCKET = "photos-of-team-a"
ADDRESS = f"s3://{BUCKET}/2026/"


def test_a_bucket_is_read_below_its_prefix_only_and_the_doctor_says_what_it_lacks(deployed: Deployment) -> None:
    s3 = deployed.account.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for key in ("2026/a.gif", "2026/b.gif", "2025/c.gif"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=GIF, ContentType="image/gif")
    deployed.again(**source_parameters([ADDRESS], deployed.account.region))
    policy = httpx.get(deployed.url).headers["content-security-policy"]
    rules = {rule.split()[0]: rule for rule in policy.split(";")}
    assert {name for name, rule in rules.items() if BUCKET in rule} == {"connect-src", "img-src", "media-src"}

    owner = Browser(deployed.url)
    owner.join(deployed.command("status", "--owner-link").out.split("#")[-1].strip(), "Olga")
    project = owner.project(BOXES)
    refused = owner.http.post(f"/api/projects/{project.id}/sources", json={"address": f"s3://{BUCKET}/2025/"})
    assert refused.json()["problems"][0]["message"] == "This server may not read this bucket."
    source = owner.call(
        "POST", f"/api/projects/{project.id}/sources", {"address": ADDRESS, "mode": "files"}, status=201
    )
    job = owner.call("POST", f"/api/sources/{source['id']}/sync", {}, status=201)
    for _ in range(300):
        said = owner.call("GET", f"/api/jobs/{job['id']}")
        if said["state"] not in ("queued", "running"):
            break
    assert said["state"] == "done", said
    rows = owner.call("GET", f"/api/projects/{project.id}/export?exportType=JSON&download_all_tasks=1")
    assert sorted(row["data"]["image"] for row in rows) == [f"s3://{BUCKET}/2026/{name}.gif" for name in "ab"]

    found = {one.what: one for one in doctor.examine(deployed.account, deployed.name) if ADDRESS in one.what}
    cors = next(one for what, one in found.items() if "CORS lacks GET, HEAD" in what)
    assert f'"AllowedOrigins": ["{deployed.url}"]' in cors.hint
    assert found[f"ApiRole may s3:GetObject in {ADDRESS}"].is_good
    assert found[f"JobsRole may s3:ListBucket in {ADDRESS}"].is_good


def test_nothing_takes_all_buckets_back() -> None:
    assert set(source_parameters([""], "eu-central-1").values()) == {""}


@pytest.mark.parametrize("address", ["photos", "https://photos/", "s3://", "s3://Photos/", "s3://a b/"])
def test_what_is_no_bucket_is_refused(address: str) -> None:
    with pytest.raises(DeployFailed) as failed:
        source_parameters([address], "eu-central-1")
    assert address in str(failed.value)
    assert "s3://bucket/prefix/" in failed.value.hint


def test_rights_end_at_the_slash_of_the_prefix() -> None:
    found = source_parameters(["s3://photos/team", "s3://scans", "s3://photos/"], "eu-central-1")
    assert found["SourceObjectArns"] == "arn:aws:s3:::photos/*,arn:aws:s3:::photos/team/*,arn:aws:s3:::scans/*"
    assert found["SourceBucketArns"] == "arn:aws:s3:::photos,arn:aws:s3:::scans"
    assert found["SourceOrigins"].split() == [
        "https://photos.s3.eu-central-1.amazonaws.com",
        "https://scans.s3.eu-central-1.amazonaws.com",
    ]
