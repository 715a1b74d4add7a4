"""Periods of reports, working days of Việt Nam, and rules for when something is due. Pure: today is told, never asked.

- `period.Period` is a month, quarter, half, year or a single day, known by a short text such as "2026-Q4".
- `working_days` counts days on which offices work, with the holidays of `holidays.toml`, each with its source.
- `due.Rule` says when something is due, late and locked, and `explained` shows the steps, so that a page can.
"""
