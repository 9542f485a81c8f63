"""Delivery: a plan, the journal and the client make outcomes; nothing is lost and nothing is doubled.

What is sent stands in the journal before the first byte leaves; what may have arrived is looked up or asked again only
where that cannot double it, and is held for a person where it could.
"""

from efimport.delivery.recovering import recover
from efimport.delivery.run import Delivery, deliver
from efimport.delivery.stopping import stop_on_signals

__all__ = ["Delivery", "deliver", "recover", "stop_on_signals"]
