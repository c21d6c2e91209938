#include <algorithm>
#include <cstring>

#include "codec.h"
#include "parallel.h"

namespace skyforge {
namespace {

// Parts of an image that a thread takes at a time: enough of them to share the work evenly, each large enough to be worth
// the change.
const u64 PART_PIXELS = 1 << 18;

u64 parts_of(u64 pixels, u64 most, int threads) {
    if (threads <= 1) return 1;
    return std::max<u64>(1, std::min<u64>({most, MOST_PARTS, pixels / PART_PIXELS}));
}

u64 first_of(u64 part, u64 parts, u64 count) { return count * part / parts; }

}  // namespace

const CodecKernels* find_codec_kernels(const std::string& name) {
#if defined(SKYFORGE_X86_64)
    __builtin_cpu_init();
    if ((name == "auto" || name == "v3") && __builtin_cpu_supports("x86-64-v3")) return &codec_kernels_v3;
#endif
    return name == "auto" || name == "baseline" ? &codec_kernels_baseline : nullptr;
}

std::vector<std::string> supported_codec_instruction_sets() {
    std::vector<std::string> names;
    for (const char* name : {"baseline", "v3"})
        if (find_codec_kernels(name) != nullptr) names.emplace_back(name);
    return names;
}

u64 compressed_image(const CodecKernels& kernels, const u16* pixels, i64 width, i64 rows, int threads, u8* to, i32* sizes) {
    const u64 bound = rice_row_bound((u64)width), parts = parts_of((u64)width * (u64)rows, (u64)rows, threads);
    if (parts == 1) return (u64)(kernels.encode(pixels, width, rows, to, sizes) - to);
    std::vector<u8*> starts(parts), ends(parts);
    parallel_for(parts, threads, [&](std::size_t part) {
        const u64 first = first_of(part, parts, (u64)rows), end = first_of(part + 1, parts, (u64)rows);
        starts[part] = to + first * bound + part * WRITER_SLACK;
        ends[part] = kernels.encode(pixels + (i64)first * width, width, (i64)(end - first), starts[part], sizes + first);
    });
    u8* next = to;
    for (u64 part = 0; part < parts; ++part) {
        const u64 size = (u64)(ends[part] - starts[part]);
        std::memmove(next, starts[part], size);
        next += size;
    }
    return (u64)(next - to);
}

RowFault decompressed_image(const CodecKernels& kernels, const u8* bytes, u64 size, const i32* sizes, i64 width, i64 rows,
                            int threads, u16* pixels) {
    u64 total = 0;
    std::vector<u64> offsets((std::size_t)rows);
    for (i64 y = 0; y < rows; ++y) {
        if (sizes[y] < 0) return RowFault{y, "has a negative size"};
        offsets[(std::size_t)y] = total;
        total += (u64)sizes[y];
        if (total > size) return RowFault{y, "goes on after the end of the data"};
    }
    if (total != size) return RowFault{rows - 1, "is the last, and more data follow"};
    const u64 parts = parts_of((u64)width * (u64)rows, (u64)rows, threads);
    std::vector<RowFault> faults(parts);
    parallel_for(parts, threads, [&](std::size_t part) {
        const i64 first = (i64)first_of(part, parts, (u64)rows), end = (i64)first_of(part + 1, parts, (u64)rows);
        faults[part] = kernels.decode(bytes + offsets[(std::size_t)first], bytes + size, sizes + first, width, end - first,
                                      pixels + first * width);
        if (faults[part].what) faults[part].row += first;
    });
    for (const RowFault& fault : faults)
        if (fault.what) return fault;
    return RowFault{-1, nullptr};
}

}  // namespace skyforge
