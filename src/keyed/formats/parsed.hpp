// What every parser gives, and what parsers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kith/progress.hpp>
#include <kith/vector_formats.hpp>

#include "keyed/key_list.hpp"
#include "storage/region.hpp"

namespace kith::keyed {

// More dimensions than this are damage.
inline constexpr std::uint64_t kMaxDim = std::uint64_t{1} << 31;

// Rows as they stand in a file. All numbers are finite. Keys may repeat; `has_keys` is false for formats without.
struct Parsed {
    std::size_t rows = 0;
    std::size_t dim = 0;
    storage::Buffer numbers;
    storage::Buffer norms;  // empty where the parser does not tell them
    bool has_keys = false;
    std::vector<KeyList> keys;  // in order; together one per row
};

// Reports bytes read to the caller's ProgressFn at most some ten times a second, from whichever thread gets there.
class ReadMeter {
public:
    ReadMeter(const ProgressFn& progress, std::uint64_t total);

    // Throws Cancelled when the callback says so.
    void add(std::uint64_t bytes);

private:
    const ProgressFn& progress_;
    std::uint64_t total_;
    double start_;
    std::mutex mutex_;
    std::uint64_t done_ = 0;
    double next_ = 0;
};

// The key as the policy has it. Throws CorruptFile at `offset` in `path`.
[[nodiscard]] std::string checked_key(std::string_view key, InvalidUtf8 policy, const std::string& path,
                                      std::uint64_t offset);

// Appends a key, checking its bytes first: checked_key without a copy for what is UTF-8.
void push_checked(KeyList& keys, std::string_view key, InvalidUtf8 policy, const std::string& path,
                  std::uint64_t offset);

// A file's bytes as a message shows them: the first few, printable.
[[nodiscard]] std::string shown(std::string_view bytes);

}  // namespace kith::keyed
