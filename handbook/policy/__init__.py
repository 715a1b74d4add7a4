"""Who may do what. Imports only core: no feature, no web.

``actions`` names every act, ``actor`` says who asks, ``scopes`` where a row stands, ``table`` holds the rules in
words, ``decide`` answers. One answer, ``reach``, serves the single check and every list alike.
"""
