"""
What can be wrong with a config, and how it is said. All texts of the compiler's problems stand here and nowhere else.

A problem has a stable code, a place, the fact and a way out. Codes come in groups: C00x limits and refusals, C01x tags
and where they may stand, C02x names and links, C03x hotkeys, C04x attributes and their values, C05x options, C06x
conditions, C07x data fields and the sample task, C08x styles, C10x and C11x XML itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal

from config_compiler.spans import Lines, Span

Severity = Literal["error", "warning"]

MAX_DIAGNOSTICS = 200  # more help nobody, and a hostile config could make millions


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. Lines and columns are from 1; columns count code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    severity: Severity
    message: str
    hint: str

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Text:
    """How a code is said: ``{…}`` is filled with the facts of the case. *about* is for the reference page."""

    severity: Severity
    message: str
    hint: str
    about: str


def _error(message: str, hint: str, about: str) -> Text:
    return Text("error", message, hint, about)


def _warning(message: str, hint: str, about: str) -> Text:
    return Text("warning", message, hint, about)


TEXTS: dict[str, Text] = {
    # limits and refusals
    "C001": _error(
        "the config has {size} bytes; at most {limit} are read",
        'keep data out of the config: long lists of labels can come from the task (value="$options")',
        "The config is larger than 1 MB.",
    ),
    "C002": _error(
        "a document type (<!DOCTYPE …>) is not allowed",
        "delete it; a config needs none, and entities of your own are never read",
        "A DTD stands in the config.",
    ),
    "C003": _error("XML does not know the entity &{name};", "{wayout}", "An entity other than the five of XML."),
    "C004": _error(
        "a processing instruction (<?{name} …?>) is not allowed",
        'delete it; only <?xml version="1.0"?> may stand at the very start',
        "A processing instruction stands in the config.",
    ),
    "C005": _error(
        "elements are nested more than {limit} deep here",
        "take some of the Views around this away",
        "Elements are nested more than 64 deep.",
    ),
    "C006": _error(
        "the config has more than {limit} elements",
        'long lists of labels can come from the task (value="$options")',
        "The config has more than 20,000 elements.",
    ),
    "C007": _error(
        "the character U+{point} is not allowed in XML",
        "delete it; it is often left behind by copying from another program",
        "A character that XML forbids.",
    ),
    "C009": _warning(
        "{count} more problems are not shown",
        "solve the ones above first",
        "There are more than 200 problems.",
    ),
    # tags
    "C010": _error("unknown tag <{tag}>", "{nearest}", "No such tag."),
    "C011": _error(
        "<{tag}> is not supported yet",
        "tags that work today: {known}",
        "A tag of the language that this version does not read.",
    ),
    "C012": _error("<{tag}> must stand inside {owners}", "{wayout}", "A Label or Choice outside its control."),
    "C013": _error("<{tag}> cannot stand inside <{parent}>", "{wayout}", "A tag in a place where it means nothing."),
    "C014": _warning("the text {text} is not shown", "{wayout}", "Text between tags."),
    "C015": _error(
        'a <Choice> inside a <Choice> needs allowNested="true" on <Choices>',
        'add allowNested="true" to <Choices>, or group the choices with <View> and <Header>',
        "Nested choices without allowNested.",
    ),
    "C016": _warning(
        "the View inside <{parent}> only groups: its {names} cannot be used there",
        "put the attributes on <{parent}>, or on a View around it",
        "A View with layout attributes inside a control.",
    ),
    # names and links
    "C020": _error("toName '{name}' names no object in this config", "{nearest}", "toName leads nowhere."),
    "C021": _error("<{tag}> needs a name", 'add name="{example}"', "An object or control without a name."),
    "C022": _error(
        "the name '{name}' is already used by <{tag}> at line {line}",
        "give each object and each control its own name",
        "Two tags with one name.",
    ),
    "C023": _error("<{tag}> needs toName", "{nearest}", "A control without toName where it cannot be guessed."),
    "C024": _error("<{tag}> cannot work on <{target}>", "{wayout}", "A control on an object of the wrong kind."),
    "C025": _error(
        "<Labels> on an <Image> needs a shape to draw",
        'use <RectangleLabels name="{name}" toName="{target}"> in place of <Labels>',
        "Labels on an Image without a shape tag.",
    ),
    "C026": _error(
        "toName '{name}' names <{target}>, which is a control, not an object",
        "{nearest}",
        "toName names a control.",
    ),
    "C027": _error(
        "<{tag}> works on one object, toName lists {count}",
        "make one <{tag}> for each object",
        "A region control with several objects.",
    ),
    # hotkeys
    "C030": _warning(
        "'{key}' is not a key, so it is ignored",
        "write a single character or a name such as space, enter, f2, with ctrl+, alt+ or shift+ before it",
        "A hotkey that no keyboard has.",
    ),
    "C031": _warning(
        "hotkey '{key}' is used by '{first}' (line {line}) and '{second}'",
        "'{first}' keeps it, '{second}' gets a free key; give it another one to choose yourself",
        "Two explicit hotkeys are equal.",
    ),
    "C032": _warning(
        "hotkey '{key}' also means: {action}",
        "choose another key: one of the two will not work",
        "A hotkey that is built in.",
    ),
    # attributes
    "C040": _warning("<{tag}> has no attribute {name}, so it is ignored", "{nearest}", "Unknown attribute."),
    "C041": _error("<{tag}> needs {name}", "add {example}", "A needed attribute is missing or empty."),
    "C042": _error("{name} must be true or false, not '{value}'", 'write {name}="true"', "Not a yes or no."),
    "C043": _error("{name} must be {kind}, not '{value}'", 'write for example {name}="{example}"', "Not a number."),
    "C044": _error("{name} must be {range}, not {value}", 'write for example {name}="{example}"', "Out of range."),
    "C045": _error("{name} cannot be '{value}'", "{nearest}", "Not one of the allowed words."),
    "C046": _error(
        "{name}: '{value}' is not a colour",
        "{nearest}",
        "Not a CSS colour.",
    ),
    "C047": _error(
        "{name}: '{value}' is not a size",
        "write for example 600px, 50%, 20em or 60vh",
        "Not a CSS size.",
    ),
    "C048": _warning("{name} on <{tag}> is ignored: {reason}", "{wayout}", "An attribute that is not supported yet."),
    "C049": _warning("{name} has no effect here", "{wayout}", "An attribute that needs something else to work."),
    # options
    "C050": _error("<{tag}> has no <{child}> in it", "{wayout}", "A control with nothing to pick."),
    "C051": _warning(
        "'{value}' is already in <{tag}> (line {line}), so this one is left out",
        "delete it, or give it another value or alias",
        "Two equal labels or choices in one control.",
    ),
    "C052": _error(
        "maxUsages must be at least 1, not {value}",
        "leave maxUsages out for no limit",
        "maxUsages below 1.",
    ),
    "C053": _warning(
        "'{value}' cannot be selected too: only one choice is allowed and '{first}' (line {line}) is selected",
        'keep selected="true" on one choice, or set choice="multiple"',
        "Several preselected options where one is allowed.",
    ),
    "C054": _warning(
        "value of <{tag}> must be a data field such as $options, so '{value}' is ignored",
        'write value="${example}", or put the options inside as <{child} value="…"/>',
        "value of Choices or Labels that is not a field.",
    ),
    # conditions
    "C060": _error("whenTagName '{name}' names no tag in this config", "{nearest}", "whenTagName leads nowhere."),
    "C061": _error(
        "whenTagName '{name}' is a <{target}>, but {condition} asks for {wanted}",
        "{nearest}",
        "whenTagName names a tag of the wrong kind.",
    ),
    "C062": _warning("'{value}' is not {kind} of '{name}'", "{nearest}", "A condition on a value that never occurs."),
    "C063": _warning(
        "visibleWhen '{value}' is unknown, so this is always shown", "{nearest}", "Unknown word in visibleWhen."
    ),
    "C065": _error(
        "perRegion and perItem cannot be used together",
        "keep perRegion for one answer per region, or perItem for one answer per page",
        "perRegion together with perItem.",
    ),
    "C066": _warning(
        "<{tag}> is asked for each region, but nothing in this config makes regions on '{name}'",
        "{wayout}",
        "perRegion without a region control.",
    ),
    "C067": _warning(
        "this is shown only when '{name}' is answered, but '{name}' is inside it and can never be seen",
        "move '{name}' out of the part that depends on it",
        "A condition on something inside itself.",
    ),
    # data
    "C070": _error(
        "no object of this config shows a field of the task",
        "{wayout}",
        "A config without data fields.",
    ),
    "C071": _warning(
        "<{tag}> will show the text '{value}' itself",
        'for the field {value} of the task write value="${value}"',
        "A value that looks like a field without its $.",
    ),
    "C072": _error("'{source}' is not a path to a field", "write for example $doc.pages[0].url", "A broken path."),
    "C073": _warning("the sample task in this comment cannot be read: {reason}", "{wayout}", "Sample is not JSON."),
    "C074": _warning(
        "the sample task has no field {name}",
        'add "{name}" to its data, so that the preview can show it',
        "Sample lacks a field.",
    ),
    "C075": _warning(
        "a sample task is already given at line {line}, so this one is not used",
        "keep one of the two comments",
        "Two sample tasks.",
    ),
    "C076": _error(
        "no task can fit: {first} needs {wanted} in the field {name}, and this needs {found}",
        "use two fields",
        "One field used as two types.",
    ),
    "C077": _warning(
        "'{source}' reads the field '{name}' of the task, not an amount",
        "there is no escape for $; write the currency as a word",
        "A $ before a number.",
    ),
    "C078": _warning(
        "the full stop belongs to the field: '{source}' looks up '{name}'",
        "put a space before the full stop, or leave it out",
        "A full stop directly after a variable.",
    ),
    "C079": _warning(
        "the field ends before '{rest}': this reads '{name}', followed by the text '{rest}'",
        "only letters, digits, _ and . can be part of a field here; rename the field",
        "A character that no variable can contain.",
    ),
    # styles
    "C080": _warning("the style property '{name}' is not allowed, so it is left out", "{nearest}", "Unknown property."),
    "C081": _warning("the style '{name}: {value}' is not allowed, so it is left out", "{wayout}", "Refused value."),
    "C082": _warning(
        "'{text}' is not a style, so it is left out", "write property: value; for example color: red", "Not CSS."
    ),
    "C083": _warning("{name} is not allowed in <Style>, so it is left out", "{wayout}", "An at-rule in Style."),
    "C084": _warning(
        "{name} {value} is drawn as {used}",
        'write {name}="{used}"',
        "A size outside of its range.",
    ),
    # XML
    "C101": _error(
        "the config is empty",
        'start with <View><Text name="text" value="$text"/></View>',
        "Nothing but blanks or comments.",
    ),
    "C102": _error("<{tag}> opened at line {line} is not closed", "{wayout}", "An element without its end tag."),
    "C103": _error("</{found}> does not close <{tag}> opened at line {line}", "write </{tag}>", "A misspelt end tag."),
    "C104": _error("</{tag}> closes nothing", "delete it, or add <{tag}> before it", "An end tag without a start tag."),
    "C105": _error("{name} is given twice in <{tag}>", "delete one of the two", "An attribute twice."),
    "C106": _error("a bare & is not allowed in XML", "write &amp; for it", "An unescaped &."),
    "C107": _error("a bare < is not allowed here", "write &lt; for it", "An unescaped <."),
    "C108": _error("the attribute {name} has no value", 'write {name}="true"', "An attribute without a value."),
    "C109": _error("the value of {name} is not in quotes", 'write {name}="{value}"', "A value without quotes."),
    "C110": _error("the quote opened here is not closed", "add {quote} at the end of the value", "An open quote."),
    "C111": _error("'{text}' does not belong in the tag <{tag}>", "{wayout}", "Something odd inside a tag."),
    "C112": _error("the tag <{tag}> is not finished", "{wayout}", "A tag without >."),
    "C113": _error(
        "{what} stands outside of the outermost <{tag}>", "{wayout}", "Content before or after the outermost element."
    ),
    "C114": _error("{what} is not finished", "add {closing}", "A comment or CDATA section without its end."),
    "C115": _error("-- is not allowed inside a comment", "write - - or a dash", "Two dashes in a comment."),
    "C116": _error("]]> is not allowed in text", "write ]]&gt;", "]]> outside of CDATA."),
    "C117": _error("&{name}; is not a character", "write the character itself", "A wrong character reference."),
    "C118": _error("this is not well-formed XML: {reason}", "compare with a config that works", "Anything else."),
}


WAYS: dict[str, str] = {
    # C003
    "known_entity": "write the character itself or {number}",
    "unknown_entity": "write the character itself; for a plain & write &amp;",
    # tags
    "tags": "known tags: {known}",
    "owner": "put it into <{owner}>",
    "own_control": "put it into a control of its own",
    "close_before": "put it before or after <{parent}>, or close <{parent}> earlier",
    "label": 'use <{child} value="…"/> here',
    "text_twice": 'value="…" is shown already; delete the text or the attribute',
    "text_header": 'put it into <Header value="…"/>, or delete it',
    "text_remove": "delete it; <{tag}> shows no text from inside",
    # names and links
    "add_object": 'add for example <Text name="{name}" value="${name}"/>',
    "objects": "objects in this config: {known}",
    "to_name": 'add toName="…" with one of: {known}',
    "to_name_none": 'first add an object, for example <Text name="text" value="$text"/>',
    "works_on": "<{tag}> works on {targets}",
    "use_labels": 'for spans of a text use <Labels name="{name}" toName="{target_name}">',
    "names": "fitting names in this config: {known}",
    # attributes
    "attributes": "attributes of <{tag}>: {known}",
    "wrap": 'put it on a <View visibleWhen="…"> around <{tag}>',
    "words": "allowed here: {known}",
    "color": "write for example red, #e69f00 or rgb(230, 159, 0)",
    # options
    "no_choice": 'add <{child} value="…"/>, or value="$options" to take them from the task',
    # conditions
    "needs_visible_when": 'it works with visibleWhen="region-selected" or visibleWhen="choice-selected"',
    "needs_per_region": 'it works with perRegion="true"; else put this into a <View visibleWhen="…">',
    "not_with": "{kind} does not look at {name}; delete it",
    "needs_when_tag": 'add whenTagName="…", or any choice of any Choices will do',
    "needs_required": 'add required="true"',
    "needs_region": 'add perRegion="true"',
    "needs_alias": 'add alias="…"',
    "needs_show_alias": 'add showAlias="true"',
    "no_pages": "the object shows one item; use perRegion, or leave it out",
    "layout_wins": 'layout="{layout}" decides; delete showInline',
    "group_field": "headings inside a control are not filled in from the task",
    "add_rectangles": 'add <RectangleLabels name="…" toName="{name}"> with labels, or delete perRegion',
    "add_labels": 'add <Labels name="…" toName="{name}"> with labels, or delete perRegion',
    # data
    "no_object": 'add an object that shows data, for example <Text name="text" value="$text"/>',
    "no_field": 'write a field of your tasks with a $, for example value="${field}"',
    "json": 'it must be one JSON object, such as {{"image": "https://…"}}; other comments are left alone',
    # styles
    "property": "it is no CSS property that configs may use",
    "no_fetch": "styles cannot load anything",
    "stays": "styles cannot run anything or leave their place on the page",
    "at_rule": "plain rules, @media, @supports and @container work",
    # XML
    "start_end": "add > or /> at its end",
    "end_end": "add > at its end",
    "end": "add </{tag}>",
    "before": "add </{tag}> before </{by}> at line {at}",
    "one_root": "put everything into one <View>…</View>",
    "outside": "delete it, or move it into <{tag}>",
    "space": "put a space before it",
    "quote": 'is a quote (") missing or too much in the value before it?',
    "remove": "delete it",
}


REASONS: dict[str, str] = {  # of C073
    "value": "a value is expected here",
    "item": "a value or ] is expected here",
    "first_name": 'a name in double quotes (") or } is expected here',
    "name": 'a name in double quotes (") is expected here',
    "colon": "a colon (:) is expected here",
    "more": "a comma or the closing bracket is expected here",
    "end": "something follows the object",
    "deep": "it is nested too deep",
    "surrogate": "it has half of a surrogate pair",
    "number": "it has a number that is too large",
    "data": "its data is not an object",
}


@lru_cache(maxsize=512)
def nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word that was probably meant, or ``""``. Case does not count."""
    lower = {name.lower(): name for name in reversed(known)}
    if word.lower() in lower:
        return lower[word.lower()]
    found = get_close_matches(word.lower()[:60], lower, n=1, cutoff=0.6)
    return lower[found[0]] if found else ""


