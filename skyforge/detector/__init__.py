"""What the detector does to light and darkness: quantum efficiency, dark current, fixed pattern."""

from __future__ import annotations

from skyforge.detector.dark_current import dark_current
from skyforge.detector.fixed_pattern import FixedPattern, FixedPatternModel, fixed_pattern
from skyforge.detector.quantum_efficiency import QuantumEfficiency, quantum_efficiency

__all__ = [
    "FixedPattern",
    "FixedPatternModel",
    "QuantumEfficiency",
    "dark_current",
    "fixed_pattern",
    "quantum_efficiency",
]
