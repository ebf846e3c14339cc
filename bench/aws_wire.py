"""Between the functions of a deployment on the emulator and its services: counts every request.

What is counted comes off the wire, so nothing of the functions is changed for it: the zip is the one that is deployed.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench.aws_meter import WRITES, Meter, item_size
from tests.storage.proxy import Answer, Proxy, Request, Trick, service_of

JOBS = ", jobs"
"""After the label, of what other functions than the API's asked meanwhile."""
HIDDEN = re.compile(r"[0-9a-f]{10,}")
CAMEL = re.compile(r"(?<!^)(?=[A-Z])")


class Wire(Proxy):
    """A proxy that meters what the functions ask. Retries of the functions count like first tries."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.meter = Meter()
        self.api_key = ""
        """The access key of the API's function; what others ask counts for the background. Empty: not known yet."""
        self.keys = Counter[str]()
        self.prefixes = Counter[str]()
        """Requests to S3 by label, method and prefix, those of browsers too."""
        self.biggest: tuple[int, str] = (0, "")
        """Bytes of the biggest item that was written whole, and where."""
        self.failed = Counter[str]()
        """Refusals by the services themselves: conditions that did not hold."""

    def take(self, name: str) -> Trick | None:
        return super().take(name) or self._pass

    def _pass(self, request: Request) -> Answer:
        answer = request.forward()
        self._count(service_of(request), request, answer)
        return answer

    def _count(self, service: str, request: Request, answer: Answer) -> None:
        job = bool(self.api_key and request.signed_as != self.api_key)
        label = self.meter.label + (JOBS if job else "")
        with self._lock:
            self.keys[request.signed_as] += 1
            if service == "s3":
                method, path = request.name.partition(" ")[0], request.path.partition("?")[0]
                parts = ["*" if HIDDEN.search(part) or part.isdigit() else part for part in path.split("/")[2:-1]]
                who = "browser" if not request.signed_as else "functions"
                self.prefixes[f"{label}|{who}|{method}|{'/'.join(parts)}/"] += 1
        if not request.signed_as:
            return
        if service == "s3":
            self.meter.count(
                "s3", {"PUT": "put_object", "GET": "get_object"}.get(request.name[:3], "other"), {}, {}, label=label
            )
            return
        operation = CAMEL.sub("_", request.name).lower()
        if service == "sqs":
            self.meter.count("sqs", operation, {}, {}, label=label)
            return
        status, _, body = answer
        asked = _binary(json.loads(request.body))
        if status != 200:
            with self._lock:
                self.failed[f"{label} {str(json.loads(body).get('__type', '')).rpartition('#')[2]}"] += 1
            if operation not in WRITES and operation != "transact_write_items":
                return  # a write whose condition does not hold takes its units all the same
        self.meter.count("dynamodb", operation, asked, _binary(json.loads(body)) if status == 200 else {}, label=label)
        self._note_items(asked)

    def _note_items(self, asked: Any) -> None:
        entries = [asked, *(put for one in asked.get("TransactItems", []) for put in one.values())]
        entries += [put for many in asked.get("RequestItems", {}).values() if isinstance(many, list)
                    for one in many for put in one.values()]  # fmt: skip
        for entry in entries:
            if "Item" in entry:
                item = entry["Item"]
                found = item_size(item), f"{item['pk']['S']} / {item['sk']['S']}"
                with self._lock:
                    self.biggest = max(self.biggest, found)


def _binary(value: Any) -> Any:
    """JSON as the client wrote it, with binary values as bytes: base64 is a third longer than what is stored."""
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(value.get("B"), str):
            return {"B": base64.b64decode(value["B"])}
        return {name: _binary(one) for name, one in value.items()}
    return [_binary(one) for one in value] if isinstance(value, list) else value
