"""The JSON Schema of policy files, made from the grammar: docs/policy-format.schema.json."""

from __future__ import annotations

from typing import Any

from training.services.policy_file.grammar import GROUPS, Field

SCALAR = {"type": ["string", "number", "boolean"]}
#: codes and names may be written without quotes, so YAML takes some for numbers, days or truth values
TEXT = {"type": ["string", "number", "boolean"]}
DAY = {"type": "string", "format": "date"}
BOUND = {"type": ["number", "string"]}


def policy_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a whole file. Days are strings: load YAML without turning them into dates."""
    definitions = {name: _group(fields) for name, fields in GROUPS.items() if name != "file"}
    for name, about in (("record", "record"), ("employee", "employee"), ("account", "account")):
        definitions[f"{name}_condition"] = _condition(about)
    definitions["test"] = _test()
    _alternatives(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "HR Suite points policy",
        **_group(GROUPS["file"]),
        "$defs": definitions,
    }


def _group(fields: dict[str, Field]) -> dict[str, Any]:
    required = [name for name, field in fields.items() if field.required]
    group: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _field(field) for name, field in fields.items()},
    }
    if required:
        group["required"] = required
    return group


def _field(field: Field) -> dict[str, Any]:
    simple: dict[str, dict[str, Any]] = {
        "text": TEXT,
        "scalar": SCALAR,
        "boolean": {"type": "boolean"},
        "day": DAY,
        "month_day": {"type": "string", "pattern": r"^\d\d-\d\d$"},
        "step_day": {"anyOf": [{"type": "string", "pattern": r"^\d\d-\d\d$"}, DAY]},
        "codes": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
        "texts": {"type": "array", "items": TEXT},
    }
    if field.kind in simple:
        return simple[field.kind]
    if field.kind == "choice":
        # format: 1 is written without quotes
        return {"enum": [int(choice) if choice.isdigit() else choice for choice in field.choices]}
    if field.kind in ("number", "whole"):
        bounds = {"minimum": field.least, "exclusiveMinimum": field.above, "maximum": field.most}
        stated = {name: bound for name, bound in bounds.items() if bound is not None}
        figure = {"type": "number" if field.kind == "number" else "integer", **stated}
        return {"anyOf": [figure, {"type": "string", "pattern": r"^\d+/[1-9]\d*$"}]} if field.fraction else figure
    if field.kind == "condition":
        return {"$ref": f"#/$defs/{field.about}_condition"}
    if field.kind == "group":
        return {"$ref": f"#/$defs/{field.group}"}
    if field.kind == "list":
        return {"type": "array", "items": {"$ref": f"#/$defs/{field.group}"}}
    return {"anyOf": [_field(option) for option in field.options]}


def _condition(about: str) -> dict[str, Any]:
    own = {"$ref": f"#/$defs/{about}_condition"}
    several = {"type": "array", "items": own}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {"all": several, "any": several, "not": {"anyOf": [own, several]}},
        "additionalProperties": {"$ref": "#/$defs/test"},
    }


def _test() -> dict[str, Any]:
    """What a name is compared with."""
    return {
        "anyOf": [
            SCALAR,
            {"type": "array", "items": SCALAR},
            {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    **dict.fromkeys(("from", "above", "to", "below"), BOUND),
                    "not": {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]},
                    "known": {"type": "boolean"},
                },
            },
        ]
    }


def _alternatives(definitions: dict[str, Any]) -> None:
    """Fields of which one must stand."""
    definitions["version"]["anyOf"] = [{"required": [name]} for name in ("points", "bands", "tiers")]
    definitions["multiplier"]["oneOf"] = [{"required": ["times"]}, {"required": ["attribute"]}]
