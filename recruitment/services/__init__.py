"""Every write of the recruitment app."""

from recruitment.services.applications import close_application, move_application, reopen_application
from recruitment.services.files import CandidateRow, save_candidates

__all__ = ["CandidateRow", "close_application", "move_application", "reopen_application", "save_candidates"]
