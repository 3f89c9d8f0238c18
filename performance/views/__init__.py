"""Pages of performance."""
