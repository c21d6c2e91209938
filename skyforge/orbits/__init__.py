"""Where everything is: time scales, ephemerides, propagation, light time, aberration."""

from skyforge.orbits.apparent import (
    Viewpoint,
    aberrate,
    apparent_directions,
    astrometric_directions,
    remove_aberration,
    viewpoint,
)
from skyforge.orbits.asteroids import asteroid_orbits, perturbed_swarm, two_body_error_rad
from skyforge.orbits.bodies import (
    ASTRONOMICAL_UNIT_KM,
    EARTH_EQUATORIAL_RADIUS_KM,
    EARTH_FLATTENING,
    MEAN_RADIUS_KM,
    SPEED_OF_LIGHT_KM_S,
    body_radius_km,
)
from skyforge.orbits.cr3bp import (
    EARTH_MOON_SYSTEM,
    ThreeBodyState,
    ThreeBodySystem,
    jacobi_constant,
    lagrange_points,
    symmetric_orbit,
    three_body_motion,
)
from skyforge.orbits.deflection import SolarLens, deflect, solar_lens
from skyforge.orbits.earth_orientation import earth_rotation_axis
from skyforge.orbits.element_frames import ELEMENT_FRAMES
from skyforge.orbits.ephemeris import BodyTrajectory, Ephemeris, body_trajectory, ephemeris
from skyforge.orbits.forces import ForceModel, force_model
from skyforge.orbits.geometry import (
    angles_from_directions,
    angular_radius_rad,
    angular_rate_rad_s,
    angular_separation_rad,
    directions_from_angles,
    ecliptic_from_icrf,
    galactic_from_icrf,
    is_occulted,
    phase_angle_rad,
    surface_coordinates,
    unit_vectors,
)
from skyforge.orbits.gravity import GravityField
from skyforge.orbits.gravity_files import read_gfc
from skyforge.orbits.heliocentric import (
    HeliocentricElements,
    element_faults,
    elements_from_mean_anomaly,
    heliocentric_states,
)
from skyforge.orbits.heliocentric_swarm import HeliocentricOrbit, HeliocentricSwarm
from skyforge.orbits.kepler import KeplerElements
from skyforge.orbits.light import retarded_by_steps, retarded_near, retarded_position
from skyforge.orbits.lobatto import lobatto_times, lobatto_weights, nodes_needed
from skyforge.orbits.lunar_surface import LunarSite, lunar_site
from skyforge.orbits.mpc_orbits import find_body, load_mpc_orbits
from skyforge.orbits.oem import OemTrajectory, find_ephemeris, load_oem, write_oem
from skyforge.orbits.of_date import equator_of_date_from_icrf
from skyforge.orbits.omm import load_omm
from skyforge.orbits.presets import OrbitPreset, orbit_preset, orbit_presets
from skyforge.orbits.propagate import kepler_orbit, propagate_swarm, state_orbit
from skyforge.orbits.propagated import PropagatedOrbit, PropagatedSwarm
from skyforge.orbits.pulsating_frame import pulsating_from_geocentric
from skyforge.orbits.satellite import Satellite, find_satellite
from skyforge.orbits.satellite_swarm import SatelliteSwarm
from skyforge.orbits.shipped_gravity import point_mass, shipped_field
from skyforge.orbits.sightings import Sightings, near_field, nodes_for, sightings, sightings_in_field
from skyforge.orbits.site import GroundSite, ground_site
from skyforge.orbits.spk import SpkTrajectory, load_spk
from skyforge.orbits.states import RetardedStates, States
from skyforge.orbits.three_body_orbit import THREE_BODY_MODES, three_body_orbit
from skyforge.orbits.timescales import tdb_seconds, utc_time, work_offline
from skyforge.orbits.tle import load_tle, satellites_from_lines
from skyforge.orbits.trajectory import PropagationError, Trajectory
from skyforge.orbits.trajectory_group import TrajectoryGroup, states_of

__all__ = [
    "ASTRONOMICAL_UNIT_KM",
    "EARTH_EQUATORIAL_RADIUS_KM",
    "EARTH_FLATTENING",
    "EARTH_MOON_SYSTEM",
    "ELEMENT_FRAMES",
    "MEAN_RADIUS_KM",
    "SPEED_OF_LIGHT_KM_S",
    "THREE_BODY_MODES",
    "BodyTrajectory",
    "Ephemeris",
    "ForceModel",
    "GravityField",
    "GroundSite",
    "HeliocentricElements",
    "HeliocentricOrbit",
    "HeliocentricSwarm",
    "KeplerElements",
    "LunarSite",
    "OemTrajectory",
    "OrbitPreset",
    "PropagatedOrbit",
    "PropagatedSwarm",
    "PropagationError",
    "RetardedStates",
    "Satellite",
    "SatelliteSwarm",
    "Sightings",
    "SolarLens",
    "SpkTrajectory",
    "States",
    "ThreeBodyState",
    "ThreeBodySystem",
    "Trajectory",
    "TrajectoryGroup",
    "Viewpoint",
    "aberrate",
    "angles_from_directions",
    "angular_radius_rad",
    "angular_rate_rad_s",
    "angular_separation_rad",
    "apparent_directions",
    "asteroid_orbits",
    "astrometric_directions",
    "body_radius_km",
    "body_trajectory",
    "deflect",
    "directions_from_angles",
    "earth_rotation_axis",
    "ecliptic_from_icrf",
    "element_faults",
    "elements_from_mean_anomaly",
    "ephemeris",
    "equator_of_date_from_icrf",
    "find_body",
    "find_ephemeris",
    "find_satellite",
    "force_model",
    "galactic_from_icrf",
    "ground_site",
    "heliocentric_states",
    "is_occulted",
    "jacobi_constant",
    "kepler_orbit",
    "lagrange_points",
    "load_mpc_orbits",
    "load_oem",
    "load_omm",
    "load_spk",
    "load_tle",
    "lobatto_times",
    "lobatto_weights",
    "lunar_site",
    "near_field",
    "nodes_for",
    "nodes_needed",
    "orbit_preset",
    "orbit_presets",
    "perturbed_swarm",
    "phase_angle_rad",
    "point_mass",
    "propagate_swarm",
    "pulsating_from_geocentric",
    "read_gfc",
    "remove_aberration",
    "retarded_by_steps",
    "retarded_near",
    "retarded_position",
    "satellites_from_lines",
    "shipped_field",
    "sightings",
    "sightings_in_field",
    "solar_lens",
    "state_orbit",
    "states_of",
    "surface_coordinates",
    "symmetric_orbit",
    "tdb_seconds",
    "three_body_motion",
    "three_body_orbit",
    "two_body_error_rad",
    "unit_vectors",
    "utc_time",
    "viewpoint",
    "work_offline",
    "write_oem",
]
