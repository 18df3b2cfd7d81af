"""The facade: open a knowledge base, search it, ask it. All that the app and the evaluation need.

Each call reads one commit point of the catalogue, so that text, terms, vectors and fingerprint
are of one moment; what another process commits is seen by the next call.
"""

from __future__ import annotations

import sqlite3
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kb import fingerprint
from kb.answering import quoting
from kb.answering.answerer import Answerer, AnswerSettings
from kb.answering.citing import cite
from kb.answering.followup import understood
from kb.answering.ranking import weights_fingerprint
from kb.answering.reading import Reader, Reading
from kb.errors import CatalogueError, IndexMissingError, KBError, ModelError, QuestionError
from kb.language import STAYS, detect
from kb.models.embedder import Embedder
from kb.models.matching import Matching
from kb.models.registry import open_embedder, open_reranker
from kb.records import Answer, Block, Citation, Document, Passage
from kb.retrieval.filters import Entry, parse_filters
from kb.retrieval.fusion import LanguageList
from kb.retrieval.passages import PassageTable
from kb.retrieval.related import nearest
from kb.retrieval.retriever import MAX_PASSAGES, Query, Retriever
from kb.retrieval.snapshot import Snapshot, in_language, read_snapshot
from kb.retrieval.weights import weights_for
from kb.settings import ANSWER_SETTINGS, Settings
from kb.store.catalogue import (
    find_document,
    languages_of,
    read_all_blocks,
    read_blocks,
    read_state,
    reading,
    stored_documents,
)
from kb.vocabulary import LANGUAGE_ALIASES, LANGUAGES
from kb.words.glossary import load_glossary
from kb.words.terms import Understanding

NO_FILTERS: Mapping[str, Any] = {}


def program_version() -> str:
    """Return Tillit's version."""
    try:
        return version("tillit")
    except PackageNotFoundError:
        return "0+unknown"


def _known(language: str | None) -> str | None:
    """Return the code that texts have for a language: `nb` for `no` and `nn`."""
    return LANGUAGE_ALIASES.get(language, language) if language else None


def _spoken(turns: Sequence[str], spoken: str | None) -> str:
    """Return the language of the last turn, in doubt that of those before it, then what is `spoken`."""
    before = " ".join(turns[:-1])
    if before:
        spoken = detect(before, default=spoken or detect(" ".join(turns)))
    return detect(turns[-1], spoken, STAYS) if spoken else detect(turns[-1])


@dataclass(frozen=True, slots=True)
class Status:
    """What a knowledge base holds, by language, and its fingerprints."""

    texts: Mapping[str, int]
    documents: int
    own_documents: int
    chunks: int
    vectors: int
    model: str | None
    generation: str | None
    updated: str
    corpus: str
    index: str
    answer: str


