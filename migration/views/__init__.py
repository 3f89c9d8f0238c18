"""Pages of imports, by what they show."""
