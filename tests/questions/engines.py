"""Both evaluators behind one call each, told in the same shape."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from typing import Any, Self

import frontend

from handbook.questions.evaluation import evaluate
from handbook.questions.program import Program
from tests.house.tree import ROOT

Told = dict[str, Any]


def on_the_server(program: Program, answers: Any, today: date) -> Told:
    told = evaluate(program, answers, today)
    faults = [{"place": fault.place, "code": fault.code, "message": fault.message} for fault in told.faults]
    return {"answers": told.answers, "aside": list(told.aside), "faults": faults}


def spelled(told: Told) -> str:
    """As JSON: 3 and 3.0, 0 and -0.0 are equal, and are not the same to whoever compares texts."""
    return json.dumps(told, sort_keys=True)


class Phone:
    """One Node process for many evaluations."""

    def __init__(self) -> None:
        node = frontend.find_node(install=False)
        command = [node.program, "tests/questions/engine.mjs"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, env=node.environment(), stdin=pipe, stdout=pipe, text=True)

    def __call__(self, program: Program, answers: Any, today: date) -> Told:
        return self._told(program=program, answers=answers, today=today.isoformat())

    def given(self, program: Program, fields: dict[str, list[str]]) -> Told:
        """What the fields of a page say."""
        return self._told(program=program, fields=fields)

    def _told(self, **asked: Any) -> Told:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        assert told, "the phone's evaluator ended: its complaint is above"
        return json.loads(told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
