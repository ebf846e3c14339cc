"""`--store aws`: the same server on DynamoDB, S3 and SQS instead of a folder, for tests and deployments' data."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from labelkite import locations

if TYPE_CHECKING:
    from chalicelib.storage.aws import AwsStore

#: Option, the variable that says the same, what it means.
OPTIONS = (
    ("table", "LABELKITE_TABLE", "DynamoDB table"),
    ("bucket", "LABELKITE_BUCKET", "S3 bucket"),
    ("queue", "LABELKITE_QUEUE", "SQS queue, its address or name; the one for dead jobs has -dead behind"),
    ("region", "AWS_REGION", "AWS region"),
    ("endpoint", "AWS_ENDPOINT_URL", "where to reach AWS instead of its own addresses"),
)


def add_store(command: argparse.ArgumentParser, *, create: bool = False) -> None:
    group = command.add_argument_group("storage on AWS")
    group.add_argument(
        "--store", choices=("folder", "aws"), default="folder", help="where the data are (default folder)"
    )
    for name, variable, meaning in OPTIONS:
        group.add_argument(f"--{name}", metavar="X", default=None, help=f"{meaning} (default ${variable})")
    if create:
        group.add_argument("--create", action="store_true", help="make table, bucket and queues that are not there yet")


def open_aws_store(arguments: argparse.Namespace, url: str, *, work: bool) -> AwsStore:
    """The store that options and environment name. Raises StorageError; the message is for people."""
    locations.use_lambda()
    from chalicelib.storage.aws import open_from_environment
    from chalicelib.storage.aws.clients import Clients
    from chalicelib.storage.aws.resources import create_resources

    said = {variable: getattr(arguments, name) for name, variable, _ in OPTIONS if getattr(arguments, name)}
    environment = {**os.environ, "LABELKITE_PUBLIC_URL": url, **said}
    store = open_from_environment(environment, work=work)
    if getattr(arguments, "create", False):
        clients = Clients(environment.get("AWS_REGION", ""), environment.get("AWS_ENDPOINT_URL"))
        create_resources(
            clients,
            table=environment["LABELKITE_TABLE"],
            bucket=environment["LABELKITE_BUCKET"],
            queue=environment["LABELKITE_QUEUE"].rpartition("/")[2],
        )
        clients.close()
    return store
