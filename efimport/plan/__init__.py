"""Moves to efimport.planning."""
