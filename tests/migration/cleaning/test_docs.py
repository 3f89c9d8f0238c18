"""What docs/cleaning.md says of the rules is what their pages say."""

from __future__ import annotations

import re
from pathlib import Path

from migration.cleaning import RULES

DOCS = Path(__file__).resolve().parents[3] / "docs" / "cleaning.md"


def test_every_rule_stands_in_the_docs_as_on_its_page():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| [^|]+ \| (.+?) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: (label, text.replace("`", "")) for name, label, text in rows} == {
        name: (rule.label, rule.description) for name, rule in RULES.items()
    }
