"""Bodies of requests about people: links, sessions, roles, tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.access import May, Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
]
Group = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Body(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Join(Body):
    """Open an invite link."""

    invite: str = Field(max_length=400)
    name: Name = Field("", description="Not needed by a browser that has a session.")
    email: str = Field("", max_length=254, description="For a link that is bound to an address.")


class OwnSettings(BaseModel):
    """A JSON object that the pages keep for a person: at most 16 KB."""

    model_config = ConfigDict(extra="allow")


class PreviewInvite(Body):
    """Ask what an invite link leads to."""

    invite: str = Field(max_length=400)


class NewInvite(Body):
    """A link for new people. Links for owners and managers are made by owners."""

    role: Role = "annotator"
    days: int = Field(30, ge=1, le=365, description="After so many days the link stops working.")
    max_uses: int | None = Field(None, ge=1, le=10_000, description="So many people may join by it; null: any number.")
    email: Address | None = Field(None, description="Only the person with this mail address may join.")


class ChangePerson(Body):
    """Members that are absent stay as they are. Owners and managers are made and changed by owners."""

    role: Role | None = None
    groups: list[Group] | None = Field(None, max_length=50, description="Names that tasks can be assigned to.")


class NewToken(Body):
    """A token for scripts. It never may more than the person who made it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    scope: list[May | Literal["create", "write"]] = Field(
        min_length=1, description="Permissions; `write` is label, read, review and manage."
    )
    projects: list[int] | None = Field(None, min_length=1, max_length=100, description="null: all of the person's.")
    days: int | None = Field(365, ge=1, le=3650, description="null: until it is revoked.")
