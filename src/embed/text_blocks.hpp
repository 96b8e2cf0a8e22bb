// A text file in pieces that end between words, so that they can be tokenised side by side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/byte_source.hpp"

namespace kith::embed {

class TextBlocks {
public:
    // The first pieces are smaller: they are full of words that nobody knows yet. Throws IoError.
    explicit TextBlocks(const std::string& path, std::size_t block_size = std::size_t{2} << 20);

    // The next piece: at least a word or some white space, empty at the end of the file. It ends with white space
    // unless it is the last. A mapped file's piece stays valid with this object; otherwise the text is in
    // `storage`. Throws IoError, CorruptFile.
    [[nodiscard]] std::string_view next(std::string& storage);

    // The pieces so far are done with: a file that is mapped need not stay in memory.
    void give_back() noexcept;

    // For progress: bytes of the file consumed and its size (compressed, where it is).
    [[nodiscard]] std::uint64_t bytes_read() const noexcept;
    [[nodiscard]] std::uint64_t file_size() const noexcept { return source_.file_size(); }

private:
    [[nodiscard]] std::string_view next_mapped(std::size_t size);

    storage::ByteSource source_;
    std::size_t block_size_;
    std::size_t next_size_;
    std::optional<storage::Region> region_;
    std::size_t offset_ = 0;  // in region_
    std::size_t kept_ = 0;    // what is before has been given back
    std::string rest_;        // the beginning of a word, for the next piece of a stream
};

}  // namespace kith::embed
