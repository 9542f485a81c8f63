"""The watched folder: files are dropped into it, and it shows what became of them."""
