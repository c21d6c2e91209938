"""Bodies of facets, spheres, asteroids and light curves: what they must add up to."""

from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.photometry import (
    Asteroid,
    Attitude,
    AttitudeLaw,
    DiffuseSphere,
    FacetedBody,
    Facets,
    MeasuredLight,
    SpecularSphere,
    Surface,
    box_wing,
    flicker,
    flux_in_pieces,
    plate,
    reflected_v_magnitude,
    reflectors,
    scene,
    sphere_v_magnitude,
)
from skyforge.photometry.body_axes import nadir_axes, turning_axes
from skyforge.photometry.facets import facet_scattering_area, stack_facets
from skyforge.photometry.solar_disc import mirrored_sun

AU_KM = 149597870.7
SUN_RADIUS = 0.00465  # radians, at 1 au
TO_SUN = AU_KM * np.array([np.cos(1.0), np.sin(1.0), 0.0])


def unit(vector):
    return np.asarray(vector) / np.linalg.norm(vector, axis=-1, keepdims=True)


def directions(count):
    """Evenly spread directions over the whole sky."""
    index = np.arange(count) + 0.5
    z, angle = 1.0 - 2.0 * index / count, np.pi * (1.0 + np.sqrt(5.0)) * index
    return np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], axis=1)


def scattered(facets, to_sun, to_observer):
    """m² per steradian of one body, its axes those of the ICRF, towards many observers."""
    observers = np.atleast_2d(to_observer)
    shape = (1, len(observers), 3)
    axes = np.broadcast_to(np.eye(3), (1, len(observers), 3, 3))
    light = np.broadcast_to(np.asarray(to_sun, dtype=float), shape)
    return facet_scattering_area(stack_facets([facets]), axes, light, observers[None], light, SUN_RADIUS)[0]


@pytest.mark.parametrize("spread_deg", [0.0, 0.1, 0.5, 5.0])
@pytest.mark.parametrize("incidence_deg", [0.0, 40.0])
def test_a_plate_sends_out_the_light_it_does_not_absorb(spread_deg, incidence_deg):
    surface = Surface(0.3, 0.5, np.radians(spread_deg))
    angle = np.radians(incidence_deg)
    to_sun = np.array([np.sin(angle), 0.0, np.cos(angle)])
    everywhere = directions(100_000)
    diffuse = scattered(plate(2.0, Surface(0.3)), to_sun, everywhere).mean() * 4.0 * np.pi
    assert diffuse == pytest.approx(2.0 * 0.3 * np.cos(angle), rel=1e-3)
    # The mirrored lobe is too narrow for an even sky: add up rings about its axis instead.
    mirrored = np.array([-np.sin(angle), 0.0, np.cos(angle)])
    across = unit(np.cross(mirrored, [0.0, 1.0, 0.0]))
    widest = min(7.0 * surface.spread_rad + SUN_RADIUS, 0.7)
    alpha = (np.arange(4000) + 0.5) / 4000 * widest
    ring = np.cos(alpha)[:, None] * mirrored + np.sin(alpha)[:, None] * across
    lobe = scattered(plate(2.0, surface), to_sun, ring) - scattered(plate(2.0, Surface(0.3)), to_sun, ring)
    total = np.sum(lobe * 2.0 * np.pi * np.sin(alpha)) * widest / 4000
    assert total == pytest.approx(2.0 * 0.5 * np.cos(angle), rel=2e-3)


def test_a_glint_of_a_flat_mirror_is_the_suns_image_half_a_degree_wide():
    offsets = np.radians(np.linspace(0.0, 0.6, 6001))
    ray = np.stack([np.sin(offsets), np.zeros(6001), np.cos(offsets)], axis=1)
    glint = scattered(plate(1.0, Surface(0.0, 1.0, 0.0)), [0.0, 0.0, 1.0], ray)
    assert np.degrees(offsets[glint > 0].max()) == pytest.approx(np.degrees(SUN_RADIUS), abs=2e-3)
    mean = 1.0 / (np.pi * SUN_RADIUS**2)
    assert glint[0] == pytest.approx(mean, rel=0.3)


