"""Templates compile, ask for nothing that is not given to them, and none lies about unused."""

import re

from flask import Flask
from jinja2 import Environment, StrictUndefined, meta, nodes

from tests.house.tree import ROOT, TEMPLATES, python_files, strings_in, template_names

NAMES = template_names()


def source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def parse(environment: Environment, name: str) -> nodes.Template:
    return environment.parse(source(name), name)


def undeclared(environment: Environment, text: str) -> set[str]:
    """Names that a template takes from outside."""
    return meta.find_undeclared_variables(environment.parse(text)) - set(environment.globals)


def test_all_compile(app: Flask) -> None:
    strict = app.jinja_env.overlay(undefined=StrictUndefined)
    for name in NAMES:
        strict.compile(source(name), name, name)


def test_components_take_everything_by_parameter(app: Flask) -> None:
    """A macro imported without context sees no request: a name it does not declare would be undefined."""
    taken = {name: undeclared(app.jinja_env, source(name)) for name in NAMES if name.startswith("components/")}
    assert {name: names for name, names in taken.items() if names} == {}


def test_an_undeclared_name_is_noticed(app: Flask) -> None:
    assert undeclared(app.jinja_env, "{% macro a(x) %}{{ x }}{{ forgotten }}{% endmacro %}") == {"forgotten"}


def used_templates(environment: Environment) -> set[str]:
    """Every template named by another template or by Python code."""
    used = {text for path in python_files("handbook") for text in strings_in(path)}
    for name in NAMES:
        tree = parse(environment, name)
        used |= {found for found in meta.find_referenced_templates(tree) if found and found != name}
        used |= {node.value for node in tree.find_all(nodes.Const) if isinstance(node.value, str)}
    return used


def test_no_template_is_unused(app: Flask) -> None:
    used = used_templates(app.jinja_env)
    # Error pages are chosen by their status.
    assert [name for name in NAMES if name not in used and not name.startswith("errors/")] == []


def test_one_macro_a_file_named_after_it(app: Flask) -> None:
    odd = []
    for name in NAMES:
        if name.startswith("components/"):
            macros = [macro.name for macro in parse(app.jinja_env, name).find_all(nodes.Macro)]
            public = [macro for macro in macros if not macro.startswith("_")]
            if public != [name.removeprefix("components/").removesuffix(".html")]:
                odd.append(f"{name}: {public}")
    assert odd == []


def test_no_macro_is_unused(app: Flask) -> None:
    taken: set[tuple[str, str]] = set()
    for name in NAMES:
        for node in parse(app.jinja_env, name).find_all(nodes.FromImport):
            if isinstance(node.template, nodes.Const):
                names = [part if isinstance(part, str) else part[0] for part in node.names]
                taken |= {(str(node.template.value), part) for part in names}
    unused = [
        f"{name}: {macro.name}"
        for name in NAMES
        for macro in parse(app.jinja_env, name).find_all(nodes.Macro)
        if not name.startswith("design/")
        and (name, macro.name) not in taken
        and not re.search(rf"\b{re.escape(macro.name)}\(", without_macro_head(name, macro.name))
    ]
    assert unused == []


def without_macro_head(name: str, macro: str) -> str:
    """A template's text without the line that begins the macro, to see whether it is called beside it."""
    return re.sub(rf"macro\s+{re.escape(macro)}\(", "", source(name))


def test_nothing_inline() -> None:
    """The content policy refuses it, so it would be dead."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")
    assert [name for name in NAMES if inline.search(source(name))] == []


def test_what_may_wait_comes_back_out_of_its_file() -> None:
    """Every form that goes through the outbox sends to a place that an imported piece may name."""
    worker = (ROOT / "service_worker/pieces.js").read_text()
    [pattern] = re.findall(r"const PLACES = /(.*)/;", worker)
    places = re.compile(pattern.replace(r"\/", "/"))
    waiting = [
        (path.name, re.sub(r"{{.*?}}", "x", action))
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r"<form[^>]*data-outbox=", path.read_text(), re.S)
        for action in re.findall(r'action="([^"]*)"', form)
    ]
    assert len(waiting) >= 4
    assert [one for one in waiting if not places.fullmatch(one[1])] == []
