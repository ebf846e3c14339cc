"""The key of every record. One function per row, so that a key is spelled in one place only; docs/storage.md tells why.

Numbers are padded to twelve digits so that code point order is number order.
"""

from __future__ import annotations

import hashlib

Key = tuple[str, str]

SHARDS = 8
"""Counters of a project are spread over this many records, so that a thousand submits a second meet no hot key."""


def number(n: int) -> str:
    return f"{n:012d}"


IDS: Key = ("META", "IDS")
SCRIPT_PERSON: Key = ("META", "SCRIPT")
SECRET: Key = ("META", "SECRET")
"""What signs sessions and links, where the store is not a folder with a file for it."""
DEAD_JOBS = "JOBS#dead"
OWNER_INVITES = "INVITES#owner"
PROJECTS = "PROJECTS"


def person(id_: int) -> Key:
    return f"PERSON#{id_}", "PROFILE"


def own_settings(person_id: int) -> Key:
    return f"PERSON#{person_id}", "SETTINGS"


def membership(person_id: int, project_id: int) -> Key:
    return f"PERSON#{person_id}", f"MEMBER#{number(project_id)}"


def member(project_id: int, person_id: int) -> Key:
    return f"MEMBERS#{project_id}", f"PERSON#{number(person_id)}"


def left(project_id: int, person_id: int) -> Key:
    """Who was removed from a project: links made until then do not let them in again."""
    return f"MEMBERS#{project_id}", f"LEFT#{number(person_id)}"


def work_count(project_id: int, person_id: int) -> Key:
    return f"MEMBERS#{project_id}", f"COUNT#{number(person_id)}"


def queue(person_id: int, project_id: int) -> Key:
    return f"PERSON#{person_id}", f"QUEUE#{number(project_id)}"


def finished(person_id: int, project_id: int, at_ms: int, task_id: int) -> Key:
    return f"PERSON#{person_id}", f"DONE#{number(project_id)}#{at_ms:014d}#{number(task_id)}"


def finished_prefix(project_id: int) -> str:
    return f"DONE#{number(project_id)}#"


def session(token_hash: str) -> Key:
    return f"SESSION#{token_hash}", "SESSION"


def api_token(token_hash: str) -> Key:
    return f"TOKEN#{token_hash}", "TOKEN"


def listed_session(person_id: int, token_hash: str) -> Key:
    return f"PERSON#{person_id}", f"SESSION#{token_hash}"


def listed_token(person_id: int, token_id: int) -> Key:
    return f"PERSON#{person_id}", f"TOKEN#{number(token_id)}"


def address(email_hash: str) -> Key:
    """The person who has shown that a mail address is theirs."""
    return f"ADDRESS#{email_hash}", "PERSON"


def address_invite(email_hash: str, invite_id: int) -> Key:
    return f"ADDRESS#{email_hash}", f"INVITE#{number(invite_id)}"


def subject(subject_hash: str) -> Key:
    """The person of an account at the OpenID Connect provider."""
    return f"SUBJECT#{subject_hash}", "PERSON"


def sign_in(state_hash: str) -> Key:
    return f"SIGNIN#{state_hash}", "SIGNIN"


def audit(project_id: int, day: str, at_ms: int, random: str) -> Key:
    return f"AUDIT#{project_id}#{day}", f"{at_ms:014d}#{random}"


def invite(id_: int) -> Key:
    return f"INVITE#{id_}", "INVITE"


def invite_uses(id_: int) -> Key:
    return f"INVITE#{id_}", "USES"


def joined_by(invite_id: int, person_id: int) -> Key:
    return f"INVITE#{invite_id}", f"JOINED#{number(person_id)}"


def once(person_id: int, key: str) -> Key:
    return f"ONCE#{person_id}", key


def listed_project(id_: int) -> Key:
    return PROJECTS, number(id_)


def project(id_: int) -> Key:
    return f"PROJECT#{id_}", "PROJECT"


def config(project_id: int, version: int) -> Key:
    return f"PROJECT#{project_id}", f"CONFIG#{version:06d}"