def test_a_flare_of_an_iridium_antenna_is_as_bright_as_they_were():
    # 1.88 m x 0.86 m of silvered Teflon, flares of up to V = -8 at 780-1000 km (James et al. 1998: -8 at best).
    antenna = plate(1.88 * 0.86, Surface(0.05, 0.85, 0.0))
    angle = np.radians(35.0)
    to_sun, to_observer = (np.array([sign * np.sin(angle), 0.0, np.cos(angle)]) for sign in (1, -1))
    flux = scattered(antenna, to_sun, to_observer)[0] / 850e3**2
    assert -26.74 - 2.5 * np.log10(flux) == pytest.approx(-8.0, abs=0.5)


def ball(count, surface):
    """Facets that make up a sphere of 1 m radius."""
    facet = plate(4.0 * np.pi / count, surface)
    normals = directions(count)
    return Facets(
        np.repeat(facet.area_m2, count),
        normals,
        np.zeros((count, 3)),
        *(np.repeat(getattr(facet, name), count) for name in ("diffuse", "specular", "spread_rad")),
    )


@pytest.mark.parametrize("phase_deg", [0.0, 30.0, 90.0, 140.0])
def test_a_ball_of_facets_is_a_sphere(phase_deg):
    phase = np.radians(phase_deg)
    to_sun, to_observer = np.array([0.0, 0.0, 1.0]), np.array([np.sin(phase), 0.0, np.cos(phase)])
    many = scattered(ball(20_000, Surface(0.4)), to_sun, to_observer)[0]
    sphere = sphere_v_magnitude(2.0, 0.4, 1000.0, phase)
    assert -26.74 - 2.5 * np.log10(many / 1e12) == pytest.approx(float(sphere), abs=5e-3)
    if phase_deg < 100.0:
        mirrors = scattered(ball(20_000, Surface(0.0, 1.0, np.radians(2.0))), to_sun, to_observer)[0]
        assert mirrors == pytest.approx(np.pi / (4.0 * np.pi), rel=0.02)


def test_a_white_sphere_has_a_geometric_albedo_of_two_thirds():
    bodies = reflectors([DiffuseSphere(2.0, 1.0)])
    seen = scene(np.zeros((1, 1, 3)), 1e4 * unit(TO_SUN)[None], TO_SUN[None], np.zeros(1))
    # A white flat disc of that size, seen face on, sends π r² / π.
    assert bodies.scattering_area(seen)[0, 0] / 1.0 == pytest.approx(2.0 / 3.0, rel=1e-9)


@pytest.mark.parametrize(
    ("spread", "radius"), [(0.0, 0.0047), (0.003, 0.0047), (0.0279, 0.0047), (0.2, 0.0047)]
)
def test_a_mirrored_sun_is_whole(spread, radius):
    alpha = np.linspace(0.0, min(radius + 7.5 * spread, np.pi), 200_001)
    light = mirrored_sun(alpha, spread, radius) * 2.0 * np.pi * np.sin(alpha)
    assert np.trapezoid(light, alpha) == pytest.approx(1.0, abs=5e-4)


def test_the_blurred_sun_passes_smoothly_between_its_three_forms():
    # Where one formula takes over from another (spreads of 0.02 and 6 solar radii) nothing jumps.
    for at in (0.02, 6.0):
        below, above = (
            mirrored_sun(0.5 * SUN_RADIUS, at * f * SUN_RADIUS, SUN_RADIUS) for f in (0.9999, 1.0001)
        )
        assert below == pytest.approx(above, rel=0.01)


