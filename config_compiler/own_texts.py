"""
How the problems of answers (C14x) and of our own tags (C13x) are said: rows of severity, message, hint and what the
reference page says about the code. :mod:`config_compiler.diagnostics` joins them to its tables.
"""

from __future__ import annotations

from typing import Literal

Row = tuple[Literal["error", "warning"], str, str, str]

TEXTS: dict[str, Row] = {
    # rules
    "C130": (
        "error",
        "this rule checks nothing",
        "add what it checks, for <{tag}> one of: {known}",
        "A Rule without a check.",
    ),
    "C131": ("error", "{name} '{value}' names no control in this config", "{nearest}", "A Rule about no control."),
    "C132": (
        "error",
        "{name} does not fit <{tag}>, which '{control}' is",
        "{wayout}",
        "A check that means nothing for the control.",
    ),
    "C133": ("error", "'{value}' is not {kind} of '{control}'", "{nearest}", "A Rule on a label that never occurs."),
    "C134": (
        "error",
        "the pattern cannot be used: {reason}",
        "characters, [classes], \\d \\w \\s, groups, | and repeats can be used; it stands for the whole text",
        "A pattern that is no regular expression, or says more than patterns may.",
    ),
    "C135": (
        "warning",
        "{value} in a message is not filled in",
        "a message can have {{label}}, {{count}} and {{title}}",
        "An unknown name in curly brackets.",
    ),
    # components
    "C136": (
        "warning",
        "'{value}' in {name} is not looked at",
        "words that are checked: {known}",
        "A JSON Schema with more than is checked.",
    ),
    "C137": (
        "warning",
        "the React code of <{tag}> does not run here",
        "its results are read, checked and kept; to answer with it, write it as a <Component> (docs/components.md)",
        "ReactCode or CustomInterface.",
    ),
    "C138": ("error", "<{tag}> {reason}", "{wayout}", "A component without code, or with two."),
    "C139": ("error", "{name} cannot be read: {reason}", "{nearest}", "result, outputs or params of a component."),
    # answers
    "C140": (
        "error",
        "<{tag}> compares two objects, toName names {count}",
        'write for example toName="{example}"',
        "Pairwise without exactly two objects.",
    ),
    "C141": ("error", "only cannot have '{value}'", "{nearest}", "DateTime asks for something else than parts."),
    "C142": ("error", "{low} {least} is over {high} {most}", "{wayout}", "Bounds the wrong way round."),
    "C143": (
        "error",
        "'{value}' in format is no part of a date or time",
        "use for example %Y-%m-%d, %d.%m.%Y or %H:%M",
        "A format that is not strftime's.",
    ),
    "C144": (
        "error",
        "a slider needs min and max",
        'give both, for example min="0" max="100"',
        "A slider without its ends.",
    ),
    "C145": (
        "warning",
        "'{value}' cannot be the default too: '{first}' (line {line}) is",
        'keep default="true" on one bucket',
        "Several default buckets.",
    ),
    "C146": (
        "warning",
        "items of apiUrl are not asked for yet: '{name}' shows what the config and the task have",
        'put the items into the config or, with value="$items", into the tasks; {host} would have to be reachable '
        "from every annotator's browser",
        "Taxonomy with apiUrl.",
    ),
    "C147": ("error", "{name} '{value}' is not {wanted}", 'write for example {name}="{example}"', "Bounds of dates."),
    "C148": (
        "warning",
        "only has date, which asks for {value} already",
        "keep date, or ask for month and year alone",
        "date together with month or year.",
    ),
}

WAYS: dict[str, str] = {
    "no_rule": 'add for example <Rule for="…" minCount="1" message="…"/>, or delete it',
    "controls": "controls in this config: {known}",
    "fitting_checks": "checks for <{tag}>: {known}",
    "no_label_here": "'{control}' has no labels; rules on it see all its regions",
    "labels": "it has: {known}",
    "relation_any": 'write relation="*" for any relation, or add <Relations> with labels',
    "add_code": 'add src="https://…", or the code inside as <![CDATA[…]]>',
    "one_code": "delete one of the two",
    "result_words": "write text, number, boolean, choices:a,b, regions or any, or a JSON Schema of an object",
    "params_json": "write a JSON object: names in double quotes, each with a colon and a value",
    "swap_bounds": "exchange the two numbers, or leave one out",
    "needs_unanswerable": 'add unanswerable="true"',
    "needs_two_or_choice": "it works with needs or excludes",
}

REASONS: dict[str, str] = {
    "pattern_long": "it has more than 500 characters",
    "pattern_deep": "its groups are nested too deep",
    "pattern_many": "its repeats make it too large",
    "pattern_group": "of groups only (…) and (?:…) can be used here",
    "pattern_open": "a bracket that is opened here is not closed",
    "pattern_close": "this bracket closes nothing",
    "pattern_class": "write a backslash before this sign in a class",
    "pattern_range": "this class has a range that ends before it starts",
    "pattern_escape": "this sign with a backslash means nothing here",
    "pattern_anchor": "it stands for the whole text already, so ^, $ and \\b cannot be used inside",
    "pattern_nothing": "there is nothing to repeat here",
    "pattern_twice": "a repeat cannot be repeated",
    "pattern_count": "this repeat ends before it starts",
    "no_code": "has no code",
    "two_codes": "has src and code inside",
    "schema_word": "this word is not known",
    "schema_object": "an answer is a JSON object, so its schema is one with type object",
    "schema_shape": "'{word}' is not {wanted}",
    "schema_choices": "choices: is followed by no choice",
    "params_object": "it is JSON, but not an object",
    "large": "it has more than 20,000 characters",
}
