"""What policies decide, in plain Python: which rule wins (scopes) and what a whole policy says (engine). No Django."""

from training.rules.scopes import CENT, CRITERIA, Offer, Place, decided_by, misfit, strength, winner, worth

__all__ = ["CENT", "CRITERIA", "Offer", "Place", "decided_by", "misfit", "strength", "winner", "worth"]
