"""Files that go from the browser straight to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import auth, media
from chalicelib.auth import Caller
from chalicelib.http import Answer
from chalicelib.problems import Problem, Refusal, problem
from chalicelib.world import World

if TYPE_CHECKING:
    from chalicelib.models import NewUpload

UPLOADED = (
    media.IMAGE_SUFFIXES | media.MEDIA_SUFFIXES | media.DATA_SUFFIXES | media.BESIDE_SUFFIXES | media.ARCHIVE_SUFFIXES
)


def presign(world: World, caller: Caller, project_id: int, files: list[NewUpload]) -> list[dict[str, Any]]:
    """
    Where each file is to be sent; the store itself refuses what is bigger than declared here as the most.

    Raises:
        Refusal: 413 with a problem for each file that is too big, 400 for kinds that cannot be imported.
    """
    auth.require(world, caller, project_id, "manage")
    too_big, unfit = [], []
    for file in files:
        suffix = media.suffix_of(file.name)
        if suffix not in UPLOADED:
            unfit.append(_unfit(file.name))
        elif file.size > _limit(suffix):
            too_big.append(_too_big(file.name, file.size, _limit(suffix)))
    if too_big:
        raise Refusal(413, *too_big, *unfit)
    if unfit:
        raise Refusal(400, *unfit)
    answers = []
    for file in files:
        upload = world.objects.presign_upload(
            media.new_key(project_id, file.name),
            max_bytes=_limit(media.suffix_of(file.name)),
            content_type=media.harmless_type(file.type),
            expires_s=media.UPLOAD_URL_S,
        )
        answers.append(
            {
                "key": upload.key,
                "url": upload.url,
                "method": upload.method,
                "fields": dict(upload.fields),
                "headers": dict(upload.headers),
            }
        )
    return answers


def file(world: World, caller: Caller, project_id: int, address: str) -> Answer:
    """
    Go to the file behind an address as tasks and exports have it: of an upload or of a source of this project.

    Raises:
        Refusal: 400 for addresses on the web, which need nobody's help, and for files of other projects.
    """
    auth.require(world, caller, project_id, "read")
    signed = media.sign(world, project_id, address)
    if not isinstance(signed, str):
        raise Refusal(400, signed)
    if signed == address:
        hint = "Give one that begins with /data/upload/ or names a file of a source; others can be read as they are."
        raise Refusal(400, problem("not-ours", "This is not a file of this project.", where=address[:120], hint=hint))
    return Answer("", 302, {"Location": signed, "Cache-Control": "no-store"})


def _limit(suffix: str) -> int:
    return media.IMAGE_BYTES if suffix in media.IMAGE_SUFFIXES else media.FILE_BYTES


def _too_big(name: str, size: int, limit: int) -> Problem:
    return problem(
        "upload-too-big",
        f"{name} has {size / 1e6:,.0f} MB; {limit / 1e6:,.0f} MB are allowed.",
        where=f"file {name}",
        hint="Make the file smaller, split it, or put it on a web server and import its address.",
    )


def _unfit(name: str) -> Problem:
    shown, tables = media.IMAGE_SUFFIXES | media.MEDIA_SUFFIXES, media.DATA_SUFFIXES | media.ARCHIVE_SUFFIXES
    return problem(
        "upload-unfit",
        f"{name} is of a kind that cannot become tasks.",
        where=f"file {name}",
        hint=f"Media may be {', '.join(sorted(shown))}; files with tasks {', '.join(sorted(tables))}.",
    )
