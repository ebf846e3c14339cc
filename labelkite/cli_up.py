"""`labelkite up` and `labelkite token`: run it on this machine."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from labelkite import locations
from labelkite.cli_store import add_store, open_aws_store
from labelkite.locations import NotBuilt

if TYPE_CHECKING:
    from labelkite.server import Server

DATA = Path("labelkite-data")
PORT = 8080
NEXT_PORTS = 20
SIGN_IN = {
    "issuer": "OpenID Connect provider to sign in with; its secret comes by LABELKITE_OIDC_CLIENT_SECRET",
    "client-id": "of this application at the provider",
    "domains": "domains of mail addresses that may sign in, with commas (default: all)",
    "name": "of the provider, on the button",
}
LINKS = "annotator-links.json"


class Failed(Exception):
    """The command cannot go on: one line what, one line what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


def add_commands(subparsers: Any) -> None:
    up = subparsers.add_parser("up", help="run Labelkite on this machine", description="Run Labelkite on this machine.")
    _add_data(up)
    up.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    up.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"default {PORT}, or the next one that is free; 0: any"
    )
    up.add_argument(
        "--public-url",
        metavar="URL",
        default="",
        help="where people reach it, behind a proxy: https://labels.example.org",
    )
    up.add_argument(
        "--proxy", action="append", default=[], metavar="NETWORK",
        help="address or network of a proxy of yours, whose X-Forwarded-For is believed; can be repeated",
    )  # fmt: skip
    up.add_argument(
        "--log", choices=("text", "json"), default="text",
        help="on the error output: warnings as text (default), or every request and job as a line of JSON",
    )  # fmt: skip
    up.add_argument(
        "--link-file", type=Path, metavar="FILE",
        help="write the owner's link into this file, for its owner only, instead of printing it",
    )  # fmt: skip
    up.add_argument("--no-demo", action="store_true", help="do not make the demo projects on the first start")
    for name, what in SIGN_IN.items():
        up.add_argument(f"--oidc-{name}", metavar=name.upper(), help=what)
    add_store(up, create=True)
    up.add_argument(
        "--allow-host", action="append", default=[], metavar="HOST",
        help="name, address or network (10.0.0.0/8) that webhooks may call though it is not public; can be repeated",
    )  # fmt: skip
    up.add_argument(
        "--allow-folder", action="append", default=[], type=Path, metavar="DIR",
        help="a folder whose files projects may take as data; can be repeated",
    )  # fmt: skip
    up.add_argument(
        "--allow-bucket", action="append", default=[], metavar="S3",
        help="s3://bucket or s3://bucket/prefix/ that projects may take as data; can be repeated",
    )  # fmt: skip
    up.set_defaults(run=lambda arguments: _told(run_up, arguments))
    token = subparsers.add_parser("token", help="print a new API token", description="Print a new API token, once.")
    _add_data(token)
    add_store(token)
    token.set_defaults(run=lambda arguments: _told(run_token, arguments))


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", type=Path, default=DATA, metavar="DIR", help=f"folder that holds everything (default {DATA})"
    )


def _told(run: Any, arguments: argparse.Namespace) -> int:
    """Run a command; say in two lines why it cannot go on."""
    try:
        run(arguments)
    except (Failed, NotBuilt) as failed:
        sys.stderr.write(f"{failed}\n{failed.hint}\n")
        return 1
    return 0


