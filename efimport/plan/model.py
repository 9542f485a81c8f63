"""Moves to efimport.planning.model (the name efimport.plan is the public function)."""

from efimport.planning.model import *  # noqa: F403
from efimport.planning.model import Outcome, Plan, PlannedCall, PlannedDocument, PlannedSource, Repeat, State  # noqa: F401
