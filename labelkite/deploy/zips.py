"""
The zips in the account's bucket for deployments: which of them somebody still needs, and the removal of the others.

All deployments of an account in a region share the bucket, and two with the same code share a zip. So each notes what
it needs (`<name>/code.json`: the zip in use, and the one before it) before it asks whether the zip is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from labelkite.deploy.account import Account, code_of
from labelkite.deploy.stack import deployments

FOLDER = "code/"
KEPT = 2
"""The one in use, and the one before."""


def note(account: Account, name: str, key: str, in_use: str) -> None:
    """
    Say what a deployment needs from now on.

    Args:
        key: the zip that it will have.
        in_use: the one that it has; empty for a first deployment.
    """
    wanted = list(dict.fromkeys(one for one in (key, in_use, *_noted(account, f"{name}/code.json")) if one))[:KEPT]
    account.client("s3").put_object(
        Bucket=account.deploy_bucket,
        Key=f"{name}/code.json",
        Body=json.dumps({"needs": wanted}).encode(),
        ContentType="application/json",
    )


def forget(account: Account, name: str) -> None:
    """A deployment is gone: nothing of it is noted any more."""
    for what in ("site", "code"):
        account.client("s3").delete_object(Bucket=account.deploy_bucket, Key=f"{name}/{what}.json")


def clear(account: Account) -> list[str]:
    """Remove the zips that no deployment has, had before or is about to have; their keys."""
    s3, bucket = account.client("s3"), account.deploy_bucket
    keys = list(_keys(account))
    needed = {one for key in keys if key.endswith("/code.json") for one in _noted(account, key)}
    needed |= {one.parameters.get("CodeKey", "") for one in deployments(account)}
    old = [key for key in keys if key.startswith(FOLDER) and key not in needed]
    for key in old:
        s3.delete_object(Bucket=bucket, Key=key)
    return old


def remove_bucket_if_empty(account: Account) -> bool:
    """Whether nothing was left in it, so that it could go."""
    if any(True for _ in _keys(account)):
        return False
    account.client("s3").delete_bucket(Bucket=account.deploy_bucket)
    return True


def _keys(account: Account) -> Iterator[str]:
    for page in account.client("s3").get_paginator("list_objects_v2").paginate(Bucket=account.deploy_bucket):
        for one in page.get("Contents", ()):
            yield str(one["Key"])


def _noted(account: Account, key: str) -> list[str]:
    from botocore.exceptions import ClientError

    try:
        found = account.client("s3").get_object(Bucket=account.deploy_bucket, Key=key)
    except ClientError as error:
        if code_of(error) != "NoSuchKey":
            raise
        return []
    needs: list[str] = json.loads(found["Body"].read())["needs"]
    return needs
