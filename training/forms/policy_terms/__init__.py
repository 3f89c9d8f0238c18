"""Parts of a policy as forms. Inputs are named by their paths in the policy file."""

from training.forms.policy_terms.build import Posted, build
from training.forms.policy_terms.cards import Card, Page, rule_page, scope_page, section_page, target_page
from training.forms.policy_terms.known import Known

__all__ = ["Card", "Known", "Page", "Posted", "build", "rule_page", "scope_page", "section_page", "target_page"]
