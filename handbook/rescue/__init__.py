"""Rescue copies: what a member has written on a phone and not yet sent, kept for them in case the phone is lost.

Noun: RescueCopy (one piece of unsent work of one member, sealed; a phone made its id).
Verbs: keep, read, let go, prune. Addresses, for phones only: /rescue/copies, /rescue/copies/<uuid>, /rescue/removals.
Nobody but its author has a way to it: there is no page, and none for staff. Command: ``handbook rescue prune``.
"""
