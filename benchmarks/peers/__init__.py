"""Readers of MT940 on PyPI beside efimport's, on the same files; ``python -m benchmarks.mt940_peers`` runs it."""
