"""A form as data: its questions, the rules between them, and the evaluator. Pure: no table, no page, no clock.

- `definition` is what staff write: sections of questions with their conditions as text. `definition.load(data)` reads it.
- `expressions` parses a condition, `checking` gives it a type and turns it into plain JSON, `program.compiled(form)` does
  so for a whole form and refuses, by question and column, what cannot work.
- `evaluation.evaluate(program, answers, today)` applies the rules to any JSON whatever; `static/js/questions.js` is the
  same in JavaScript, and a property test holds the two together.
- `xlsform` reads and writes forms as spreadsheets; `ready` holds the forms that come with the handbook.

docs/forms.md says what each operation means.
"""
