"""`labelkite backup` and `labelkite restore`: everything of a deployment in one folder, from and into both stores."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelkite.cli_store import add_store, open_aws_store
from labelkite.locations import NotBuilt, use_lambda

if TYPE_CHECKING:
    from chalicelib.storage.whole import Source, Target

DATA = Path("labelkite-data")
TOLD_EVERY_S = 2.0


def add_commands(subparsers: Any) -> None:
    backup = subparsers.add_parser(
        "backup",
        help="copy everything into a folder",
        description="Copy every record and every file of a deployment into a folder, while people work. "
        "Into the folder of an earlier backup only files that it has not got are copied.",
    )
    backup.add_argument("folder", type=Path, metavar="FOLDER", help="where the backup goes, or is")
    _add_data(backup)
    add_store(backup)
    _add_name(backup)
    backup.add_argument("--check", action="store_true", help="make none: read the one in FOLDER and compare all hashes")
    backup.add_argument(
        "--moment", action="store_true",
        help="on AWS: read a copy of the table as it was some minutes ago (point-in-time recovery), where people never "
        "pause; takes longer, and the copy costs while it is there",
    )  # fmt: skip
    backup.set_defaults(run=lambda arguments: _told(run_backup, arguments))
    restore = subparsers.add_parser(
        "restore",
        help="write a backup into an empty deployment",
        description="Write a backup into a data folder or a table and bucket that hold nothing yet, and compare.",
    )
    restore.add_argument("folder", type=Path, metavar="FOLDER", help="the backup")
    _add_data(restore)
    add_store(restore, create=True)
    _add_name(restore)
    restore.add_argument("--replace", action="store_true", help="delete everything that is in the store before")
    restore.add_argument(
        "--new-secret", action="store_true", help="end every session, link and address; tokens of scripts stay valid"
    )
    restore.set_defaults(run=lambda arguments: _told(run_restore, arguments))


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, default=DATA, metavar="DIR", help=f"folder with the data, unless on AWS (default {DATA})"
    )


def _add_name(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--name", default="", metavar="NAME", help="the deployment on AWS of this name, instead of its table and so on"
    )


def _told(run: Any, arguments: argparse.Namespace) -> int:
    """Run a command; say in two lines why it cannot go on."""
    use_lambda()
    from chalicelib.storage.ports import StorageError
    from chalicelib.storage.whole import Moving

    from labelkite.backup.archive import BadBackup
    from labelkite.backup.restoring import NotEmpty, NotTheSame
    from labelkite.deploy import refusals
    from labelkite.deploy.account import DeployFailed

    try:
        run(arguments)
        return 0
    except (NotBuilt, BadBackup, DeployFailed) as failed:
        what, hint = str(failed), failed.hint
    except Moving as failed:
        what, hint = str(failed), "Add --moment to read a copy of the table, or try again when fewer people work."
    except NotEmpty as failed:
        what, hint = str(failed), "Choose an empty one, or add --replace to delete what is there."
    except NotTheSame as failed:
        what, hint = str(failed), "Stop what else writes there, then run the same restore again with --replace."
    except StorageError as failed:
        right = refusals.denied(str(failed), arguments.name or "NAME")
        what = str(right or failed)
        again = "Run the same command again: it goes on where it stopped."
        hint = right.hint if right else getattr(failed, "hint", again)
    except OSError as failed:
        what, hint = f"{failed.filename or ''}: {failed.strerror or failed}", "Free some space or name another folder."
    except Exception as error:
        told = refusals.explain(error, arguments.name or "NAME", arguments.region or "")
        if told is None:
            raise
        what, hint = str(told), told.hint
    sys.stderr.write(f"{what}\n{hint}\n")
    return 1


def run_backup(arguments: argparse.Namespace) -> None:
    from labelkite.backup.archive import Archive
    from labelkite.backup.making import check, make

    archive, progress = Archive(arguments.folder.absolute()), Progress()
    if arguments.check:
        manifest = archive.manifest()
        check(archive, manifest, progress, contents=True)
        _say(f"{_in_words(manifest)}: all hashes are as they were written.")
        return
    _find_deployment(arguments)
    source = _source(arguments)
    try:
        manifest = make(source, archive, progress)
    finally:
        source.close()
    gone = manifest["objects"]["gone"]
    _say(
        f"{_in_words(manifest)}, {manifest['objects']['copied']:,} files copied now, in {progress.seconds:.0f} s"
        + (f"; {gone:,} files were deleted while they were copied" if gone else "")
        + f"\nThe backup is in {archive.folder}. Keep it where nobody else reads: it holds the data and the secret."
    )


def run_restore(arguments: argparse.Namespace) -> None:
    from labelkite.backup.archive import Archive
    from labelkite.backup.restoring import restore

    archive, progress = Archive(arguments.folder.absolute()), Progress()
    archive.manifest()  # a folder that is no backup is said before a store is made
    _find_deployment(arguments)
    target = _target(arguments)
    try:
        manifest = restore(
            archive, target, progress, replace=arguments.replace, new_secret=arguments.new_secret
        )  # fmt: skip
    finally:
        target.close()
    _say(f"{_in_words(manifest)}: restored and compared in {progress.seconds:.0f} s.")
    if arguments.name:
        _restart(arguments, manifest["id"])
        _say("The functions begin anew with it.")
    elif arguments.store == "aws":
        _say("Functions that are running know the old secret and ids: deploy once more, or restart them, before use.")


def _find_deployment(arguments: argparse.Namespace) -> None:
    """Put table, bucket and queue of the deployment that `--name` names where the other options have them."""
    if not arguments.name:
        return
    from labelkite.deploy import look
    from labelkite.deploy.account import Account

    account = Account(arguments.region or "")
    outputs = look.state_of(account, arguments.name).outputs
    arguments.store, arguments.region = "aws", account.region
    arguments.table, arguments.bucket, arguments.queue = (outputs[name] for name in ("Table", "DataBucket", "Queue"))
    account.close()


def _restart(arguments: argparse.Namespace, backup_id: str) -> None:
    """Have every function begin anew: a changed description makes AWS start fresh processes."""
    from labelkite.deploy.account import Account
    from labelkite.deploy.stack import Stack

    account = Account(arguments.region)
    functions = account.client("lambda")
    for name in Stack(account, arguments.name).functions():
        functions.update_function_configuration(FunctionName=name, Description=f"restored {backup_id}")
    account.close()


def _source(arguments: argparse.Namespace) -> Source:
    if arguments.store == "aws":
        from chalicelib.storage.aws.whole import WholeAws

        return WholeAws(open_aws_store(arguments, "", work=False), moment=arguments.moment)
    from chalicelib.storage.embedded.whole import WholeFolder

    return WholeFolder(arguments.data.absolute())


def _target(arguments: argparse.Namespace) -> Target:
    if arguments.store == "aws":
        from chalicelib.storage.aws.whole import WholeAws

        return WholeAws(open_aws_store(arguments, "", work=False))
    from chalicelib.storage.embedded.whole import FolderToFill

    return FolderToFill(arguments.data.absolute())


class Progress:
    """Prints how far it is, each thing at its end and every few seconds."""

    def __init__(self) -> None:
        self._begun = self._told = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def __call__(self, what: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if done == total or now - self._told >= TOLD_EVERY_S:
            self._told = now
            _say(f"  {what}: {done:,}" + (f" of {total:,}" if total is not None and done != total else ""))


def _in_words(manifest: Any) -> str:
    files = manifest["objects"]
    return (
        f"{manifest['records']['rows']:,} records, {files['rows']:,} files ({files['bytes'] / 1e6:,.1f} MB), "
        f"{manifest['jobs']['rows']:,} jobs of {manifest['made_at']}"
    )


def _say(text: str) -> None:
    print(text, flush=True)
