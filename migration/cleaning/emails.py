"""Columns of e-mail addresses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from rapidfuzz.distance import OSA

from migration.cleaning.registry import gettext_noop
from migration.cleaning.work import Column, Say, Work

#: share of addresses in small letters from which the others are meant to be so: mail knows no case
_SMALL_LETTERS = 0.8
#: signs of an address at most, with a name in front
_LONGEST_ADDRESS = 500
_NO_ADDRESS = gettext_noop("This is no e-mail address.")


_DOMAIN = gettext_noop("The others have addresses at %(domain)s.")
_ENDING = gettext_noop("No address ends like this.")
#: how often a domain comes that is a slip, and how many times as often the one that is meant
_RARE, _TIMES = 2, 10
#: providers of many people's addresses, which resemble others and are none of them misspelt
_PROVIDERS = frozenset({
    "163.com", "126.com", "aol.com", "email.com", "gmail.com", "gmx.at", "gmx.com", "gmx.de", "gmx.net", "hotmail.com",
    "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "qq.com", "sina.com", "sohu.com", "web.de", "yahoo.cn",
    "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "ymail.com",
})  # fmt: skip


#: .con and others that end no address, before the letters of a country, too
_SLIP_OF_COM = re.compile(r"\.(?:con|cmo|ocm|vom|xom|comm|coom|ccom|cim|cpm|c0m)(?=$|\.[a-z]{2}$)")


def _domains(groups: Mapping[tuple[str, Any], list[int]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for (kind, value), places in groups.items():
        if kind == "str" and value.count("@") == 1:
            counts[value.rpartition("@")[2].strip().casefold()] += len(places)
    return counts


def _domain_slips(counts: Counter[str]) -> dict[str, str]:
    """Domain -> the one that a slip of the pen makes it of: of many others of the column, or with .com."""
    often = [domain for domain, count in counts.most_common() if count >= _TIMES]
    found = {}
    for domain, count in counts.items():
        if (meant := _SLIP_OF_COM.sub(".com", domain)) != domain:
            found[domain] = meant
            continue
        if count > _RARE or domain in _PROVIDERS:
            continue
        near = (one for one in often if _TIMES * count <= counts[one] and OSA.distance(domain, one) == 1)
        if meant := next(near, ""):
            found[domain] = meant
    return found


def clean_emails(work: Work, column: Column) -> None:
    """Rule ``email``."""
    groups = work.grouped(column)
    counts = _domains(groups)
    slips, known = _domain_slips(counts), {domain for domain in counts if not _SLIP_OF_COM.search(domain)}
    words = [value for kind, value in groups if kind == "str"]
    lower = sum(value.islower() for value in words) >= _SMALL_LETTERS * len(words)
    for (kind, value), places in groups.items():
        if kind != "str":
            continue
        if len(value) > _LONGEST_ADDRESS:
            for place in places:
                work.doubt(column, place, "email", (), Say(_NO_ADDRESS))
            continue
        # a blank at a sign is a slip; one inside a name can stand for a letter
        after = re.sub(r"\s*([@.])\s*", r"\1", value)
        # of several addresses none is the one
        after = (
            value
            if after.count("@") > 1
            else re.sub(
                r"^(?:.*<)?[\s'\"]*(?:mailto:)?([^<>\s]+@[^<>\s]+?)[>.,;'\"]*$", r"\1", after, flags=re.IGNORECASE
            )
        )
        after = after.lower() if lower else after
        domain = after.rpartition("@")[2]
        good = bool(re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s.,;]+", after))
        for place in places:
            if good and domain.casefold() in slips:
                meant = slips[domain.casefold()]
                address = f"{after.removesuffix(domain)}{meant}"
                reason = Say(_DOMAIN, {"domain": meant}) if meant in known else Say(_ENDING)
                work.doubt(column, place, "email", (address, after), reason)
            elif good:
                work.change(column, place, "email", after)
            else:
                candidates = ("".join(after.split()),) if " " in after and "@" in after else ()
                work.doubt(column, place, "email", candidates, Say(_NO_ADDRESS))
