"""Tags that show structured data: time series, tables, lists."""

from __future__ import annotations

from config_compiler.tags.model import Attr, Tag, plain
from config_compiler.tags.objects import NAME, SYNC

_CURVES = (
    "curveLinear", "curveStep", "curveStepBefore", "curveStepAfter", "curveBasis", "curveBundle", "curveCardinal",
    "curveCatmullRom", "curveMonotoneX", "curveNatural",
)  # fmt: skip
_FIXED_SCALE = plain("fixedScale", "bool", "The range of all data, also when a part is shown (default: the parent's).")

TIME_SERIES = Tag(
    "TimeSeries",
    "object",
    "Shows measurements over time, one Channel for each column. Parts are marked with TimeSeriesLabels.",
    attrs=(
        NAME,
        Attr("value", "value", "The data: usually a field, `$series`.", required=True),
        plain("valueType", "enum", "url: address of a CSV file; json: an object of columns.", "url",
              values=("url", "json")),
        plain("timeColumn", "text", "Name or number of the column with the time (default: 0, 1, 2, …)."),
        plain("timeFormat", "text", "How times are written, for example `%Y-%m-%d %H:%M:%S.%L`; read as UTC."),
        plain("timeDisplayFormat", "text", "How times are shown: as timeFormat, or a number format such as `,.1f`."),
        plain("durationDisplayFormat", "text", "How lengths are shown.", ".0f"),
        plain("sep", "text", "What separates columns of the CSV file.", ","),
        plain("overviewChannels", "words", "Columns in the overview (default: all)."),
        plain("overviewWidth", "size", "How much of the overview is shown at the start.", "25%"),
        plain("fixedScale", "bool", "The range of all data, also when a part is shown.", "false"),
        SYNC,
        plain("cursorColor", "color", "Colour of the play cursor."),
        Attr("hotkey", "key", "Its key: play and pause."),
        plain("multiaxis", "bool", "All channels in one plot.", "false"),
    ),
    children=("Channel", "MultiChannel"),
    object_type="timeseries",
    field_types=("object", "list", "string"),
    regions_by="TimeSeriesLabels",
    example='<TimeSeries name="ts" value="$series" valueType="json"><Channel column="speed"/></TimeSeries>',
)  # fmt: skip
CHANNEL = Tag(
    "Channel",
    "part",
    "One curve of a TimeSeries.",
    attrs=(
        plain("column", "text", "Name (in any case) or number of the column.", required=True),
        plain("legend", "text", "Its name on the page."),
        plain("units", "text", "Its unit."),
        plain("displayFormat", "text", "How values are shown. (Documented as empty.)", ".1f"),
        plain("height", "float", "Height in pixels.", "200", low=10, high=10000),
        plain("strokeColor", "color", "Colour of the curve. (Documented as #f48a42.)", "#1f77b4"),
        plain("strokeWidth", "float", "Width of the curve in pixels.", "1", low=0, high=50),
        plain("markerColor", "color", "Colour of the points.", "#f48a42"),
        plain("markerSize", "float", "Size of the points in pixels; 0: none.", "0", low=0, high=50),
        plain("markerSymbol", "enum", "Form of the points.", "circle",
              values=("circle", "cross", "diamond", "square", "star", "triangle", "wye")),
        plain("timeRange", "range", "Times that are shown, for example `0,60`."),
        plain("dataRange", "range", "Values that are shown, for example `-1,1`."),
        plain("showAxis", "bool", "The axes are shown.", "true"),
        _FIXED_SCALE,
        plain("interpolation", "enum", "How points are joined.", "curveStep", values=_CURVES),
    ),
    example='<Channel column="speed" units="m/s" legend="Speed" strokeColor="#0072b2"/>',
)  # fmt: skip
MULTI_CHANNEL = Tag(
    "MultiChannel",
    "part",
    "Channels of a TimeSeries in one plot.",
    attrs=(
        plain("height", "float", "Height in pixels.", "200", low=10, high=10000),
        plain("showAxis", "bool", "The axes are shown.", "true"),
        plain("showYAxis", "bool", "The vertical axis is shown.", "true"),
        _FIXED_SCALE,
    ),
    children=("Channel",),
    example='<MultiChannel><Channel column="x"/><Channel column="y"/></MultiChannel>',
)
TABLE = Tag(
    "Table",
    "object",
    "Shows a table: keys and values of an object, rows of a list of objects, or a CSV file.",
    attrs=(
        NAME,
        Attr("value", "value", "The data: usually a field, `$table`.", required=True),
        plain("valueType", "text", "json, or csv with options: `csv|url|separator=;|headless`.", "json"),
    ),
    text="value",
    object_type="table",
    field_types=("object", "list", "string"),
    example='<Table name="table" value="$table"/>',
)
LIST = Tag(
    "List",
    "object",
    "Shows items with title and body. With a Ranker they can be put in order.",
    attrs=(
        NAME,
        Attr("value", "value", "The items: a field with a list of objects with id, title, body or html.",
             required=True),
        plain("title", "text", "Stands over the list."),
    ),
    text="value",
    object_type="list",
    field_types=("list", "string"),
    example='<List name="items" value="$items" title="Answers"/>',
)  # fmt: skip

TAGS = (TIME_SERIES, CHANNEL, MULTI_CHANNEL, TABLE, LIST)
