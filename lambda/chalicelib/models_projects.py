"""Bodies of requests about whole projects; see models.py."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.models import Body, Title


class NewProjectFile(Body):
    """A whole project as one file."""

    media: bool = Field(
        False, description="Uploaded media come along; addresses on the web and in buckets stay addresses."
    )


class NewFile(Body):
    """A project file that is going to be uploaded."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    size: int = Field(ge=0, description="Bytes.")


class RestoreProject(Body):
    """The project file is uploaded."""

    upload: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(
        description="The key of the upload."
    )


class Duplicate(Body):
    """Another project like this one."""

    project: int = Field(ge=1, description="The one that is copied.")
    title: Title | None = Field(None, description="Absent: the title with “(copy)”.")
    data: bool = Field(False, description="With its tasks, answers and all that belongs to them, and uploaded media.")
