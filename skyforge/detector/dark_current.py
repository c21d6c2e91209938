"""Dark current and how it changes with temperature."""

from __future__ import annotations

from skyforge.errors import InputError

ABSOLUTE_ZERO_C = -273.15


def dark_current(
    reference_e_per_s: float, reference_temperature_c: float, doubling_k: float, temperature_c: float
) -> float:
    """Return the mean dark current of a pixel, d_ref · 2^((T − T_ref) / ΔT).

    The doubling temperature is itself a property of the temperature (in silicon about 8 K near room
    temperature, 5 K near −40 °C), so the law is good within some 20 K of the reference.

    Parameters
    ----------
    reference_e_per_s
        Dark current d_ref at the reference, in electrons per s and pixel.
    reference_temperature_c
        Temperature T_ref of the reference in °C.
    doubling_k
        Rise in temperature ΔT that doubles the dark current, in K.
    temperature_c
        Temperature T in °C.

    Returns
    -------
    float
        Electrons per s and pixel.

    Raises
    ------
    InputError
        If the reference is negative, the doubling not positive, or a temperature below absolute zero.
    """
    if not reference_e_per_s >= 0:
        raise InputError(f"a dark current cannot be negative: {reference_e_per_s:g} e/s")
    if not doubling_k > 0:
        raise InputError(
            f"the rise in temperature that doubles the dark current must be above zero, not {doubling_k:g} K"
        )
    for temperature in (reference_temperature_c, temperature_c):
        if not temperature >= ABSOLUTE_ZERO_C:
            raise InputError(f"a temperature of {temperature:g} deg_C is below absolute zero")
    return reference_e_per_s * float(2.0 ** ((temperature_c - reference_temperature_c) / doubling_k))
