"""
How each problem is said: the texts of all codes but those of answers and of our own tags (:mod:`own_texts`).
:mod:`config_compiler.diagnostics` says what the groups of codes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config_compiler import own_texts

Severity = Literal["error", "warning"]


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
    "C008": _error(
        "<{tag}> has more than {limit} attributes",
        "delete what it does not need; no tag knows so many",
        "A tag has more than 200 attributes.",
    ),
    "C009": _warning(
        "{count} more problems are not shown",
        "solve the ones above first",
        "There are more than 200 problems.",
    ),
    # tags
    "C010": _error("unknown tag <{tag}>", "{nearest}", "No such tag."),
    "C011": _error(
        "<{tag}> is no tag of the language",
        "{instead}",
        "A tag of an old or unfinished version of Label Studio.",
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
    "C017": _error(
        "<Repeater> needs a list of the task, not '{value}'",
        'write for example on="$pages"',
        "A Repeater over something that is no field.",
    ),
    "C018": _error(
        "the name '{name}' would come again with each copy of the Repeater",
        'put its flag {flag} into the name, for example name="{example}"',
        "A name inside a Repeater without its flag.",
    ),
    "C019": _error("indexFlag cannot be '{flag}'", "{wayout}", "A flag that cannot be told from other text."),
    # names and links
    "C020": _error("toName '{name}' names no {what} in this config", "{nearest}", "toName leads nowhere."),
    "C021": _error("<{tag}> needs a name", 'add name="{example}"', "An object or control without a name."),
    "C022": _error(
        "the name '{name}' is already used by <{tag}> at line {line}",
        "give each object and each control its own name",
        "Two tags with one name.",
    ),
    "C023": _error("<{tag}> needs toName", "{nearest}", "A control without toName where it cannot be guessed."),
    "C024": _error("<{tag}> cannot work on <{target}>", "{wayout}", "A control on an object of the wrong kind."),
    "C025": _error(
        "<Labels> on <{target_tag}> needs something that draws",
        "{wayout}",
        "Labels on an Image, Video or PointCloud where nothing draws.",
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
    "C028": _warning(
        "sync '{word}': nothing else plays together with '{name}'",
        "{wayout}",
        "A sync group with one member.",
    ),
    "C029": _error(
        "'{name}' stands in a <Repeater> and has many copies; this <{tag}> is outside of it",
        "move it into the same <Repeater>, with the flag in its name",
        "A link from outside into a Repeater.",
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
    "C065": _warning(
        "perRegion and perItem exclude each other, so perItem is ignored",
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

TEXTS |= {code: Text(*row) for code, row in own_texts.TEXTS.items()}