def run_up(arguments: argparse.Namespace) -> None:
    for name in SIGN_IN:
        given = getattr(arguments, f"oidc_{name.replace('-', '_')}")
        if given:
            os.environ[f"LABELKITE_OIDC_{name.replace('-', '_').upper()}"] = given
    site = locations.site()
    locations.use_lambda()
    proxies = _proxies(arguments.proxy)
    outside = _outside(arguments.public_url)
    listener = _listen(arguments.host, arguments.port, others=not outside)
    url = outside or _public_url(arguments.host, listener.getsockname()[1])
    folder = None if arguments.store == "aws" else arguments.data.absolute()
    first = folder is not None and not (folder / "labelkite.db").exists()
    store = _open_aws(arguments, url, work=True) if folder is None else _open(folder, url)
    try:
        from chalicelib import background, logs, setup, world

        from labelkite.server import Host, Server

        logs.set_up(sys.stderr, lines=arguments.log == "json", requests=arguments.log == "json")
        app = locations.load_app()
        here = world.use(store)
        _allow(here, arguments)
        background.begin(here)
        owner_link = setup.first_start(here, url).url
        if arguments.link_file is not None:
            owner_link = _written(arguments.link_file, owner_link)
        server = Server(Host(app, objects=store.objects, site=site, proxies=proxies), listener=listener)

        def say() -> None:
            _say_where(arguments, server, url, folder, owner_link)
            if folder is None:
                return
            if first and not arguments.no_demo:
                _make_demo(here, server, url, folder)
            else:
                _say_annotators(folder, url)

        server.run(when_ready=say)
    finally:
        store.close()
    _say(f"\nStopped. Everything is saved in {folder or 'the table and the bucket'}.")


def _written(place: Path, link: str) -> str:
    """Write the link where only its owner reads it; what to print instead."""
    try:
        place.unlink(missing_ok=True)  # with whatever rights it had
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{link}\n")
    except OSError as error:
        raise Failed(f"{place} cannot be written: {error.strerror}", "Choose another with --link-file.") from error
    return f"is in {place}"


def _proxies(entries: list[str]) -> list[Any]:
    try:
        return [ipaddress.ip_network(entry, strict=False) for entry in entries]
    except ValueError as error:
        raise Failed(f"--proxy: {error}", "Name addresses or networks, such as 127.0.0.1 or 10.0.0.0/8.") from error


