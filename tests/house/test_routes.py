"""The URL is the map: access beside each route, one name for endpoint, function and template."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from handbook.web import access
from tests.house.tree import SHARED_TEMPLATES, TEMPLATES, python_files, relative, strings_in, template_names

# Addresses that browsers and operators expect at the top, and pages that belong to no feature.
TOP = {"site", "design", "language", "assets", "static", "home"}
SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|<(uuid|int|path|string)?:?[a-z_]+>(\.[a-z]+)?")
VERBS = re.compile(
    r"(get|do|make|create|delete|remove|update|save|submit|send|publish|read|mark|set|add|open|close|end)(-|$)"
)


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def badly_named(rule: str) -> list[str]:
    """The segments of a route that are neither kebab-case nouns nor parameters."""
    return [
        segment
        for segment in rule.strip("/").split("/")
        if segment and (not SEGMENT.fullmatch(segment) or VERBS.match(segment))
    ]


def test_every_route_says_who_may_enter(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if access.declared(view) is None] == []


def test_a_route_that_does_not_say_stops_the_start() -> None:
    app = Flask("probe", static_folder=None)
    app.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(access.AccessUndeclared, match="silent"):
        access.check(app)


def test_urls_are_nouns_in_kebab_case(app: Flask) -> None:
    bad = {str(rule): badly_named(str(rule)) for rule in rules(app)}
    assert {rule: segments for rule, segments in bad.items() if segments} == {}


@pytest.mark.parametrize("rule", ["/library/getAll", "/library/save-draft", "/library/read_all", "/Library/"])
def test_urls_that_are_not(rule: str) -> None:
    assert badly_named(rule)


def test_first_segment_is_the_feature(app: Flask) -> None:
    wrong = []
    for rule in rules(app):
        blueprint = rule.endpoint.partition(".")[0]
        if blueprint in TOP:
            continue
        feature = blueprint.removesuffix("_staff")
        place = f"/staff/{feature}/" if blueprint.endswith("_staff") else f"/{feature}/"
        own_file = feature == "offline" and str(rule).count("/") == 1
        if not (str(rule) + "/").startswith(place) and not own_file:
            wrong.append(f"{rule} is {rule.endpoint}")
    assert wrong == []


def test_page_templates_bear_the_name_of_an_endpoint(app: Flask) -> None:
    """Or its noun, when a page has two faces: `enrol_closed` beside `enrol`, `ticket` after `ticket_create`."""
    nouns = {noun(endpoint) for endpoint in app.view_functions}
    orphans = []
    for name in template_names():
        *folders, file = name.removesuffix(".html").split("/")
        if folders[0] in SHARED_TEMPLATES or file.startswith("_"):
            continue
        blueprint = folders[0] + ("_staff" if folders[1:2] == ["staff"] else "")
        if noun(f"{blueprint}.{file}") not in nouns:
            orphans.append(name)
    assert orphans == []


def noun(endpoint: str) -> str:
    """An endpoint up to the first word of its function: `library_staff.import` of `library_staff.import_create`."""
    blueprint, _, function = endpoint.partition(".")
    return f"{blueprint}.{function.partition('_')[0]}"


def test_views_render_templates_that_exist() -> None:
    missing = [
        f"{relative(path)}: {text}"
        for path in python_files("handbook")
        for text in strings_in(path)
        if re.fullmatch(r"[a-z_]+(/[a-z_]+)+\.html", text) and not (TEMPLATES / text).is_file()
    ]
    assert missing == []
