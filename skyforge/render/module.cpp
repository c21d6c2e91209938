// The Python module skyforge.render._core: arrays in, arrays out. What the arrays mean is checked in Python.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <tuple>

#include "engine.h"
#include "poisson_tables.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace skyforge {
namespace {

template <typename T, int dimensions>
using In = nb::ndarray<const T, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;
template <typename T, int dimensions>
using Out = nb::ndarray<T, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;

RenderOptions options_of(int threads, const std::string& isa) {
    const Kernels* kernels = find_kernels(isa);
    if (kernels == nullptr) throw std::invalid_argument("this processor does not run the instruction set " + isa);
    return RenderOptions{kernels, threads > 0 ? threads : 1};
}

// Holds on to the arrays that the plain views point into.
struct Bank {
    In<float, 1> samples;
    std::vector<Stamp> stamps;
    In<double, 2> panel_lengths;
    In<i32, 1> first_class, first_trail_class;
    In<double, 1> class_electrons;
    In<i32, 1> first_class_stamp, class_stamps, class_halo_level;
    In<double, 1> class_halo_fraction;
    int halo_spacing_bits;
    In<i32, 1> first_tap;
    std::vector<HaloTap> taps;

    BankArrays view() const {
        BankArrays arrays{};
        arrays.tables = StampTables{samples.data(), stamps.data()};
        arrays.panel_lengths = panel_lengths.data();
        arrays.first_class = first_class.data();
        arrays.first_trail_class = first_trail_class.data();
        arrays.class_electrons = class_electrons.data();
        arrays.first_class_stamp = first_class_stamp.data();
        arrays.class_stamps = class_stamps.data();
        arrays.class_halo_level = class_halo_level.data();
        arrays.class_halo_fraction = class_halo_fraction.data();
        arrays.halo_levels = static_cast<i32>(first_tap.shape(0)) - 1;
        arrays.halo_spacing_bits = halo_spacing_bits;
        arrays.first_tap = first_tap.data();
        arrays.taps = taps.data();
        return arrays;
    }
};

std::unique_ptr<Bank> make_bank(In<float, 1> samples, In<u64, 1> stamp_first_sample, In<i32, 1> stamp_half_width,
                                In<i32, 1> stamp_phase_bits, In<double, 2> panel_lengths, In<i32, 1> first_class,
                                In<i32, 1> first_trail_class, In<double, 1> class_electrons,
                                In<i32, 1> first_class_stamp, In<i32, 1> class_stamps, In<i32, 1> class_halo_level,
                                In<double, 1> class_halo_fraction, int halo_spacing_bits, In<i32, 1> first_tap,
                                In<i32, 2> tap_offsets, In<float, 1> tap_weights) {
    std::vector<Stamp> stamps;
    for (std::size_t i = 0; i < stamp_first_sample.shape(0); ++i)
        stamps.push_back(Stamp{stamp_first_sample.data()[i], stamp_half_width.data()[i], stamp_phase_bits.data()[i]});
    std::vector<HaloTap> taps;
    for (std::size_t i = 0; i < tap_weights.shape(0); ++i)
        taps.push_back(HaloTap{tap_offsets.data()[2 * i], tap_offsets.data()[2 * i + 1], tap_weights.data()[i]});
    return std::unique_ptr<Bank>(new Bank{samples, std::move(stamps), panel_lengths, first_class, first_trail_class,
                                          class_electrons, first_class_stamp, class_stamps, class_halo_level,
                                          class_halo_fraction, halo_spacing_bits, first_tap, std::move(taps)});
}

struct SourceList {
    In<double, 1> x_start, y_start, x_end, y_end;
    In<float, 1> electrons;
    In<i32, 1> psf;

    SourceArrays view() const {
        return SourceArrays{electrons.shape(0), x_start.data(), y_start.data(), x_end.data(), y_end.data(),
                            electrons.data(),   psf.data()};
    }
};

// A scalar (no array), a map of the frame, or a grid that spans it.
struct BackgroundLight {
    float value;
    nb::object array;
    bool coarse;
};

Background view_of(const BackgroundLight& light, i32 width, i32 height, BackgroundStorage& storage) {
    if (light.array.is_none()) return uniform_background(light.value);
    const auto array = nb::cast<In<float, 2>>(light.array);
    if (!light.coarse) return background_map(array.data());
    return background_grid(array.data(), static_cast<i32>(array.shape(1)), static_cast<i32>(array.shape(0)), width,
                           height, storage);
}

struct DetectorModel {
    float sensitivity, dark, full_well, read_noise, adu_per_electron, bias;
    nb::object sensitivity_map, dark_map;
    int bits;

