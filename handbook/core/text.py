"""Vietnamese text: one normal form, folding for search, and a sort key.

Neither SQLite's ``remove_diacritics`` nor Unicode decomposition turns đ into d, and binary order is wrong for
Vietnamese, so both keys are made here and stored beside the text.
"""

import unicodedata
from functools import lru_cache

_LONGEST_SYLLABLE = 16  # characters, with the marks that stand around it
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(_LETTERS, start=10)}
# Dictionary order of the tones: level, grave, hook, tilde, acute, dot (as in the school primer and CLDR "vi").
_TONE_RANK = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def nfc(text: str) -> str:
    """The text in Unicode NFC, as everything is stored."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text in lower case without diacritics, đ as d: what search compares."""
    words = text.split(" ")
    return " ".join([_folded(word) if len(word) <= _LONGEST_SYLLABLE else _folded_anew(word) for word in words])


def name_key(full_name: str) -> str:
    """A key that sorts people the Vietnamese way: given name first, then family and middle names."""
    words = nfc(full_name).split()
    return " ".join(_word_key(word) for word in words[-1:] + words[:-1])


def given_name(full_name: str) -> str:
    """The name a person is addressed by: the last word of the full name."""
    words = full_name.split()
    return words[-1] if words else ""


def _folded_anew(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


# The language writes a space after every syllable and has some seven thousand of them: a text repeats a few hundred.
_folded = lru_cache(maxsize=8192)(_folded_anew)


@lru_cache(maxsize=4096)  # an import sorts ten thousand names made of a few hundred words
def _word_key(word: str) -> str:
    """Base letters first, then tones: ``ba < bà < bac``; the separator sorts below any letter."""
    letters, tones = "", ""
    for character in unicodedata.normalize("NFC", word.casefold()):
        decomposed = unicodedata.normalize("NFD", character)
        tone = next((mark for mark in decomposed if mark in _TONE_RANK), "")
        base = unicodedata.normalize("NFC", decomposed.replace(tone, "") if tone else decomposed)
        letters += _LETTER_RANK.get(base, f"9{ord(base[0]):06x}" if base else "")
        tones += _TONE_RANK.get(tone, "0")
    return f"{letters}!{tones}"
