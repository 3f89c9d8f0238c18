"""Words of another column: a department among ratings, as a slip of pasting leaves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from migration.cleaning.placeholders import is_placeholder
from migration.cleaning.registry import gettext_noop
from migration.cleaning.text import fold
from migration.cleaning.words import OTHER, SAME_WORDS, truth_in
from migration.cleaning.work import Column, Say, Work, shown

#: rows from which words show that they come again, and the share of a column that does
_ENOUGH, _AGAIN, _NEARLY_ALL = 20, 3, 0.9
#: how often a word may come that slipped in; how often its own column has it, at least, and how many times as often
_RARE, _OFTEN, _TIMES = 3, 5, 5
#: words of a column's own that are rare, for each that is not, from which a rare word is none that slipped in
_OWN_RARE = 0.25
#: share of the rows up to which such words are slips
_FEW = 0.06
_PERSONS = frozenset({"name", "first_name", "last_name", "manager_name", "trainer_name"})
#: columns whose words are nobody's names
_NO_NAMES = frozenset(
    {"department", "position", "status", "marital", "education", "level", "outcome", "score", "activity", "gender"}
)
_REASON = gettext_noop("“%(word)s” is a word of the column %(column)s.")


def report_borrowed_words(work: Work) -> None:
    """Rule ``out_of_place``: a rare word that comes again and again in another column only. Candidates are words of
    the row that stand in the wrong place as well."""
    columns = [column for column in work.columns if column.type in ("category", "name", "gender")]
    counts = [Counter(text for _place, cell in work.filled(column) if (text := shown(cell))) for column in columns]
    for column, own in zip(columns, counts, strict=True):
        rows = own.total()
        if rows < _ENOUGH or not _takes_part(column, own):
            continue
        others = [(other, theirs) for other, theirs in zip(columns, counts, strict=True) if other is not column]
        kin = [theirs for _other, theirs in others if _share_words(own, theirs)]
        odd = {
            word: other.title
            for other, theirs in others
            for word in own
            if own[word] <= _RARE and not _fits_all(word) and _often(word, theirs) >= max(_OFTEN, _TIMES * own[word])
            and not any(word in words for words in kin) and _is_other_kind(column, own, other, word)
        }  # fmt: skip
        if odd and sum(own[word] for word in odd) <= max(2, _FEW * rows) and _has_few_rare(column, own, odd):
            _ask(work, column, own, odd, columns)


def _often(word: str, theirs: Counter[str]) -> int:
    """How often another column has the word, a gender in whatever word it says so."""
    if word in theirs or fold(word) not in SAME_WORDS:
        return theirs[word]
    meant = SAME_WORDS[fold(word)]
    return sum(count for text, count in theirs.items() if SAME_WORDS.get(fold(text)) == meant)


def _takes_part(column: Column, own: Counter[str]) -> bool:
    """Names of persons, and columns of words that come again and again."""
    if column.type == "name":
        return column.meaning in _PERSONS
    return sum(count for count in own.values() if count >= _AGAIN) >= _NEARLY_ALL * own.total()


def _fits_all(word: str) -> bool:
    """Other, yes and M are words of many columns."""
    key = fold(word)
    is_letter = key in SAME_WORDS and len(key) == 1 and key.isascii()
    return key in OTHER or is_letter or truth_in(word) is not None or is_placeholder(word)


def _has_few_rare(column: Column, own: Counter[str], odd: Mapping[str, str]) -> bool:
    rare = sum(count <= _RARE for word, count in own.items() if word not in odd)
    return column.type == "name" or rare <= 1 + _OWN_RARE * sum(count > _RARE for count in own.values())


def _share_words(own: Counter[str], theirs: Counter[str]) -> bool:
    """Whether two columns rightly have a word: departments of now and before, or answers to two questions."""
    return any(own[word] > _RARE and theirs[word] > _RARE for word in own.keys() & theirs.keys())


def _is_other_kind(column: Column, own: Counter[str], other: Column, word: str) -> bool:
    """Of names only what no name is: Jackson can be a town and somebody's name."""
    if column.type != "name":
        return True
    if other.type == "name":
        return False
    alone = sum(count for text, count in own.items() if (" " in text) == (" " in word))
    return other.meaning in _NO_NAMES or alone <= max(2, _FEW * own.total())


def _ask(work: Work, column: Column, own: Counter[str], odd: Mapping[str, str], columns: list[Column]) -> None:
    for place, cell in list(work.filled(column)):
        if (word := shown(cell)) in odd:
            others = (shown(other.cells[place]) for other in columns if other is not column)
            candidates = tuple(dict.fromkeys(text for text in others if text not in odd and own[text] >= _AGAIN))
            work.doubt(column, place, "out_of_place", candidates, Say(_REASON, {"word": word, "column": odd[word]}))