    Detector view(u64 seed, u32 frame) const {
        Detector detector{};
        detector.sensitivity = sensitivity;
        detector.dark = dark;
        if (!sensitivity_map.is_none()) detector.sensitivity_map = nb::cast<In<float, 2>>(sensitivity_map).data();
        if (!dark_map.is_none()) detector.dark_map = nb::cast<In<float, 2>>(dark_map).data();
        detector.full_well = full_well;
        detector.read_noise = read_noise;
        detector.adu_per_electron = adu_per_electron;
        detector.offset = bias + 0.5f;
        detector.largest = static_cast<float>((1 << bits) - 1);
        detector.seed_low = static_cast<u32>(seed);
        detector.seed_high = static_cast<u32>(seed >> 32);
        detector.frame = frame;
        detector.poisson = poisson_tables().view();
        return detector;
    }
};

void py_expected_image(Out<float, 2> image, const SourceList& sources, const Bank& bank, const BackgroundLight& light,
                       int threads, const std::string& isa) {
    const RenderOptions options = options_of(threads, isa);
    const i32 height = static_cast<i32>(image.shape(0)), width = static_cast<i32>(image.shape(1));
    BackgroundStorage storage;
    const Background background = view_of(light, width, height, storage);
    nb::gil_scoped_release release;
    expected_image(sources.view(), bank.view(), background, width, height, options, image.data());
}

bool py_render_frame(Out<u16, 2> image, const SourceList& sources, const Bank& bank, const BackgroundLight& light,
                     const DetectorModel& model, u64 seed, u32 frame, int threads, const std::string& isa) {
    const RenderOptions options = options_of(threads, isa);
    const i32 height = static_cast<i32>(image.shape(0)), width = static_cast<i32>(image.shape(1));
    BackgroundStorage storage;
    const Background background = view_of(light, width, height, storage);
    const Detector detector = model.view(seed, frame);
    nb::gil_scoped_release release;
    return exposed_image(sources.view(), bank.view(), background, width, height, detector, options, image.data());
}

// Seconds of plan, halo, splat and noise.
std::tuple<double, double, double, double> py_stage_seconds(Out<float, 2> expected, Out<u16, 2> image,
                                                            const SourceList& sources, const Bank& bank,
                                                            const BackgroundLight& light, const DetectorModel& model,
                                                            int threads) {
    const RenderOptions options = options_of(threads, "auto");
    const i32 height = static_cast<i32>(image.shape(0)), width = static_cast<i32>(image.shape(1));
    if (expected.shape(0) != image.shape(0) || expected.shape(1) != image.shape(1))
        throw std::invalid_argument("the two images differ in shape");
    BackgroundStorage storage;
    const Background background = view_of(light, width, height, storage);
    const Detector detector = model.view(0, 0);
    nb::gil_scoped_release release;
    const StageSeconds seconds = stage_seconds(sources.view(), bank.view(), background, width, height, detector, options,
                                               expected.data(), image.data());
    return {seconds.plan, seconds.halo, seconds.splat, seconds.noise};
}

// Blocks of random words and multiply-adds per second.
std::tuple<double, double> py_issue_rates(int threads) {
    const RenderOptions options = options_of(threads, "auto");
    nb::gil_scoped_release release;
    const IssueRates rates = issue_rates(options);
    return {rates.random_blocks, rates.multiply_adds};
}

bool py_expose(Out<u16, 2> image, In<float, 2> expected, const DetectorModel& model, u64 seed, u32 frame, int threads,
               const std::string& isa) {
    const RenderOptions options = options_of(threads, isa);
    const Detector detector = model.view(seed, frame);
    nb::gil_scoped_release release;
    return expose_image(expected.data(), static_cast<i32>(expected.shape(1)), static_cast<i32>(expected.shape(0)),
                        detector, options, image.data());
}

// `view` holds the numbers of a View in order.
void py_project(Out<double, 1> x, Out<double, 1> y, In<double, 2> directions, In<double, 1> view, int threads) {
    if (view.shape(0) * sizeof(double) != sizeof(View)) throw std::invalid_argument("a view has other numbers");
    View seen;
    std::memcpy(&seen, view.data(), sizeof seen);
    nb::gil_scoped_release release;
    project(directions.data(), directions.shape(0), seen, threads, x.data(), y.data());
}

void py_electron_counts(Out<i32, 1> counts, In<float, 1> expected, u64 seed, u32 frame, const std::string& isa) {
    const RenderOptions options = options_of(1, isa);
    Detector detector{};
    detector.sensitivity = 1.0f;
    detector.seed_low = static_cast<u32>(seed);
    detector.seed_high = static_cast<u32>(seed >> 32);
    detector.frame = frame;
    detector.poisson = poisson_tables().view();
    nb::gil_scoped_release release;
    electron_counts(expected.data(), expected.shape(0), detector, options, counts.data());
}

// levels, spacing_bits, cells_x, cells_y, quantum
std::tuple<i32, i32, i32, i32, double> py_halo_grid(const Bank& bank, i32 width, i32 height, In<float, 1> electrons) {
    const HaloGrid grid = halo_grid(bank.view(), width, height, electrons.data(), electrons.shape(0));
    return {grid.levels, grid.spacing_bits, grid.cells_x, grid.cells_y, grid.quantum};
}

// The alias tables of the Poisson kernel: headers, entries.
std::tuple<std::vector<u32>, std::vector<u32>> py_poisson_tables() {
    return {poisson_tables().headers, poisson_tables().entries};
}

void py_uniform(Out<float, 1> values, u64 seed, u32 stream, int threads, const std::string& isa) {
    const RenderOptions options = options_of(threads, isa);
    nb::gil_scoped_release release;
    uniform_deviates(values.data(), values.shape(0), seed, stream, options);
}

void py_normal(Out<float, 1> values, u64 seed, u32 stream, int threads, const std::string& isa) {
    const RenderOptions options = options_of(threads, isa);
    nb::gil_scoped_release release;
    normal_deviates(values.data(), values.shape(0), seed, stream, options);
}

std::tuple<u32, u32, u32, u32> py_philox(std::tuple<u32, u32, u32, u32> counter, std::tuple<u32, u32> key) {
    const RandomWords words = philox(std::get<0>(counter), std::get<1>(counter), std::get<2>(counter),
                                     std::get<3>(counter), std::get<0>(key), std::get<1>(key));
    return {words.a, words.b, words.c, words.d};
}

}  // namespace
}  // namespace skyforge

