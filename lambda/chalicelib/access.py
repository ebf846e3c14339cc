"""Who may do what: the one table. Deny by default: what is not in it is not allowed.

A role is held in a project, by membership. Beside that an owner of the deployment (whoever opened the first link) owns
every project. A role gives permissions; every route names the one permission it needs (`serve(who=…)`), or one of the
two words for routes that belong to no project's data.
"""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["owner", "manager", "reviewer", "annotator", "viewer"]
May = Literal["label", "read", "review", "manage", "own"]
"""Permissions in a project: work on tasks; see everything; decide reviews; change settings and people; delete it."""
Who = Literal["anyone", "known", "label", "read", "review", "manage", "own", "create"]
"""What a route asks for: nothing; a session or token; a permission in its project (routes without a project: in any
project, `own` and `create`: of the deployment)."""

ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[May, ...] = get_args(May)
WORDS: tuple[Who, ...] = get_args(Who)

# fmt: off
ROLE: dict[Role, frozenset[May]] = {
    "owner":     frozenset({"label", "read", "review", "manage", "own"}),
    "manager":   frozenset({"label", "read", "review", "manage"}),
    "reviewer":  frozenset({"label", "read", "review"}),
    "annotator": frozenset({"label"}),
    "viewer":    frozenset({"read"}),
}
# fmt: on

MEANS: dict[Who, str] = {
    "anyone": "Anyone.",
    "known": "Everybody who is signed in.",
    "label": "Owners, managers, reviewers and annotators of the project.",
    "read": "Owners, managers, reviewers and viewers of the project.",
    "review": "Owners, managers and reviewers of the project.",
    "manage": "Owners and managers of the project.",
    "own": "Owners of the project.",
    "create": "Owners of the whole server.",
}
REFUSED: dict[May, str] = {
    "label": "You may look at this project, but not label in it.",
    "read": "Only people who may see everybody's work in this project may do this.",
    "review": "Only reviewers, managers and owners of this project may do this.",
    "manage": "Only managers and owners of this project may do this.",
    "own": "Only an owner of this project may do this.",
}


def of_role(role: str) -> frozenset[May]:
    """Permissions of a stored role; an unknown one gives none."""
    return next((may for name, may in ROLE.items() if name == role), frozenset())


def require_word(who: str, route: str) -> None:
    """
    Raises:
        ValueError: at import, for a route whose permission is not one of the words.
    """
    if who not in WORDS:
        raise ValueError(f"{route}: who={who!r} is none of {', '.join(WORDS)}")
