"""`labelkite doctor`: what only the account itself can show. Each finding says what is missing and what to do."""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from labelkite.deploy.account import Account, code_of
from labelkite.deploy.act import healthy
from labelkite.deploy.look import PARTS, state_of
from labelkite.deploy.stack import Stack, State

DAY_MS = 24 * 3600 * 1000
TICK_MS = 5 * 60 * 1000
FEW_AT_ONCE = 100
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL", "")
"""Where AWS is reached instead of its own addresses; for tests."""
REFUSED = re.compile(r"not authorized to perform: (\S+) on resource: \W*([^\s\"\\]+)")
AGAIN = (
    "Run labelkite deploy again. If it stays, somebody has changed it by hand, and AWS leaves that: the console "
    "(CloudFormation, the stack, Detect drift) shows what was changed; put it back there."
)


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    hint: str = ""
    """What to do; empty when all is well."""

    @property
    def is_good(self) -> bool:
        return not self.hint


@dataclass(frozen=True, slots=True)
class Patient:
    account: Account
    name: str
    state: State

    def output(self, name: str) -> str:
        return self.state.outputs[name]

    @property
    def url(self) -> str:
        return self.output("Url")


def examine(account: Account, name: str) -> Iterator[Finding]:
    """All findings, one check after the other; what cannot be asked is a finding too."""
    from botocore.exceptions import BotoCoreError, ClientError

    patient = Patient(account, name, state_of(account, name))
    for check in (site, past_the_site, table, bucket, round_trip, jobs, denied, concurrency, mail, sources):
        try:
            yield from check(patient)
        except (BotoCoreError, ClientError) as error:
            told = (check.__doc__ or check.__name__).splitlines()[0].rstrip(".")
            yield Finding(f"Could not look: {told} ({error})", "Run it with the rights of who deployed.")


