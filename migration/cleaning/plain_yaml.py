"""YAML of keys, lists and texts: nothing else is built, and nothing unfolds to more than stands there."""

from __future__ import annotations

from typing import Any

import yaml

#: keys and lists inside each other
DEEPEST = 20


def load_texts(text: str) -> Any:
    """Everything stays text: a word No is no boolean. Raises yaml.YAMLError, also for references, which a few lines
    can unfold to gigabytes, and for what is nested too deep."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"line {line}: references are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise yaml.YAMLError(f"line {line}: nested too deep")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but texts


def where_of(error: yaml.YAMLError) -> str:
    """What is wrong in which line, without the rest that the parser says."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    return f"{problem} ({mark.line + 1}:{mark.column + 1})" if mark and problem else str(error)
