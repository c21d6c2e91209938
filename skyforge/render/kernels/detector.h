// From expected electrons to ADU, one pixel at a time.
#pragma once
#include "philox.h"
#include "poisson.h"
#include "scene.h"

namespace skyforge {

struct Detector {
    float sensitivity;              // pixel response relative to the mean, used where there is no map
    const float* sensitivity_map;
    float dark;                     // electrons
    const float* dark_map;
    float full_well;                // electrons
    float read_noise;               // electrons
    float adu_per_electron;
    float offset;                   // bias + 1/2, so that truncation rounds
    float largest;                  // ADU
    u32 seed_low, seed_high, frame;
    PoissonTables poisson;
};

SKY_FN bool is_mean(float mean) { return mean >= 0.0f && mean <= 3.0e38f; }

SKY_FN float poisson_mean(float expected, float sensitivity, float dark) {
    float mean = fused(expected, sensitivity, dark);
    mean = mean > 0.0f ? mean : 0.0f;
    return mean < POISSON_LARGEST ? mean : POISSON_LARGEST;
}

SKY_FN u16 digitise(i32 electrons, float normal, const Detector& detector) {
    float charge = (float)electrons;
    charge = charge < detector.full_well ? charge : detector.full_well;
    float adu = fused(fused(detector.read_noise, normal, charge), detector.adu_per_electron, detector.offset);
    adu = adu > 0.0f ? adu : 0.0f;
    adu = adu < detector.largest ? adu : detector.largest;
    return (u16)(i32)adu;
}

// One pixel; `pixel` is its index in the frame. The whole detector in the form that a GPU thread runs.
SKY_FN u16 expose_pixel(float expected, u32 pixel, const Detector& detector) {
    float sensitivity = detector.sensitivity_map ? detector.sensitivity_map[pixel] : detector.sensitivity;
    float dark = detector.dark_map ? detector.dark_map[pixel] : detector.dark;
    float mean = poisson_mean(expected, sensitivity, dark);
    RandomWords words = philox(pixel, detector.frame, 0u, PIXEL_NOISE_STREAM, detector.seed_low, detector.seed_high);
    i32 electrons = mean < POISSON_SPLIT
                        ? poisson_by_digits(mean, detector.poisson, words.a, words.b, words.c >> 24)
                        : poisson_by_expansion(mean, words.a);
    return digitise(electrons, normal_deviate(words.d), detector);
}

#if !SKY_ON_GPU
// `count` pixels (at most TILE) of a row: the steps of expose_pixel, each as a pass that a compiler can vectorise.
struct ExposedRow {
    alignas(64) i32 electrons[TILE];
    alignas(64) u32 read_noise_word[TILE];
};

// Photo-electrons and dark electrons. Returns whether every expected value was a number >= 0.
SKY_FN bool count_electrons(const float* expected, u32 first_pixel, i32 count, const Detector& detector,
                            ExposedRow& row) {
    alignas(64) u32 word_a[TILE], word_b[TILE], word_c[TILE];
    alignas(64) float mean[TILE], light[TILE], sensitivity[TILE], dark[TILE];
    for (i32 i = 0; i < TILE; ++i) {
        light[i] = 0.0f;
        sensitivity[i] = detector.sensitivity;
        dark[i] = detector.dark;
    }
    memcpy(light, expected, (size_t)count * sizeof(float));
    if (detector.sensitivity_map)
        memcpy(sensitivity, detector.sensitivity_map + first_pixel, (size_t)count * sizeof(float));
    if (detector.dark_map) memcpy(dark, detector.dark_map + first_pixel, (size_t)count * sizeof(float));

    i32 bad = 0, low = 0, high = 0;
#pragma omp simd reduction(| : bad, low, high)
    for (i32 i = 0; i < TILE; ++i) {
        bad |= is_mean(light[i]) ? 0 : 1;
        mean[i] = poisson_mean(light[i], sensitivity[i], dark[i]);
        low |= mean[i] < POISSON_SPLIT ? 1 : 0;
        high |= mean[i] < POISSON_SPLIT ? 0 : 1;
    }
    SKY_VECTORISE
    for (i32 i = 0; i < TILE; ++i) {
        RandomWords words = philox(first_pixel + (u32)i, detector.frame, 0u, PIXEL_NOISE_STREAM, detector.seed_low,
                                   detector.seed_high);
        word_a[i] = words.a;
        word_b[i] = words.b;
        word_c[i] = words.c;
        row.read_noise_word[i] = words.d;
        row.electrons[i] = 0;
    }
    if (low) {
        SKY_VECTORISE
        for (i32 i = 0; i < TILE; ++i) {
            float bounded = mean[i] < POISSON_SPLIT ? mean[i] : 0.0f;
            row.electrons[i] = poisson_by_digits(bounded, detector.poisson, word_a[i], word_b[i], word_c[i] >> 24);
        }
    }
    if (high) {  // in three loops: together, compilers make branches of them
        alignas(64) float bounded[TILE];
        alignas(64) i32 many[TILE];
        SKY_VECTORISE
        for (i32 i = 0; i < TILE; ++i) bounded[i] = mean[i] < POISSON_SPLIT ? POISSON_SPLIT : mean[i];
        SKY_VECTORISE
        for (i32 i = 0; i < TILE; ++i) many[i] = poisson_by_expansion(bounded[i], word_a[i]);
        SKY_VECTORISE
        for (i32 i = 0; i < TILE; ++i) row.electrons[i] = mean[i] < POISSON_SPLIT ? row.electrons[i] : many[i];
    }
    return bad == 0;
}

SKY_FN bool expose_row(const float* expected, u32 first_pixel, i32 count, const Detector& detector, u16* adu) {
    ExposedRow row;
    const bool good = count_electrons(expected, first_pixel, count, detector, row);
    alignas(64) u16 result[TILE];
    SKY_VECTORISE
    for (i32 i = 0; i < TILE; ++i)
        result[i] = digitise(row.electrons[i], normal_deviate(row.read_noise_word[i]), detector);
    memcpy(adu, result, (size_t)count * sizeof(u16));
    return good;
}
#endif

}  // namespace skyforge
