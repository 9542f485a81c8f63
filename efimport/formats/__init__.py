"""Formats: a folder each. Which format a file is in is decided by its content in :mod:`efimport.formats.registry`.

A format's package offers

``recognise(sample) -> Recognition | None``
    whether the file is in this format, how sure that is and why; cheap, from the head of the file.
``read(source, reading) -> Iterator[Document | Finding]``
    the documents in the order of the file. What is wrong with one document stands in its ``findings``; what is wrong
    with the file comes as a finding of its own. A reader raises nothing for bad input.
"""
