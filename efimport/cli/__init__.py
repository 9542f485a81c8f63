"""The command line: a module a verb; nothing else knows click."""
