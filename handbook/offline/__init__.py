"""The phone's counterpart: what a member's phone carries so that the handbook opens without a network.

Nouns: the *manifest* (what belongs on this phone, each entry with a revision), an *entry* (one address), a *shell*
(bars and navigation around an empty page), a *fragment* (a page's content without its shell), the *index* (one line
a document, for searching on the phone). Pages: ``/sw.js``, ``/manifest.webmanifest``, ``/offline/…``.

Shell and fragment are kept apart, so a release that changes only how the handbook looks makes phones fetch
the shell again and not one document.
"""
