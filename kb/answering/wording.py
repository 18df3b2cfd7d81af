"""What the assistant itself says, in four languages: the wording of refusals and of whose words a text is."""

from __future__ import annotations

from collections.abc import Sequence

from kb.records import Document
from kb.vocabulary import OTHER_LANGUAGE

SHOWN_SYNONYMS = 6

_REFUSALS: dict[str, dict[str, str]] = {
    "no-match": {
        "en": "The knowledge base has nothing on this: none of the question's words were found in it.",
        "da": "Vidensbasen har intet om dette: ingen af spørgsmålets ord findes i den.",
        "nb": "Kunnskapsbasen har ikke noe om dette: ingen av ordene i spørsmålet finnes i den.",
        "sv": "Kunskapsbasen har inget om detta: inget av frågans ord finns i den.",
    },
    "thin-support": {
        "en": "The knowledge base does not answer this. No document speaks of all of it together.",
        "da": "Vidensbasen besvarer ikke dette. Intet dokument handler om det hele samlet.",
        "nb": "Kunnskapsbasen svarer ikke på dette. Ikke noe dokument handler om alt dette samlet.",
        "sv": "Kunskapsbasen besvarar inte detta. Inget dokument handlar om allt detta tillsammans.",
    },
    "not-stated": {
        "en": "The knowledge base speaks of this, but nothing was found in it that says {}.",
        "da": "Vidensbasen handler om dette, men der blev ikke fundet noget, der siger {}.",
        "nb": "Kunnskapsbasen handler om dette, men det ble ikke funnet noe som sier {}.",
        "sv": "Kunskapsbasen handlar om detta, men inget hittades som säger {}.",
    },
    "filtered-out": {
        "en": "No document passes the filters that are set.",
        "da": "Ingen dokumenter slipper igennem de valgte filtre.",
        "nb": "Ingen dokumenter slipper gjennom filtrene som er valgt.",
        "sv": "Inga dokument passerar de filter som är valda.",
    },
}
_STATED: dict[str, dict[str, str]] = {
    "number": {"en": "how many", "da": "hvor mange", "nb": "hvor mange", "sv": "hur många"},
    "share": {"en": "what share", "da": "hvor stor en andel", "nb": "hvor stor andel", "sv": "hur stor andel"},
    "money": {"en": "how much money", "da": "hvor mange penge", "nb": "hvor mye penger", "sv": "hur mycket pengar"},
    "date": {"en": "when", "da": "hvornår", "nb": "når", "sv": "när"},
    "duration": {"en": "how long", "da": "hvor længe", "nb": "hvor lenge", "sv": "hur länge"},
    "person": {"en": "who", "da": "hvem", "nb": "hvem", "sv": "vem"},
    "place": {"en": "where", "da": "hvor", "nb": "hvor", "sv": "var"},
    "reason": {"en": "why", "da": "hvorfor", "nb": "hvorfor", "sv": "varför"},
    "way": {"en": "how", "da": "hvordan", "nb": "hvordan", "sv": "hur"},
}
"""What is not stated, by what the question wants."""
_FOUND = {"en": "Found: ", "da": "Fundet: ", "nb": "Funnet: ", "sv": "Hittades: "}
_MISSING = {"en": "Not found: ", "da": "Ikke fundet: ", "nb": "Ikke funnet: ", "sv": "Hittades inte: "}
_NEAREST = {"en": "Nearest: ", "da": "Nærmest: ", "nb": "Nærmest: ", "sv": "Närmast: "}
_WHOSE = {
    "en": "Tillit's summary of {}; the wording is not the source's.",
    "da": "Tillits sammenfatning af {}; ordlyden er ikke kildens.",
    "nb": "Tillits sammendrag av {}; ordlyden er ikke kildens.",
    "sv": "Tillits sammanfattning av {}; ordalydelsen är inte källans.",
}
_BASIS = {
    "full": {"en": "the whole source", "da": "hele kilden", "nb": "hele kilden", "sv": "hela källan"},
    "summary": {
        "en": "the source, of which only the abstract was read",
        "da": "kilden, hvoraf kun resuméet er læst",
        "nb": "kilden, der bare sammendraget er lest",
        "sv": "källan, av vilken bara sammanfattningen har lästs",
    },
    "excerpt": {
        "en": "an excerpt of the source",
        "da": "et uddrag af kilden",
        "nb": "et utdrag av kilden",
        "sv": "ett utdrag ur källan",
    },
}
_OWN = {
    "en": "Quoted in the source's own words.",
    "da": "Citeret med kildens egne ord.",
    "nb": "Sitert med kildens egne ord.",
    "sv": "Citerat med källans egna ord.",
}
_SEARCHED = {
    "en": "Searched for {} instead of {}.",
    "da": "Søgte efter {} i stedet for {}.",
    "nb": "Søkte etter {} i stedet for {}.",
    "sv": "Sökte efter {} i stället för {}.",
}
_ALSO_SEARCHED = {
    "en": "Also searched: {}",
    "da": "Søgte også efter: {}",
    "nb": "Søkte også etter: {}",
    "sv": "Sökte också efter: {}",
}
_QUOTED_IN = {"en": "quoted in {}", "da": "citeret på {}", "nb": "sitert på {}", "sv": "citerat på {}"}
_LANGUAGES: dict[str, dict[str, str]] = {
    "en": {"en": "English", "da": "engelsk", "nb": "engelsk", "sv": "engelska"},
    "da": {"en": "Danish", "da": "dansk", "nb": "dansk", "sv": "danska"},
    "nb": {"en": "Norwegian", "da": "norsk", "nb": "norsk", "sv": "norska"},
    "sv": {"en": "Swedish", "da": "svensk", "nb": "svensk", "sv": "svenska"},
    OTHER_LANGUAGE: {"en": "another language", "da": "et andet sprog", "nb": "et annet språk", "sv": "ett annat språk"},
}