def test_a_nadir_pointing_body_looks_down_and_flies_ahead():
    position, velocity = np.array([[42164.0, 0.0, 0.0]]), np.array([[0.0, 3.07, 0.0]])
    axes = nadir_axes(position, velocity)[0]
    assert axes[:, 2] == pytest.approx([-1.0, 0.0, 0.0])
    assert axes[:, 0] == pytest.approx([0.0, 1.0, 0.0])
    assert axes[:, 1] == pytest.approx([0.0, 0.0, -1.0])


def test_every_attitude_is_a_rotation():
    random = np.random.default_rng(3)
    axes = [
        nadir_axes(random.normal(size=(50, 3)), random.normal(size=(50, 3))),
        turning_axes(random.normal(size=(50, 3)), *random.uniform(0.0, 6.0, (3, 50))),
        turning_axes([0.0, 0.0, 1.0], 0.3, 1.0, 2.0)[None],
        nadir_axes([[1.0, 0.0, 0.0]], [[2.0, 0.0, 0.0]]),
    ]
    for one in axes:
        assert one @ np.swapaxes(one, -1, -2) == pytest.approx(
            np.broadcast_to(np.eye(3), one.shape), abs=1e-12
        )
        assert np.linalg.det(one) == pytest.approx(np.ones(len(one)))


def geo(count=48):
    """A geostationary satellite over a day, seen from the Moon, with the Sun over the equator."""
    t = np.arange(count) * 86400.0 / count
    angle = 2.0 * np.pi * t / 86164.0
    place = 42164.0 * np.stack([np.cos(angle), np.sin(angle), 0.0 * angle], axis=1)
    speed = 3.0747 * np.stack([-np.sin(angle), np.cos(angle), 0.0 * angle], axis=1)
    return t, place[None], speed[None], np.array([[-3.8e5, 2e4, 1e4]])


def test_wings_that_follow_the_sun_catch_all_of_it_at_equinox():
    t, place, speed, _ = geo()
    dark, bright = Surface(0.0), Surface(1.0)
    body = box_wing((2.0, 2.0, 3.0), dark, 50.0, bright, dark)
    bodies = reflectors([FacetedBody(body, Attitude(AttitudeLaw.NADIR))])
    sun = AU_KM * np.array([[1.0, 0.0, 0.0]])
    # Seen from where the Sun is: the wings' face, 50 m² of white.
    seen = scene(place, sun * 0.9, sun, t, center_km=np.zeros((1, 3)), velocity_km_s=speed)
    # The satellite stands up to 42164 km beside the line of sight: 3e-4 rad.
    assert bodies.scattering_area(seen) == pytest.approx(np.full((1, t.size), 50.0 / np.pi), rel=1e-6)


def test_a_body_that_faces_the_sun_shows_its_plate_by_the_phase_angles_cosine():
    bodies = reflectors([FacetedBody(plate(3.0, Surface(0.5)), Attitude(AttitudeLaw.SUN))])
    t, place, _, observer = geo()
    seen = scene(place, observer, TO_SUN[None], t)
    expected = 3.0 * 0.5 / np.pi * np.maximum(seen.cosine_of_phase, 0.0)
    assert bodies.scattering_area(seen) == pytest.approx(expected, abs=1e-12)


MODELS = [
    DiffuseSphere(4.0, 0.2),
    SpecularSphere(2.0, 0.9),
    FacetedBody(
        plate(3.0, Surface(0.2, 0.3, 0.1)), Attitude(AttitudeLaw.TURNING, (0.0, 0.6, 0.8), 1.2, 0.0, 0.3, 7.0)
    ),
    FacetedBody(
        box_wing((2.0, 2.0, 3.0), Surface(0.3, 0.3, 0.2), 40.0, Surface(0.05, 0.15, 0.01), Surface(0.3)),
        Attitude(AttitudeLaw.NADIR),
    ),
    Asteroid(20.0, 0.15),
    Asteroid(20.0, None, 0.6, 0.2),
    MeasuredLight(14.0, None, flicker(3.0, 1.0)),
    MeasuredLight(12.0, 40000.0),
    DiffuseSphere(1.0, 0.5, flicker(2.5, 0.8, peaks=1, start_tdb_s=0.4)),
]


