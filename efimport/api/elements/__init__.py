"""The elements of the documents that the service takes: what may stand in a nested parameter, and how it is written.

The facts are data (``*.toml`` beside this module, one file a document; source: the web service reference). A call is
held against them with :func:`problems_of` or :func:`check`; :func:`in_order` puts elements into the order of the
reference, :func:`spelling` and :meth:`ElementRule.written` bring a value that people wrote into the form that is sent.
"""

from __future__ import annotations

from efimport.api.elements.checking import Problem, ProblemKind, check, problems_of
from efimport.api.elements.order import in_order
from efimport.api.elements.rules import (
    BlockRules,
    CodeList,
    Condition,
    DocumentRules,
    ElementRule,
    Use,
    code_list,
    document,
    documents,
    spelling,
)

__all__ = [
    "BlockRules",
    "CodeList",
    "Condition",
    "DocumentRules",
    "ElementRule",
    "Problem",
    "ProblemKind",
    "Use",
    "check",
    "code_list",
    "document",
    "documents",
    "in_order",
    "problems_of",
    "spelling",
]