NB_MODULE(_core, m) {
    using namespace skyforge;
    m.doc() = "The pixel kernels of skyforge.render, compiled.";
    nb::class_<Bank>(m, "Bank").def(nb::new_(&make_bank));
    nb::class_<SourceList>(m, "SourceList")
        .def(nb::new_([](In<double, 1> x_start, In<double, 1> y_start, In<double, 1> x_end, In<double, 1> y_end,
                         In<float, 1> electrons, In<i32, 1> psf) {
            return std::unique_ptr<SourceList>(new SourceList{x_start, y_start, x_end, y_end, electrons, psf});
        }));
    nb::class_<BackgroundLight>(m, "BackgroundLight")
        .def(nb::new_([](float value, nb::object array, bool coarse) {
                 return std::unique_ptr<BackgroundLight>(new BackgroundLight{value, array, coarse});
             }),
             "value"_a, "array"_a.none(), "coarse"_a);
    nb::class_<DetectorModel>(m, "DetectorModel")
        .def(nb::new_([](float sensitivity, nb::object sensitivity_map, float dark, nb::object dark_map, float full_well,
                         float read_noise, float adu_per_electron, float bias, int bits) {
                 return std::unique_ptr<DetectorModel>(new DetectorModel{
                     sensitivity, dark, full_well, read_noise, adu_per_electron, bias, sensitivity_map, dark_map, bits});
             }),
             "sensitivity"_a, "sensitivity_map"_a.none(), "dark"_a, "dark_map"_a.none(), "full_well"_a, "read_noise"_a,
             "adu_per_electron"_a, "bias"_a, "bits"_a);
    m.def("expected_image", &py_expected_image);
    m.def("render_frame", &py_render_frame);
    m.def("expose", &py_expose);
    m.def("stage_seconds", &py_stage_seconds);
    m.def("issue_rates", &py_issue_rates);
    m.def("project", &py_project);
    m.def("electron_counts", &py_electron_counts);
    m.def("halo_grid", &py_halo_grid);
    m.def("poisson_tables", &py_poisson_tables);
    m.def("uniform", &py_uniform);
    m.def("normal", &py_normal);
    m.def("philox", &py_philox);
    m.def("instruction_sets", &supported_instruction_sets);
}
