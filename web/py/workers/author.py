"""The author worker: the engine and the compiler."""

from border import Answer, Border, Message, text, whole
from polyscript import xworker

from config_compiler.complete import complete
from config_compiler.editor import compile_source, format_source, make_sample, put_sample
from config_compiler.hover import hover


def completed(message: Message) -> Answer:
    return complete(text(message, "source"), whole(message, "offset"))


def hovered(message: Message) -> Answer:
    return hover(text(message, "source"), whole(message, "offset"))


def formatted(message: Message) -> Answer:
    return format_source(text(message, "source"))


def sample(message: Message) -> Answer:
    return make_sample(text(message, "source"))


def with_sample(message: Message) -> Answer:
    return put_sample(text(message, "source"), message.get("data"))


OPS = {"complete": completed, "hover": hovered, "format": formatted, "sample": sample, "put_sample": with_sample}

# The first compile imports what the later ones have; better now than under the first keystroke.
compile_source('<View><Text name="t" value="$t"/><Rating name="r" toName="t"/></View>')
complete("<", 1)
xworker.sync.dispatch = Border(compile_source, OPS).dispatch
