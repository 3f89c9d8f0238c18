"""The dictionary: words of old files and the suite's own, decided once and used by every import after."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process

from migration.models import Term
from migration.rules import folded
from migration.services.bands import BANDS
from migration.services.fields import GENDERS
from people.models import Band, Department, Level, Position, User
from performance.selectors import known_grades
from recruitment.rules import STATUS_SPELLINGS
from recruitment.selectors import status_labels
from training.models import Activity, Course

#: fields whose words the suite knows, and what they are called
WORDED = {
    "gender": gettext_lazy("Gender"), "department": gettext_lazy("Department"),
    "parent_department": gettext_lazy("Parent department"), "position": gettext_lazy("Position"),
    "level": gettext_lazy("Level"), "band": gettext_lazy("Band"), "activity": gettext_lazy("Activity"),
    "course": gettext_lazy("Course"), "team": gettext_lazy("Team"), "rating": gettext_lazy("Rating"),
    "stage": gettext_lazy("Status"),
}  # fmt: skip
#: those of them that the suite keeps as codes
CODED = ("gender", "band", "stage")
_MODELS: dict[str, Any] = {
    "department": Department, "parent_department": Department, "team": Department, "position": Position,
    "level": Level, "activity": Activity, "course": Course,
}  # fmt: skip
#: likeness from which a word is suggested, and how many are
LIKE, SUGGESTED = 55, 3
#: and from which it is chosen beforehand
LIKELY = 80
#: from which a part of a word is the word with a letter missing
_A_LETTER = 88


@dataclasses.dataclass
class Word:
    """A word of a file that the suite does not know. ``suggested``: (the suite's word, what people call it)."""

    field: str
    word: str
    rows: int
    suggested: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def likely(self) -> str:
        """The suggestion that a page may choose beforehand."""
        if not self.suggested:
            return ""
        best, second = ([_likeness(folded(self.word), folded(label)) for _value, label in self.suggested] + [0.0])[:2]
        # Staff can be Staff 1 as well as Staff 2
        if best < max(LIKELY, second + 5):
            return ""
        # a word with something more says something else: an engineering manager is no engineer
        value, label = self.suggested[0]
        word, known = (_bare(folded(one)) for one in (self.word, label))
        # and one with less may mean anything that begins so; in Chinese letters are left out as a habit (销管)
        if word != known and (word in known or known in word) and fuzz.ratio(word, known) < _A_LETTER:
            return ""
        is_short = len(word) > len(known) or word.isascii()
        return "" if is_short and fuzz.ratio(word, known) < LIKELY else value


def vocabulary(name: str) -> dict[str, str]:
    """The suite's words of a field -> what people call them."""
    if name == "gender":
        return {"female": _("female"), "male": _("male"), "other": _("other")}
    if name == "band":
        return {str(value): str(label) for value, label in Band.choices}
    if name == "stage":
        return status_labels()
    if name == "rating":
        return {grade: label if grade == label else f"{grade} · {label}" for grade, label in known_grades()}
    # what two things are called says nothing
    found = list(_MODELS[name].objects.values_list("code", "name"))
    times = Counter(label for _code, label in found)
    return {code if times[label] > 1 else label: label for code, label in found}


def known_words(name: str) -> set[str]:
    """Folded: everything that an import understands in a field."""
    if name == "gender":
        return {folded(word) for word in GENDERS}
    if name == "band":
        return {folded(word) for pair in Band.choices for word in map(str, pair)} | {folded(word) for word in BANDS}
    if name == "stage":
        return {folded(word) for word in STATUS_SPELLINGS}
    if name == "rating":
        return {folded(word) for pair in known_grades() for word in pair}
    return {folded(word) for pair in _MODELS[name].objects.values_list("code", "name") for word in pair}


def own_spellings(name: str) -> dict[str, str]:
    """Folded word -> how the suite writes it: case, blanks and signs make no other word."""
    if name not in _MODELS:
        return {}
    found: dict[str, set[str]] = {}
    for code, label in _MODELS[name].objects.values_list("code", "name"):
        found.setdefault(folded(code), set()).add(code)
        found.setdefault(folded(label), set()).add(label)
    return {word: spellings.pop() for word, spellings in found.items() if len(spellings) == 1}


def dictionary(fields: Iterable[str] | None = None) -> dict[str, dict[str, str]]:
    """field -> folded word -> meaning, as the cleaning wants it."""
    found: dict[str, dict[str, str]] = {}
    terms = Term.objects.all() if fields is None else Term.objects.filter(field__in=list(fields))
    for name, word, meaning in terms.values_list("field", "folded", "meaning"):
        found.setdefault(name, {})[word] = meaning
    return found


def unknown_words(name: str, counts: Mapping[str, int]) -> list[Word]:
    """Words among ``counts`` (word -> rows) that no import understands, the most frequent first.

    Of departments, positions, levels and courses there must be some: the first files bring them along.
    """
    known = known_words(name)
    if not known:
        return []
    near = Near(vocabulary(name))
    found = [
        Word(name, word, rows, near.to(word))
        for word, rows in counts.items()
        if word.strip() and folded(word) not in known
    ]
    return sorted(found, key=lambda one: (-one.rows, one.word))


class Near:
    """The suite's words (value -> what people call it), to hold many words of files against."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._bare = {value: _bare(folded(label)) for value, label in words.items()}
        self._long = {value: text for value, text in self._bare.items() if len(text) > _SHORT}
        self._by_letter: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for value, text in self._bare.items():
            self._by_letter.setdefault(text[:1], []).append((value, frozenset(text)))

    def to(self, word: str) -> list[tuple[str, str]]:
        """Those that resemble ``word`` by :func:`_likeness`, the likeliest first: (value, what people call it)."""
        one = _bare(folded(word))
        # a pass of rapidfuzz over all words, not a call for each
        scores = {
            key: score
            for _text, score, key in process.extract_iter(one, self._bare, scorer=fuzz.ratio, score_cutoff=LIKE)
        }
        if len(one) > _SHORT:
            parts = process.extract_iter(one, self._long, scorer=fuzz.partial_ratio, score_cutoff=LIKE / _PART)
            for _text, score, key in parts:
                scores[key] = max(scores.get(key, 0), _PART * score)
        letters = frozenset(one)
        for key, others in self._by_letter.get(one[:1], ()) if one else ():
            if letters <= others and _is_inside(one, self._bare[key]):
                scores[key] = max(scores.get(key, 0), _inside(one, self._bare[key]))
        best = sorted((value for value in self._words if value in scores), key=lambda value: -scores[value])
        return [(value, self._words[value]) for value in best[:SUGGESTED]]


def suggestions(word: str, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """The suite's words that resemble one of a file, the likeliest first."""
    return Near(words).to(word)


#: what departments are called besides
_KIND = re.compile(r"(department|dept|division|team|部门|事业部|中心|部|科)$")


#: letters up to which a word is no part of others, and what the likeness of a part counts
_SHORT, _PART = 2, 0.9


def _bare(word: str) -> str:
    return _KIND.sub("", word) or word


def _likeness(one: str, other: str) -> float:
    """Slips of the pen; and letters left out, as in 销管 for 销售管理."""
    one, other = _bare(one), _bare(other)
    is_long = min(len(one), len(other)) > _SHORT
    score = max(fuzz.ratio(one, other), _PART * fuzz.partial_ratio(one, other) if is_long else 0)
    if one and _is_inside(one, other):
        score = max(score, _inside(one, other))
    return score


def _inside(one: str, other: str) -> float:
    return 60 + 40 * len(one) / len(other)


def _is_inside(short: str, long: str) -> bool:
    """Whether all letters come in this order, beginning with the same one."""
    letters = iter(long)
    return short[:1] == long[:1] and all(letter in letters for letter in short)


@transaction.atomic
def decide_terms(*, decided: Iterable[tuple[str, str, str]], actor: User | None) -> int:
    """Keep (field, word, meaning); a word that was decided before means this from now on. Answers how many."""
    count = 0
    for name, word, meaning in decided:
        Term.objects.update_or_create(
            field=name,
            folded=folded(word)[:300],
            defaults={"word": word.strip()[:300], "meaning": meaning[:300], "actor": actor},
        )
        count += 1
    return count


@transaction.atomic
def revoke_term(*, term: Term, actor: User) -> None:
    """The next file with this word is asked about again. What was imported stays."""
    term.delete()
