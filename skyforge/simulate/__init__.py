"""From a scenario to exposures: the only package that knows all of the physics."""

from __future__ import annotations

from skyforge.simulate.explain import Budget, explain
from skyforge.simulate.exposure import Exposure, exposure
from skyforge.simulate.field_log import FieldLog
from skyforge.simulate.fields import about
from skyforge.simulate.instrument import Instrument, instrument, readout, saturation_adu
from skyforge.simulate.plan import Plan, plan

__all__ = [
    "Budget",
    "Exposure",
    "FieldLog",
    "Instrument",
    "Plan",
    "about",
    "explain",
    "exposure",
    "instrument",
    "plan",
    "readout",
    "saturation_adu",
]
