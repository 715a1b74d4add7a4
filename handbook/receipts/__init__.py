"""Receipts: what a member can show for an act that was sent from a phone, and check without a network.

The table is in ``core.receipts`` and is written by ``web.receipts`` with the act itself. Pages: a receipt
(``/receipts/…``), for its owner and for staff in reach, and the public key (``/receipts/key``). There is no list of
receipts, of nobody's. Command: ``handbook receipts prune``.
"""
