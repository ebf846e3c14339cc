"""Label Studio's result JSON: read it (``load``), write it (``dump``), check it on the server (``validate``)."""

from labeling.dumping import dump
from labeling.loading import Loaded, load
from labeling.validation import validate

__all__ = ["Loaded", "dump", "load", "validate"]
