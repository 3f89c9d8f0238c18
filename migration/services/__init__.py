"""Files of old systems, read, checked and saved."""

from migration.services.importing import Report, import_file, import_table
from migration.services.mapping import Mapping, read_mapping

__all__ = ["Mapping", "Report", "import_file", "import_table", "read_mapping"]
