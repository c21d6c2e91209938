// From directions to pixels: light bent at one mass, aberration of a moving observer, a camera of central projection.
#pragma once
#include "portable.h"

namespace skyforge {

// How the sky is seen at one instant.
struct View {
    double from_mass[3];      // unit vector from the mass that bends light to the observer
    double bending;           // Schwarzschild radius of the mass over its distance; 0: none
    double least_opening;     // of 1 + cos, below which the bending does not grow
    double velocity[3];       // of the observer, in units of the speed of light
    double inverse_lorentz;   // sqrt(1 - velocity^2)
    double right[3], up[3], ahead[3];  // the camera's axes
    double pixel_scale;       // tangent of a pixel's angle
    double centre_x, centre_y;
};

struct Place {
    double x, y;
    bool ahead;  // of the camera; else there is no place
};

SKY_FN double product(const double* a, const double* b) { return (a[0] * b[0] + a[1] * b[1]) + a[2] * b[2]; }

// Where a source in the astrometric direction (a unit vector) appears (Urban and Seidelmann 2013, Explanatory
// Supplement, eqs. 7.63 for a source far away, and 7.40; Calabretta and Greisen 2002, section 5.1.3).
SKY_FN Place place_of(const double* direction, const View& view) {
    const double across = product(direction, view.from_mass);
    double opening = 1.0 + across;
    opening = opening > view.least_opening ? opening : view.least_opening;
    const double strength = quotient(view.bending, opening), kept = 1.0 - strength * across;
    double bent[3], seen[3];
    for (i32 k = 0; k < 3; ++k) bent[k] = kept * direction[k] + strength * view.from_mass[k];
    const double norm = quotient(1.0, square_root(product(bent, bent)));
    for (i32 k = 0; k < 3; ++k) bent[k] = bent[k] * norm;
    const double forwards = 1.0 + quotient(product(bent, view.velocity), 1.0 + view.inverse_lorentz);
    for (i32 k = 0; k < 3; ++k) seen[k] = view.inverse_lorentz * bent[k] + forwards * view.velocity[k];
    const double depth = product(seen, view.ahead);
    if (!(depth > 0.0)) return Place{0.0, 0.0, false};
    const double scale = quotient(1.0, depth * view.pixel_scale);
    return Place{product(seen, view.right) * scale + view.centre_x, product(seen, view.up) * scale + view.centre_y, true};
}

}  // namespace skyforge