def test_many_bodies_together_are_what_each_is_alone():
    t, place, speed, observer = geo(7)
    places = place + np.arange(len(MODELS))[:, None, None] * 10.0
    speeds = np.broadcast_to(speed, places.shape)
    keywords = {"center_km": np.zeros((1, 3))}
    together = reflected_v_magnitude(
        reflectors(MODELS), places, observer, TO_SUN[None], t, velocity_km_s=speeds, **keywords
    )
    for number, model in enumerate(MODELS):
        one = slice(number, number + 1)
        alone = reflected_v_magnitude(
            reflectors([model]), places[one], observer, TO_SUN[None], t, velocity_km_s=speeds[one], **keywords
        )
        assert together[one] == pytest.approx(alone, abs=1e-9)
    # A one-sided plate may turn its back.
    assert np.all(np.isfinite(np.delete(together, 2, axis=0)))


def test_some_of_many_bodies_are_those_bodies():
    t, place, speed, observer = geo(7)
    places = place + np.arange(len(MODELS))[:, None, None] * 10.0
    speeds = np.broadcast_to(speed, places.shape)
    bodies = reflectors(MODELS)
    every, some = (
        reflected_v_magnitude(
            chosen,
            places[rows],
            observer,
            TO_SUN[None],
            t,
            velocity_km_s=speeds[rows],
            center_km=np.zeros((1, 3)),
        )
        for chosen, rows in ((bodies, slice(None)), (bodies.select([8, 3, 6, 0]), [8, 3, 6, 0]))
    )
    assert some == pytest.approx(every[[8, 3, 6, 0]], abs=1e-12)


def test_spheres_and_asteroids_are_the_closed_forms():
    t, place, _, observer = geo(5)
    seen = scene(place, observer, TO_SUN[None], t)
    found = reflected_v_magnitude(reflectors([DiffuseSphere(4.0, 0.2)]), place, observer, TO_SUN[None], t)
    expected = sphere_v_magnitude(4.0, 0.2, seen.range_km, seen.phase_angle_rad, seen.sun_distance_km)
    assert found == pytest.approx(expected, abs=1e-9)


def test_measured_light_holds_at_its_distance_and_falls_beyond():
    t, place, _, observer = geo(5)
    ranges = scene(place, observer, TO_SUN[None], t).range_km
    as_seen = reflected_v_magnitude(reflectors([MeasuredLight(14.0, None)]), place, observer, TO_SUN[None], t)
    assert as_seen == pytest.approx(np.full((1, 5), 14.0), abs=1e-9)
    moved = reflected_v_magnitude(
        reflectors([MeasuredLight(12.0, 40000.0)]), place, observer, TO_SUN[None], t
    )
    assert moved == pytest.approx(12.0 + 5.0 * np.log10(ranges / 40000.0), abs=2e-3)


def test_the_dark_is_dark_and_half_the_sun_is_three_quarters_of_a_magnitude():
    t, place, _, observer = geo(5)
    bodies = reflectors([DiffuseSphere(4.0, 0.2)])
    full, half, none = (
        reflected_v_magnitude(bodies, place, observer, TO_SUN[None], t, sunlight=share)
        for share in (1.0, 0.5, 0.0)
    )
    assert half - full == pytest.approx(np.full((1, 5), 2.5 * np.log10(2.0)))
    assert np.all(np.isinf(none))