def listing(words: Iterable[str], most: int = 12) -> str:
    """``a, b, c`` with at most *most* words."""
    names = list(words)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def shown(text: str, most: int = 40) -> str:
    """*text* on one line and not too long, to be quoted in a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


class Problems:
    """Collects the problems of one config, in any order, and gives them in the order of their places."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._found: dict[tuple[int, int, str, str], Diagnostic] = {}
        self._more = 0
        self.failed = False

    @property
    def full(self) -> bool:
        """Whether more problems would only be counted."""
        return len(self._found) >= MAX_DIAGNOSTICS

    def add(
        self,
        code: str,
        span: Span,
        *,
        way: str | None = None,
        near: tuple[str, tuple[str, ...]] | None = None,
        known: Iterable[str] = (),
        **facts: Any,
    ) -> None:
        """
        Note one problem.

        Args:
            facts: fill the texts of *code*.
            way: the key in ``WAYS`` of the hint, where a code has several.
            near: a word and the words that may have been meant; if one is near, the hint asks for it in place of *way*.
            known: words to list in the hint as ``{known}``.
        """
        text = TEXTS[code]
        self.failed = self.failed or text.severity == "error"
        if self.full:
            self._more += 1
            return
        if "reason_key" in facts:
            facts["reason"] = REASONS[facts["reason_key"]]
        facts["known"] = listing(known, 24) or "none"
        if way:
            facts["wayout"] = WAYS[way].format(**facts)
        if near:
            found = nearest(*near)
            facts["nearest"] = f"did you mean '{found}'?" if found else facts.get("wayout", "")
        message, hint = text.message.format(**facts), text.hint.format(**facts)
        line, column = self.lines.place(span.start)
        end_line, end_column = self.lines.place(span.end)
        self._found.setdefault(
            (span.start, span.end, code, message),
            Diagnostic(line, column, end_line, end_column, code, text.severity, message, hint),
        )

    def line(self, span: Span) -> int:
        return self.lines.place(span.start)[0]

    def sorted(self) -> tuple[Diagnostic, ...]:
        found = [self._found[key] for key in sorted(self._found)]
        if self._more:
            text, last = TEXTS["C009"], found[-1]
            message = text.message.format(count=self._more)
            place = (last.line, last.column, last.end_line, last.end_column)
            found.append(Diagnostic(*place, "C009", text.severity, message, text.hint))
        return tuple(found)


def format(diagnostic: Diagnostic, source_name: str, source: str) -> str:
    """
    The problem for a terminal: place, code, message; the line of the source with carets under the fault; the hint.

    Carets count code points; a fault over several lines is marked to the end of its first line.
    """
    text = Lines(source).text(diagnostic.line)
    end = diagnostic.end_column if diagnostic.end_line == diagnostic.line else len(text) + 1
    width = max(1, min(end, len(text) + 1) - diagnostic.column)
    start = 0
    if len(text) > 160:  # a config on one line: show the neighbourhood of the fault
        start = max(0, diagnostic.column - 61)
        text, width = text[start : start + 160], min(width, 100)
    before = "".join("\t" if char == "\t" else " " for char in text[: diagnostic.column - 1 - start])
    kind = "" if diagnostic.severity == "error" else "warning "
    place = f"{source_name}:{diagnostic.line}:{diagnostic.column}"
    lines = [f"{place}: {kind}{diagnostic.code} {diagnostic.message}"]
    lines += [f"    {text}", f"    {before}{'^' * width}"]
    if diagnostic.hint:
        lines.append(f"    hint: {diagnostic.hint}")
    return "\n".join(lines)
