"""Label Studio's Python SDK against our server: scripts that were written for it run unchanged."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.api.people import Process

ROOT = Path(__file__).parents[2]
SDK = ROOT / ".cache" / "label-studio-sdk" / "bin" / "python"


def test_a_session_with_the_sdk_creates_imports_lists_predicts_annotates_and_exports(server: Process) -> None:
    session = Path(__file__).with_name("studio_session.py")
    command = [str(SDK), str(session), server.url, server.token]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-3000:]
    said = json.loads(ran.stdout)
    texts = [f"Text {n}" for n in range(1, 41)]
    first = said["first"]
    assert said["release"] == "Community"
    assert said["project"] == {"id": said["project"]["id"], "title": "By the SDK", "instruction": "Read it twice."}
    assert said["labels"] == ["Calm", "Sad"]
    assert said["listed"]
    assert said["imported"] == {"tasks": 40, "ids": 40}
    assert said["one"] == {"text": "One more, respelt"}
    assert said["pages"] == [*texts, "One more, respelt"]
    assert said["filtered"] == ["Text 4", "Text 40"]
    assert said["predictions"] == [
        [first, 0.5, "m1", {"choices": ["Sad"]}],
        [first + 1, 0.9, "m1", {"choices": ["Calm"]}],
    ]
    assert said["annotations"] == {
        "two": True,
        "listed": [[["Calm"], 3.5], [["Calm"], None]],
        "changed": {"choices": ["Calm"]},
    }
    assert said["exported"] == {"tasks": 41, "annotated": {str(first): 2}}
    assert said["hooks"] == ["https://93.184.216.34/hook"]
    assert said["left"] == 40
    assert said["deleted"]
