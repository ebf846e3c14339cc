"""The files of examples/in-house: nginx serves through them with TLS, systemd finds no fault in the units."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.server.test_server_up import COMMAND, ENVIRONMENT

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "in-house"
NAME = "labels.example.org"
NGINX = os.environ.get("LABELKITE_NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
needs_nginx = pytest.mark.skipif(
    NGINX is None, reason="nginx is not installed here (apt-get install nginx, or LABELKITE_NGINX=path)"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def certificate(folder: Path) -> None:
    """A certificate of its own for NAME."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))


@dataclass
class Proxied:
    folder: Path
    config: Path
    port: int
    plain_port: int
    backend: int

    def client(self, **headers: str) -> httpx.Client:
        """Trusts that one certificate, and reaches NAME here."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        base = f"https://127.0.0.1:{self.port}"
        return httpx.Client(
            base_url=base,
            verify=context,
            headers={"Host": NAME, **headers},
            timeout=60,
            event_hooks={"request": [named]},
        )


def named(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = NAME


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Proxied:
    """The example with ports and paths of this test instead of its own."""
    folder = tmp_path_factory.mktemp("nginx")
    certificate(folder)
    port, plain_port, backend = free_port(), free_port(), free_port()
    text = (EXAMPLES / "labelkite.nginx.conf").read_text()
    for old, new in [
        ("/etc/ssl/labelkite/", f"{folder}/"),
        ("/var/log/nginx/labelkite.log", f"{folder}/access.log"),
        ("127.0.0.1:8080", f"127.0.0.1:{backend}"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
    ]:
        assert old in text, old
        text = text.replace(old, new)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/pid;\nerror_log {folder}/error.log;\ndaemon off;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"
    )
    return Proxied(folder, config, port, plain_port, backend)


@pytest.fixture(scope="module")
def link(proxied: Proxied, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """nginx before `labelkite up`, as the service starts it; the token of the owner's link."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "index.html").write_text("<!doctype html><title>Labelkite</title>")
    options = ["--data", str(folder / "data"), "--port", str(proxied.backend), "--no-demo", "--log", "json"]
    options += ["--public-url", f"https://{NAME}", "--proxy", "127.0.0.1", "--link-file", str(folder / "link")]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(folder), "up", *options],
            stdout=subprocess.PIPE, stderr=log, text=True, env=ENVIRONMENT,
        )  # fmt: skip
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if "To stop" in line:
            break
    assert "/join#" not in said
    assert stat.S_IMODE((folder / "link").stat().st_mode) == 0o600
    nginx = subprocess.Popen([str(NGINX), "-p", str(proxied.folder), "-c", str(proxied.config)])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", proxied.port)) == 0:
                break
        time.sleep(0.05)
    yield (folder / "link").read_text().strip().partition("#")[2]
    for process in (nginx, server):
        process.terminate()
        process.wait(30)