def _asked(url: str, headers: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], bytes]:
    request = urllib.request.Request(url, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read()
    except OSError as error:
        return 0, {}, str(error).encode()


def site(patient: Patient) -> Iterator[Finding]:
    """The site, its API, its policy and its compressed files."""
    said = healthy(patient.url, 0)
    yield Finding(f"The API answers at {patient.url}", f"It said: {said}. See labelkite logs api." if said else "")
    status, headers, page = _asked(f"{patient.url}/projects/1")
    found = re.search(rb'href="(/assets/[^"]+\.css)"', page)
    yield Finding("The page comes for addresses of its own router", "" if status == 200 and found else AGAIN)
    policy, bucket = headers.get("content-security-policy", ""), patient.output("DataBucket")
    yield Finding(
        "The page's policy names the data bucket",
        "" if bucket in policy or (ENDPOINT and ENDPOINT in policy) else AGAIN,
    )
    if found:
        _, headers, _ = _asked(patient.url + found[1].decode(), {"Accept-Encoding": "br"})
        good = headers.get("content-encoding") == "br" and "immutable" in headers.get("cache-control", "")
        yield Finding("Files come compressed, and may be kept for good", "" if good else AGAIN)


def past_the_site(patient: Patient) -> Iterator[Finding]:
    """Nobody gets past CloudFront, to the bucket or to the API."""
    region, files, api = patient.account.region, patient.output("SiteBucket"), patient.output("ApiId")
    page = f"{ENDPOINT}/{files}/index.html" if ENDPOINT else f"https://{files}.s3.{region}.amazonaws.com/index.html"
    yield _refused("The site's bucket is closed to everybody but CloudFront", *_asked(page))
    host = f"{api}.execute-api.{region}.amazonaws.com"
    health = f"{ENDPOINT or f'https://{host}'}/api/health"
    yield _refused("The API refuses who comes past CloudFront", *_asked(health, {"Host": host} if ENDPOINT else None))


def _refused(what: str, status: int, _: Mapping[str, str], body: bytes) -> Finding:
    told = f"It was not refused but answered {status} {body[:100].decode(errors='replace')}. {AGAIN}"
    return Finding(what, "" if status == 403 else told)


def table(patient: Patient) -> Iterator[Finding]:
    """What protects the table."""
    dynamodb, name = patient.account.client("dynamodb"), patient.output("Table")
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    status = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    yield Finding("The table can be put back to any second", "" if status == "ENABLED" else AGAIN)
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    good = ttl["TimeToLiveStatus"] in ("ENABLED", "ENABLING") and ttl.get("AttributeName") == "ttl"
    yield Finding("The table drops what has ended", "" if good else AGAIN)


def bucket(patient: Patient) -> Iterator[Finding]:
    """What protects the data bucket."""
    s3, name = patient.account.client("s3"), patient.output("DataBucket")
    status = s3.get_bucket_versioning(Bucket=name).get("Status")
    yield Finding("The data bucket keeps old versions", "" if status == "Enabled" else AGAIN)
    rules = _or_empty(s3.get_bucket_lifecycle_configuration, "Rules", Bucket=name)
    aborts = any("AbortIncompleteMultipartUpload" in rule for rule in rules)
    yield Finding("The data bucket drops unfinished uploads", "" if aborts else AGAIN)
    blocked = _or_empty(s3.get_public_access_block, "PublicAccessBlockConfiguration", Bucket=name)
    yield Finding("The data bucket is private", "" if blocked and all(blocked.values()) else AGAIN)
    policy = _or_empty(s3.get_bucket_policy, "Policy", Bucket=name)
    yield Finding("The data bucket is for TLS only", "" if "aws:SecureTransport" in str(policy) else AGAIN)
    yield _cors(patient, name, ("GET", "HEAD", "POST"), "The data bucket", AGAIN)


def _or_empty(ask: Callable[..., Any], member: str, **asked: Any) -> Any:
    """What S3 has of a setting; empty where it has none."""
    from botocore.exceptions import ClientError

    try:
        return ask(**asked).get(member, ())
    except ClientError as error:
        if code_of(error).startswith("NoSuch") and code_of(error) != "NoSuchBucket":
            return ()
        raise


def _cors(patient: Patient, name: str, methods: tuple[str, ...], whose: str, hint: str) -> Finding:
    rules = _or_empty(patient.account.client("s3").get_bucket_cors, "CORSRules", Bucket=name)
    fits = [rule for rule in rules if {"*", patient.url} & set(rule["AllowedOrigins"])]
    missing = [method for method in methods if not any(method in rule["AllowedMethods"] for rule in fits)]
    lacks = f" (CORS lacks {', '.join(missing)} for {patient.url})" if missing else ""
    return Finding(f"{whose} lets the page read and send files{lacks}", hint if missing else "")


def round_trip(patient: Patient) -> Iterator[Finding]:
    """A file to the bucket and back by signed addresses, as a browser does it."""
    from labelkite.deploy.act import open_store

    store = open_store(patient.account, patient.state)
    try:
        from chalicelib.storage.ports import StorageError

        key, data = f"doctor/{int(time.time())}.txt", b"labelkite doctor"
        try:
            store.objects.put(key, data, content_type="text/plain")
            address = store.objects.presign_get(key, expires_s=60)
            status, _, body = _asked(address, {"Origin": patient.url})
            store.objects.delete(key)
        except StorageError as error:
            yield Finding(f"A file goes to the bucket and comes back ({error})", AGAIN)
            return
    finally:
        store.close()
    good = status == 200 and body == data
    yield Finding(
        "A file goes to the bucket and comes back by a signed address",
        "" if good else f"S3 said {status}: {body[:200].decode(errors='replace')}",
    )


def jobs(patient: Patient) -> Iterator[Finding]:
    """The queue, who reads it, and the look once a minute."""
    resources = Stack(patient.account, patient.name).resources()
    mapping = patient.account.client("lambda").get_event_source_mapping(UUID=resources["JobsFromQueue"])
    yield Finding("The queue is read", "" if mapping["State"] in ("Enabled", "Creating", "Updating") else AGAIN)
    names = ["ApproximateNumberOfMessages"]
    dead = patient.account.client("sqs").get_queue_attributes(
        QueueUrl=patient.output("DeadQueue"), AttributeNames=names
    )["Attributes"]
    count = int(dead[names[0]])
    hint = "See labelkite logs jobs for the reasons; the messages stay 14 days."
    yield Finding(f"{count or 'No'} jobs have failed for good", hint if count else "")
    since = int(time.time() * 1000) - TICK_MS
    found = _logged(patient, "tick", since, "")
    yield Finding(
        "The look once a minute has run in the last five", "" if found else f"{AGAIN} A new one needs minutes."
    )


def _logged(patient: Patient, part: str, since_ms: int, pattern: str) -> list[Any]:
    asked = {"filterPattern": pattern} if pattern else {}
    pages = patient.account.client("logs").get_paginator("filter_log_events")
    events: list[Any] = []
    for page in pages.paginate(logGroupName=f"/labelkite/{patient.name}/{part}", startTime=since_ms, **asked):
        events += page["events"]
        if events:
            break
    return events


def denied(patient: Patient) -> Iterator[Finding]:
    """What AWS has refused the functions in the last day."""
    since = int(time.time() * 1000) - DAY_MS
    for part in PARTS[:3]:
        found = _logged(patient, part, since, "AccessDenied")
        if not found:
            yield Finding(f"AWS refuses the function {part} nothing")
            continue
        message = found[-1]["message"]
        said = REFUSED.search(message)
        told = f"{said[1]} on {said[2]}" if said else message[max(0, message.find("AccessDenied") - 100) :][:300]
        yield Finding(
            f"AWS has refused the function {part} {told}",
            "Add the bucket with --source if it is one of yours; a policy of your organisation may also forbid it.",
        )


def concurrency(patient: Patient) -> Iterator[Finding]:
    """How many functions may run at once."""
    limit = patient.account.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    hint = "Ask for more: console, Service Quotas, AWS Lambda, Concurrent executions. It is free and takes a day."
    yield Finding(f"The account may run {limit} functions at once", hint if limit < FEW_AT_ONCE else "")


def mail(patient: Patient) -> Iterator[Finding]:
    """Whether alarms reach somebody."""
    address = patient.state.parameters.get("AlarmMail", "")
    if not address:
        yield Finding("Alarms are mailed to nobody, as was asked; --mail changes that")
        return
    topic = Stack(patient.account, patient.name).resources()["Alarms"]
    found = patient.account.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    good = any(one["Endpoint"] == address and one["SubscriptionArn"].startswith("arn:") for one in found)
    yield Finding(f"Alarms are mailed to {address}", "" if good else "AWS has sent a mail there; open its link.")


def sources(patient: Patient) -> Iterator[Finding]:
    """The buckets of one's own: rights of the functions, and what the browser needs."""
    rule = {
        "AllowedOrigins": [patient.url],
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag", "Content-Range", "Accept-Ranges"],
    }
    for source in filter(None, patient.state.parameters.get("SourceBuckets", "").split(",")):
        parts = urlsplit(source)
        hint = f"Add this rule to the bucket's CORS settings (console: Permissions): {json.dumps([rule])}"
        yield _cors(patient, parts.netloc, ("GET", "HEAD"), source, hint)
        folder = parts.path.strip("/")
        places = {
            "s3:ListBucket": f"arn:aws:s3:::{parts.netloc}",
            "s3:GetObject": f"arn:aws:s3:::{parts.netloc}/{folder}/x" if folder else f"arn:aws:s3:::{parts.netloc}/x",
        }
        for role in ("ApiRole", "JobsRole"):
            arn = f"arn:aws:iam::{patient.account.id}:role/{patient.output(role)}"
            for action, place in places.items():
                said = patient.account.client("iam").simulate_principal_policy(
                    PolicySourceArn=arn, ActionNames=[action], ResourceArns=[place]
                )["EvaluationResults"][0]["EvalDecision"]
                yield Finding(f"{role} may {action} in {source}", "" if said == "allowed" else AGAIN)
