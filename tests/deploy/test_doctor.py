"""The doctor on a deployment from which things were taken away, and from which the emulator has kept some."""

from __future__ import annotations

import pytest

from labelkite.deploy import look
from tests.deploy.running import Deployment

pytestmark = [pytest.mark.xdist_group("deploy"), pytest.mark.slow]

#: What the emulator ignores or, as the rule for TLS, cannot have; tests/guards/test_infra.py finds it in the template.
NOT_THERE = {
    "The table can be put back to any second",
    "The table drops what has ended",
    "The data bucket drops unfinished uploads",
    "The data bucket is for TLS only",
}


def findings(said: str, mark: str) -> set[str]:
    return {line.removeprefix(mark).strip() for line in said.splitlines() if line.startswith(mark)}


def test_the_doctor_says_what_is_missing_and_nothing_else(deployed: Deployment) -> None:
    said = deployed.command("doctor")
    assert said.code == 1
    minute = "The look once a minute has run in the last five"  # it has not before the first minute is over
    assert findings(said.out, "MISSING") - {minute} == NOT_THERE, said.out + said.err
    good = findings(said.out, "ok")
    assert {
        f"The API answers at {deployed.url}",
        "The API refuses who comes past CloudFront",
        "The site's bucket is closed to everybody but CloudFront",
        "Files come compressed, and may be kept for good",
        "A file goes to the bucket and comes back by a signed address",
        "AWS refuses the function api nothing",
    } <= good

    s3, bucket = deployed.account.client("s3"), look.state_of(deployed.account, deployed.name).outputs["DataBucket"]
    rules = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [{**rules[0], "AllowedMethods": ["GET"]}]})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    try:
        said = deployed.command("doctor")
    finally:
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert findings(said.out, "MISSING") - {minute} - NOT_THERE == {
        f"The data bucket lets the page read and send files (CORS lacks HEAD, POST for {deployed.url})",
        "The data bucket keeps old versions",
    }
