"""The student's tokenizer: a Unigram model (Kudo 2018) over lower-case words without punctuation.

The library's trainer goes through hash tables, so that its scores differ from run to run: in the eleventh digit, and
for letters too rare to be scored, in the third. So scores are rounded, rare letters share the lowest one, and pieces
are sorted. The set of pieces was the same in every run measured; a tie exactly at the last place could change it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
UNKNOWN_ID = 0
DIGITS_KEPT = 3
RARE_LETTERS = 0.1
"""How near the lowest score of longer pieces a single letter's is no score of its own, but a place in a hash table."""


def train_tokenizer(texts: Sequence[str], vocabulary: int, longest_piece: int) -> Tokenizer:
    """Return a tokenizer of at most so many pieces; the unknown one is the first."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"[^\w]|_"), "removed"),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.Metaspace(),
        ]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary,
        unk_token=UNKNOWN,
        special_tokens=[UNKNOWN],
        max_piece_length=longest_piece,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return _canonical(tokenizer)


def _canonical(tokenizer: Tokenizer) -> Tokenizer:
    """Return the tokenizer with rounded scores, its pieces sorted by score, then by letter."""
    from tokenizers import Tokenizer

    content = json.loads(tokenizer.to_str())
    scores = {piece: score for piece, score in content["model"]["vocab"] if piece != UNKNOWN}
    lowest = min((score for piece, score in scores.items() if len(piece) > 1), default=0.0)
    for piece, score in scores.items():
        rare = len(piece) == 1 and score < lowest + RARE_LETTERS
        scores[piece] = round(lowest if rare else score, DIGITS_KEPT)
    pieces = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
    content["model"].update(vocab=[(UNKNOWN, 0.0), *pieces], unk_id=UNKNOWN_ID)
    content["added_tokens"] = []
    return Tokenizer.from_str(json.dumps(content, ensure_ascii=False))


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the tokens of each text."""
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]