def project_invite(project_id: int, invite_id: int) -> Key:
    return f"PROJECT#{project_id}", f"INVITE#{number(invite_id)}"


def serial(project_id: int) -> Key:
    return f"PROJECT#{project_id}", "SERIAL"


def counts(project_id: int, shard: int) -> Key:
    return f"COUNTS#{project_id}#{shard % SHARDS}", "COUNTS"


def chunk(project_id: int, last_inner: int) -> Key:
    """Ids of neighbouring tasks in one row, named by the last of them: the first row after n holds task n + 1."""
    return f"TASKS#{project_id}", number(last_inner)


def keyed(project_id: int, digest: str) -> Key:
    """The task whose field has a value; the digest is of both."""
    return f"KEYED#{project_id}#{int(digest[:2], 16) % SHARDS}", digest


def keyed_to(project_id: int, field_digest: str) -> Key:
    """How far the tasks of a project are found by the values of a field."""
    return f"PROJECT#{project_id}", f"KEYED#{field_digest}"


def in_state(project_id: int, state: str, inner: int) -> Key:
    return f"TASKS#{project_id}#{state}", number(inner)


SMALL = 10_000
"""Up to this many tasks a project's open tasks are in one partition, so that everybody gets them in one order."""
BLOCK = 500
"""Beyond it so many neighbouring tasks are in one partition, then the next."""


def open_shard(inner: int, position: str) -> int:
    """Where a task is listed: 0 is the start of the project, and all of it in orders other than that of import."""
    return 0 if position or inner <= SMALL else 1 + (inner - 1) // BLOCK % SHARDS


def open_index(project_id: int, lane: str, shard: int) -> str:
    return f"OPEN#{project_id}#{shard}#{lane}"


def open_task(project_id: int, inner: int, lane: str = "", position: str = "") -> Key:
    """`position`: the place in the project's order; empty in the order of import."""
    return open_index(project_id, lane, open_shard(inner, position)), position or number(inner)


def returned_index(project_id: int, lane: str) -> str:
    return f"RETURNED#{project_id}#{lane}"


def returned(project_id: int, at_ms: int, task_id: int, lane: str = "") -> Key:
    return returned_index(project_id, lane), f"{at_ms:014d}#{number(task_id)}"


def own_prefix(project_id: int) -> str:
    return f"OWN#{number(project_id)}#"


def own_task(project_id: int, person_id: int, task_id: int) -> Key:
    """A task that is assigned to a person who may take it now."""
    return f"PERSON#{person_id}", f"{own_prefix(project_id)}{number(task_id)}"


def later_prefix(project_id: int) -> str:
    return f"LATER#{number(project_id)}#"


def later(project_id: int, person_id: int, at_ms: int, task_id: int) -> Key:
    """A task that a person has put off."""
    return f"PERSON#{person_id}", f"{later_prefix(project_id)}{at_ms:014d}#{number(task_id)}"


def lease_index(project_id: int, shard: int) -> str:
    return f"LEASES#{project_id}#{shard}"


def lease(project_id: int, expires_ms: int, task_id: int, person_id: int) -> Key:
    index = lease_index(project_id, task_id % SHARDS)
    return index, f"{expires_ms:014d}#{number(task_id)}#{number(person_id)}"


def sweep_plan(project_id: int) -> Key:
    """Until when a job that looks for leases that ran out is planned."""
    return f"PROJECT#{project_id}", "SWEEP"


def task(id_: int) -> Key:
    return f"TASK#{id_}", "TASK"


def state(task_id: int) -> Key:
    return f"TASK#{task_id}", "STATE"


def consensus(task_id: int) -> Key:
    return f"TASK#{task_id}", "CONSENSUS"


def draft(task_id: int, person_id: int) -> Key:
    return f"TASK#{task_id}", f"DRAFT#{number(person_id)}"


def prediction(task_id: int, id_: int) -> Key:
    return f"TASK#{task_id}", f"PREDICTION#{number(id_)}"


def annotation(id_: int, version: int) -> Key:
    """One version of an annotation. The first one also tells whoever knows only the id what task it is of."""
    return versions(id_), f"VERSION#{version:06d}"


