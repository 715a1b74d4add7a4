"""Sổ tay Đảng viên: the electronic party-member handbook.

How to find your way:

- The first segment of a URL is the package: ``/library/…`` is ``handbook/library/views.py``, its staff
  page ``/staff/library/…`` is ``staff.py``. Endpoint, function and template share one name.
- Every feature has the same rooms: ``models`` (tables), ``forms`` (input), ``queries`` (reads), ``rules``
  (writes), ``views`` and ``staff`` (web), ``commands`` (command line), ``pack`` (what a phone carries).
- Rules are plain functions ``verb(db, actor, …)``. They never commit and know nothing of Flask. Each reads
  in one order: load, require, check the state, change, record.
- ``policy/table.py`` says who may do what. ``web/access.py`` makes every route say which line of it applies.
- ``questions`` is forms as data and their evaluator, ``periods`` is periods, working days and terms: both pure like
  ``policy``; features give them tables and pages.
- Imports go down only: wsgi, cli, app, models, home, offline, receipts beside rescue, reports, library,
  identity, organisation, audit, web, policy beside periods and questions, core. The contracts in
  ``pyproject.toml`` hold it.
"""

__version__ = "0.1.0"
