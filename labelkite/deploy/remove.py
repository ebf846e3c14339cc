"""`labelkite destroy`: takes a deployment away. People's work goes only when that is said in so many words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labelkite.deploy import zips
from labelkite.deploy.account import Account, DeployFailed, code_of
from labelkite.deploy.act import open_store
from labelkite.deploy.look import state_of
from labelkite.deploy.stack import Say, Stack, State

BATCH = 1000
MOST = 100


def projects(account: Account, state: State) -> int:
    """How many projects there are, at most MOST."""
    store = open_store(account, state)
    try:
        from chalicelib import keys

        return len(store.records.query(keys.PROJECTS, limit=MOST).records)
    finally:
        store.close()


def _counted(count: int) -> str:
    if count >= MOST:
        return f"{MOST} projects or more"
    return f"{count} project{'' if count == 1 else 's'}"


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
            f"{name} holds {_counted(count)}, so nothing was removed.",
            f"Make a backup first (labelkite backup FOLDER --name {name}); then add --delete-data to delete everything "
            "for good. Or add --keep-data to leave table and files where they are.",
        )
    if keep_data and count:
        data_hint = [
            "A later deployment does not find kept data by itself: it gets them by labelkite backup and restore.",
            f"Simplest is a backup now: labelkite backup FOLDER --name {name}",
        ]
    else:
        data_hint = []
    data = [f"table {state.outputs['Table']}", f"bucket {state.outputs['DataBucket']} with all versions of its files"]
    told = [f"Goes: the site, the API, the functions, the queue with its jobs, alarms and logs of {name}"]
    if keep_data:
        return [*told, *(f"Stays: {one}" for one in data), *data_hint]
    return [*told, *(f"Goes for good: {one}" for one in data)]


def destroy(account: Account, name: str, say: Say, *, keep_data: bool) -> None:
    """Remove the stack and the site's bucket, and the data unless they are to be kept."""
    state = state_of(account, name)
    say(f"Removing the stack {state.name}; CloudFront takes some minutes ...")
    Stack(account, name).delete(say)
    _delete_bucket(account, state.outputs["SiteBucket"], say)
    if keep_data:
        _tell_of_kept(account, state, name, say)
    else:
        _delete_data(account, state, say)
    _forget_notes(account, name, say)


def _tell_of_kept(account: Account, state: State, name: str, say: Say) -> None:
    """What is still there, and by which commands it comes into a deployment again, or goes."""
    table, bucket = state.outputs["Table"], state.outputs["DataBucket"]
    where = f"--region {account.region} --table {table} --bucket {bucket} --queue {state.name}-jobs"
    say(
        f"\nKept, and paid for as what is stored: table {table}, bucket {bucket}\n\n"
        f"To have them in a deployment again:\n"
        f"  labelkite backup {name}-backup --store aws {where}\n"
        f"  labelkite deploy --name {name} --region {account.region}\n"
        f"  labelkite restore {name}-backup --name {name} --region {account.region}\n"
        "After that, or if nobody needs them: delete both in the AWS console (DynamoDB; S3: Empty, then Delete).\n"
    )


def _delete_data(account: Account, state: State, say: Say) -> None:
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


def _forget_notes(account: Account, name: str, say: Say) -> None:
    """What the deployment had in the account's bucket for deployments; and that bucket, once it is empty."""
    from botocore.exceptions import ClientError

    try:
        zips.forget(account, name)
        zips.clear(account)
        if zips.remove_bucket_if_empty(account):
            say(f"Deleting bucket {account.deploy_bucket}: no other deployment needs it")
    except ClientError as error:
        if code_of(error) != "NoSuchBucket":
            raise


def _ignoring(code: str, call: Any, **asked: Any) -> None:
    from botocore.exceptions import ClientError

    try:
        call(**asked)
    except ClientError as error:
        if code_of(error) != code:
            raise
