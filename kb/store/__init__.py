"""The catalogue (SQLite, the truth) and the index generations (Chroma and vectors, derived)."""
