"""Audiences whose truth is known part by part: histories by the million, to teach a forecaster."""

from upswell.simulate.audiences._block import BLOCK
from upswell.simulate.audiences.audiences import Audiences, simulate_audiences
from upswell.simulate.audiences.components import Components
from upswell.simulate.audiences.events import Events
from upswell.simulate.audiences.prior import AudiencePrior
from upswell.simulate.audiences.recording import Fault

__all__ = [
    "BLOCK",
    "AudiencePrior",
    "Audiences",
    "Components",
    "Events",
    "Fault",
    "simulate_audiences",
]
