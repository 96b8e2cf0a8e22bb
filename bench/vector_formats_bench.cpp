// How fast vectors are read, and searched exactly. Needs glove.6B.50d.txt.gz in the folder that KITH_DATA_DIR names;
// unpacks it into the temporary folder first. bench/keyed_vs_gensim.py times gensim on the same files.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <string>

#include <kith/evaluate.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "base/parallel.hpp"
#include "storage/byte_sink.hpp"
#include "storage/byte_source.hpp"
#include "storage/mapped_file.hpp"

namespace {

namespace fs = std::filesystem;

// The same vectors in three files, checked to be the same.
class Files {
public:
    Files() {
        const char* const folder = std::getenv("KITH_DATA_DIR");
        data_ = folder == nullptr ? fs::path() : fs::path(folder);
        packed = (data_ / "glove.6B.50d.txt.gz").string();
        if (!fs::exists(packed))
            throw std::runtime_error("KITH_DATA_DIR must name the folder of glove.6B.50d.txt.gz");
        scratch_ = fs::temp_directory_path() / fmt::format("kith-bench-{}", std::rand());
        fs::create_directories(scratch_);
        text = (scratch_ / "glove.txt").string();
        binary = (scratch_ / "glove.bin").string();
        questions = (data_ / "eval" / "questions-words.txt").string();
        unpack();
        vectors = kith::read_keyed_vectors(text);
        kith::write_keyed_vectors(binary, vectors);
        prove(kith::read_keyed_vectors(packed, {.threads = 1}));
        prove(kith::read_keyed_vectors(binary));
    }
    ~Files() { fs::remove_all(scratch_); }
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    std::string packed, text, binary, questions;
    kith::KeyedVectors vectors;

private:
    void unpack() const {
        kith::storage::ByteSource source(packed);
        kith::storage::ByteSink sink(text);
        for (;;) {
            const auto chunk = source.next_chunk();
            if (chunk.empty()) break;
            sink.write(std::string_view(chunk.data(), chunk.size()));
        }
        sink.commit();
    }

    void prove(const kith::KeyedVectors& other) const {
        const std::size_t bytes = vectors.size() * vectors.dim() * sizeof(float);
        if (other.keys() != vectors.keys() ||
            std::memcmp(other.vectors().data(), vectors.vectors().data(), bytes) != 0) {
            throw std::runtime_error("the files do not read alike");
        }
    }

    fs::path data_;
    fs::path scratch_;
};

const Files& files() {
    static const Files made;
    return made;
}

void set_bytes(benchmark::State& state, const std::string& path) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(fs::file_size(path)));
}

// The yardstick: mapping the file and adding up its bytes.
void sum_text(benchmark::State& state) {
    const std::string& path = files().text;
    for (auto _ : state) {
        const kith::storage::Region region = kith::storage::map_file(path);
        const std::span<const std::uint64_t> words = region.as<std::uint64_t>();
        std::vector<std::uint64_t> sums(static_cast<std::size_t>(state.range(0)));
        kith::parallel_ranges(words.size(), std::size_t{1} << 18, sums.size(),
                              [&](std::size_t first, std::size_t last, std::size_t worker) {
                                  sums[worker] = std::accumulate(words.begin() + static_cast<std::ptrdiff_t>(first),
                                                                 words.begin() + static_cast<std::ptrdiff_t>(last),
                                                                 sums[worker]);
                              });
        benchmark::DoNotOptimize(sums.data());
    }
    set_bytes(state, path);
}

// What reading cannot do without: the bytes of the text once, and its numbers written to fresh memory, in step.
void sum_text_write_numbers(benchmark::State& state) {
    constexpr std::size_t kGrain = std::size_t{1} << 17;
    const std::string& path = files().text;
    const std::size_t numbers = files().vectors.size() * files().vectors.dim();
    for (auto _ : state) {
        const kith::storage::Region region = kith::storage::map_file(path);
        const std::span<const std::uint64_t> words = region.as<std::uint64_t>();
        kith::storage::Buffer buffer(numbers * sizeof(float));
        const std::span<float> out = buffer.as<float>();
        kith::parallel_ranges(words.size(), kGrain, static_cast<std::size_t>(state.range(0)),
                              [&](std::size_t first, std::size_t last, std::size_t) {
                                  std::uint64_t sum = 0;
                                  for (std::size_t i = first; i < last; ++i) sum += words[i];
                                  const std::size_t from = numbers * first / words.size();
                                  std::ranges::fill(out.subspan(from, numbers * last / words.size() - from),
                                                    static_cast<float>(sum));
                              });
        benchmark::DoNotOptimize(buffer.data());
    }
    set_bytes(state, path);
}

void unpack(benchmark::State& state) {
    for (auto _ : state) {
        kith::storage::ByteSource source(files().packed);
        while (!source.next_chunk().empty()) {
        }
    }
    set_bytes(state, files().text);
}

void read(benchmark::State& state, const std::string Files::*path) {
    const kith::ReadOptions options{.threads = static_cast<std::size_t>(state.range(0))};
    for (auto _ : state) benchmark::DoNotOptimize(kith::read_keyed_vectors(files().*path, options));
    // Packed files are measured by what they unpack to.
    set_bytes(state, path == &Files::packed ? files().text : files().*path);
}

void read_text(benchmark::State& state) {
    read(state, &Files::text);
}
void read_packed(benchmark::State& state) {
    read(state, &Files::packed);
}
void read_binary(benchmark::State& state) {
    read(state, &Files::binary);
}

void most_similar(benchmark::State& state) {
    const kith::KeyedVectors& vectors = files().vectors;
    const kith::SimilarOptions options{.threads = static_cast<std::size_t>(state.range(0))};
    std::size_t row = 0;
    for (auto _ : state) {
        const kith::Term term = kith::Term::row(row++ % 10'000);
        benchmark::DoNotOptimize(vectors.most_similar(std::span(&term, 1), options));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void most_similar_batch(benchmark::State& state) {
    constexpr std::size_t kQueries = 256;
    const kith::KeyedVectors& vectors = files().vectors;
    const kith::SimilarOptions options{.threads = static_cast<std::size_t>(state.range(0))};
    std::vector<std::size_t> rows(kQueries);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    for (auto _ : state) benchmark::DoNotOptimize(vectors.most_similar_batch(rows, options));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kQueries));
}

void analogies(benchmark::State& state) {
    const kith::AnalogyOptions options{.restrict_vocab = 30'000,
                                       .threads = static_cast<std::size_t>(state.range(0))};
    std::size_t asked = 0;
    for (auto _ : state) {
        const kith::AnalogyReport report = kith::evaluate_analogies(files().vectors, files().questions, options);
        asked += report.total.correct + report.total.incorrect;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(asked));
}

}  // namespace

BENCHMARK(sum_text)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(sum_text_write_numbers)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_text)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(unpack)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_packed)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(read_binary)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(most_similar)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(most_similar_batch)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(analogies)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
