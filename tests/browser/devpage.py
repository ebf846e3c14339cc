"""The development page of the surface (web/static/dev), bundled as a release is, under the release's policy."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labelkite.server.messages import CSP

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "web" / "static"
MODULES = ROOT / "web" / "node_modules"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what goes wrong is on the browser's console."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return "text/javascript" if str(path).endswith(".mjs") else super().guess_type(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()


def pdf(pages: list[str]) -> bytes:
    """A PDF with one line of text on each page (ISO 32000-1, section 7.5: file structure)."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, text in enumerate(pages):
        drawn = f"BT /F1 28 Tf 60 700 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return made + f"{end}startxref\n{len(made)}\n%%EOF\n".encode()


def build(folder: Path) -> None:
    """Bundle the page into *folder*, with a PDF and a text to look at."""
    library = MODULES / "pdfjs-dist"
    shutil.copy(library / "legacy/build/pdf.worker.min.mjs", folder / "pdf-worker.mjs")
    shutil.copytree(library / "wasm", folder / "pdf", ignore=shutil.ignore_patterns("*.js", "LICENSE*", "quickjs*"))
    files = json.dumps(json.dumps({"worker": "/pdf-worker.mjs", "decoders": "/pdf/"}))
    bundle = [str(MODULES / ".bin/esbuild"), "--bundle", "--minify", "--log-level=warning"]
    page = [
        "--splitting",
        "--format=esm",
        f"--define:__PDF__={files}",
        f"--outdir={folder}",
        str(STATIC / "dev/dev.js"),
    ]
    subprocess.run([*bundle, *page], check=True)
    subprocess.run([*bundle, f"--outfile={folder}/surface.css", str(STATIC / "styles/index.css")], check=True)
    shutil.copy(MODULES / "axe-core/axe.min.js", folder / "axe.min.js")
    shutil.copy(STATIC / "dev/surface.html", folder / "surface.html")
    (folder / "sample.pdf").write_bytes(pdf(["First page", "Second page", "Third page"]))
    (folder / "page.html").write_text("<p>A page that was fetched.</p>")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the page, with ``?case=`` to follow."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/surface.html"
        finally:
            server.shutdown()
