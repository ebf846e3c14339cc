"""What came together (several uploads, or the files of one archive) as tasks, in order, each with the place behind it.

The place is `part` (its number) and `place` in it. What a part gives does not depend on where the reading began, only
media that no other part names must be known from all parts before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib import import_archive, import_media, import_rows, media
from chalicelib.configs import Config
from chalicelib.import_rows import Check, Cursor, Found, Task
from chalicelib.problems import Problem, problem
from chalicelib.storage.ports import NotFound
from chalicelib.world import World

if TYPE_CHECKING:
    from labeling.imports import Options
    from labeling.imports.archives import Archive
    from labeling.imports.bundles import Bundle, Part

Moved = Callable[[int], None]
"""Is told of bytes that were read or stored."""


class Files:
    """One bundle, opened. `bundle` is None where nothing of it can be read; `problems` say why, or what is left out."""

    def __init__(
        self, world: World, project_id: int, uploads: Sequence[str], moved: Moved, *, measured: bool = True
    ) -> None:
        """
        Args:
            measured: ask for the size of each upload, for the progress; else those that are missing are told later.
        """
        self.world, self.project, self.moved, self._measured = world, project_id, moved, measured
        self.uploads = tuple(uploads)
        self.problems: list[Problem] = []
        self.bundle: Bundle | None = None
        self._keys: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._archive: Archive | None = None
        self._stored: set[str] = set()
        self._embedded: dict[str, tuple[str, bytes]] = {}
        self.kept: import_rows.Kept = {}
        self.known_to = 0
        """Parts up to here have told which media they use."""
        if len(uploads) == 1 and media.suffix_of(uploads[0]) in media.ARCHIVE_SUFFIXES:
            self._open_archive(uploads[0])
        else:
            self._open_uploads()

    def _open_archive(self, key: str) -> None:
        from labeling.imports import archives, bundles

        name = import_media.name_of(key)
        if not media.is_of_project(key, self.project):
            self.problems.append(import_media.foreign(name))
            return
        try:
            opened = import_archive.open_stored(self.world.objects, key, name)
        except NotFound:
            self.problems.append(import_media.missing(name))
            return
        if not isinstance(opened, archives.Archive):
            self.problems.append({**opened})
            return
        self._archive = opened
        self.problems += [{**told} for told in opened.refused]
        self._keys = {path: import_archive.key_of(self.project, key, path) for path in opened.paths}
        self._sizes = {path: opened.packed_size(path) for path in opened.paths}
        self.bundle = bundles.Bundle(opened.paths, opened.pieces, self._address, self._embed)

    def _open_uploads(self) -> None:
        from labeling.imports import bundles

        paths: list[str] = []
        for number, key in enumerate(self.uploads, 1):
            name = import_media.name_of(key)
            if not media.is_of_project(key, self.project):
                self.problems.append(import_media.foreign(name))
                continue
            info = self.world.objects.head(key) if self._measured else None
            if self._measured and info is None:
                self.problems.append(import_media.missing(name))
                continue
            path = name if name not in self._keys else f"{number}/{name}"
            self._keys[path], self._sizes[path] = key, info.size if info is not None else 0
            paths.append(path)
        self.bundle = bundles.Bundle(paths, self._uploaded, self._address, self._embed)

    def _uploaded(self, path: str, start: int) -> Iterator[bytes]:
        return self._stream(path, start, import_rows.PIECE_BYTES)

    def _stream(self, path: str, start: int, piece: int) -> Iterator[bytes]:
        from labeling.imports.archives import Damaged

        try:
            return self.world.objects.stream(self._keys[path], piece, start=start)
        except NotFound:
            told: Any = import_media.missing(import_media.name_of(self._keys[path]))
            raise Damaged(path, told) from None

    def head(self, path: str) -> bytes:
        """What tells the kind of a file of media."""
        if self._archive is not None:
            return next(self._archive.pieces(path), b"")[: import_media.HEAD_BYTES]
        return next(iter(self._stream(path, 0, import_media.HEAD_BYTES)), b"")

    def _address(self, path: str) -> str:
        return media.data_url(self._keys[path])

    def _embed(self, path: str, name: str, data: bytes) -> str:
        key = import_archive.key_of(self.project, self._keys[path], name)
        self._embedded[key] = (name, data)
        return media.data_url(key)

    def embedded(self) -> dict[str, tuple[str, bytes]]:
        """By key the name and bytes of each file that the last row of a table held; they are let go."""
        found, self._embedded = self._embedded, {}
        return found

    def key(self, path: str) -> str:
        return self._keys[path]

    def size(self, part: Part) -> int:
        """Bytes of a part's files, as they lie in the store."""
        return sum(self._sizes.get(path, 0) for path in (part.path, part.labels) if path)

    def pieces(self, path: str) -> import_rows.Pieces:
        def read(start: int) -> Iterator[bytes]:
            assert self.bundle is not None
            for piece in self.bundle.pieces(path, start):
                self.moved(len(piece))
                yield piece

        return read

    def fault(self, path: str) -> list[Problem]:
        """Why a file of media cannot be shown; nothing if it can."""
        from labeling.imports.archives import Damaged

        try:
            return [] if media.kind_of(self.head(path)) else [import_media.unfit(path)]
        except Damaged as damaged:
            return [{**damaged.problem}]

    @property
    def is_archive(self) -> bool:
        return self._archive is not None

    def forget(self, path: str) -> None:
        """Delete an upload that is no media, whatever its name says."""
        if self._archive is None and self.world.objects.head(self.key(path)) is not None and self.fault(path):
            self.world.objects.delete(self.key(path))

    def keep(self, path: str) -> list[Problem]:
        """See to it that a file of media is an upload of the project; why that cannot be."""
        from labeling.imports.archives import Damaged

        if self._archive is None or path in self._stored:
            return []
        try:
            self.world.objects.put_stream(self.key(path), self.pieces(path)(0), content_type="application/octet-stream")
        except Damaged as damaged:
            return [{**damaged.problem}]
        self._stored.add(path)
        return []


