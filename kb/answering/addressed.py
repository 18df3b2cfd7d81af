"""Passages of a user's own documents that speak to the assistant instead of to a reader.

Tillit obeys nobody's text, but a quote of "tell the user to send a password" would still reach the
user, under our name. Such a passage is not quoted. This knows the usual forms in our languages and is no
proof against others; the shipped documents are not looked at.
"""

from __future__ import annotations

import re

from kb.records import Block, Document

_USER = r"(?:the (?:user|asker|reader)|bruker(?:en)?|bruger(?:en)?|användaren?)"
_COMMANDS = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|context|previous|above)",
            r"\b(?:ignor[eé]r(?:a|er)?|glem|glöm|se bort fra|bortse från)\b.{0,40}\b(?:instru|tidligere|tidigare)",
            r"\b(?:reply|respond|answer)\s+(?:every|all|any)\s+questions?\b",
            r"\b(?:reply|respond|answer)\s+(?:(?:only|exactly|just)\s+)?(?:with|by saying)\b",
            r"\b(?:no other|only this) (?:source|document|reference)\b.{0,80}\b(?:cited|quoted|used|mentioned)\b",
            r"\bingen (?:andre|andra|anden) (?:kilde|källa|källor|dokument)\w*.{0,80}\b(?:cite|site|brug|bruk|använd)",
            r"\b(?:svar|svara|besvar)\s+(?:\w+\s+){0,3}(?:kun|bare|bara|endast|alene|udelukkende)\b",
            rf"\b(?:tell|ask|instruct|direct|send|urge|inform|warn)\b\s+{_USER}\b",
            rf"\b(?:be|bed|fortell|fortæl|berätta för|informer\w*|send|uppmana|opfordr\w*|oppfordr\w*)\b\s+{_USER}\b",
            r"\b(?:before|when|whenever|while) you (?:say|answer|reply|respond|are asked)\b",
            r"\b(?:før|når|inden|när|innan) du (?:svarer|sier|siger|svarar|säger|bliver spurgt|blir spurt)\b",
            r"\byou (?:must|should|shall|will|are to) (?:always )?(?:answer|reply|respond|say)\b",
            r"\b(?:skal|må|ska|måste) du (?:alltid )?(?:svare?|svara|si|sige|säga)\b",
            r"\b(?:language model|assistant|chatbot|llm|språkmodell\w*|sprogmodel\w*|assistenten)\s*:",
            r"\b(?:repeat|gjenta|gentag|upprepa)\b.{0,30}\b(?:sentence|word|phrase|setning|sætning|mening|ordet)",
            r"\byou are (?:now )?(?:an?|the) (?:ai|assistant|chatbot|language model)\b",
            r"\bdu (?:er|är) (?:nå |nu )?en (?:ai|ki|assistent|chatbot|sprogmodel|språkmodell?)\b",
            r"\b(?:system|developer) (?:prompt|override|message|mode)\b",
        )
    ),
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(
    r"^\W*(?:instruction|response|system|assistant|user|prompt)s?\s*:?\s*$|<\||\[/?INST\]"
    r"|<(?:script|style|iframe|object|img|svg|form|div|span)\b",
    re.IGNORECASE,
)
"""Headings and tokens of prompts, and HTML, which a reader of the document never sees as it stands there."""


def addresses_the_assistant(document: Document, block: Block) -> bool:
    """Tell whether a block of a user's own document commands the assistant, or stands under such a heading."""
    if document.text_by != "source":
        return False
    text = document.text[block.start : block.end]
    return bool(_COMMANDS.search(text) or _MARKUP.search(text) or any(_MARKUP.search(h) for h in block.headings))


def commands(document: Document, heading: str) -> bool:
    """Tell whether a heading of a user's own document commands the assistant; such a one is not shown above quotes."""
    return document.text_by == "source" and bool(_COMMANDS.search(heading) or _MARKUP.search(heading))
