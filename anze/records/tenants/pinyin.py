"""The stored key for sorting and finding Chinese names: full pinyin, then initials ("zhang wei zw")."""

from __future__ import annotations

import unicodedata

from pypinyin import Style, lazy_pinyin

# Surnames that are read otherwise than the same character elsewhere.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "任": "ren",
    "盖": "ge",
    "华": "hua",
    "缪": "miao",
    "翟": "zhai",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
}


def pinyin_key(text: str) -> str:
    """Of a company or unit name."""
    return _key(lazy_pinyin(text, style=Style.NORMAL))


def name_key(name: str) -> str:
    """Of a person's name: a surname has its own reading."""
    for length in (2, 1):
        if (reading := SURNAMES.get(name[:length])) is not None:
            return _key([*reading.split(), *lazy_pinyin(name[length:], style=Style.NORMAL)])
    return pinyin_key(name)


def spellings(key: str) -> str:
    """A stored key as it is typed: "zhangwei zw"."""
    *syllables, initials = key.split()
    return f"{''.join(syllables)} {initials}"


def folded(text: str) -> str:
    """As typed into a search box: full-width letters and digits narrowed, in lower case, without blanks."""
    narrow = unicodedata.normalize("NFKC", text).lower().replace("\x00", "")
    return "".join(narrow.split())


def _key(syllables: list[str]) -> str:
    words = [word.lower() for syllable in syllables for word in syllable.split()]
    return f"{' '.join(words)} {''.join(word[0] for word in words)}"
