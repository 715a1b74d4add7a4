"""Pages kept in the process: rendered once, bounded, the ones used last."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from handbook.web.kept import KeptPages


def test_a_page_is_rendered_once_for_each_key() -> None:
    kept, rendered = KeptPages(), list[str]()
    for key in ("a", "b", "a", "b"):
        assert kept.get(key, _rendering(rendered, f"trang {key}")) == f"trang {key}".encode()
    assert rendered == ["trang a", "trang b"]


def test_what_was_used_longest_ago_makes_room() -> None:
    kept, rendered = KeptPages(room=20), list[str]()
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key, _rendering(rendered, key * 8))
    assert [body[0] for body in rendered] == ["a", "b", "c", "b"]


def test_a_page_larger_than_the_room_is_answered_and_not_kept() -> None:
    kept, rendered = KeptPages(room=10), list[str]()
    kept.get("small", _rendering(rendered, "s"))
    for _ in range(2):
        assert len(kept.get("large", _rendering(rendered, "x" * 11))) == 11
    kept.get("small", _rendering(rendered, "s"))
    assert [body[0] for body in rendered] == ["s", "x", "x"]


def test_threads_get_their_own_keys_pages() -> None:
    kept = KeptPages(room=300)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda at: kept.get(at % 50, lambda: f"{at % 50:020}"), range(2000)))
    assert answers == [f"{at % 50:020}".encode() for at in range(2000)]


def _rendering(rendered: list[str], body: str) -> Callable[[], str]:
    def render() -> str:
        rendered.append(body)
        return body

    return render
