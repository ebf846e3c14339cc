"""`labelkite destroy`: takes a deployment away. People's work goes only when that is said in so many words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labelkite.deploy.account import Account, DeployFailed, code_of
from labelkite.deploy.act import open_store
from labelkite.deploy.look import state_of
from labelkite.deploy.stack import Say, Stack, State

BATCH = 1000


def projects(account: Account, state: State) -> int:
    """How many projects there are, at most 100."""
    store = open_store(account, state)
    try:
        from chalicelib import keys

        return len(store.records.query(keys.PROJECTS, limit=100).records)
    finally:
        store.close()


def plan(account: Account, name: str, *, keep_data: bool, delete_data: bool) -> list[str]:
    """
    What will go and what will stay, for people.

    Raises:
        DeployFailed: there is data, and nobody has said what shall become of it.
    """
    state = state_of(account, name)
    count = projects(account, state)
    if count and not (keep_data or delete_data):
        raise DeployFailed(
            f"{name} holds {count if count < 100 else '100 or more'} projects, so nothing was removed.",
            "Add --keep-data to leave table and files where they are, or --delete-data to delete them for good.",
        )
    data = [f"table {state.outputs['Table']}", f"bucket {state.outputs['DataBucket']} with all versions of its files"]
    told = [f"Goes: the site, the API, the functions, the queue with its jobs, alarms and logs of {name}"]
    if keep_data:
        return [*told, *(f"Stays: {one}" for one in data)]
    return [*told, *(f"Goes for good: {one}" for one in data)]


def destroy(account: Account, name: str, say: Say, *, keep_data: bool) -> None:
    """Remove the stack and the site's bucket, and the data unless they are to be kept."""
    state = state_of(account, name)
    say(f"Removing the stack {state.name}; CloudFront takes some minutes ...")
    Stack(account, name).delete(say)
    _delete_bucket(account, state.outputs["SiteBucket"], say)
    _forget_notes(account, name)
    if keep_data:
        say(
            f"\nKept: table {state.outputs['Table']}, bucket {state.outputs['DataBucket']}.\n"
            "labelkite backup reads them, labelkite up --store aws serves them (docs/deploy-aws.md)."
        )
        return
    _delete_bucket(account, state.outputs["DataBucket"], say)
    say(f"Deleting table {state.outputs['Table']}")
    _ignoring("ResourceNotFoundException", account.client("dynamodb").delete_table, TableName=state.outputs["Table"])


def _delete_bucket(account: Account, bucket: str, say: Say) -> None:
    say(f"Deleting bucket {bucket} with what is in it")
    s3 = account.client("s3")
    try:
        for batch in _versions(s3, bucket):
            s3.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})
        s3.delete_bucket(Bucket=bucket)
    except Exception as error:
        if getattr(error, "response", None) is None or code_of(error) != "NoSuchBucket":
            raise


def _versions(s3: Any, bucket: str) -> Iterator[list[dict[str, str]]]:
    """All versions and marks of deleted objects, a batch at a time."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        for start in range(0, len(found), BATCH):
            yield [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found[start : start + BATCH]]


def _forget_notes(account: Account, name: str) -> None:
    """What deployments noted about the site; the zips stay, other deployments may use the same."""
    _ignoring("NoSuchBucket", account.client("s3").delete_object, Bucket=account.deploy_bucket, Key=f"{name}/site.json")


def _ignoring(code: str, call: Any, **asked: Any) -> None:
    from botocore.exceptions import ClientError

    try:
        call(**asked)
    except ClientError as error:
        if code_of(error) != code:
            raise
