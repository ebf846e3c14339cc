"""Ways out of problems whose code has several, by key; ``{…}`` is filled with the facts of the case."""

from __future__ import annotations

from config_compiler import own_texts

WAYS: dict[str, str] = {
    # C003
    "known_entity": "write the character itself or {number}",
    "unknown_entity": "write the character itself; for a plain & write &amp;",
    # tags
    "tags": "known tags: {known}",
    "owner": "put it into <{owner}>",
    "own_control": "put it into a control of its own",
    "close_before": "put it before or after <{parent}>, or close <{parent}> earlier",
    "wrap_child": "put it into a <{child}>",
    "flag_letters": 'use letters, digits, _ and braces, for example indexFlag="{{{{idx}}}}"',
    "flag_twice": 'the Repeater around it has the same flag; write for example indexFlag="{{{{inner}}}}"',
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
    "use_other": 'use <{fits} name="{name}" toName="{target_name}"> there',
    "no_marks": "regions cannot be made on <{target}>; <{tag}> works on {targets}",
    "filters": "it searches labels or choices; controls in this config that have any: {known}",
    "to_filter": "first add a control with labels or choices",
    "flag_outside": "'{name}' stands outside of the <Repeater> with the flag {flag}: put it inside, or take {flag} out "
    "of its name",
    "own_name": "it belongs to itself; leave toName out, or write '{own}'",
    "sync_other": "give another one the same word; objects that can play: {known}",
    "sync_none": "leave sync out; no other object here can play",
    "draw_in_place": 'use <{maker} name="{name}" toName="{target}"> in place of <Labels>',
    "draw_beside": 'add <{maker} name="{name}_{target}" toName="{target}"/>',
    "names": "fitting names in this config: {known}",
    # attributes
    "attributes": "attributes of <{tag}>: {known}",
    "wrap": 'put it on a <View visibleWhen="…"> around <{tag}>',
    "words": "allowed here: {known}",
    "color": "write for example red, #e69f00 or rgb(230, 159, 0)",
    # options
    "no_channel": 'add <{child} column="…"/> for each curve',
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
    "pages_win": "valueList shows its pages; delete value",
    "no_model": "it is kept in the plan, but no model answers here",
    "needs_time_column": 'to play along, a TimeSeries needs timeColumn="…"',
    "needs_chat": "it asks for messages; this config has no <Chat>",
    "no_pages": "the object shows one item; use perRegion, or leave it out",
    "layout_wins": 'layout="{layout}" decides; delete showInline',
    "group_field": "headings inside a control are not filled in from the task",
    "add_regions": 'add <{maker} name="…" toName="{name}"> with labels, or delete perRegion',
    "no_regions": "regions cannot be made on such an object; delete perRegion",
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

WAYS |= own_texts.WAYS
REASONS |= own_texts.REASONS
