"""
What CloudFront does, on this machine: the emulator keeps a distribution but serves no bucket through it.

Everything comes from the distribution that was deployed: behaviours, policies, functions (run by Node), origins, their
headers. Not here: caches, TLS and the redirect to it, and who may read the bucket.
"""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import json
import subprocess
import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
from botocore.exceptions import ClientError

from labelkite.deploy.account import Account
from labelkite.deploy.stack import Stack
from labelkite.server.api import read_body
from labelkite.server.run import Server

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "te", "upgrade"})
NO_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"  # AWS's AllViewerExceptHostHeader
GATEWAY_SAW = "127.0.0.1"
"""Who the emulator's gateway says has asked it; AWS's adds that to x-forwarded-for by itself."""
SECURITY = {
    "ContentTypeOptions": lambda _: ("x-content-type-options", "nosniff"),
    "ReferrerPolicy": lambda said: ("referrer-policy", said["ReferrerPolicy"]),
    "ContentSecurityPolicy": lambda said: ("content-security-policy", said["ContentSecurityPolicy"]),
    "StrictTransportSecurity": lambda said: ("strict-transport-security", f"max-age={said['AccessControlMaxAgeSec']}"),
}


class Functions:
    """Node, with the code of functions that were published."""

    def __init__(self) -> None:
        command = ["node", str(Path(__file__).with_name("edge.mjs"))]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._lock = threading.Lock()

    def run(self, code: str, event: Any) -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        with self._lock:
            self._node.stdin.write(json.dumps({"code": code, "event": event}) + "\n")
            self._node.stdin.flush()
            said = json.loads(self._node.stdout.readline())
        if "error" in said:
            raise RuntimeError(f"a CloudFront function failed: {said['error']}")
        return said["result"]

    def close(self) -> None:
        self._node.terminate()
        self._node.wait()


class Edge:
    """One distribution as it was deployed."""

    def __init__(self, account: Account, name: str, endpoint: str) -> None:
        self._cloudfront = account.client("cloudfront")
        self._endpoint = endpoint
        resources = Stack(account, name).resources()
        found = self._cloudfront.get_distribution_config(Id=resources["Distribution"])
        self.config = found["DistributionConfig"]
        # The page's policy names the bucket's own address; here it is reached at the emulator's.
        self._real = f"https://{resources['DataBucket']}.s3.{account.region}.amazonaws.com"
        self.origins = {one["Id"]: one for one in self.config["Origins"]["Items"]}
        behaviours = [
            *self.config["CacheBehaviors"]["Items"],
            {"PathPattern": "*", **self.config["DefaultCacheBehavior"]},
        ]
        self.behaviours = [(one["PathPattern"], self._read(one)) for one in behaviours]

    def _read(self, behaviour: Any) -> dict[str, Any]:
        policy = self._cloudfront.get_response_headers_policy(Id=behaviour["ResponseHeadersPolicyId"])
        functions = {
            one["EventType"]: self._code(one["FunctionARN"].rpartition("/")[2])
            for one in behaviour.get("FunctionAssociations", {}).get("Items", [])
        }
        return {
            "origin": self.origins[behaviour["TargetOriginId"]],
            "methods": behaviour["AllowedMethods"]["Items"],
            "headers": policy["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"],
            "functions": functions,
            "forwards": behaviour.get("OriginRequestPolicyId", ""),
        }

    def _code(self, name: str) -> str:
        return str(self._cloudfront.get_function(Name=name, Stage="LIVE")["FunctionCode"].read().decode())

    def behaviour(self, path: str) -> dict[str, Any]:
        return next(
            one
            for pattern, one in self.behaviours
            if fnmatch.fnmatchcase(path, pattern.lstrip("/") if pattern == "*" else pattern)
        )

    def headers(self, config: Any, asked: dict[str, str]) -> dict[str, str]:
        """What a response headers policy adds, and overrides."""
        given = dict(SECURITY[name](said) for name, said in config.get("SecurityHeadersConfig", {}).items())
        for one in config.get("CustomHeadersConfig", {}).get("Items", []):
            given[one["Header"].lower()] = one["Value"]
        if config.get("CorsConfig") and "origin" in asked:
            given["access-control-allow-origin"] = config["CorsConfig"]["AccessControlAllowOrigins"]["Items"][0]
        return {name: value.replace(self._real, self._endpoint) for name, value in given.items()}