def _outside(url: str) -> str:
    """The address that was given, without a slash at its end. It has no path: the site is at the root of its host."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/") or parts.query:
        raise Failed(f"--public-url {url} is no address of a site", "Write it like https://labels.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def _allow(world: Any, arguments: argparse.Namespace) -> None:
    """What the options allow beside what the environment does."""
    from chalicelib.outgoing import Allowed

    more = Allowed.read(arguments.allow_host)
    had = world.allowed
    world.allowed = Allowed(had.names | more.names, (*had.networks, *more.networks))
    world.folders = (*world.folders, *(folder.resolve() for folder in arguments.allow_folder))
    world.buckets = (*world.buckets, *arguments.allow_bucket)


def run_token(arguments: argparse.Namespace) -> None:
    """Print a token. Beside a running server this writes its one record through the same database."""
    locations.use_lambda()
    if arguments.store == "aws":
        from chalicelib import setup, world

        with _failing():
            store = _open_aws(arguments, "", work=False)
            print(setup.new_api_token(world.of(store)))
        return
    from chalicelib import setup
    from chalicelib.storage.embedded import InUse, OpenError, open_beside, open_embedded
    from chalicelib.storage.ports import StorageError
    from chalicelib.world import World

    folder = arguments.data.absolute()
    if not (folder / "labelkite.db").exists():
        raise Failed(f"{folder} holds no Labelkite data", f"Start it once: labelkite up --data {arguments.data}")
    try:
        try:
            store = open_embedded(folder, public_url="")
        except InUse:
            store = open_beside(folder, public_url="")
        try:
            token = setup.new_api_token(World(store.objects, store.records, store.jobs, store.secret))
        finally:
            store.close()
    except OpenError as error:
        raise Failed(str(error), error.hint) from error
    except StorageError as error:
        raise Failed(str(error), "Free some space, then try again.") from error
    print(token)


def _listen(host: str, port: int, *, others: bool) -> socket.socket:
    """`others`: take one of the next ports when this one is in use; a proxy in front would not find it there."""
    from labelkite.server.run import PortTaken, bind

    try:
        listener = bind(host, port, 1 if port == 0 or not others else NEXT_PORTS + 1)
    except PortTaken as error:
        raise Failed(f"{error}".capitalize(), "Choose another with --port, or --port 0 for any.") from error
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Failed(
            f"Cannot listen on {host} port {port}: {reason}", "Choose others with --host and --port."
        ) from error
    found = listener.getsockname()[1]
    if port and found != port:
        _say(f"Port {port} is in use; taking {found}.")
    return listener


def _open(folder: Path, url: str) -> Any:
    from chalicelib.storage.embedded import OpenError, open_embedded
    from chalicelib.storage.ports import StorageError

    try:
        return open_embedded(folder, public_url=url)
    except OpenError as error:
        raise Failed(str(error), error.hint) from error
    except StorageError as error:
        raise Failed(f"{folder}: {error}", "Free some space, or choose another folder with --data.") from error


def _open_aws(arguments: argparse.Namespace, url: str, *, work: bool) -> Any:
    with _failing():
        store = open_aws_store(arguments, url, work=work)
        _ = store.secret  # now, so that a table that cannot be reached is said here and not at the first request
        return store


@contextlib.contextmanager
def _failing() -> Iterator[None]:
    from chalicelib.storage.ports import StorageError

    try:
        yield
    except StorageError as error:
        raise Failed(
            str(error), "See labelkite up --help, storage on AWS; --create makes what is not there yet."
        ) from error


def _public_url(host: str, port: int) -> str:
    """Where people reach the host; for a wildcard the address that this machine uses towards others."""
    from labelkite.server.run import address

    if host in ("0.0.0.0", "::", ""):
        family, elsewhere = (socket.AF_INET6, "2001:db8::1") if host == "::" else (socket.AF_INET, "192.0.2.1")
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((elsewhere, 9))  # sends nothing, only asks the routing table
                host = probe.getsockname()[0]
            except OSError:
                host = "127.0.0.1"
    return address(host, port)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _say_where(arguments: argparse.Namespace, server: Server, url: str, folder: Path | None, owner_link: str) -> None:
    _say(
        f"\nLabelkite {locations.version()} is running at {url}\n\n"
        f"  Owner's link      {owner_link}\n"
        "                    (makes whoever opens it an owner: keep it to yourself)\n"
        f"  Data folder       {folder or 'none: the data are on AWS'}\n"
        f"  To stop           Ctrl-C\n"
    )
    if not is_loopback(arguments.host) and not url.startswith("https:"):
        _say(
            f"Others can reach this: it listens on {arguments.host} port {server.port} without encryption.\n"
            "Use it in a network that you trust, or behind a proxy that speaks HTTPS.\n"
        )


def _say_annotators(folder: Path, url: str) -> None:
    try:
        links: Mapping[str, str] = json.loads((folder / LINKS).read_text())
    except (OSError, ValueError):
        return
    for title, path in links.items():
        _say(f"  Annotator's link  {url}{path}\n                    ({title})")


def _make_demo(world: Any, server: Server, url: str, folder: Path) -> None:
    """Make the demo over HTTP like any client would, with an API token that lives as long as this."""
    from chalicelib import keys, setup, tokens
    from chalicelib.storage.ports import Delete

    _say("Making the demo projects ...")
    begun = time.monotonic()
    try:
        photos = locations.demo_photos()
        from labelkite import demo

        token = setup.new_api_token(world)
        try:
            made = demo.create(_public_url(server.host, server.port), token, photos)
        finally:
            world.records.transact([Delete(*keys.api_token(tokens.digest(token)))])
        links = {title: _path_of(link) for title, link in made.by_title.items()}
        descriptor = os.open(folder / LINKS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w") as file:
            json.dump(links, file, ensure_ascii=False, indent=1)
    except NotBuilt as missing:
        _say(f"No demo: {missing}. {missing.hint}")
    except Exception as error:  # a thread of its own: what it does not say is lost
        if not server.stopping:
            _say(f"The demo could not be made: {error}")
    else:
        _say(f"The demo is ready ({time.monotonic() - begun:.1f} s).\n")
        _say_annotators(folder, url)


def _path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}#{parts.fragment}"


def _say(text: str) -> None:
    """Print at once, whole lines, also into a pipe."""
    with _say_lock:
        print(text, flush=True)


_say_lock = threading.Lock()
