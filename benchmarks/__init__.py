"""The figures that the README quotes, each one measured by a command: ``python -m benchmarks``."""