def versions(annotation_id: int) -> str:
    return f"ANNOTATION#{annotation_id}"


def job(id_: int) -> Key:
    return f"JOB#{id_}", "JOB"


def job_listing(id_: int) -> Key:
    """Rows of indexes that the last block of an import still had to write, for when it was cut off."""
    return f"JOB#{id_}", "LISTING"


def listed_job(project_id: int, id_: int) -> Key:
    return f"JOBS#{project_id}", number(id_)


def snapshot(project_id: int, id_: int) -> Key:
    return f"SNAPSHOTS#{project_id}", f"MADE#{number(id_)}"


def snapshot_name(project_id: int, name: str) -> Key:
    """Names are taken once, in whatever case."""
    return f"SNAPSHOTS#{project_id}", f"NAME#{hashlib.sha256(name.casefold().encode()).hexdigest()[:32]}"


TICK: Key = ("META", "TICK")
"""When the next look for webhooks that were left behind is due."""
HOOKS = "HOOKS"


def listed_hook(id_: int) -> Key:
    """Every webhook of the deployment."""
    return HOOKS, number(id_)


def project_hook(project_id: int, id_: int) -> Key:
    """Webhooks of a project; of project 0 those that hear of all projects."""
    return f"HOOKS#{project_id}", number(id_)


def hook(id_: int) -> Key:
    return f"HOOK#{id_}", "HOOK"


def hook_plan(id_: int) -> Key:
    """Until when the next run for a webhook is planned."""
    return f"HOOK#{id_}", "PLAN"


def hook_count(id_: int) -> Key:
    """Verified tasks since the hook was made, for those that hear of every nth."""
    return f"HOOK#{id_}", "COUNT"


def delivery(hook_id: int, id_: int) -> Key:
    return f"HOOK#{hook_id}", f"DELIVERY#{number(id_)}"


def delivery_due(hook_id: int, due_ms: int, id_: int) -> Key:
    return f"HOOK#{hook_id}", f"DUE#{due_ms:014d}#{number(id_)}"


def outbox(project_id: int, at_ms: int, event: str) -> Key:
    """`event`: 32 hex digits. What happened and is not yet handed to the webhooks."""
    return outbox_shard(project_id, int(event[-2:], 16)), f"{at_ms:014d}#{event}"


def outbox_shard(project_id: int, shard: int) -> str:
    return f"OUTBOX#{project_id}#{shard % SHARDS}"


def source(id_: int) -> Key:
    return f"SOURCE#{id_}", "SOURCE"


SOURCES = "SOURCES"


def listed_source(id_: int) -> Key:
    """Every source that results are written back for."""
    return SOURCES, number(id_)


def write_back(project_id: int, task_id: int) -> Key:
    """A task that has changed since it was written back."""
    return f"WRITE#{project_id}", number(task_id)


def source_lock(id_: int) -> Key:
    return f"SOURCE#{id_}", "LOCK"


def project_source(project_id: int, id_: int) -> Key:
    return f"SOURCES#{project_id}", number(id_)


def source_file(id_: int, key: str) -> Key:
    """A file that has become tasks: sort keys may have 1,024 bytes, as many as the keys of a bucket."""
    return source_files(id_), key


def source_files(id_: int) -> str:
    return f"FILES#{id_}"


def gold_list(project_id: int) -> str:
    return f"GOLD#{project_id}"


def gold(project_id: int, kind: str, at_ms: int, task_id: int) -> Key:
    """A task with a known answer, in the order they were made."""
    return gold_list(project_id), f"{kind}#{at_ms:014d}#{number(task_id)}"


def known_answer(task_id: int) -> Key:
    """What the known answer of a task is, and the sk of its row in the list."""
    return f"TASK#{task_id}", "GOLD"


def known_answer_count(task_id: int) -> Key:
    """How many answered a task with a known answer, and the sum of their scores."""
    return f"TASK#{task_id}", "GOLDCOUNT"


