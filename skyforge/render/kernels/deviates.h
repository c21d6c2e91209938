// Uniform and normal deviates from random words.
#pragma once
#include "portable.h"

namespace skyforge {

// Natural logarithm of a positive normal number, to about 1 ulp: ln(2^e m) = e ln 2 + 2 artanh((m - 1) / (m + 1)).
SKY_FN float natural_log(float x) {
    const float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;  // Cody and Waite's split of ln 2
    u32 bits = float_bits(x);
    i32 exponent = (i32)(bits - 0x3F3504F3u) >> 23;  // so that m lies between sqrt(1/2) and sqrt(2)
    float f = bits_float(bits - ((u32)exponent << 23)) - 1.0f;
    float s = quotient(f, 2.0f + f), z = s * s;
    float series = fused(z, fused(z, fused(z, 2.0f / 9.0f, 2.0f / 7.0f), 2.0f / 5.0f), 2.0f / 3.0f);
    float half_square = 0.5f * f * f, e = (float)exponent;
    // ln m = f - f^2/2 + s (f^2/2 + z series), without cancellation near m = 1
    float tail = fused(e, ln2_low, s * fused(z, series, half_square));
    return fused(e, ln2_high, f - (half_square - tail));
}

// Uniform in the open interval (0, 1), on a grid of 2^-23.
SKY_FN float uniform_deviate(u32 word) {
    return fused((float)(i32)(word >> 9), 1.1920928955078125e-07f, 5.9604644775390625e-08f);
}

// Standard normal deviate by the inverse error function (Giles 2010, GPU Computing Gems, "Approximating the erfinv
// function", single precision). Both branches are evaluated and one is chosen, so that vectors need no branch.
SKY_FN float normal_deviate(u32 word) {
    float x = fused((float)((i32)word >> 8), 1.1920928955078125e-07f, 5.9604644775390625e-08f);  // (-1, 1)
    float w = -natural_log(fused(-x, x, 1.0f));
    float c = w - 2.5f, central = 2.81022636e-08f;
    central = fused(central, c, 3.43273939e-07f);
    central = fused(central, c, -3.5233877e-06f);
    central = fused(central, c, -4.39150654e-06f);
    central = fused(central, c, 0.00021858087f);
    central = fused(central, c, -0.00125372503f);
    central = fused(central, c, -0.00417768164f);
    central = fused(central, c, 0.246640727f);
    central = fused(central, c, 1.50140941f);
    float t = square_root(w) - 3.0f, tail = -0.000200214257f;
    tail = fused(tail, t, 0.000100950558f);
    tail = fused(tail, t, 0.00134934322f);
    tail = fused(tail, t, -0.00367342844f);
    tail = fused(tail, t, 0.00573950773f);
    tail = fused(tail, t, -0.0076224613f);
    tail = fused(tail, t, 0.00943887047f);
    tail = fused(tail, t, 1.00167406f);
    tail = fused(tail, t, 2.83297682f);
    return 1.41421356f * ((w < 5.0f ? central : tail) * x);
}

}  // namespace skyforge
