"""On which line of a mapping file a key stands."""

from __future__ import annotations

import tomllib

from efimport.mappings import data_folder
from efimport.mappings.places import key_lines

TEXT = '''title = "a"   # with a remark = here
"quoted key" = 1
pattern = """
[header]
number = 1
"""
list = [
    "x = 1",
    { name = "y" },
]

[header]
required = ["A"]
a.b = 1

[[preamble]]
field = 'c = [d'

[[preamble]]
field = "e"

[words.kind]
"credit-note" = ["x"]
'''


def test_every_key_is_found_on_its_line():
    assert key_lines(TEXT) == {
        "title": 1,
        "quoted key": 2,
        "pattern": 3,
        "list": 7,
        "header": 12,
        "header.required": 13,
        "header.a.b": 14,
        "preamble[0]": 16,
        "preamble[0].field": 17,
        "preamble[1]": 19,
        "preamble[1].field": 20,
        "words.kind": 22,
        "words.kind.credit-note": 23,
    }


def flat(tree, key=""):
    for name, value in tree.items():
        yield f"{key}{name}"
        if isinstance(value, dict):
            yield from flat(value, f"{key}{name}.")


def test_the_keys_of_all_shipped_files_are_found():
    for path in data_folder("mappings").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        found = key_lines(text)
        assert set(tomllib.loads(text)) <= {key.partition(".")[0].partition("[")[0] for key in found}
        for key, number in found.items():
            last = key.rpartition(".")[2].partition("[")[0]
            assert last in lines[number - 1], (path.name, key)
