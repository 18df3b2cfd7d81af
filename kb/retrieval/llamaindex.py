"""For users of LlamaIndex: our retriever as a `BaseRetriever`, our answers as a query engine.

Imported by nobody here: llama_index takes over a second to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from kb.knowledge_base import NO_FILTERS, KnowledgeBase
from kb.records import Citation, Passage


class TillitRetriever(BaseRetriever):
    """Passages of a knowledge base as nodes with scores; raises `KBError` as `KnowledgeBase.search` does."""

    def __init__(
        self,
        kb: KnowledgeBase,
        *,
        limit: int = 10,
        language: str | None = None,
        filters: Mapping[str, Any] = NO_FILTERS,
    ) -> None:
        super().__init__()
        self._kb, self._limit, self._language, self._filters = kb, limit, language, filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._kb.search(
            query_bundle.query_str, language=self._language, filters=self._filters, limit=self._limit
        )
        return [_passage_node(passage) for passage in passages]


class TillitQueryEngine(BaseQueryEngine):
    """Answers of a knowledge base: the response's text is the answer's, its source nodes are the quotes."""

    def __init__(self, kb: KnowledgeBase, *, answer_language: str | None = None) -> None:
        super().__init__(CallbackManager())
        self._kb, self._answer_language = kb, answer_language

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._kb.ask(query_bundle.query_str, answer_language=self._answer_language)
        quotes = [citation for statement in answer.statements for citation in statement.citations]
        return Response(
            response=answer.text,
            source_nodes=[_quote_node(citation) for citation in quotes],
            metadata={"status": answer.status, "fingerprint": answer.fingerprint},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _passage_node(passage: Passage) -> NodeWithScore:
    chunk = passage.chunk
    node = TextNode(
        id_=str(passage.key),
        text=chunk.text,
        start_char_idx=chunk.start,
        end_char_idx=chunk.end,
        metadata={"document_id": chunk.document_id, "language": chunk.language, "headings": list(chunk.headings)},
    )
    return NodeWithScore(node=node, score=passage.score)


def _quote_node(citation: Citation) -> NodeWithScore:
    node = TextNode(
        id_=f"{citation.document_id}/{citation.language}/{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata={"document_id": citation.document_id, "language": citation.language, "title": citation.title},
    )
    return NodeWithScore(node=node)
