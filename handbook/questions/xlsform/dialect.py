"""What of XLSForm is understood: sheets, columns and types. Everything else is refused by its cell."""

from __future__ import annotations

from dataclasses import dataclass

VIETNAMESE = "Tiếng Việt (vi)"
ENGLISH = "English (en)"
LANGUAGES = {"vi": "vi", "tiếng việt": "vi", "vietnamese": "vi", "en": "en", "english": "en"}


@dataclass(frozen=True)
class Kind:
    """How one kind of question is written: its type, the appearance that tells it apart, the columns that it may fill."""

    type: str
    columns: frozenset[str]
    appearance: str = ""


_ALL = frozenset({"type", "name", "label", "hint", "relevant", "appearance"})
_ANSWERED = _ALL | {"required", "constraint", "constraint_message", "default"}
_NUMBER = _ANSWERED | {"unit", "minimum", "maximum"}
KINDS = {
    "text": Kind("text", _ANSWERED),
    "long_text": Kind("text", _ANSWERED, "multiline"),
    "number": Kind("decimal", _NUMBER),
    "whole_number": Kind("integer", _NUMBER),
    "date": Kind("date", _ANSWERED),
    "month": Kind("date", _ANSWERED, "month-year"),
    "yes_no": Kind("select_one yes_no", _ANSWERED),
    "one_of": Kind("select_one", _ANSWERED),
    "many_of": Kind("select_multiple", _ANSWERED),
    "attachment": Kind("file", _ALL | {"required", "most_files"}),
    "note": Kind("note", _ALL),
    "calculated": Kind("calculate", _ALL | {"calculation", "unit"}),
    "table": Kind("begin_repeat", _ALL | {"required", "min_rows", "max_rows"}),
    "section": Kind("begin_group", frozenset({"type", "name", "label", "relevant"})),
}
ENDS = {"end_repeat": "begin_repeat", "end_group": "begin_group"}
TYPE_ALIASES = {
    "begin group": "begin_group",
    "begin repeat": "begin_repeat",
    "end group": "end_group",
    "end repeat": "end_repeat",
    "int": "integer",
    "select all that apply from": "select_multiple",
    "select multiple": "select_multiple",
    "select multiple from": "select_multiple",
    "select one": "select_one",
    "select one from": "select_one",
    "string": "text",
}

# Columns by sheet; those that may carry a language; and those that only the handbook has.
COLUMNS = {
    "survey": (
        "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "default",
        "calculation", "appearance", "unit", "minimum", "maximum", "min_rows", "max_rows", "most_files",
    ),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_title_en", "form_id", "version", "default_language"),
}  # fmt: skip
WORDED = frozenset({"label", "hint", "constraint_message"})
OURS = frozenset({"unit", "minimum", "maximum", "min_rows", "max_rows", "most_files", "form_title_en"})
COLUMN_ALIASES = {
    "list name": "list_name",
    "form id": "form_id",
    "form title": "form_title",
    "id_string": "form_id",
    "title": "form_title",
    "bind:relevant": "relevant",
    "bind:constraint": "constraint",
    "bind:required": "required",
    "bind:calculate": "calculation",
    "bind:jr:constraintmsg": "constraint_message",
    "constraint message": "constraint_message",
    "relevance": "relevant",
}
YES = frozenset({"yes", "true"})
NO = frozenset({"no", "false"})
YES_NO_LIST = {"yes": ("Có", "Yes"), "no": ("Không", "No")}
