// The Python module skyforge.codec._codec: arrays in, arrays out. What the arrays mean is checked in Python.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>
#include <tuple>

#include "codec.h"

namespace nb = nanobind;

namespace skyforge {
namespace {

template <typename T, int dimensions>
using In = nb::ndarray<const T, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;
template <typename T, int dimensions>
using Out = nb::ndarray<T, nb::ndim<dimensions>, nb::c_contig, nb::device::cpu>;

const CodecKernels& kernels_of(const std::string& isa) {
    const CodecKernels* kernels = find_codec_kernels(isa);
    if (kernels == nullptr) throw std::invalid_argument("this processor does not run the instruction set " + isa);
    return *kernels;
}

template <typename A, typename B>
void require_same_shape(const A& a, const B& b) {
    if (a.shape(0) != b.shape(0) || a.shape(1) != b.shape(1)) throw std::invalid_argument("arrays differ in shape");
}

void require(bool good, const char* message) {
    if (!good) throw std::invalid_argument(message);
}

std::tuple<u64, u64> py_fits_words(In<u16, 2> adu, Out<u16, 2> words, const std::string& isa) {
    const CodecKernels& kernels = kernels_of(isa);
    require_same_shape(adu, words);
    nb::gil_scoped_release release;
    const StoredSums sums = kernels.to_words(adu.data(), adu.size(), words.data());
    return {sums.even, sums.odd};
}

void py_native_pixels(In<u16, 2> words, Out<u16, 2> adu, const std::string& isa) {
    const CodecKernels& kernels = kernels_of(isa);
    require_same_shape(words, adu);
    nb::gil_scoped_release release;
    kernels.from_words(words.data(), words.size(), adu.data());
}

u32 py_word_sum(In<u8, 1> bytes, u32 start, const std::string& isa) {
    const CodecKernels& kernels = kernels_of(isa);
    nb::gil_scoped_release release;
    return folded_sum(kernels.word_sum(bytes.data(), bytes.size()) + start);
}

u64 py_rice_compress(In<u16, 2> adu, Out<u8, 1> data, Out<i32, 1> sizes, int threads, const std::string& isa) {
    const CodecKernels& kernels = kernels_of(isa);
    require(adu.size() > 0 && sizes.shape(0) == adu.shape(0), "one size for each row");
    require(data.size() >= rice_image_bound(adu.shape(1), adu.shape(0)), "too little room for the worst case");
    nb::gil_scoped_release release;
    return compressed_image(kernels, adu.data(), (i64)adu.shape(1), (i64)adu.shape(0), threads, data.data(), sizes.data());
}

std::tuple<i64, std::string> py_rice_decompress(In<u8, 1> data, In<i32, 1> sizes, Out<u16, 2> adu, int threads,
                                                const std::string& isa) {
    const CodecKernels& kernels = kernels_of(isa);
    require(adu.size() > 0 && sizes.shape(0) == adu.shape(0), "one size for each row");
    RowFault fault;
    {
        nb::gil_scoped_release release;
        fault = decompressed_image(kernels, data.data(), data.size(), sizes.data(), (i64)adu.shape(1), (i64)adu.shape(0),
                                   threads, adu.data());
    }
    return {fault.row, fault.what ? fault.what : ""};
}

}  // namespace
}  // namespace skyforge

NB_MODULE(_codec, m) {
    using namespace skyforge;
    m.doc() = "The kernels of skyforge.codec, compiled.";
    m.def("fits_words", &py_fits_words);
    m.def("native_pixels", &py_native_pixels);
    m.def("word_sum", &py_word_sum);
    m.def("rice_bound", &rice_image_bound);
    m.def("rice_compress", &py_rice_compress);
    m.def("rice_decompress", &py_rice_decompress);
    m.def("instruction_sets", &supported_codec_instruction_sets);
}
