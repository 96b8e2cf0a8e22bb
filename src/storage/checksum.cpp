#include "storage/checksum.hpp"

#include <xxhash.h>

namespace kith::storage {

// XXH3_state_t asks for 64-byte alignment, which `new` honours.
struct RunningChecksum::State {
    XXH3_state_t xxh3;
};

std::uint64_t checksum(std::span<const std::byte> bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size());
}

RunningChecksum::RunningChecksum() : state_(std::make_unique<State>()) {
    reset();
}

RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::reset() noexcept {
    XXH3_64bits_reset(&state_->xxh3);
}

void RunningChecksum::add(std::span<const std::byte> bytes) noexcept {
    XXH3_64bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::uint64_t RunningChecksum::value() const noexcept {
    return XXH3_64bits_digest(&state_->xxh3);
}

}  // namespace kith::storage
