"""Does what a plan says, step by step, and tells what it does."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from labelkite import locations
from labelkite.deploy import refusals, zips
from labelkite.deploy.account import Account, DeployFailed, code_of
from labelkite.deploy.plan import Doing, Plan
from labelkite.deploy.site import LAST, SiteObject
from labelkite.deploy.stack import Say, Stack, State

SENDERS = 8
HEALTH_S = 300
"""How long the site may take to answer; a new name of CloudFront's is known everywhere after some minutes."""
HEALTH_POLL_S = 2.0
KEPT_DAYS = 30
"""How long files of earlier builds stay for pages that are still open."""


class Deployment:
    """One run of a plan."""

    def __init__(self, account: Account, plan: Plan, say: Say, *, health_s: float = HEALTH_S) -> None:
        self._account, self._plan, self._say = account, plan, say
        self._stack = Stack(account, plan.name)
        self._health_s = health_s
        self._pages = [one for one in plan.send if not one.is_hashed]
        self._sent: list[SiteObject] = []
        self.owner_link = ""

    def perform(self) -> State:
        """
        All steps. Raises DeployFailed; what was there before is back then, or the message says what is not.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        doings: dict[str, Callable[[], None]] = {
            "bucket": self._see_to_bucket,
            "code": self._send_code,
            "stack": self._change_stack,
            "assets": lambda: self._send([one for one in self._plan.send if one.is_hashed]),
            "health": self._ask_health,
            "pages": self._send_pages,
            "forget": self._forget,
            "link": self._finish,
        }
        for number, step in enumerate(self._plan.steps, 1):
            self._say(f"[{number}/{len(self._plan.steps)}] {step.what}")
            try:
                doings[step.doing]()
            except (BotoCoreError, ClientError, OSError) as error:
                raise self._broken_off(step.doing, error) from error
        return self._state()

    def _broken_off(self, doing: Doing, error: Exception) -> DeployFailed:
        """Why a step has failed, in which state things are, and how they go on."""
        told = refusals.explain(error, self._plan.name, self._account.region) or DeployFailed(f"{error}", "")
        seen = "nobody sees a page yet" if self._plan.is_new else "people still see the pages of before"
        if any(one.key.startswith(LAST) for one in self._sent):
            seen = "some browsers get the new pages already"
        arrived = (
            f"{len(self._sent)} of {len(self._pages)} pages have arrived; {LAST}, which names all others, goes last"
        )
        state = {
            "bucket": "Nothing of the deployment was changed.",
            "code": "Nothing of the deployment was changed.",
            "stack": "If AWS has begun with the change, it goes on, or puts back what was there (labelkite status).",
            "assets": f"The functions are the new ones; {seen}.",
            "health": "The functions are the new ones, and nobody has asked yet whether they answer.",
            "pages": f"The functions are the new ones. {arrived}: {seen}.",
            "forget": "All is in place, but CloudFront may still hand out some of the files of before.",
            "link": "All is in place; only the owner's link was not made (labelkite status --owner-link makes one).",
        }[doing]
        again = "Run the same command again: it goes on with what is missing."
        return DeployFailed(f"{told}\n{state}", f"{told.hint} {again}".strip() if again not in told.hint else told.hint)

    def _state(self) -> State:
        state = self._stack.state()
        if state is None:
            raise DeployFailed(f"The stack {self._stack.name} is gone.", "Somebody else has removed it; deploy again.")
        return state

    def _see_to_bucket(self) -> None:
        make_bucket(self._account)

    def _send_code(self) -> None:
        before = self._plan.before
        zips.note(
            self._account, self._plan.name, self._plan.package.key, before.parameters["CodeKey"] if before else ""
        )
        from botocore.exceptions import ClientError

        s3, where = self._account.client("s3"), {"Bucket": self._account.deploy_bucket, "Key": self._plan.package.key}
        try:
            s3.head_object(**where)
            self._say("  it is there already")
        except ClientError as error:
            if code_of(error) not in ("404", "NoSuchKey"):
                raise
            with self._plan.package.place.open("rb") as file:
                s3.put_object(**where, Body=file, ContentType="application/zip")

    def _change_stack(self) -> None:
        tags = {"labelkite": self._plan.name}
        if not self._stack.change(self._plan.template, self._plan.parameters, tags, self._say):
            self._say("  nothing to change")

    def _send_pages(self) -> None:
        for one in self._pages:  # in order: the page that names all others last
            self._send([one])
            self._sent.append(one)

    def _send(self, objects: Sequence[SiteObject]) -> None:
        """What is the same under several names goes over the line once."""
        firsts: dict[tuple[str, str, str, str], SiteObject] = {}
        for one in objects:
            firsts.setdefault((one.sha256, one.encoding, one.content_type, one.cache_control), one)
        copies = [
            (one, first)
            for one in objects
            if (first := firsts[one.sha256, one.encoding, one.content_type, one.cache_control]) is not one
        ]
        s3, bucket = self._account.client("s3"), self._state().outputs["SiteBucket"]

        def put(one: SiteObject) -> None:
            more = {"ContentEncoding": one.encoding} if one.encoding else {}
            with one.place.open("rb") as file:
                s3.put_object(
                    Bucket=bucket,
                    Key=one.key,
                    Body=file,
                    ContentType=one.content_type,
                    CacheControl=one.cache_control,
                    **more,
                )

        def copy(pair: tuple[SiteObject, SiteObject]) -> None:
            s3.copy_object(Bucket=bucket, Key=pair[0].key, CopySource={"Bucket": bucket, "Key": pair[1].key})

        with ThreadPoolExecutor(SENDERS) as pool:
            for number, _ in enumerate(pool.map(put, firsts.values()), 1):
                if number % 200 == 0:
                    self._say(f"  {number} of {len(firsts)}")
            list(pool.map(copy, copies))

    def _ask_health(self) -> None:
        """Until the site's API answers; if it does not, back to what was there."""
        url = self._state().outputs["Url"]
        last = healthy(url, self._health_s)
        if not last:
            return
        before = self._plan.before
        if before is None:
            raise DeployFailed(
                f"{url}/api/health does not answer: {last}",
                f"See labelkite logs --name {self._plan.name}; the stack is left as it is, so that you can look.",
            )
        self._say("  it does not; going back to what was there")
        known = json.loads(before.template)["Parameters"]
        secret = {name for name, said in known.items() if said.get("NoEcho")}
        back: dict[str, str | None] = {
            name: None if name in secret else value for name, value in before.parameters.items() if name in known
        }
        self._stack.change(before.template, back, {"labelkite": self._plan.name}, self._say)
        raise DeployFailed(
            f"{url}/api/health did not answer after the change: {last}\nWhat was there before is back.",
            f"See labelkite logs --name {self._plan.name} --since 15m",
        )

    def _forget(self) -> None:
        self._account.client("cloudfront").create_invalidation(
            DistributionId=self._state().outputs["Distribution"],
            InvalidationBatch={
                "Paths": {"Quantity": len(self._plan.forget), "Items": list(self._plan.forget)},
                "CallerReference": uuid.uuid4().hex,
            },
        )

    def _finish(self) -> None:
        """Only now is the site what it should be: until it is noted, the next run sends and forgets the same again."""
        note_site(self._account, self._plan.name, self._plan.site, self._state().outputs["SiteBucket"])
        if old := zips.clear(self._account):
            self._say(f"  {len(old)} zips of earlier versions were removed; the one in use and the one before stay")
        self.owner_link = owner_link(self._account, self._state())


