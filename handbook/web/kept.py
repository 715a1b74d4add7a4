"""Rendered pages that many people are shown alike, kept in the process for the next of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

_ROOM = 4 * 1024 * 1024


class KeptPages:
    """The pages used last, ``room`` bytes of them at most. Nothing ends by time: whoever asks names in ``key`` all
    that the page shows, so that a page that would look different has another key."""

    def __init__(self, room: int = _ROOM) -> None:
        self._room, self._used = room, 0
        self._pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, render: Callable[[], str]) -> bytes:
        """The page of ``key``, rendered now if it is not kept. Two who ask at once may both render it."""
        with self._lock:
            if (body := self._pages.get(key)) is not None:
                self._pages.move_to_end(key)
                return body
        body = render().encode()
        if len(body) > self._room:
            return body
        with self._lock:
            self._used += len(body) - len(self._pages.pop(key, b""))
            self._pages[key] = body
            while self._used > self._room:
                _, dropped = self._pages.popitem(last=False)
                self._used -= len(dropped)
        return body