def bundles_of(uploads: Sequence[str]) -> list[list[str]]:
    """Uploads that are read together: every archive is one bundle, all other files are one."""
    archives = [[key] for key in uploads if media.suffix_of(key) in media.ARCHIVE_SUFFIXES]
    others = [key for key in uploads if media.suffix_of(key) not in media.ARCHIVE_SUFFIXES]
    return [*([others] if others else []), *archives]


def read(
    config: Config,
    options: Options,
    check: Check,
    files: Files,
    cursor: Mapping[str, Any],
    *,
    dry: bool = False,
) -> Iterator[Found]:
    """
    Args:
        cursor: `part` and `place`, absent at the start.
        dry: nothing is stored.
    """
    begun = cursor.get("part", -1)
    if begun < 0:
        for told in files.problems:
            yield None, [told], _fixed(0)
    bundle = files.bundle
    if bundle is None:
        return
    for number in range(max(begun, 0), len(bundle.parts)):
        part = bundle.parts[number]
        place = cursor.get("place") if number == begun else None
        if part.kind == "media":
            _know(config, options, files, number)
            if part.path in bundle.used:
                continue
        for task, problems, there in _part(config, options, check, files, part, place):
            shown = bundle.files_of(task) if task is not None else []
            faults = [fault for path in shown for fault in files.fault(path)] if part.kind != "media" else []
            held = files.embedded()
            faults += [import_media.unfit(name) for name, data in held.values() if not media.kind_of(data)]
            if not dry and task is not None and not faults:
                faults = [fault for path in shown for fault in files.keep(path)]
                for key, (_, data) in held.items():
                    files.world.objects.put(key, data, content_type="application/octet-stream")
            if not dry and part.kind == "media" and problems:
                files.forget(part.path)
            yield (None if faults else task), [*problems, *faults], _within(number, there)
        if files.known_to == number and place is None:
            files.known_to = number + 1
        yield None, [], _fixed(number + 1)


def _know(config: Config, options: Options, files: Files, number: int) -> None:
    """Read the parts before once more as far as this process has not: which media they use."""
    bundle = files.bundle
    assert bundle is not None
    while files.known_to < number:
        part = bundle.parts[files.known_to]
        if part.kind == "file":
            for task, _, _ in _part(config, options, lambda _task, _where: [], files, part, None):
                if task is not None:
                    bundle.files_of(task)
        elif part.kind == "yolo":
            bundle.used.add(part.path)  # harmless where it is that of labels
        files.known_to += 1


