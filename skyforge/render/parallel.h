// Threads over independent items.
#pragma once
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace skyforge {

// Call work(item) for every item below count; who does which item is left to chance. The first exception is thrown on
// in the calling thread once all have stopped.
template <typename Work>
void parallel_for(std::size_t count, int threads, const Work& work) {
    if (threads <= 1 || count <= 1) {
        for (std::size_t item = 0; item < count; ++item) work(item);
        return;
    }
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failing;
    const auto loop = [&] {
        try {
            for (std::size_t item = next++; item < count; item = next++) work(item);
        } catch (...) {
            const std::lock_guard<std::mutex> lock(failing);
            if (!failure) failure = std::current_exception();
            next = count;
        }
    };
    std::vector<std::thread> helpers;
    const std::size_t wanted = static_cast<std::size_t>(threads) < count ? static_cast<std::size_t>(threads) : count;
    helpers.reserve(wanted - 1);
    try {
        while (helpers.size() + 1 < wanted) helpers.emplace_back(loop);
    } catch (const std::exception&) {  // no more threads to be had: fewer do
    }
    loop();
    for (std::thread& helper : helpers) helper.join();
    if (failure) std::rethrow_exception(failure);
}

}  // namespace skyforge
