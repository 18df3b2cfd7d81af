"""Follow-up questions: understood from the turn before where they cannot stand alone."""

from __future__ import annotations

from kb.analysis import fold, tokens
from kb.words.terms import content_words

OPENERS = {
    "en": ("and", "but", "what about", "how about", "why", "so"),
    "da": ("og", "men", "hvad med", "hvorfor", "så"),
    "nb": ("og", "men", "hva med", "hvorfor", "så"),
    "sv": ("och", "men", "hur är det med", "varför", "så"),
}
REFERRING = {
    "en": {"it", "they", "them", "that", "this", "these", "those", "there", "he", "she", "its", "their"},
    "da": {"det", "den", "de", "dem", "dette", "disse", "der", "han", "hun", "deres", "dens"},
    "nb": {"det", "den", "de", "dem", "dette", "disse", "der", "han", "hun", "deres", "dens"},
    "sv": {"det", "den", "de", "dem", "detta", "dessa", "där", "han", "hon", "deras", "dess"},
}
FEW_TERMS = 2


def understood(turns: list[str], language: str) -> str:
    """Return the last turn as it is searched for: by itself, or with the turn before where it needs that.

    A turn needs the one before if it opens like a follow-up or refers to something and has few content
    words, or has hardly any content words at all.
    """
    last = turns[-1]
    if len(turns) == 1 or not _depends(last, language):
        return last
    return f"{understood(turns[:-1], language)} {last}"


def _depends(turn: str, language: str) -> bool:
    words = tokens(turn)
    content = [word for word in content_words(turn, language) if len(words) > 1]
    opens = any(fold(turn).startswith(opener + " ") for opener in OPENERS.get(language, ()))
    refers = bool(REFERRING.get(language, set()) & set(words))
    return len(content) <= FEW_TERMS - 1 or ((opens or refers) and len(content) <= 2 * FEW_TERMS)
