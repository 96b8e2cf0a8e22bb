#include "storage/byte_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "storage/mapped_file.hpp"
#include "storage/path.hpp"

namespace kith::storage {
namespace {

// Bytes of compressed input read at a time.
constexpr std::size_t kInputSize = std::size_t{1} << 16;

constexpr unsigned char kGzip[] = {0x1f, 0x8b, 0x08};

// zlib's window for gzip streams only.
constexpr int kGzipWindow = 15 + 16;

// "1f 8b 08"; or a file that ends before that and agrees so far.
bool starts_as_gzip(const std::vector<unsigned char>& input, std::size_t size) noexcept {
    return size >= 2 && std::equal(kGzip, kGzip + std::min<std::size_t>(size, 3), input.begin());
}

}  // namespace

struct ByteSource::Impl {
    enum class State { kPlain, kInsideMember, kBetweenMembers, kEnd };

    Impl(std::string name, std::size_t chunk_size);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::size_t read_some(void* to, std::size_t size);
    void detect();
    bool refill();
    std::span<const char> plain_chunk();
    std::span<const char> unpacked_chunk();
    void between_members();
    [[nodiscard]] CorruptFile corrupt(const std::string& expected, const std::string& found) const;

    std::string path;
    int fd = -1;
    State state = State::kPlain;
    bool compressed = false;
    bool regular = false;
    std::uint64_t offset = 0;      // unpacked bytes handed out
    std::uint64_t bytes_read = 0;  // from the file
    std::uint64_t file_size = 0;
    std::vector<char> chunk;
    std::vector<unsigned char> input;
    std::size_t plain_begin = 0;  // what detect() has read of a plain file is input[plain_begin, plain_end)
    std::size_t plain_end = 0;
    z_stream stream{};
};

ByteSource::Impl::Impl(std::string name, std::size_t chunk_size) : path(std::move(name)) {
    check_path(path);
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw IoError("cannot open", path, errno);
    try {
        struct stat status {};
        if (::fstat(fd, &status) != 0) throw IoError("cannot examine", path, errno);
        if (S_ISDIR(status.st_mode)) throw IoError("cannot read", path, EISDIR);
        regular = S_ISREG(status.st_mode);
        if (regular) file_size = static_cast<std::uint64_t>(status.st_size);
#if defined(POSIX_FADV_SEQUENTIAL)
        (void)::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
        chunk.resize(std::max<std::size_t>(chunk_size, 1));
        input.resize(kInputSize);
        detect();
    } catch (...) {
        ::close(fd);
        throw;
    }
}

ByteSource::Impl::~Impl() {
    if (compressed) inflateEnd(&stream);
    ::close(fd);
}

std::size_t ByteSource::Impl::read_some(void* to, std::size_t size) {
    for (;;) {
        const ssize_t n = ::read(fd, to, size);
        if (n >= 0) {
            bytes_read += static_cast<std::uint64_t>(n);
            return static_cast<std::size_t>(n);
        }
        if (errno != EINTR) throw IoError("cannot read", path, errno);
    }
}

void ByteSource::Impl::detect() {
    std::size_t size = 0;
    while (size < sizeof kGzip) {
        const std::size_t n = read_some(input.data() + size, input.size() - size);
        if (n == 0) break;
        size += n;
    }
    if (!starts_as_gzip(input, size)) {
        plain_end = size;
        return;
    }
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
    compressed = true;
    state = State::kInsideMember;
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(size);
}

// False at the end of the file.
bool ByteSource::Impl::refill() {
    if (stream.avail_in > 0) return true;
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(read_some(input.data(), input.size()));
    return stream.avail_in > 0;
}

CorruptFile ByteSource::Impl::corrupt(const std::string& expected, const std::string& found) const {
    return {path, bytes_read - stream.avail_in, expected, found};
}

std::span<const char> ByteSource::Impl::plain_chunk() {
    std::size_t size = std::min(plain_end - plain_begin, chunk.size());
    std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(plain_begin), size, chunk.begin());
    plain_begin += size;
    while (size < chunk.size()) {
        const std::size_t n = read_some(chunk.data() + size, chunk.size() - size);
        if (n == 0) break;
        size += n;
    }
    return {chunk.data(), size};
}

// gzip pads with zeros and joins streams end to end; anything else after a member is damage.
void ByteSource::Impl::between_members() {
    bool zeros = false;
    while (refill()) {
        if (*stream.next_in != 0) {
            if (zeros || *stream.next_in != kGzip[0]) {
                throw corrupt("another gzip stream or the end of the file",
                              "byte " + std::to_string(*stream.next_in));
            }
            inflateReset(&stream);
            state = State::kInsideMember;
            return;
        }
        zeros = true;
        ++stream.next_in;
        --stream.avail_in;
    }
    state = State::kEnd;
}

std::span<const char> ByteSource::Impl::unpacked_chunk() {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(std::min<std::size_t>(chunk.size(), 1U << 30));
    while (stream.avail_out > 0 && state != State::kEnd) {
        if (state == State::kBetweenMembers) {
            between_members();
            continue;
        }
        if (!refill()) throw corrupt("the rest of the gzip stream", "the end of the file");
        const int result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            state = State::kBetweenMembers;
        } else if (result == Z_MEM_ERROR) {
            throw std::bad_alloc();
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            throw corrupt("a sound gzip stream", stream.msg != nullptr ? stream.msg : "damage");
        }
    }
    return {chunk.data(), static_cast<std::size_t>(reinterpret_cast<char*>(stream.next_out) - chunk.data())};
}

ByteSource::ByteSource(std::string path, std::size_t chunk_size)
    : impl_(std::make_unique<Impl>(std::move(path), chunk_size)) {}
ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&& other) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&& other) noexcept = default;

std::span<const char> ByteSource::next_chunk() {
    const std::span<const char> bytes = impl_->compressed ? impl_->unpacked_chunk() : impl_->plain_chunk();
    impl_->offset += bytes.size();
    return bytes;
}

std::optional<Region> ByteSource::mapped() const {
    if (impl_->compressed || !impl_->regular) return std::nullopt;
    return map_descriptor(impl_->fd, impl_->path);
}

const std::string& ByteSource::path() const noexcept {
    return impl_->path;
}

bool ByteSource::compressed() const noexcept {
    return impl_->compressed;
}

std::uint64_t ByteSource::offset() const noexcept {
    return impl_->offset;
}

std::uint64_t ByteSource::file_bytes_read() const noexcept {
    return impl_->bytes_read;
}

std::uint64_t ByteSource::file_size() const noexcept {
    return impl_->file_size;
}

}  // namespace kith::storage
