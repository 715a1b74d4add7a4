"""How fast and how light the handbook is, as ratios to bare references measured in the same run.

Requests a second and a lone Lighthouse score change by factors on a shared machine; CPU time for each request beside
a reference in the same round, bytes and numbers of requests do not. So every figure here is one of those.
"""
