"""
A real server for tests and benches, on a folder or, with `aws` in its place, on the store that the environment names:
prints a line of JSON when it answers, serves until killed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "lambda"), str(ROOT / "web/py"), str(ROOT)]


def main(place: str) -> None:
    from app import app
    from chalicelib import background, setup, world
    from chalicelib.storage.aws import open_from_environment
    from chalicelib.storage.embedded import open_embedded

    from labelkite.server.app import Host
    from labelkite.server.run import Server, address, bind

    listener = bind("127.0.0.1", 0)
    url = address(*listener.getsockname()[:2])
    store = open_from_environment(work=True) if place == "aws" else open_embedded(Path(place), public_url=url)
    used = world.use(store)
    background.begin(used)
    link = setup.first_start(used, url)
    said = {"url": url, "owner": link.token, "link": link.url, "token": setup.new_api_token(used)}

    def ready() -> None:
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    Server(Host(app, objects=store.objects), listener=listener).run(ready)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
