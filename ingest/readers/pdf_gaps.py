"""Where paragraphs, items and headings end on a page of a PDF, by where its lines stand and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.marks import ends_sentence, mark_of, opens
from ingest.readers.pdf_lines import OTHER_SIZE, PageLine, seen

BESIDE, STRAIGHT = 4, 1.5
"""How many lines above and below show where lines end; by how many points those of a straight margin differ."""
LETTER, LONG_WORD = 0.5, 7
"""The width of a letter, in its size, and the letters of a long word."""
FAR = 3.0
"""How far above its number, in usual steps down, the text of a page ends at least."""
_BLANK = ("", 0.0)


def with_gaps(lines: Sequence[PageLine]) -> list[tuple[str, float]]:
    """Return lines and their sizes, with a blank line wherever a paragraph, an item or a heading ends visibly.

    Two blank lines stand where the last one of a page or of its text does so, which the next page cannot tell.
    """
    page = _Page(lines)
    written: list[tuple[str, float]] = []
    for index, line in enumerate(lines):
        written.append((line.text, line.size))
        if page.is_last(index) and page.ends_visibly(index):
            written += [_BLANK, _BLANK]
        elif index < len(lines) - 1 and page.parted(index):
            written.append(_BLANK)
    return written


class _Page:
    """The lines of a page and what is usual on it."""

    def __init__(self, lines: Sequence[PageLine]) -> None:
        self.lines = lines
        self.steps = [upper.height - lower.height for upper, lower in pairwise(lines)]
        letters: Counter[float] = Counter()
        for line in lines:
            letters[line.size] += len(line.text)
        self.size = max(letters, key=lambda size: (letters[size], -size), default=0.0)
        self.step, count = _usual_step(self.steps)
        self.sure_step = self.step if count > 3 else min(self.step, 1.4 * self.size)
        lengths = sorted(len(line.text) for line in lines)
        self.length = lengths[len(lengths) * 4 // 5] if lengths else 0
        self.inner = [0.0] * len(lines)
        """Of each line, where the text of the list item begins to which it belongs; 0 where it belongs to none."""
        for index, line in enumerate(lines):
            if mark_of(seen(line.text)):
                self.inner[index] = line.inner if line.inner > line.left else line.left + 0.5
            elif index and self.inner[index - 1] and not self._leaves_item(index):
                self.inner[index] = self.inner[index - 1]

    def parted(self, index: int) -> bool:
        """Tell whether a blank line belongs below the line."""
        upper, lower, step = self.lines[index], self.lines[index + 1], self.steps[index]
        if "\t" in upper.text and "\t" in lower.text:
            return False
        ends = opens(seen(lower.text)) and self.ends_visibly(index)
        if step < -self.size:  # another column, or what stands beside the text, such as a page number
            return lower.left <= upper.left or self._is_indented(index) or ends
        sizes = sorted((upper.size, lower.size))
        if sizes[0] and sizes[1] > OTHER_SIZE * sizes[0]:
            return True
        return ends or self._steps_down(index) or self._leaves_item(index + 1) or self._is_indented(index)

    def is_last(self, index: int) -> bool:
        """Tell whether a line is the last of the page, or stands far above what follows, such as the page's number."""
        return index == len(self.lines) - 1 or self.steps[index] > FAR * self.step > 0

    def ends_visibly(self, index: int) -> bool:
        """Tell whether a line ends with a sentence although the next word would have fitted on it."""
        line = self.lines[index]
        right = line.parts[-1].right
        if not right or "\t" in line.text or not ends_sentence(seen(line.text)):
            return False
        near = self.lines[max(0, index - BESIDE) : index + BESIDE + 1]
        same = [each for each in near if abs(each.size - line.size) < 0.1 * line.size and "\t" not in each.text]
        rights = [end for each in same if (end := each.parts[-1].right) > line.left and each.left < right]
        margin = max(rights, default=right)
        straight = sum(margin - end < STRAIGHT for end in rights) * 2 >= len(rights)
        word = "" if self.is_last(index) else seen(self.lines[index + 1].text).partition(" ")[0]
        needed = 1.0 if straight else LETTER * (1 + (len(word) or LONG_WORD))
        return len(rights) >= BESIDE and margin - right > needed * line.size

    def _steps_down(self, index: int) -> bool:
        """Tell whether the step down is clearly larger than its neighbours, or than the usual one where a text ends."""
        upper, lower, step = self.lines[index], self.lines[index + 1], self.steps[index]
        if not step > self.step / 2 > 0:
            return False
        if upper.size > OTHER_SIZE * self.size > 0:  # a heading's lines stand as much further apart as they are larger
            return step > 1.3 * self.step * upper.size / self.size
        beside = [other for other in self.steps[max(0, index - 1) : index + 2] if other >= self.step / 2]
        ends = self._ends(upper) or mark_of(seen(lower.text)) is not None
        return step > 1.3 * min(beside) or step > 1.8 * self.step or (ends and step > 1.3 * self.sure_step > 0)

    def _ends(self, line: PageLine) -> bool:
        """Tell whether a line may end a paragraph: by its words, or since it is short."""
        text = line.text.rstrip()
        return ends_sentence(text) or text.endswith(":") or len(text) < 0.85 * self.length

    def _leaves_item(self, index: int) -> bool:
        """Tell whether a line begins further to the left than the text of the item before it, and with a sentence."""
        line, inner = self.lines[index], self.inner[index - 1]
        outside = self.steps[index - 1] > 0 and line.left < inner - 0.5 * line.size
        return outside and self._may_open(index) and not mark_of(seen(line.text))

    def _may_open(self, index: int) -> bool:
        """Tell whether a paragraph may begin with a line, by its first letter and by how the line before it ends."""
        return opens(seen(self.lines[index].text)) and self._ends(self.lines[index - 1])

    def _is_indented(self, index: int) -> bool:
        """Tell whether the line below is a paragraph's first, which is indented against the others."""
        upper, lower = self.lines[index], self.lines[index + 1]
        indents = [lower.left - upper.left] if self.steps[index] > 0 else []  # else the line above has other margins
        if index + 2 < len(self.lines) and 0 < self.steps[index + 1] < 1.3 * self.step:
            indents.append(lower.left - self.lines[index + 2].left)
        if self.inner[index] or not self._may_open(index + 1) or min(indents, default=0.0) < -1:
            return False
        return any(0.6 * lower.size < indent < 5 * lower.size for indent in indents)


def _usual_step(steps: Sequence[float]) -> tuple[float, int]:
    """Return the most common step down (the smallest of equals) and how often it is, or 0 where there is none."""
    counts = Counter(round(step * 2) / 2 for step in steps if step > 1)
    step = min(counts, key=lambda step: (-counts[step], step), default=0.0)
    return step, counts[step]
