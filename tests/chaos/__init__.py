"""Phones in bad weather: the worker's own modules against the real server, judged by what the phones were promised."""
