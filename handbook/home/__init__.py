"""The first page, "Hôm nay": what is to be done, what is new, where the member stopped reading.

It owns no table; it asks the other features. Pages: ``/``.
"""
