"""The trail: who did or viewed what, when and why. Rows are added, never changed.

``rules.record`` writes a row in the same transaction as the change it tells of. The rows form a chain of keyed
hashes; ``queries.verify`` names the first row that does not fit and, against an anchor kept outside, a cut tail.
Command: ``handbook audit verify``, ``handbook audit anchor``.
"""
