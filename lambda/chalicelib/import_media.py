"""An uploaded picture, sound, video or PDF as a task: what its first bytes prove, and where the config shows it."""

from __future__ import annotations

from typing import Any

from chalicelib import media
from chalicelib.configs import Config
from chalicelib.problems import Problem, problem
from chalicelib.world import World

HEAD_BYTES = 4096
NAMES = {"image": "image", "audio": "sound", "video": "video", "pdf": "PDF"}
TAGS = {"image": "an <Image>", "audio": "an <Audio>", "video": "a <Video>", "pdf": "a <Pdf>"}


def name_of(key: str) -> str:
    """The name that the file of an upload's key had, for the problems' places."""
    return key.rpartition("/")[2][37:] or key[:120]


def task_of(world: World, config: Config, key: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """
    The task, or why there is none. What no browser shows is deleted, whatever its name says.

    Raises:
        NotFound: the file did not arrive.
    """
    head = next(iter(world.objects.stream(key, HEAD_BYTES)), b"")
    if not media.kind_of(head):
        world.objects.delete(key)
    return task_of_head(config, key, name_of(key), head)


def task_of_head(config: Config, key: str, name: str, head: bytes) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The task of a file whose first HEAD_BYTES are known, or why there is none."""
    kind = media.kind_of(head)
    if not kind:
        return None, [unfit(name)]
    if kind not in config.media_fields:
        message = f"The config shows no {NAMES[kind]}, so this file cannot be a task."
        return None, [refused("no-media-field", name, message, f"Add {TAGS[kind]} to the config, or import text.")]
    data = {config.media_fields[kind]: media.data_url(key)}
    return {"data": data, "file_upload": key.rpartition("/")[2]}, []


def unfit(name: str) -> Problem:
    message = "This file is not of a kind that browsers show, whatever its name says."
    hint = "Save images as JPEG, PNG or TIFF, sound as MP3 or WAV, video as MP4 or WebM."
    return refused("no-media", name, message, hint)


def refused(code: str, name: str, message: str, hint: str) -> Problem:
    """A problem with a whole file."""
    return problem(code, f"{name}: {message}", where=f"file {name}", hint=hint)


def foreign(name: str) -> Problem:
    return refused("foreign-upload", name, "It was not uploaded to this project.", "Upload it here.")


def missing(name: str) -> Problem:
    return refused("no-upload", name, "The file did not arrive.", "Send it again.")
