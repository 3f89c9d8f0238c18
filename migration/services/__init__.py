"""Files of old systems, read, checked and saved."""

from migration.services.importing import Report, import_file
from migration.services.mapping import Mapping, read_mapping

__all__ = ["Mapping", "Report", "import_file", "read_mapping"]