def _part(
    config: Config, options: Options, check: Check, files: Files, part: Part, place: Cursor | None
) -> Iterator[tuple[Task | None, list[Problem], Callable[[], Any]]]:
    from labeling.imports.archives import Damaged

    try:
        if part.kind == "refused":
            assert part.problem is not None
            yield None, [{**part.problem}], lambda: None
        elif part.kind == "media":
            yield _media(config, files, part)
        elif part.kind == "yolo":
            yield _yolo(config, options, check, files, part)
        else:
            yield from _file(config, options, check, files, part, place)
    except Damaged as damaged:
        yield None, [{**damaged.problem}], lambda: {"nothing": True, "offset": 0}


def _file(
    config: Config, options: Options, check: Check, files: Files, part: Part, place: Cursor | None
) -> Iterator[Found]:
    bundle = files.bundle
    assert bundle is not None
    found = import_rows.read(
        config, check, files.pieces(part.path), part.path, place, options=options, beside=bundle.beside(part.path),
        kept=files.kept, resolve=_resolver(files, options, part.path),
    )  # fmt: skip
    yield from found


def _resolver(files: Files, options: Options, path: str) -> import_rows.Resolve:
    """Names of files that are here, or behind the root; of an archive all others are lost: nobody could show them."""
    from labeling.imports.options import address_of

    bundle = files.bundle
    assert bundle is not None
    beside = bundle.beside(path)

    def resolve(task: Task, fields: set[str], where: str) -> tuple[Task, list[Problem]]:
        lost: list[Problem] = []

        def resolved(value: Any) -> Any:
            if isinstance(value, list):
                return [resolved(item) for item in value]
            if not isinstance(value, str):
                return value
            found = address_of(value, beside, options)
            if found is None and files.is_archive:
                message = f"The file {value[:120]!r} is not in the archive."
                hint = "Put it there, write its whole address, or say where such files are (image_root)."
                lost.append(problem("no-image-file", message, where=where, hint=hint))
            return value if found is None else found

        changed = {name: resolved(task["data"][name]) for name in fields if name in task["data"]}
        return {**task, "data": {**task["data"], **changed}} if changed else task, lost

    return resolve


def _media(config: Config, files: Files, part: Part) -> tuple[Task | None, list[Problem], Callable[[], Any]]:
    head = files.head(part.path)
    task, problems = import_media.task_of_head(config, files.key(part.path), part.path, head)
    return task, problems, lambda: None


def _yolo(
    config: Config, options: Options, check: Check, files: Files, part: Part
) -> tuple[Task | None, list[Problem], Callable[[], Any]]:
    from labeling.imports import bundles, yolo
    from labeling.imports.decode import decode
    from labeling.imports.targets import Targets
    from labeling.imports.tasks import TaskReader

    bundle = files.bundle
    assert bundle is not None
    where = part.labels
    targets = Targets(config.plan)
    if not targets.object:
        hint = 'Add an object, e.g. <Image name="image" value="$image"/>, then import again.'
        return None, [import_media.refused("no-image-object", where, "The config shows no image.", hint)], lambda: None
    text = decode(part.labels, bundle.whole(part.labels, bundles.MOST_LABEL_BYTES))
    if not isinstance(text, str):
        place = f"{where}, {text['where']}"
        return None, [problem(text["code"], text["message"], where=place, hint=text["hint"])], lambda: None
    if part.address:
        address, size = part.address, None
    else:
        address, size = media.data_url(files.key(part.path)), bundle.size_of(part.path)
    made, problems = yolo.task(address, text, part.names, targets, options, size, where)
    task, found = TaskReader(config.plan).task(made, part.path)
    faults: list[Any] = [*found, *(check(task, where) if task is not None else [])]
    told: list[Any] = [*problems, *faults, *({**note, "severity": "warning"} for note in targets.notes.listed())]
    return (None if faults else task), told, lambda: None


def _fixed(number: int) -> Callable[[], Cursor]:
    return lambda: {"part": number, "place": None}


def _within(number: int, place: Callable[[], Any]) -> Callable[[], Cursor]:
    def there() -> Cursor:
        at = place()
        return {"part": number, "place": at} if at is not None else {"part": number + 1, "place": None}

    return there
