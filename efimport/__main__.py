"""``python -m efimport`` is the program ``efimport``."""

from efimport.cli.main import main

if __name__ == "__main__":
    main()
