"""Forms go out as spreadsheets and come back the same; what is not supported is refused by its cell."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from handbook.questions.definition import Form
from handbook.questions.faults import FormRefused
from handbook.questions.program import compiled
from handbook.questions.xlsform import apart
from handbook.questions.xlsform.cells import MOST_FAULTS
from handbook.questions.xlsform.dialect import COLUMNS, KINDS, OURS, TYPE_ALIASES
from handbook.questions.xlsform.reading import MOST_ROWS, form_of
from handbook.questions.xlsform.writing import workbook_of
from tests.house.tree import ROOT, python_files, strings_in
from tests.questions.books import HEAD, book, reader, refused
from tests.questions.generated import forms
from tests.questions.worked import a_form, calculated

SAMPLES = sorted((ROOT.parent / "shared/data/xlsform").glob("*"))
YES_NO = [["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]
TEXT = ["text", "t", "Chữ"]


def nested(kind: str) -> list[list[str]]:
    end = [f"end_{kind}"]
    return [[f"begin_{kind}", "g", "x"], [f"begin {kind}", "h", "x"], TEXT, end, end]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms)
def test_what_is_written_is_read_the_same_and_pyxform_takes_it(form: Form) -> None:
    try:
        compiled(form)
    except FormRefused:
        assume(False)
    back = reader(workbook_of(form))
    assert back.form("x.xlsx") == form
    assert apart.judged(back.standard_rows()) == {"said": ""}


def test_every_kind_of_question_through_the_door() -> None:
    form = a_form(
        calculated("sum(${a}) + 0.5"), {"name": "note", "kind": "note"}, {"name": "long", "kind": "long_text"},
        n={"minimum": -2.5, "maximum": 1e15, "default": 0.1, "unit": "đồng", "required": "${y} = 'yes'"},
        s={"default": ["red", "blue"], "required": True}, m={"minimum": 0},
        t={"label": {"vi": "=1+1\n\nhttps://x", "en": "@x"}, "constraint": ". != ''", "constraint_message": "Sai"},
    )  # fmt: skip
    data = workbook_of(form)
    assert form_of("x.xlsx", data) == form
    assert workbook_of(form) == data


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_samples_come_in_or_are_refused_by_cells(path: Path) -> None:
    try:
        form = form_of(path.name, path.read_bytes())
    except FormRefused as error:
        assert all("!" in fault.place for fault in error.faults)
    else:
        assert not path.name.startswith("bad-")
        assert form_of(path.name, workbook_of(form)) == form


@pytest.mark.parametrize(
    ("survey", "place", "code"),
    [
        ([[*HEAD, "choice_filter"], [*TEXT, "x"]], "survey!D1", "xlsform.column"),
        ([[*HEAD, "label"], [*TEXT, "x"]], "survey!D1", "xlsform.column_twice"),
        ([[*HEAD, "label::Français (fr)"], [*TEXT, "x"]], "survey!D1", "xlsform.language"),
        ([HEAD, [*TEXT, "", "ghi chú"]], "survey!E2", "xlsform.no_heading"),
        ([HEAD, ["geopoint", "t", "x"]], "survey!A2", "xlsform.type"),
        ([HEAD, ["", "t", "x"]], "survey!A2", "xlsform.missing"),
        ([HEAD, ["text", "", "x"]], "survey!B2", "xlsform.missing"),
        ([HEAD, ["text", "t", ""]], "survey!C2", "xlsform.missing"),
        ([HEAD, ["text", "a b", "x"]], "survey!B2", "form.shape"),
        ([HEAD, ["select_one", "t", "x"]], "survey!A2", "xlsform.type"),
        ([HEAD, ["select_one xx", "t", "x"]], "survey!A2", "xlsform.list"),
        ([HEAD, ["select_one xx or_other", "t", "x"]], "survey!A2", "xlsform.type"),
        ([[*HEAD, "appearance"], [*TEXT, "numbers"]], "survey!D2", "xlsform.appearance"),
        ([[*HEAD, "constraint"], ["note", "t", "x", "1 = 1"]], "survey!D2", "xlsform.not_here"),
        ([[*HEAD, "minimum"], ["integer", "t", "x", "nhiều"]], "survey!D2", "xlsform.value"),
        ([[*HEAD, "relevant"], [*TEXT, "${x} = 1"]], "survey!D2", "expression.name"),
        ([[*HEAD, "calculation"], ["calculate", "t", "x", "once(1)"]], "survey!D2", "expression.function"),
        ([HEAD, ["calculate", "t", "x"]], "survey!A2", "xlsform.missing"),
        ([HEAD, TEXT, ["text", "t", "x"]], "survey!B3", "form.name_twice"),
        ([HEAD, ["text", "t", "Chào ${t}"]], "survey!C2", "form.shape"),
        ([HEAD, ["begin_group", "g", "x"], TEXT], "survey!A2", "xlsform.not_closed"),
        ([HEAD, TEXT, ["end_repeat"]], "survey!A3", "xlsform.not_opened"),
        ([HEAD, *nested("group")], "survey!A3", "xlsform.nested"),
        ([HEAD, *nested("repeat")], "survey!A3", "xlsform.nested"),
        ([HEAD, ["begin_group", "g", "x"], ["end_group"], TEXT], "survey!A2", "form.shape"),
        ([HEAD], "survey!A1", "xlsform.no_questions"),
        ([], "survey!A1", "xlsform.no_questions"),
    ],
)  # fmt: skip
def test_one_cell_in_the_way(survey: list, place: str, code: str) -> None:
    assert (place, code) in [(fault.place, fault.code) for fault in refused(survey)]


def test_several_cells_are_told_at_once() -> None:
    faults = refused(
        [[*HEAD, "media::image"], ["range", "t", "x"], ["text", "", "x"]],
        [["list_name", "name", "label"], ["a", "", "x"], ["", "b", "x"], ["a", "c", ""]],
        [["form_title", "style"], ["Mẫu", "pages"]],
        other=[["x"]],
    )
    assert {fault.place for fault in faults} == {
        "survey!D1", "survey!A2", "survey!B3", "choices!B2", "choices!A3", "choices!C4", "settings!B1", "other!A1",
    }  # fmt: skip


def test_more_than_a_form_holds() -> None:
    faults = refused([HEAD, *[["text", f"t{number}", "x"] for number in range(MOST_ROWS + 1)]])
    assert ("survey!A1122", "form.too_many_questions") in [(fault.place, fault.code) for fault in faults]
    choices = [["list_name", "name", "label"], *[["a", number, "x"] for number in range(501)]]
    assert [(fault.place, fault.code) for fault in refused([HEAD, ["select_one a", "t", "x"]], choices)] == [
        ("choices!B502", "xlsform.too_many_choices")
    ]


def test_a_sheet_full_of_faults_tells_the_first_of_them() -> None:
    choices = [["list_name", "name", "label"], *[["", "", "", "x"]] * 3000]
    faults = refused([HEAD, *[["text", "", "", "x"]] * 1000], choices)
    assert len(faults) == MOST_FAULTS and faults[0].place == "survey!D2"


def test_what_the_judge_says_stands_at_its_cell() -> None:
    judged = reader(book([HEAD, TEXT])).judged
    told = judged("[row : 2] On the 'survey' sheet, the 'name' value 't' is invalid.")
    assert (told.place, told.code) == ("survey!B2", "xlsform.not_valid")
    assert (
        judged("Something else").place
        == judged("[row : 9] On the 'entities' sheet, the 'x' value").place
        == "survey!A1"
    )


def test_a_plain_form_as_people_write_them() -> None:
    form = reader(
        book(
            [
                ["type", "name", "label::English (en)", "required"], ["text", "who", "Who?", "yes"],
                ["begin repeat", "trips", "Trips"], ["int", "km", "How far?"], ["end repeat"],
                ["select one from yes_no", "again", "Again?"],
            ],
            [["list name", "name", "label:English (en)"], *YES_NO, [], ["x", 1, 2]],
        )
    ).form("Chuyến đi 2026.xlsx")  # fmt: skip
    assert (form.name, form.title.vi, [section.name for section in form.sections]) == (
        "chuyen_di_2026", "Chuyến đi 2026", ["part_1"],
    )  # fmt: skip
    assert form.sections[0].title == form.title
    who, trips, again = form.sections[0].questions
    assert (who.label.vi, who.required, trips.kind, trips.questions[0].whole) == ("Who?", True, "table", True)
    assert (again.kind, again.choices[0].label.vi) == ("one_of", "Yes")


def test_the_page_of_the_documentation_lists_what_is_supported() -> None:
    page = (ROOT / "docs/forms.md").read_text(encoding="utf-8")
    for kind, known in KINDS.items():
        told = f"`{known.type}`" + (f" + `{known.appearance}`" if known.appearance else "")
        assert f"| {kind} | {told} |" in page
    for sheet, columns in COLUMNS.items():
        listed = ", ".join(f"`{column}`" + ("*" if column in OURS else "") for column in columns)
        assert f"| {sheet} | {listed} |" in page
    assert ", ".join(f"`{alias}`" for alias in sorted(TYPE_ALIASES)) in page


def test_the_page_of_the_documentation_names_every_code() -> None:
    page = (ROOT / "docs/forms.md").read_text(encoding="utf-8")
    code = re.compile(r"(form|expression|answer|xlsform|import|period)\.[a-z_]+")
    raised = {text for path in python_files("handbook/questions", "handbook/periods") for text in strings_in(path)}
    raised = {text for text in raised if code.fullmatch(text)} - {"form.refused"}
    assert sorted(text for text in raised if f"`{text}`" not in page) == []
