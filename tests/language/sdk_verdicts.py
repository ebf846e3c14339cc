"""Run by Label Studio's own SDK, in an environment of its own: cases on standard input, its verdicts as JSON."""

import json
import logging
import sys

from label_studio_sdk.label_interface import LabelInterface

logging.disable(logging.CRITICAL)


def verdict(case):
    """What it says of the config (a text, or null for fine), and whether it takes the result as a prediction."""
    try:
        interface = LabelInterface(case["config"])
        interface.validate()
        config = None
    except Exception as fault:
        return {"config": f"{type(fault).__name__}: {fault}"[:300], "accepted": None}
    if case.get("result") is None:
        return {"config": config, "accepted": None}
    try:
        accepted = bool(interface.validate_prediction({"result": case["result"]}))
    except Exception:
        accepted = False
    return {"config": config, "accepted": accepted}


json.dump([verdict(case) for case in json.load(sys.stdin)], sys.stdout)
