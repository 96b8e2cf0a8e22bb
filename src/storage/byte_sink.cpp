#include "storage/byte_sink.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

#include "storage/atomic_file.hpp"

namespace kith::storage {
namespace {

constexpr std::size_t kOutputSize = std::size_t{1} << 16;
constexpr int kGzipWindow = 15 + 16;
constexpr int kDefaultMemory = 8;

}  // namespace

struct ByteSink::Impl {
    explicit Impl(std::string path) : compressed(path.ends_with(".gz")), file(std::move(path)) {
        if (!compressed) return;
        if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kDefaultMemory,
                         Z_DEFAULT_STRATEGY) != Z_OK) {
            throw std::bad_alloc();
        }
        output.resize(kOutputSize);
    }
    ~Impl() {
        if (compressed) deflateEnd(&stream);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    // Z_NO_FLUSH until all input is taken, Z_FINISH until the stream has ended.
    void pack(std::span<const std::byte> bytes, int mode) {
        stream.next_in = reinterpret_cast<z_const Bytef*>(const_cast<std::byte*>(bytes.data()));
        stream.avail_in = static_cast<uInt>(bytes.size());
        int result = Z_OK;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(output.data());
            stream.avail_out = static_cast<uInt>(output.size());
            result = deflate(&stream, mode);
            file.write(std::span<const std::byte>(output).first(output.size() - stream.avail_out));
        } while (mode == Z_FINISH ? result == Z_OK : stream.avail_in > 0);
    }

    bool compressed;
    AtomicFile file;
    std::vector<std::byte> output;
    z_stream stream{};
};

ByteSink::ByteSink(std::string path) : impl_(std::make_unique<Impl>(std::move(path))) {}
ByteSink::~ByteSink() = default;
ByteSink::ByteSink(ByteSink&& other) noexcept = default;
ByteSink& ByteSink::operator=(ByteSink&& other) noexcept = default;

void ByteSink::write(std::span<const std::byte> bytes) {
    if (!impl_->compressed) {
        impl_->file.write(bytes);
        return;
    }
    // zlib counts in 32 bits.
    constexpr std::size_t kPart = std::size_t{1} << 30;
    for (std::size_t at = 0; at < bytes.size(); at += kPart) {
        impl_->pack(bytes.subspan(at, std::min(kPart, bytes.size() - at)), Z_NO_FLUSH);
    }
}

void ByteSink::write(std::string_view text) {
    write(std::as_bytes(std::span(text)));
}

const std::string& ByteSink::path() const noexcept {
    return impl_->file.path();
}

void ByteSink::commit() {
    if (impl_->compressed) impl_->pack({}, Z_FINISH);
    impl_->file.commit();
}

}  // namespace kith::storage
