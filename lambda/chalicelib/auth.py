"""Who is calling, and what they may see."""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from chalicelib import access, api_tokens, keys, sessions
from chalicelib.access import May, Role
from chalicelib.problems import Refusal, not_found, refuse
from chalicelib.world import World

COOKIE = "kite_session"
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` 0: nobody we know."""

    person: int = 0
    name: str = ""
    role: Role = "annotator"
    """In the deployment: `owner` owns every project, everybody else has what their memberships say."""
    session: str = ""
    """Hash of the session's token; empty for scripts with an API token."""
    email: str = ""
    """The address that the provider vouched for at sign-in."""
    token: str = ""
    """`token <id>` of the API token; empty for people."""
    scope: frozenset[str] | None = None
    """What the API token may do at most; None: all that its person may."""
    projects: frozenset[int] | None = None
    """The projects that the API token is for; None: all of its person's."""

    @property
    def known(self) -> bool:
        return self.person > 0

    @property
    def is_owner(self) -> bool:
        return self.known and self.role == "owner"


NOBODY = Caller()


@dataclass(slots=True)
class Asked:
    """What one request asked: so that a handler that forgot to ask does not answer, and no membership is read twice."""

    may: set[str] = field(default_factory=set)
    found: dict[tuple[int, int], Access] = field(default_factory=dict)
    """By person and project."""
    cookie: str = ""
    """The header that gives the browser the new token of its session."""


_asked: contextvars.ContextVar[Asked | None] = contextvars.ContextVar("asked", default=None)


@contextlib.contextmanager
def watch() -> Iterator[Asked]:
    """While a request is answered."""
    asked = Asked()
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


def _note(may: str) -> None:
    asked = _asked.get()
    if asked is not None:
        asked.may.add(may)


def authenticate(world: World, method: str, headers: Mapping[str, str]) -> Caller:
    """
    The caller of a request; NOBODY without credentials or with a session that has ended.

    Args:
        headers: names in lower case.
    Raises:
        Refusal: 401 for an API token that is unknown, 403 for a write by cookie that another site may have sent.
    """
    authorization = headers.get("authorization", "")
    if authorization:
        return _by_token(world, authorization)
    cookie = cookie_of(headers, COOKIE)
    if not cookie:
        return NOBODY
    if method not in READING:
        _require_own_origin(world, headers)
    found = sessions.opened(world, cookie)
    if found is None:
        return NOBODY
    request = _asked.get()
    if found.fresh and request is not None:
        request.cookie = cookie_header(found.fresh, secure=is_secure(world, headers))
    body = found.body
    return Caller(body["person"], body["name"], body["role"], found.hash, body.get("email", ""))


def _by_token(world: World, authorization: str) -> Caller:
    scheme, _, token = authorization.partition(" ")
    row = api_tokens.opened(world, token.strip()) if token.strip() else None
    if scheme.lower() not in ("token", "bearer") or row is None:
        raise refuse(
            401,
            "bad-token",
            "This API token is not known here: it was never made, was revoked, or has expired.",
            hint="Send `Authorization: Token …` with a token from POST /api/tokens or `labelkite token`.",
        )
    scope, projects = row.get("scope"), row.get("projects")
    return Caller(
        row["person"],
        row["name"],
        row["role"],
        token=f"token {row.get('id', 0)}",
        scope=None if scope is None else frozenset(scope),
        projects=None if projects is None else frozenset(projects),
    )


def cookie_of(headers: Mapping[str, str], wanted: str) -> str:
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == wanted:
            return value
    return ""


def _require_own_origin(world: World, headers: Mapping[str, str]) -> None:
    origin = headers.get("origin", "")
    if origin and _is_own(world, origin, headers.get("host", "")):
        return
    if not origin and headers.get("sec-fetch-site") == "same-origin":
        return
    raise refuse(
        403,
        "foreign-origin",
        "This request came from another site, so nothing was changed.",
        hint="Use the page of this server itself; scripts send an API token instead of a cookie.",
    )


def _is_own(world: World, origin: str, host: str) -> bool:
    if world.public_url and origin == _origin_of(world.public_url):
        return True
    if world.public_url.startswith("https:"):  # whoever says so is reached there and nowhere else
        return False
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def own_origin(world: World, headers: Mapping[str, str]) -> str:
    """Where the caller sees this site: the start of the links that we hand out."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    if origin and _is_own(world, origin, host):
        return origin
    if world.public_url:
        return _origin_of(world.public_url)
    return f"{headers.get('x-forwarded-proto', 'http')}://{host}"


def is_secure(world: World, headers: Mapping[str, str]) -> bool:
    return own_origin(world, headers).startswith("https:")


def require_known(caller: Caller) -> None:
    if not caller.known:
        raise refuse(
            401,
            "not-joined",
            "You are not signed in.",
            hint="Open the link that you were sent once more; it brings you back to your work.",
        )


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller may do in one project."""

    project: Mapping[str, Any]
    role: Role
    may: frozenset[May]


def look(world: World, caller: Caller, project_id: int) -> Access | None:
    """None: for this caller the project does not exist. Read in each request, so changes count from the next one on."""
    if not caller.known or (caller.projects is not None and project_id not in caller.projects):
        return None
    asked = [keys.project(project_id)]
    if not caller.is_owner:
        asked.append(keys.membership(caller.person, project_id))
    found = world.records.get_many(asked)
    if len(found) != len(asked) or found[asked[0]].body.get("deleted_at"):
        return None
    role: Role = "owner" if caller.is_owner else found[asked[1]].body["role"]
    seen = Access(found[asked[0]].body, role, _narrowed(caller, role))
    request = _asked.get()
    if request is not None:
        request.found[caller.person, project_id] = seen
    return seen


def _seen(world: World, caller: Caller, project_id: int) -> Access | None:
    """As `look`, but read once in a request."""
    request = _asked.get()
    found = request.found.get((caller.person, project_id)) if request is not None else None
    return found or look(world, caller, project_id)


def _narrowed(caller: Caller, role: Role) -> frozenset[May]:
    may = access.of_role(role)
    return may if caller.scope is None else may & caller.scope


def require(world: World, caller: Caller, project_id: int, may: May) -> Mapping[str, Any]:
    """
    The project's record body, for those whose role allows it. For strangers the project does not exist.

    Raises:
        Refusal: 401 without a session, 404 for strangers, 403 for members whose role (or whose token) allows less.
    """
    return require_access(world, caller, project_id, may).project


def require_access(
    world: World, caller: Caller, project_id: int, may: May, *, kind: str = "project", shown: int | None = None
) -> Access:
    """As `require`, with the role. `kind` and `shown` name what strangers hear not to exist, when it is no project."""
    require_known(caller)
    found = _seen(world, caller, project_id)
    if found is None:
        raise not_found(kind, project_id if shown is None else shown)
    _note(may)
    if may in found.may:
        return found
    if may in access.of_role(found.role):
        raise narrow_token(may)
    raise refuse(403, "not-allowed", access.REFUSED[may], hint="Ask the person who sent you the link.")


def allowed(world: World, caller: Caller, project_id: int, may: May) -> bool:
    """For what some may and others see less of; `require` for what is refused."""
    found = _seen(world, caller, project_id)
    return found is not None and may in found.may


def require_whole(project: Mapping[str, Any]) -> None:
    """
    For what would mix with, or miss, what is still being read from the project's file.

    Raises:
        Refusal: 409 while it is.
    """
    if project.get("restoring"):
        raise refuse(
            409,
            "restoring",
            "This project is still being read from its file.",
            hint="Wait until it is there, or delete it.",
        )


def require_deployment(caller: Caller, may: Literal["own", "create"]) -> None:
    """For what belongs to no project: an owner of the deployment."""
    require_known(caller)
    _note(may)
    if not caller.is_owner:
        raise refuse(
            403, "owner-only", "Only an owner of this server may do this.", hint="Ask the person who sent you the link."
        )
    if caller.projects is not None or (caller.scope is not None and may not in caller.scope):
        raise narrow_token(may)


def may_create(caller: Caller) -> bool:
    """Whether `require_deployment(caller, "create")` would let them through: for pages that offer it."""
    within = caller.projects is None and (caller.scope is None or "create" in caller.scope)
    return caller.is_owner and within


def require_somewhere(world: World, caller: Caller, may: May) -> None:
    """For what needs a permission, but in no project in particular."""
    require_known(caller)
    _note(may)
    if caller.scope is not None and may not in caller.scope:
        raise narrow_token(may)
    if not caller.is_owner and not any(may in seen.may for seen in projects_of(world, caller).values()):
        raise refuse(403, "not-allowed", access.REFUSED[may], hint="Ask the person who sent you the link.")


def projects_of(world: World, caller: Caller) -> dict[int, Access]:
    """What the caller may in each of their projects (a hundred at most; an owner of the deployment: the newest)."""
    roles: dict[int, Role]
    if caller.is_owner and caller.projects is None:
        page = world.records.query(keys.PROJECTS, limit=100, reverse=True)
        roles = {row.body["id"]: "owner" for row in page.records}
    elif caller.is_owner:
        roles = dict.fromkeys(sorted(caller.projects or ())[:100], "owner")
    else:
        page = world.records.query(f"PERSON#{caller.person}", "MEMBER#", limit=100)
        roles = {row.body["project"]: row.body["role"] for row in page.records}
        roles = {id_: role for id_, role in roles.items() if caller.projects is None or id_ in caller.projects}
    found = world.records.get_many([keys.project(id_) for id_ in roles])
    rights = {role: _narrowed(caller, role) for role in set(roles.values())}
    return {
        id_: Access(found[key].body, role, rights[role])
        for id_, role in roles.items()
        if (key := keys.project(id_)) in found and not found[key].body.get("deleted_at")
    }


def narrow_token(may: str) -> Refusal:
    return refuse(
        403,
        "narrow-token",
        f"This API token does not allow `{may}`.",
        hint="Make a token with a wider scope, or leave the call out.",
    )


def cookie_header(token: str, *, secure: bool, max_age_s: int = sessions.SESSION_S) -> str:
    return f"{COOKIE}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")


def link_problem(code: str) -> Refusal:
    """Why an invite does not open, in the words of a person who only sees a link."""
    status, message, hint = {
        "link-unknown": (
            404,
            "This link does not belong to this server, or it was not copied whole.",
            "Copy the whole link again, or ask the person who sent it for a new one.",
        ),
        "link-expired": (410, "This link has expired.", "Ask the person who sent it for a new one."),
        "link-revoked": (410, "This link was switched off by its owner.", "Ask the person who sent it for a new one."),
        "link-used-up": (
            410,
            "This link has been used as often as it may be.",
            "Ask the person who sent it for a new one.",
        ),
        "link-removed": (
            403,
            "You were removed from this project, so this link does not bring you back.",
            "Ask the owner for a new link.",
        ),
        "link-archived": (
            410,
            "This project is archived: its work is over, and no tasks are given out any more.",
            "Ask the person who sent the link if you think that this is wrong.",
        ),
        "link-project-gone": (410, "The project of this link was deleted.", "Ask the person who sent it what to do."),
    }[code]
    return refuse(status, code, message, hint=hint)
