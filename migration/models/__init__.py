"""Imports, what they did row by row, and what is on its way in."""

from migration.models.batches import ImportBatch, ImportedRow, Kind
from migration.models.jobs import ImportJob, ImportJobTable
from migration.models.uploads import Upload, UploadClean, UploadFile, UploadPart, UploadTable
from migration.models.words import MappingTemplate, Term

__all__ = [
    "ImportBatch",
    "ImportJob",
    "ImportJobTable",
    "ImportedRow",
    "Kind",
    "MappingTemplate",
    "Term",
    "Upload",
    "UploadClean",
    "UploadFile",
    "UploadPart",
    "UploadTable",
]
