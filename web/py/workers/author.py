"""The author worker: the engine and the compiler."""

import json
import time

from border import Border
from polyscript import xworker

import config_compiler


def compile_source(source: str) -> dict[str, object]:
    begun = time.perf_counter()
    answer: dict[str, object] = json.loads(config_compiler.compile_json(source))
    return {**answer, "ms": round((time.perf_counter() - begun) * 1000, 1)}


xworker.sync.dispatch = Border(compile_source).dispatch