def standing(project_id: int, person_id: int) -> Key:
    """A person's scores in a project, and whether they are paused."""
    return f"MEMBERS#{project_id}", f"QUALITY#{number(person_id)}"


def message(project_id: int, person_id: int, at_ms: int) -> Key:
    return messages(project_id, person_id), f"{at_ms:014d}"


def messages(project_id: int, person_id: int) -> str:
    return f"MESSAGES#{project_id}#{person_id}"


def day_count(project_id: int, person_id: int, day: str) -> Key:
    """What one person did on one day, such as 2026-11-22 (UTC)."""
    return day_counts(project_id), f"{number(person_id)}#{day}"


def day_counts(project_id: int) -> str:
    return f"STATS#{project_id}"


def report(project_id: int) -> Key:
    return f"PROJECT#{project_id}", "REPORT"


def prediction_place(id_: int) -> Key:
    """Where a prediction is: its task and project."""
    return f"PREDICTION#{id_}", "PLACE"


def dead_job(due_ms: int, id_: str) -> Key:
    """A job that failed for good, where the store is SQS, which keeps no list that one could look at."""
    return DEAD_JOBS, f"{due_ms:014d}#{id_}"


def removed(task_id: int, annotation_id: int) -> Key:
    """An annotation that was taken out of its task and can be brought back for some days."""
    return f"TASK#{task_id}", f"REMOVED#{number(annotation_id)}"


def removed_of(person_id: int, project_id: int, at_ms: int, annotation_id: int) -> Key:
    return f"PERSON#{person_id}", f"{removed_prefix(project_id)}{at_ms:014d}#{number(annotation_id)}"


def removed_prefix(project_id: int) -> str:
    return f"REMOVED#{number(project_id)}#"


def review(project_id: int, order: int, since_ms: int, task_id: int) -> Key:
    """A task that waits for a reviewer, in the order they get it: `order` (0-9), then who waits longest."""
    return review_shard(project_id, task_id), f"{order}#{since_ms:014d}#{number(task_id)}"


def review_shard(project_id: int, shard: int) -> str:
    return f"REVIEW#{project_id}#{shard % SHARDS}"


def decision(task_id: int, at_ms: int, random: str) -> Key:
    return f"TASK#{task_id}", f"DECISION#{at_ms:014d}#{random}"


def sent_back(person_id: int, project_id: int, task_id: int) -> Key:
    """A task whose annotation a reviewer sent back to its person."""
    return f"PERSON#{person_id}", f"{sent_back_prefix(project_id)}{number(task_id)}"


def sent_back_prefix(project_id: int) -> str:
    return f"BACK#{number(project_id)}#"


def changed(project_id: int, at_ms: int, task_id: int) -> Key:
    """That a task has changed; what about it, the task itself says."""
    return changed_shard(project_id, task_id), f"{at_ms:014d}#{number(task_id)}"


def changed_shard(project_id: int, shard: int) -> str:
    return f"CHANGED#{project_id}#{shard % SHARDS}"


def table(project_id: int) -> Key:
    """Which blocks of the table of tasks there are, and up to when changes are in them."""
    return f"PROJECT#{project_id}", "TABLE"


def bulk(project_id: int, job_id: int) -> Key:
    """What was set of many tasks at once by this job."""
    return f"BULKS#{project_id}", number(job_id)


def bulk_part(project_id: int, job_id: int, n: int) -> Key:
    """Some of the ids that were named."""
    return f"BULK#{project_id}", f"{number(job_id)}#PART#{number(n)}"


def bulk_old(project_id: int, job_id: int, n: int) -> Key:
    """What the tasks of one step had before."""
    return f"BULK#{project_id}", f"{number(job_id)}#OLD#{number(n)}"


def view(project_id: int, id_: int) -> Key:
    """A filter and order of the table of tasks that somebody keeps."""
    return f"VIEWS#{project_id}", number(id_)


def comment(task_id: int, id_: int) -> Key:
    return f"TASK#{task_id}", f"COMMENT#{number(id_)}"


def comment_place(id_: int) -> Key:
    """Where a comment is: its task and project."""
    return f"COMMENT#{id_}", "PLACE"
