"""Embedding models and rerankers: the bundled one, and any sentence-transformers model by setting."""
