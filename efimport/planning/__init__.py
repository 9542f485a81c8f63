"""The plan: sources, documents and calls before anything is sent; touches no network."""
