"""The annotate worker: the engine alone."""

from border import Border
from polyscript import xworker

xworker.sync.dispatch = Border().dispatch