class Front:
    """ASGI application. The distribution is looked up at the first request that finds one."""

    def __init__(self, account: Account, name: str, endpoint: str) -> None:
        self._account, self._name, self._endpoint = account, name, endpoint
        self._functions = Functions()
        self._edge: Edge | None = None
        # No client: that would keep one person's cookies and send them with another's requests.
        self._http = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=200))

    def forget(self) -> None:
        """After a change of the stack."""
        self._edge = None

    def close(self) -> None:
        self._functions.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        if self._edge is None:
            self._edge = await loop.run_in_executor(None, Edge, self._account, self._name, self._endpoint)
        edge, path = self._edge, scope["raw_path"].decode("latin-1").partition("?")[0]
        behaviour = edge.behaviour(path)
        asked = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] not in behaviour["methods"]:
            await self._send(send, 403, {}, b"")
            return
        event = {
            "version": "1.0",
            "viewer": {"ip": scope["client"][0]},
            "request": {
                "method": scope["method"],
                "uri": path,
                "querystring": {},
                "headers": {name: {"value": value} for name, value in asked.items()},
                "cookies": {},
            },
        }
        if code := behaviour["functions"].get("viewer-request"):
            event["request"] = await loop.run_in_executor(None, self._functions.run, code, event)
        uri = event["request"]["uri"]  # type: ignore[index]
        if "S3OriginConfig" in behaviour["origin"] and behaviour["origin"].get("OriginAccessControlId"):
            answer = await loop.run_in_executor(None, self._from_bucket, behaviour["origin"], uri, asked)
        else:
            answer = await self._from_api(behaviour, uri, scope, asked, await read_body(scope, receive, 10 << 20))
        status, headers, cookies, body = answer
        headers |= edge.headers(behaviour["headers"], asked)
        if code := behaviour["functions"].get("viewer-response"):
            event["response"] = {
                "statusCode": status,
                "headers": {name: {"value": value} for name, value in headers.items()},
            }
            said = await loop.run_in_executor(None, self._functions.run, code, event)
            headers = {name: one["value"] for name, one in said["headers"].items()}
        await self._send(send, status, headers, b"" if scope["method"] == "HEAD" else body, cookies)

    def _from_bucket(
        self, origin: Any, uri: str, asked: dict[str, str]
    ) -> tuple[int, dict[str, str], list[str], bytes]:
        bucket = origin["DomainName"].partition(".s3.")[0]
        more = {
            name: asked[header]
            for header, name in (("range", "Range"), ("if-none-match", "IfNoneMatch"))
            if header in asked
        }
        try:
            found = self._account.client("s3").get_object(Bucket=bucket, Key=unquote(uri[1:]), **more)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return status, {"content-type": "application/xml"}, [], b""
        names = ("content-type", "cache-control", "content-encoding", "etag", "content-range", "accept-ranges")
        given = found["ResponseMetadata"]["HTTPHeaders"]
        headers = {name: given[name] for name in names if name in given}
        return found["ResponseMetadata"]["HTTPStatusCode"], headers, [], found["Body"].read()

    async def _from_api(
        self, behaviour: Any, uri: str, scope: Any, asked: dict[str, str], body: bytes | None
    ) -> tuple[int, dict[str, str], list[str], bytes]:
        assert behaviour["forwards"] == NO_HOST
        headers = {name: value for name, value in asked.items() if name not in HOP_BY_HOP and name != "host"}
        passed = asked.get("x-forwarded-for")
        headers["x-forwarded-for"] = ", ".join(filter(None, [passed, scope["client"][0], GATEWAY_SAW]))
        for one in behaviour["origin"]["CustomHeaders"]["Items"]:
            headers[one["HeaderName"]] = one["HeaderValue"]
        api = behaviour["origin"]["DomainName"].partition(".")[0]
        headers["host"] = f"{api}.execute-api.localhost"
        query = scope["query_string"].decode("latin-1")
        url = f"{self._endpoint}{uri}" + (f"?{query}" if query else "")
        wait = {"timeout": httpx.Timeout(60).as_dict()}
        request = httpx.Request(scope["method"], url, headers=headers, content=body or b"", extensions=wait)
        answer = await self._http.handle_async_request(request)
        raw = b"".join([piece async for piece in answer.aiter_raw()])
        await answer.aclose()
        given = {
            n: v for n, v in answer.headers.items() if n not in HOP_BY_HOP and n not in ("set-cookie", "date", "server")
        }
        given = {n: v for n, v in given.items() if not n.startswith("access-control-")}  # the emulator's own
        return answer.status_code, given, answer.headers.get_list("set-cookie"), raw

    @staticmethod
    async def _send(
        send: Any, status: int, headers: dict[str, str], body: bytes, cookies: list[str] | None = None
    ) -> None:
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        pairs += [(b"set-cookie", cookie.encode("latin-1")) for cookie in cookies or []]
        if status not in (204, 304):
            pairs.append((b"content-length", str(len(body)).encode()))
        with contextlib.suppress(OSError):
            await send({"type": "http.response.start", "status": status, "headers": pairs})
            await send({"type": "http.response.body", "body": body})


def serve(account: Account, name: str, endpoint: str, listener: Any = None) -> Server:
    return Server(Front(account, name, endpoint), listener=listener)