@needs_nginx
def test_nginx_takes_the_example(proxied: Proxied) -> None:
    ran = subprocess.run(
        [str(NGINX), "-t", "-p", str(proxied.folder), "-c", str(proxied.config)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "test is successful" in ran.stderr


@needs_nginx
def test_people_work_through_the_proxy_as_without_it(proxied: Proxied, link: str) -> None:
    plain = httpx.get(f"http://127.0.0.1:{proxied.plain_port}/join?x=1", headers={"Host": NAME})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{NAME}/join?x=1")
    with proxied.client(Origin=f"https://{NAME}") as owner:
        page = owner.get("/")
        assert page.headers["strict-transport-security"].startswith("max-age=")
        assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["content-security-policy"]
        assert len(page.headers.get_list("content-security-policy")) == 1
        joined = owner.post("/api/session", json={"invite": link, "name": "Olga"})
        assert joined.status_code == 201, joined.text
        assert "; Secure" in joined.headers["set-cookie"]
        owner.headers["Cookie"] = joined.headers["set-cookie"].partition(";")[0]
        config = '<View><Image name="i" value="$image"/><Rating name="r" toName="i"/></View>'
        made = owner.post("/api/projects", json={"title": "P", "label_config": config}).json()
        invite = owner.post(f"/api/projects/{made['id']}/invites", json={}).json()
        assert invite["url"].startswith(f"https://{NAME}/join#")
        refused = owner.post("/api/projects", json={}, headers={"Origin": f"http://{NAME}"})
        assert refused.json()["problems"][0]["code"] == "foreign-origin"

        data = os.urandom(70 << 20)  # more than any buffer on the way, and than the 17 MB of other requests
        asked = [{"name": "a.mp4", "size": len(data), "type": "video/mp4"}]
        given = owner.post(f"/api/projects/{made['id']}/uploads", json=asked).json()[0]
        assert given["url"].startswith("/objects/")  # a path: it stays in the page's origin
        sent = owner.put(given["url"], content=data, headers=given["headers"])
        assert (sent.status_code, sent.json()["etag"]) == (200, hashlib.sha256(data).hexdigest())
        assert owner.post("/api/projects", content=b"x" * (18 << 20)).status_code == 413

        mp4 = '<View><Video name="v" value="$video"/><Rating name="r" toName="v"/></View>'
        other = owner.post("/api/projects", json={"title": "V", "label_config": mp4}).json()["id"]
        given = owner.post(f"/api/projects/{other}/uploads", json=asked).json()[0]
        owner.put(given["url"], content=data, headers=given["headers"])
        rows = [{"data": {"video": f"/data/upload/{given['key'].removeprefix('uploads/')}"}}]
        assert owner.post(f"/api/projects/{other}/import", json=rows).status_code == 201
        task = owner.get(f"/api/projects/{other}/next").json()
        (address,) = task["media"]
        part = owner.get(address, headers={"Range": "bytes=70000000-70000009"})
        assert (part.status_code, part.content) == (206, data[70000000:70000010])
        whole = owner.get(address)
        assert hashlib.sha256(whole.content).digest() == hashlib.sha256(data).digest()
        id_ = whole.headers["x-request-id"]
    log = (proxied.folder / "access.log").read_text()
    assert id_ in log
    assert "signature=" not in log


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    units = []
    for path in sorted([*EXAMPLES.glob("*.service"), *EXAMPLES.glob("*.timer")]):
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/labelkite/bin/labelkite", sys.executable))
        units.append(str(tmp_path / path.name))
    assert len(units) == 3
    ran = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    complaints = [line for line in ran.stderr.splitlines() if any(Path(unit).name in line for unit in units)]
    assert (complaints, ran.returncode) == ([], 0)


def test_the_service_names_only_options_that_there_are() -> None:
    for name in ("labelkite.service", "labelkite-backup.service"):
        text = (EXAMPLES / name).read_text().replace("\\\n", " ")
        command = re.search(r"bin/labelkite (\w+)(.*)$", text, re.MULTILINE)
        assert command
        helped = subprocess.run(
            [sys.executable, "-m", "labelkite", command[1], "--help"], capture_output=True, text=True, env=ENVIRONMENT
        ).stdout
        for option in re.findall(r"--[\w-]+", command[2]):
            assert f"{option} " in helped, option


def test_a_service_whose_port_is_taken_does_not_take_another(tmp_path: Path) -> None:
    """The proxy would not find it there."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Labelkite</title>")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        options = ["--data", str(tmp_path / "data"), "--port", port, "--public-url", f"https://{NAME}"]
        ran = subprocess.run(
            [sys.executable, "-c", COMMAND, str(tmp_path), "up", *options],
            capture_output=True, text=True, env=ENVIRONMENT, timeout=60,
        )  # fmt: skip
    assert ran.returncode == 1
    assert port in ran.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--public-url", "labels.example.org"], "is no address of a site"),
        (["--public-url", "https://example.org/labels"], "is no address of a site"),
        (["--proxy", "nonsense"], "--proxy: 'nonsense'"),
    ],
)
def test_options_that_cannot_work_are_two_lines(tmp_path: Path, options: list[str], said: str) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>Labelkite</title>")
    ran = subprocess.run(
        [sys.executable, "-c", COMMAND, str(tmp_path), "up", "--data", str(tmp_path / "data"), "--port", "0", *options],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 1
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 2
