"""Typing errors by a seed: a letter left out, swapped with the next, doubled or replaced."""

from __future__ import annotations

from random import Random

SHORTEST = 5
"""Words of fewer letters stay: an error makes another word of them."""

_LETTERS = "aeiourstnlkd"


def with_typos(text: str, share: float, random: Random) -> str:
    """Return `text` with an error in about this share of its longer words."""
    words = text.split(" ")
    return " ".join(_mistyped(word, random) if random.random() < share else word for word in words)


def _mistyped(word: str, random: Random) -> str:
    if len(word) < SHORTEST:
        return word
    at = random.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    left_out, swapped, doubled = after, after[0] + letter + after[1:], letter + letter + after
    replaced = random.choice(_LETTERS) + after
    return before + random.choice((left_out, swapped, doubled, replaced))