def make_bucket(account: Account) -> None:
    """The account's bucket for deployments: private, encrypted, TLS only. Safe to call again."""
    from botocore.exceptions import ClientError

    s3, name = account.client("s3"), account.deploy_bucket
    where = (
        {} if account.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": account.region}}
    )
    try:
        s3.create_bucket(Bucket=name, **where)
    except ClientError as error:
        if code_of(error) != "BucketAlreadyOwnedByYou":
            raise
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(blocked, True))
    both = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": both,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    if not str(s3.meta.endpoint_url).startswith("http://"):  # a stand-in on this machine would shut itself out
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))


def note_site(account: Account, name: str, objects: Sequence[SiteObject], site_bucket: str) -> None:
    """Write down what the site holds now, and remove what has not belonged to it for KEPT_DAYS."""
    from botocore.exceptions import ClientError

    s3, where = account.client("s3"), {"Bucket": account.deploy_bucket, "Key": f"{name}/site.json"}
    try:
        noted: dict[str, Any] = json.loads(s3.get_object(**where)["Body"].read())
    except ClientError as error:
        if code_of(error) != "NoSuchKey":
            raise
        noted = {"objects": {}, "gone": {}}
    now, today = {one.key: one.mark for one in objects}, int(time.time() // 86400)
    gone = {key: day for key, day in noted["gone"].items() if key not in now}
    gone |= {key: today for key in noted["objects"] if key not in now}
    for key in [key for key, day in gone.items() if today - day > KEPT_DAYS]:
        s3.delete_object(Bucket=site_bucket, Key=key)
        del gone[key]
    s3.put_object(**where, Body=json.dumps({"objects": now, "gone": gone}).encode(), ContentType="application/json")


def healthy(url: str, within_s: float) -> str:
    """Ask until the API answers. Returns "" then, else what was said last."""
    deadline, last = time.monotonic() + within_s, ""
    while True:
        try:
            with urllib.request.urlopen(f"{url}/api/health", timeout=40) as answer:
                if json.loads(answer.read()).get("ok") is True:
                    return ""
                last = "an answer that is not the API's"
        except urllib.error.HTTPError as error:
            last = f"{error.code} {error.read(300).decode(errors='replace')}"
        except (OSError, ValueError, AttributeError) as error:
            last = str(error)
        if time.monotonic() > deadline:
            return last
        time.sleep(HEALTH_POLL_S)


def owner_link(account: Account, state: State) -> str:
    """A new link that makes whoever opens it an owner; those that nobody has opened end."""
    store = open_store(account, state)
    try:
        from chalicelib import setup, world

        return setup.first_start(world.of(store), state.outputs["Url"]).url
    finally:
        store.close()


def api_token(account: Account, state: State) -> str:
    """A new token for scripts, with an owner's rights; it can be shown this once only."""
    store = open_store(account, state)
    try:
        from chalicelib import setup, world

        return setup.new_api_token(world.of(store))
    finally:
        store.close()


def open_store(account: Account, state: State) -> Any:
    """The deployment's store, by the rights of whoever runs the command."""
    import os

    locations.use_lambda()
    from chalicelib.storage.aws import open_aws

    return open_aws(
        table=state.outputs["Table"],
        bucket=state.outputs["DataBucket"],
        queue=state.outputs["Queue"],
        public_url=state.outputs["Url"],
        region=account.region,
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None,
    )
