"""The admin site of operations staff. It stands above all apps, because its import button brings any file in."""

from migration.admin import tables  # noqa: F401 - registers
