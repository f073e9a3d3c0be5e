"""The expressions that specifications of charts may have: constants, in which no text of anybody stands."""

from __future__ import annotations

_FIELDS = ("text", "label", "value", "mark", "day", "sessions", "people", "said", "given", "letter")

EXPRESSIONS = {
    *(f"-7.0 * (length(split(datum.{field}, '\\n')) - 1)" for field in _FIELDS),
    "split(datum.label, '\\n')",
    "split(datum.label, '\\n')[1] ? '' : datum.label",
    "datum.value ? datum.label : '0'",
    "(datum.index ? '' : '≤ ') + format(datum.value, ',')",
    "[utcFormat(datum.value, '%b'), !datum.index || !utcmonth(datum.value) ? utcFormat(datum.value, '%Y') : '']",
    (
        "[utcdate(datum.value) < 8 || (!datum.index && utcdate(datum.value) < 22)"
        " ? utcFormat(datum.value, '%b %Y') : '', utcdate(datum.value)]"
    ),
}
