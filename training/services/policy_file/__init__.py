"""Policies as YAML files: read, check, bring in, write out. The format stands in ``docs/policy-format.md``."""

from training.services.policy_file.apply import Imported, import_policy
from training.services.policy_file.parse import PolicyFile, parse, shift_years
from training.services.policy_file.schema import policy_schema
from training.services.policy_file.write import export_policy

__all__ = ["Imported", "PolicyFile", "export_policy", "import_policy", "parse", "policy_schema", "shift_years"]
