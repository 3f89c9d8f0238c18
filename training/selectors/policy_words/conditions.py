"""Conditions in words: "mode is online and score is at least 60"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from training.selectors.policy_words.names import Names, as_day, as_list, both, either


def condition_words(condition: Any, names: Names, *, is_account: bool = False) -> str:
    """Everything in one mapping holds; ``any``, ``all`` and ``not`` combine."""
    parts = []
    for name, wanted in condition.items():
        if name == "any":
            parts.append(_("(%(words)s)") % {"words": either(_each(wanted, names, is_account))})
        elif name == "all":
            parts += _each(wanted, names, is_account)
        elif name == "not":
            parts.append(_("not (%(words)s)") % {"words": both(_each(wanted, names, is_account))})
        else:
            parts.append(_test(str(name), wanted, names, is_account))
    return both(parts)


def _each(conditions: Any, names: Names, is_account: bool) -> list[str]:
    return [condition_words(one, names, is_account=is_account) for one in as_list(conditions)]


def _test(name: str, wanted: Any, names: Names, is_account: bool) -> str:
    what = names.asked(name, is_account=is_account)
    if isinstance(wanted, Mapping):
        comparisons = [_compared(name, operator, value, names) for operator, value in wanted.items()]
        return _("%(what)s %(comparisons)s") % {"what": what, "comparisons": both(comparisons)}
    if isinstance(wanted, bool):
        return (_("%(what)s: yes") if wanted else _("%(what)s: no")) % {"what": what}
    values = either(names.value(name, value) for value in as_list(wanted))
    return _("%(what)s is %(value)s") % {"what": what, "value": values}


def _compared(name: str, operator: str, value: Any, names: Names) -> str:
    if operator == "known":
        return _("is stated") if value else _("is not stated")
    words = {"value": either(names.value(name, one) for one in as_list(value))}
    if operator == "not":
        return _("is not %(value)s") % words
    if isinstance(value, str) and as_day(value):
        patterns = {
            "from": _("is on or after %(value)s"),
            "above": _("is after %(value)s"),
            "to": _("is on or before %(value)s"),
            "below": _("is before %(value)s"),
        }
    else:
        patterns = {
            "from": _("is at least %(value)s"),
            "above": _("is more than %(value)s"),
            "to": _("is at most %(value)s"),
            "below": _("is less than %(value)s"),
        }
    return patterns[operator] % words
