"""The `labelkite` command. Each subcommand sets `run`: from the parsed arguments to the exit code."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from labelkite import cli_backup, cli_config, cli_deploy, cli_language, cli_pictures, cli_up, locations


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="labelkite", description="Label data with people: a config, a link, a consensus."
    )
    top.add_argument("--version", action="version", version=f"labelkite {locations.version()}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    cli_up.add_commands(subparsers)
    cli_backup.add_commands(subparsers)
    cli_config.add_commands(subparsers)
    cli_deploy.add_commands(subparsers)
    cli_language.add_commands(subparsers)
    cli_pictures.add_commands(subparsers)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser().parse_args(argv)
    return int(arguments.run(arguments))