_EXPERIENCE = {
    "en": "This rests on experience alone: no research or evaluation is quoted.",
    "da": "Dette bygger kun på erfaring: ingen forskning eller evaluering er citeret.",
    "nb": "Dette bygger bare på erfaring: ingen forskning eller evaluering er sitert.",
    "sv": "Detta bygger bara på erfarenhet: ingen forskning eller utvärdering är citerad.",
}

_LABELS: dict[str, dict[str, str]] = {
    "other-side": {
        "en": "May qualify this",
        "da": "Kan nuancere dette",
        "nb": "Kan nyansere dette",
        "sv": "Kan nyansera detta",
    },
    "glossary": {"en": "In the glossary", "da": "I ordlisten", "nb": "I ordlisten", "sv": "I ordlistan"},
    "source": {"en": "Source", "da": "Kilde", "nb": "Kilde", "sv": "Källa"},
    "sources": {"en": "Sources", "da": "Kilder", "nb": "Kilder", "sv": "Källor"},
    "offers": {
        "en": "What the knowledge base does answer",
        "da": "Hvad vidensbasen kan svare på",
        "nb": "Hva kunnskapsbasen kan svare på",
        "sv": "Vad kunskapsbasen kan svara på",
    },
    "not-graded": {"en": "not graded", "da": "ikke vurderet", "nb": "ikke vurdert", "sv": "inte graderad"},
    "fingerprint": {"en": "Fingerprint", "da": "Fingeraftryk", "nb": "Fingeravtrykk", "sv": "Fingeravtryck"},
    "page": {"en": "p.", "da": "s.", "nb": "s.", "sv": "s."},
    "original": {"en": "Original", "da": "Original", "nb": "Original", "sv": "Original"},
    "english-original": {
        "en": "English original",
        "da": "Engelsk original",
        "nb": "Engelsk original",
        "sv": "Engelskt original",
    },
    "understood": {"en": "Understood as", "da": "Forstået som", "nb": "Forstått som", "sv": "Förstått som"},
    "unanswered": {
        "en": "This part of the question is not answered here",
        "da": "Denne del af spørgsmålet er ikke besvaret her",
        "nb": "Denne delen av spørsmålet er ikke besvart her",
        "sv": "Den här delen av frågan besvaras inte här",
    },
    "trace": {
        "en": "How this answer came about",
        "da": "Sådan blev svaret til",
        "nb": "Slik ble svaret til",
        "sv": "Så kom svaret till",
    },
    "research": {"en": "research", "da": "forskning", "nb": "forskning", "sv": "forskning"},
    "evaluation": {"en": "evaluation", "da": "evaluering", "nb": "evaluering", "sv": "utvärdering"},
    "experience": {"en": "experience", "da": "erfaring", "nb": "erfaring", "sv": "erfarenhet"},
    "policy": {"en": "policy", "da": "politik", "nb": "politikk", "sv": "politik"},
}


