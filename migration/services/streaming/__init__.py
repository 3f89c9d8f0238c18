"""Big files of evidence: read piece by piece, twice, in bounded memory."""

from migration.services.streaming.importing import NotPlainError, import_stream
from migration.services.streaming.stream import Stream, stream_of

__all__ = ["NotPlainError", "Stream", "import_stream", "stream_of"]