def test_a_tumbling_plate_repeats_with_its_period():
    tumble = Attitude(AttitudeLaw.TURNING, (1.0, 2.0, 2.0), np.pi / 2, 0.3, 0.0, axis_period_s=12.0)
    two_sided = plate(5.0, Surface(0.2, 0.1, 0.05), back=Surface(0.2, 0.1, 0.05))
    bodies = reflectors([FacetedBody(two_sided, tumble)])
    t = np.linspace(0.0, 12.0, 97)
    place, observer = np.broadcast_to([42164.0, 0.0, 0.0], (1, 97, 3)), np.array([[-3.8e5, 2e4, 1e4]])
    flux = 10.0 ** (-0.4 * reflected_v_magnitude(bodies, place, observer, TO_SUN[None], t))[0]
    assert flux[-1] == pytest.approx(flux[0], rel=1e-9)
    # Both sides are alike and the normal turns in a plane: half a turn later it is the same plate.
    assert flux[48:] == pytest.approx(flux[:49], rel=1e-6)
    assert flux.max() > 5.0 * np.median(flux)


@pytest.mark.parametrize("model", [MODELS[2], MODELS[8], MODELS[0]])
def test_pieces_of_an_exposure_hold_the_light_of_their_instants(model):
    bodies = reflectors([model])
    nodes = 5.0 - 5.0 * np.cos(np.linspace(0.0, np.pi, 5))
    drift = np.array([0.0, 3.0, 0.0])

    def magnitudes(t):
        place = np.array([42164.0, 0.0, 0.0]) + t[None, :, None] * drift
        return reflected_v_magnitude(bodies, place, np.array([[-3.8e5, 2e4, 1e4]]), TO_SUN[None], t)

    fine = np.linspace(0.0, 10.0, 200_001)[:-1] + 2.5e-5
    expected = (10.0 ** (-0.4 * (magnitudes(fine) + 26.74))).reshape(20, -1).mean(axis=1)
    place = np.array([42164.0, 0.0, 0.0]) + nodes[None, :, None] * drift
    at_nodes = scene(place, np.array([[-3.8e5, 2e4, 1e4]]), TO_SUN[None], nodes)
    found = flux_in_pieces(bodies, at_nodes, 20, samples=16)[0]
    assert found == pytest.approx(expected, rel=2e-3, abs=3e-4 * expected.max())
    whole = flux_in_pieces(bodies, at_nodes, 1, samples=64)[0, 0]
    assert whole == pytest.approx(found.mean(), rel=5e-3)


def test_flickering_and_tumbling_bodies_ask_for_more_pieces():
    pieces = reflectors(MODELS).pieces(10.0)
    assert pieces[0] == 1
    assert pieces[4] == 1
    assert pieces[6] >= 2 * 16 * 3
    assert pieces[2] >= 64


def test_a_penumbra_in_an_exposure_fades_without_swinging():
    bodies = reflectors([DiffuseSphere(4.0, 0.2)])
    nodes = np.linspace(0.0, 10.0, 5)
    place = np.broadcast_to([42164.0, 0.0, 0.0], (1, 5, 3))
    at_nodes = scene(place, np.array([[-3.8e5, 2e4, 1e4]]), TO_SUN[None], nodes)
    light = np.array([[1.0, 1.0, 0.6, 0.1, 0.0]])
    lit = flux_in_pieces(bodies, at_nodes, 32, sunlight=light)[0] / flux_in_pieces(bodies, at_nodes, 32)[0]
    assert np.all(np.diff(lit) <= 1e-9)
    assert lit.min() >= 0.0
    assert lit.mean() == pytest.approx(np.trapezoid(light[0], nodes) / 10.0, abs=1e-3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Surface(0.7, 0.5), "at most 1"),
        (lambda: Surface(0.1, 0.1, -1.0), "spread"),
        (lambda: plate(-1.0, Surface()), "area"),
        (lambda: reflectors([DiffuseSphere(-1.0, 0.2)]), "diameter"),
        (lambda: Attitude(axis_period_s=0.0), "period"),
        (lambda: scene(np.zeros(3), np.ones(3), np.ones(3), 0.0), "objects, instants"),
    ],
)
def test_impossible_bodies_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_a_nadir_body_needs_its_centre():
    t, place, _, observer = geo(3)
    with pytest.raises(InputError, match="centre"):
        reflected_v_magnitude(reflectors([MODELS[3]]), place, observer, TO_SUN[None], t)