_STEPS: dict[str, dict[str, str]] = {
    "asked": {"en": "You asked", "da": "Du spurgte", "nb": "Du spurte", "sv": "Du frågade"},
    "understood": {"en": "Understood as", "da": "Forstået som", "nb": "Forstått som", "sv": "Förstått som"},
    "language": {"en": "Language", "da": "Sprog", "nb": "Språk", "sv": "Språk"},
    "type": {"en": "Kind of question", "da": "Slags spørgsmål", "nb": "Type spørsmål", "sv": "Slags fråga"},
    "wants": {"en": "The answer must hold", "da": "Svaret skal rumme", "nb": "Svaret må ha", "sv": "Svaret måste ha"},
    "kept to": {"en": "Kept to", "da": "Begrænset til", "nb": "Avgrenset til", "sv": "Begränsat till"},
    "part": {"en": "Part", "da": "Del", "nb": "Del", "sv": "Del"},
    "terms": {"en": "Searched for", "da": "Søgte efter", "nb": "Søkte etter", "sv": "Sökte efter"},
    "mended": {"en": "Spelling mended", "da": "Stavning rettet", "nb": "Rettet skrivemåte", "sv": "Stavning rättad"},
    "also searched": {"en": "Also searched", "da": "Søgte også", "nb": "Søkte også", "sv": "Sökte också"},
    "read": {"en": "Documents read", "da": "Læste dokumenter", "nb": "Leste dokumenter", "sv": "Lästa dokument"},
    "quoted": {"en": "Quoted", "da": "Citeret", "nb": "Sitert", "sv": "Citerat"},
    "passed over": {
        "en": "Not quoted (less likely)",
        "da": "Ikke citeret (mindre sandsynligt)",
        "nb": "Ikke sitert (mindre sannsynlig)",
        "sv": "Inte citerat (mindre sannolikt)",
    },
    "support": {"en": "Support, 0 to 1", "da": "Støtte, 0 til 1", "nb": "Støtte, 0 til 1", "sv": "Stöd, 0 till 1"},
    "threshold": {"en": "Refused below", "da": "Afvises under", "nb": "Avvises under", "sv": "Avvisas under"},
}


def step(name: str, language: str) -> str:
    """Return what a step of the trace is called."""
    return _in(_STEPS[name], language)


def source_mark(document: Document, language: str) -> str:
    """Return what a statement's source is and its year, as it stands beside the statement; nothing where not graded."""
    evidence = label(document.evidence, language) if document.evidence in _LABELS else ""
    return " ".join(part for part in (evidence, str(document.year or "")) if part)


def label(name: str, language: str) -> str:
    """Return a heading or word that stands around an answer, in the answer's language."""
    return _in(_LABELS[name], language)


def refusal_text(
    reason: str,
    language: str,
    found: tuple[str, ...],
    missing: tuple[str, ...],
    nearest: tuple[str, ...],
    wants: str | None = None,
) -> str:
    """Return what a reader is told when there is no answer: why, which terms were found, what lies nearest.

    `wants` is the kind of thing that is not stated.
    """
    parts = [_in(_REFUSALS[reason], language).format(_in(_STATED[wants], language) if wants else "")]
    for label, values, sep in ((_FOUND, found, ", "), (_MISSING, missing, ", "), (_NEAREST, nearest, "; ")):
        if values:
            parts.append(f"{_in(label, language)}{sep.join(values)}.")
    return "\n\n".join(parts)


def notes(sources: Sequence[Document], language: str) -> tuple[str, ...]:
    """Return what a reader has to know of the evidence: that it is experience alone."""
    alone = bool(sources) and all(source.evidence == "experience" for source in sources)
    return (_in(_EXPERIENCE, language),) if alone else ()


def defined(term: str, definition: str, language: str) -> str:
    """Return what tells a reader how the glossary defines a term."""
    return f"{label('glossary', language)}: {term} – {definition}"


def whose_words(text_by: str, basis: str | None, language: str) -> str:
    """Return the sentence that says whose words a document's text is."""
    if text_by == "source":
        return _in(_OWN, language)
    return _in(_WHOSE, language).format(_in(_BASIS[basis or "full"], language))


def quoted_in(quoted: str, language: str) -> str:
    """Return what tells a reader in `language` that a source is quoted in another."""
    return _in(_QUOTED_IN, language).format(_in(_LANGUAGES.get(quoted, _LANGUAGES[OTHER_LANGUAGE]), language))


def searched(mended: Sequence[tuple[str, str]], also_searched: Sequence[str], language: str) -> list[str]:
    """Return what tells a reader that other words were searched than those of the question, a sentence each."""
    lines = [_in(_SEARCHED, language).format(_in_case_of(word, known), word) for word, known in mended]
    if also_searched:
        more = ", …" if len(also_searched) > SHOWN_SYNONYMS else ""
        lines.append(_in(_ALSO_SEARCHED, language).format(", ".join(also_searched[:SHOWN_SYNONYMS]) + more))
    return lines


def _in_case_of(word: str, known: str) -> str:
    """Return a folded word with the capitals of the word that it replaces."""
    if word.isupper():
        return known.upper()
    return known[:1].upper() + known[1:] if word[:1].isupper() else known


def _in(wordings: dict[str, str], language: str) -> str:
    return wordings.get(language, wordings["en"])
