"""The key of every record. One function per row, so that a key is spelled in one place only; docs/storage.md tells why.

Numbers are padded to twelve digits so that code point order is number order.
"""

from __future__ import annotations

Key = tuple[str, str]

SHARDS = 8
"""Counters of a project are spread over this many records, so that a thousand submits a second meet no hot key."""


def number(n: int) -> str:
    return f"{n:012d}"


IDS: Key = ("META", "IDS")
SCRIPT_PERSON: Key = ("META", "SCRIPT")
OWNER_INVITES = "INVITES#owner"
PROJECTS = "PROJECTS"


def person(id_: int) -> Key:
    return f"PERSON#{id_}", "PROFILE"


def membership(person_id: int, project_id: int) -> Key:
    return f"PERSON#{person_id}", f"MEMBER#{number(project_id)}"


def member(project_id: int, person_id: int) -> Key:
    return f"MEMBERS#{project_id}", f"PERSON#{number(person_id)}"


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


def invite(id_: int) -> Key:
    return f"INVITE#{id_}", "INVITE"


def invite_uses(id_: int) -> Key:
    return f"INVITE#{id_}", "USES"


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
    return f"PROJECT#{project_id}", f"COUNTS#{shard % SHARDS}"


def chunk(project_id: int, last_inner: int) -> Key:
    """Ids of neighbouring tasks in one row, named by the last of them: the first row after n holds task n + 1."""
    return f"TASKS#{project_id}", number(last_inner)


def in_state(project_id: int, state: str, inner: int) -> Key:
    return f"TASKS#{project_id}#{state}", number(inner)


def open_task(project_id: int, inner: int) -> Key:
    return f"OPEN#{project_id}", number(inner)


def returned(project_id: int, at_ms: int, task_id: int) -> Key:
    return f"RETURNED#{project_id}", f"{at_ms:014d}#{number(task_id)}"


def lease(project_id: int, expires_ms: int, task_id: int, person_id: int) -> Key:
    return f"LEASES#{project_id}", f"{expires_ms:014d}#{number(task_id)}#{number(person_id)}"


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


def annotation(task_id: int, id_: int, version: int) -> Key:
    return f"TASK#{task_id}", f"ANNOTATION#{number(id_)}#{version:06d}"


def annotation_place(id_: int) -> Key:
    """Where the versions of an annotation are: its task, its project, its person."""
    return f"ANNOTATION#{id_}", "PLACE"