class KnowledgeBase:
    """A knowledge base, opened for reading; safe to share between threads."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        self.data: Path = settings.data
        self.embedder: Embedder = embedder or open_embedder(settings)
        self._matching = Matching()
        self._reranker = open_reranker(settings)
        self._snapshot: Snapshot | None = None
        self._lock = threading.Lock()

    def search(
        self,
        question: str,
        *,
        language: str | None = None,
        filters: Mapping[str, Any] = NO_FILTERS,
        limit: int = 10,
    ) -> list[Passage]:
        """Return the best passages for a question, one list over all languages.

        Raises `QuestionError`, `FilterError`, `IndexMissingError` or another `KBError`.
        """
        question = self._checked(question)
        query = self._query(question, _known(language) or detect(question), filters)
        with reading(self.data) as connection:
            snapshot = self._current(connection)
            retrieved = self._retriever(snapshot).retrieve(connection, query, limit, max(limit, MAX_PASSAGES))
        return list(retrieved.passages[:limit])

    def ask(
        self,
        *turns: str,
        language: str | None = None,
        spoken: str | None = None,
        answer_language: str | None = None,
        filters: Mapping[str, Any] = NO_FILTERS,
    ) -> Answer:
        """Return the answer to the last of the `turns` of a conversation.

        `language` is the question's and is detected where it is not given, in doubt as that of the turns before it or
        as what is `spoken`; the answer is in `answer_language`, else in the question's. Raises as `search` does.
        """
        checked, language, query, before = self._meant(turns, language, filters, spoken)
        with reading(self.data) as connection:
            snapshot = self._current(connection)
            names = ("max_words", "support", "support_by_words")
            settings = AnswerSettings(**{name: getattr(self.settings, name) for name in names})
            reader = self._reader(connection, snapshot)
            answerer = Answerer(connection, snapshot, reader, settings, self._fingerprint(snapshot))
            return answerer.answer(query, before, checked[-1], _known(answer_language) or language)

    def read(self, *turns: str, language: str | None = None) -> Reading:
        """Return what the documents say to the last of the `turns`, before an answer is made of it: for fitting.

        Its connection is closed: what needs the catalogue (`cosines`) can no longer be asked of it.
        """
        checked, _, query, before = self._meant(turns, language, NO_FILTERS)
        with reading(self.data) as connection:
            return self._reader(connection, self._current(connection)).read(query, checked[-1], before)

    def _meant(
        self, turns: Sequence[str], language: str | None, filters: Mapping[str, Any], spoken: str | None = None
    ) -> tuple[list[str], str, Query, Query | None]:
        """Return the turns, their language, what is searched for, and what was of the turn before that it needs."""
        checked = [self._checked(turn) for turn in turns] or [self._checked("")]
        language = _known(language) or _spoken(checked, spoken)
        meant = understood(checked, language)
        query = self._query(meant.text, language, filters)
        return checked, language, query, replace(query, text=meant.before) if meant.before else None

    def _reader(self, connection: sqlite3.Connection, snapshot: Snapshot) -> Reader:
        retrieve = partial(self._retriever(snapshot).retrieve, connection, at_least=self.settings.passages)
        return Reader(connection, self.embedder, self._matching, retrieve)

    def understanding(self, question: str, *, language: str | None = None) -> Understanding:
        """Return what `search` searches for."""
        question = self._checked(question)
        query = self._query(question, _known(language) or detect(question), NO_FILTERS)
        with reading(self.data) as connection:
            return self._retriever(self._current(connection)).understand(query)

    def original(self, citation: Citation) -> Citation | None:
        """Return the passage of the English text from which what a citation quotes was translated.

        None where there is none: the citation is in English, the document is a user's own, or the texts do not align.
        """
        with reading(self.data) as connection:
            quoted = find_document(connection, citation.document_id, citation.language)
            english = find_document(connection, citation.document_id, "en")
            if citation.language == "en" or quoted is None or english is None or quoted.origin != "shipped":
                return None
            blocks, originals = (read_blocks(connection, stored.key) for stored in (quoted, english))
        stale = quoted.document.sha256 != citation.sha256
        if stale or not quoting.aligned(blocks, originals):
            return None
        first, last = citation.block_first, citation.block_last
        quote = quoting.Quote(quoted.document, blocks, first, last, citation.start, citation.end)
        found = quoting.in_text(quote, english.document, originals)
        return cite(found.document, found.blocks, found.start, found.end)

    def lists(self, question: str, language: str) -> tuple[PassageTable, dict[str, LanguageList]]:
        """Return what each language's texts say of all passages, before it is fused; weights are fitted on this."""
        with reading(self.data) as connection:
            snapshot = self._current(connection)
            return snapshot.passages, self._retriever(snapshot).lists(connection, Query(question, language))

    def document(self, document_id: str, language: str | None = None) -> tuple[Document, tuple[Block, ...]] | None:
        """Return a document and its blocks in a language (else in English, else in any), None if it is not there."""
        with reading(self.data) as connection:
            available = languages_of(connection, document_id)
            wanted = [language] if language else [*LANGUAGES, *available]
            for code in wanted:
                stored = find_document(connection, document_id, code) if code in available else None
                if stored:
                    return stored.document, read_blocks(connection, stored.key)
        return None

    def texts(self) -> list[tuple[Entry, Document, tuple[Block, ...]]]:
        """Return all live texts with their blocks, by id and language, read at once."""
        with reading(self.data) as connection:
            entries = {entry.key: entry for entry in self._current(connection).entries}
            blocks = read_all_blocks(connection)
            stored = list(stored_documents(connection))
        return [(entries[each.key], each.document, blocks.get(each.key, ())) for each in stored]

    def entries(self) -> Sequence[Entry]:
        """Return the directory of all live texts, by id and language."""
        with reading(self.data) as connection:
            return self._current(connection).entries

    def related(self, document_id: str, language: str, limit: int = 5) -> list[Entry]:
        """Return the documents that are nearest to one, nearest first, each as it is read in a language."""
        with reading(self.data) as connection:
            snapshot = self._current(connection)
        ids = snapshot.passages.ids
        if document_id not in ids:
            return []
        places = nearest(snapshot.document_vectors, ids.index(document_id), limit)
        return [in_language(snapshot.languages[ids[place]], language) for place in places]

    def status(self) -> Status:
        """Return what is in the knowledge base."""
        with reading(self.data) as connection:
            snapshot = self._current(connection)
        texts: dict[str, int] = {}
        for entry in snapshot.entries:
            texts[entry.language] = texts.get(entry.language, 0) + 1
        state = snapshot.state
        return Status(
            texts=texts,
            documents=len(snapshot.languages),
            own_documents=sum(1 for entry in snapshot.entries if entry.origin == "own"),
            chunks=sum(len(keys) for keys, _ in snapshot.passages.order.values()),
            vectors=snapshot.dense.size,
            model=state.model,
            generation=state.generation,
            updated=state.updated,
            corpus=state.corpus,
            index=state.fingerprint,
            answer=self._fingerprint(snapshot),
        )

    def warm_up(self) -> None:
        """Load what the first question would have to wait for."""
        with reading(self.data) as connection:
            self._current(connection)
        for language in LANGUAGES:
            self.search("tillit", language=language)
        self.ask("tillit")

    def _checked(self, question: str) -> str:
        text = unicodedata.normalize("NFC", question.encode("utf-8", "replace").decode("utf-8")).strip()
        if not any(character.isalnum() for character in text):
            raise QuestionError("The question is empty. Ask something, for instance: What is trust-based management?")
        limit = self.settings.question_chars
        if len(text) > limit:
            raise QuestionError(
                f"The question has {len(text):,} characters; {limit:,} are allowed. Ask it in fewer words."
            )
        return text

    def _current(self, connection: sqlite3.Connection) -> Snapshot:
        """Return the snapshot of the commit point that `connection` sees, read anew only where it changed."""
        state = read_state(connection)
        if state is None:
            raise IndexMissingError(self.data)
        if state.generation is None or state.model is None:
            raise CatalogueError(f"The index in {self.data} has to be made anew. Do so with: tillit build")
        if state.model != self.embedder.id:
            raise ModelError(
                f"The index was built with the model {state.model}, but {self.embedder.id} is set. "
                "Bring it up to date with: tillit build"
            )
        with self._lock:
            if self._snapshot is None or self._snapshot.state != state:
                self._snapshot = read_snapshot(connection, self.data, state, self.settings.dense_search)
            return self._snapshot

    def _retriever(self, snapshot: Snapshot) -> Retriever:
        weights = weights_for(self.embedder.id).with_dense(self.settings.dense_weight)
        return Retriever(snapshot, self.embedder, weights, load_glossary(), self._reranker, self.settings.reranked)

    def _query(self, text: str, language: str, filters: Mapping[str, Any]) -> Query:
        searched = [code.strip() for code in self.settings.search_languages.split(",") if code.strip()]
        return Query(text, language, parse_filters({**filters, "language": filters.get("language") or searched}))

    def _reranker_id(self) -> str:
        """Return the reranker's id, nothing where there is none or it cannot be read, which only asking tells."""
        try:
            return self._reranker.id if self._reranker else ""
        except KBError:
            return ""

    def _fingerprint(self, snapshot: Snapshot) -> str:
        chosen = {name: getattr(self.settings, name) for name in ANSWER_SETTINGS}
        fitted = [weights_for(self.embedder.id).fingerprint, weights_fingerprint(), self._matching.id]
        data = [*fitted, load_glossary().fingerprint, self._reranker_id()]
        return fingerprint.answer_fingerprint(snapshot.state.fingerprint, program_version(), {**chosen, "data": data})
