// Reading and writing the files that vectors come in. Byte tables: docs/formats.md.
//
// Every reader takes plain and gzip-compressed files (told by content), never allocates more than the file's own
// size justifies, and refuses what it cannot trust: CorruptFile names the file, the line (text) or the byte offset
// (binary, and the unpacked offset for .gz), what was expected and what is there. NaN and infinity are refused.
// Writers are atomic and compress when the name ends in ".gz".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/progress.hpp>

namespace kith {

enum class VectorFormat : std::uint8_t {
    kAuto,            // reading: by content, then by name; writing: by name
    kWord2vecText,    // "key v1 … vd" lines, after a header line "count dim" or, as GloVe has it, without one
    kWord2vecBinary,  // header line; key, space, d float32, and perhaps a newline, per row
    kNpy,             // NumPy, versions 1 to 3, C order, one or two dimensions
    kFvecs,           // per row: d as int32, then d float32
    kBvecs,           // per row: d as int32, then d bytes
    kIvecs,           // per row: d as int32, then d int32
    kIdx,             // MNIST's: all dimensions after the first make up a row
    kKith,            // Kith's own
};

// "word2vec", "word2vec-binary", "npy", "fvecs", "bvecs", "ivecs", "idx", "kith"; "auto".
[[nodiscard]] std::string_view name(VectorFormat format) noexcept;

// Accepts the names above and the aliases "text", "glove", "txt", "vec", "binary", "bin". Throws InvalidArgument
// with the list.
[[nodiscard]] VectorFormat parse_vector_format(std::string_view text);

// By the name's ending, ".gz" not counted: .txt .vec .bin .npy .fvecs .bvecs .ivecs .idx -ubyte .kith; kAuto when
// it says nothing.
[[nodiscard]] VectorFormat format_of_name(std::string_view path) noexcept;

// By the first bytes where they say it, else by name; text when neither does but the first line reads as one.
// Throws IoError; InvalidArgument when it cannot be told.
[[nodiscard]] VectorFormat detect_format(const std::string& path);

// The first line of a word2vec text file.
enum class TextHeader : std::uint8_t {
    kDetect,   // a header when it is two whole numbers
    kPresent,  // a header
    kAbsent,   // a row (GloVe)
};

// What becomes of key bytes that are not UTF-8 (word2vec.c cuts long words in the middle of a character).
enum class InvalidUtf8 : std::uint8_t {
    kThrow,    // CorruptFile
    kIgnore,   // left out
    kReplace,  // U+FFFD for each ill-formed sequence
    kKeep,     // the bytes stay as they are: keys in another encoding
};

struct ReadOptions {
    VectorFormat format = VectorFormat::kAuto;

    // Read the first so many rows only; 0 means all.
    std::size_t limit = 0;

    TextHeader header = TextHeader::kDetect;
    InvalidUtf8 invalid_utf8 = InvalidUtf8::kThrow;

    // A file of "key count" lines (word2vec's -save-vocab, gensim's fvocab): counts for the keys read. Keys that it
    // does not name have count 0 and are warned of. Empty: no counts.
    std::string vocab_path = {};

    // Called by the calling thread for what is odd but has one sensible reading: a duplicate key (the first row
    // stays), a key without a count. At most a dozen calls of each sort, the last with the number of all.
    std::function<void(std::string_view message)> on_warning = {};

    // Stage "reading", in bytes of the file.
    ProgressFn progress = {};

    // Performance: 0 means one per core. The result does not depend on it.
    std::size_t threads = 0;
};

// Vectors with keys. Formats that have none give row numbers in decimals as keys; a .kith file is mapped.
// Word2vec text: fields are separated by single spaces or tabs; a key may hold spaces, since the last `dim` fields
// of a line are its numbers. Throws IoError, CorruptFile, InvalidArgument, Cancelled, and Unsupported (a big-endian
// integer .npy, Fortran order, an element type that is not listed).
[[nodiscard]] KeyedVectors read_keyed_vectors(const std::string& path, const ReadOptions& options = {});

// Vectors alone. As above, without building a table of keys.
[[nodiscard]] Matrix read_matrix(const std::string& path, const ReadOptions& options = {});

// The type of a number in .npy and IDX files.
enum class NumberType : std::uint8_t { kFloat32, kFloat64, kFloat16, kInt8, kUint8, kInt16, kInt32 };

// "float32", …
[[nodiscard]] std::string_view name(NumberType type) noexcept;

struct WriteOptions {
    VectorFormat format = VectorFormat::kAuto;

    // Element type of .npy (float32, float64, float16, int8, uint8) and IDX (all but float16). Integer types take
    // whole numbers in range only; float16 rounds to nearest and refuses what would become infinite.
    NumberType type = NumberType::kFloat32;

    // Word2vec text: write the "count dim" line. GloVe files have none.
    bool header = true;

    // Word2vec binary: a newline after each row, as word2vec.c writes; gensim writes none.
    bool newline_after_row = false;

    // Put before every key.
    std::string prefix = {};

    // Most frequent first, as gensim writes; needs counts.
    bool sort_by_count = false;

    // Also writes "key count" lines there; needs counts. Empty: not.
    std::string vocab_path = {};

    // Performance (text): 0 means one per core. The bytes do not depend on it.
    std::size_t threads = 0;
};

// Floats in text are the shortest that read back to the same bits, spelled as NumPy spells them ("0.418", "1e-05",
// "2.0"). Throws IoError; InvalidArgument for what the format cannot hold, naming row, key or value.
void write_keyed_vectors(const std::string& path, const KeyedVectors& vectors, const WriteOptions& options = {});

// Without keys: the formats that have none, and those that have get row numbers.
void write_matrix(const std::string& path, MatrixView<const float> vectors, const WriteOptions& options = {});

// Whole numbers, such as the neighbours that benchmark sets (.ivecs) give as ground truth.
struct IntMatrix {
    std::size_t rows = 0;
    std::size_t cols = 0;
    std::vector<std::int32_t> values = {};  // row-major
};

[[nodiscard]] IntMatrix read_ivecs(const std::string& path);
void write_ivecs(const std::string& path, const IntMatrix& matrix);

}  // namespace kith
