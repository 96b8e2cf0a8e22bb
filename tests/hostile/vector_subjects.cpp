// Files of vectors: word2vec text and binary, GloVe, .npy, .fvecs and its kin, IDX, and what gzip makes of them.
#include <filesystem>

#include <kith/vector_formats.hpp>

#include "hostile/subject.hpp"

namespace kith::hostile {
namespace {

constexpr std::size_t kRows = 12;
constexpr std::size_t kDim = 5;

KeyedVectors words() {
    std::vector<std::string> keys;
    for (std::size_t row = 0; row < kRows; ++row) keys.push_back("key" + std::to_string(row));
    const std::vector<float> values = numbers(kRows * kDim);
    return {keys, MatrixView<const float>(values.data(), kRows, kDim)};
}

std::string file(const WriteOptions& options, const std::string& ending) {
    return written(ending, [&](const std::string& path) { write_keyed_vectors(path, words(), options); });
}

std::string whole_numbers(const WriteOptions& options) {
    std::vector<float> values = numbers(kRows * kDim);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 100);
    return written("", [&](const std::string& path) {
        write_matrix(path, MatrixView<const float>(values.data(), kRows, kDim), options);
    });
}

void check_size(std::size_t rows, std::size_t cols, std::size_t file_size) {
    // Deflate packs at most 1,032 bytes into one.
    if (rows * cols > 1100 * file_size) throw std::logic_error("more numbers than the file can hold");
}

int use(const std::string& path, const ReadOptions& base) {
    const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
    int accepted = 0;
    for (const VectorFormat format : {base.format, VectorFormat::kAuto}) {
        for (const std::size_t limit : {std::size_t{0}, std::size_t{3}}) {
            ReadOptions options = base;
            options.format = format;
            options.limit = limit;
            options.threads = 1;
            accepted += attempt([&] {
                const KeyedVectors read = read_keyed_vectors(path, options);
                check_size(read.size(), read.dim(), size);
                if (!read.empty()) (void)read.most_similar(read.key(0), {.topn = 3});
            });
            accepted += attempt([&] {
                const Matrix read = read_matrix(path, options);
                check_size(read.rows(), read.cols(), size);
            });
        }
    }
    return accepted;
}

Subject subject_of(std::string name, std::function<std::vector<std::string>()> seeds, ReadOptions options) {
    return {std::move(name), std::move(seeds), [options](const std::string& path) { return use(path, options); }};
}

int use_ivecs(const std::string& path) {
    return attempt([&] { (void)read_ivecs(path); }) + use(path, {.format = VectorFormat::kIvecs});
}

int use_vocabulary(const std::string& path) {
    const std::string vectors = path + ".vectors";
    if (!std::filesystem::exists(vectors))
        write_keyed_vectors(vectors, words(), {.format = VectorFormat::kWord2vecText});
    return attempt([&] {
        (void)read_keyed_vectors(vectors,
                                 {.format = VectorFormat::kWord2vecText, .vocab_path = path, .threads = 1});
    });
}

}  // namespace

void add_vector_subjects(std::vector<Subject>& list) {
    using enum VectorFormat;
    list.push_back(subject_of("word2vec_text", [] { return std::vector{file({.format = kWord2vecText}, ".txt")}; },
                              {.format = kWord2vecText, .header = TextHeader::kPresent}));
    list.push_back(subject_of(
        "glove", [] { return std::vector{file({.format = kWord2vecText, .header = false}, ".txt")}; },
        {.format = kWord2vecText, .header = TextHeader::kAbsent, .invalid_utf8 = InvalidUtf8::kReplace}));
    list.push_back(subject_of("word2vec_binary",
                              [] {
                                  return std::vector{
                                      file({.format = kWord2vecBinary}, ".bin"),
                                      file({.format = kWord2vecBinary, .newline_after_row = true}, ".bin")};
                              },
                              {.format = kWord2vecBinary}));
    list.push_back(subject_of("gzip",
                              [] {
                                  return std::vector{file({.format = kWord2vecText}, ".txt.gz"),
                                                     file({.format = kWord2vecBinary}, ".bin.gz")};
                              },
                              {.format = kAuto}));
    list.push_back(subject_of("npy",
                              [] {
                                  std::vector<std::string> files;
                                  for (const NumberType type :
                                       {NumberType::kFloat32, NumberType::kFloat64, NumberType::kFloat16,
                                        NumberType::kInt8, NumberType::kUint8}) {
                                      files.push_back(whole_numbers({.format = kNpy, .type = type}));
                                  }
                                  return files;
                              },
                              {.format = kNpy}));
    list.push_back(
        subject_of("fvecs", [] { return std::vector{whole_numbers({.format = kFvecs})}; }, {.format = kFvecs}));
    list.push_back(
        subject_of("bvecs", [] { return std::vector{whole_numbers({.format = kBvecs})}; }, {.format = kBvecs}));
    list.push_back({"ivecs", [] { return std::vector{whole_numbers({.format = kIvecs})}; }, use_ivecs});
    list.push_back(subject_of("idx",
                              [] {
                                  return std::vector{whole_numbers({.format = kIdx, .type = NumberType::kUint8}),
                                                     whole_numbers({.format = kIdx, .type = NumberType::kFloat32})};
                              },
                              {.format = kIdx}));
    list.push_back({"vocabulary", [] { return std::vector<std::string>{"key0 10\nkey1 9\nkey2 8\nkey3 7\n"}; },
                    use_vocabulary});
}

}  // namespace kith::hostile
