// How fast text becomes numbers of words, counted. Needs wiki8.gz and text8.prefix.gz in the folder that KITH_DATA_DIR
// names; unpacks them into the temporary folder first. Beside it: the same bytes looked through for line feeds.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/vocabulary.hpp>

#include "base/parallel.hpp"
#include "storage/byte_source.hpp"
#include "storage/mapped_file.hpp"

namespace {

namespace fs = std::filesystem;

std::string unpacked(const std::string& path) {
    kith::storage::ByteSource source(path);
    std::string text;
    for (auto chunk = source.next_chunk(); !chunk.empty(); chunk = source.next_chunk()) {
        text.append(chunk.data(), chunk.size());
    }
    return text;
}

// The same words, twenty to a line.
std::string in_lines(std::string text) {
    std::size_t words = 0;
    for (char& c : text) {
        if (c == ' ' && ++words % 20 == 0) c = '\n';
    }
    return text;
}

class Texts {
public:
    Texts() : scratch_(fs::temp_directory_path() / fmt::format("kith-bench-{}", std::rand())) {
        const char* const folder = std::getenv("KITH_DATA_DIR");
        const fs::path data = folder == nullptr ? fs::path() : fs::path(folder);
        if (!fs::exists(data / "wiki8.gz"))
            throw std::runtime_error("KITH_DATA_DIR must name the folder of wiki8.gz");
        fs::create_directories(scratch_);
        const std::string text = unpacked((data / "wiki8.gz").string());
        wiki8 = write("wiki8", text);
        wiki8_lines = write("wiki8-lines", in_lines(text));
        text8 = write("text8", unpacked((data / "text8.prefix.gz").string()));
        prove(text);
    }
    ~Texts() { fs::remove_all(scratch_); }
    Texts(const Texts&) = delete;
    Texts& operator=(const Texts&) = delete;

    std::string wiki8, wiki8_lines, text8;

private:
    [[nodiscard]] std::string write(const char* name, const std::string& text) const {
        const std::string path = (scratch_ / name).string();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    // Every word in its place and every count, by the plainest means.
    void prove(std::string_view text) const {
        for (const std::size_t threads : {1U, 2U}) {
            kith::CorpusOptions options;
            options.threads = threads;
            const kith::Corpus corpus = kith::Corpus::read(wiki8, options);
            std::unordered_map<std::string_view, std::uint64_t> counts;
            std::size_t at = 0;
            for (std::size_t end = 0; end < text.size();) {
                const std::size_t first = text.find_first_not_of(' ', end);
                if (first == text.npos) break;
                end = std::min(text.find(' ', first), text.size());
                const std::string_view word = text.substr(first, end - first);
                ++counts[word];
                if (at == corpus.words() || corpus.word(corpus.ids()[at++]) != word) {
                    throw std::runtime_error("the text reads otherwise");
                }
            }
            bool same = at == corpus.words() && counts.size() == corpus.types();
            for (std::size_t type = 0; type < corpus.types() && same; ++type) {
                same = counts[corpus.word(type)] == corpus.count(type);
            }
            if (!same) throw std::runtime_error("the words are counted otherwise");
        }
    }

    fs::path scratch_;
};

const Texts& texts() {
    static const Texts made;
    return made;
}

void set_bytes(benchmark::State& state, const std::string& path) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(fs::file_size(path)));
}

void find_line_feeds(benchmark::State& state, const std::string Texts::*which) {
    const std::string& path = texts().*which;
    const auto threads = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        const kith::storage::Region region = kith::storage::map_file(path);
        const auto text = region.as<char>();
        std::vector<std::size_t> found(threads);
        kith::parallel_ranges(
            text.size(), std::size_t{4} << 20, threads,
            [&](std::size_t first, std::size_t last, std::size_t worker) {
                const char* at = text.data() + first;
                const char* const end = text.data() + last;
                while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at))))) {
                    ++found[worker];
                    ++at;
                }
            });
        benchmark::DoNotOptimize(found.data());
    }
    set_bytes(state, path);
}

void read(benchmark::State& state, const std::string Texts::*which) {
    const std::string& path = texts().*which;
    kith::CorpusOptions options;
    options.threads = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        const kith::Corpus corpus = kith::Corpus::read(path, options);
        benchmark::DoNotOptimize(kith::Vocabulary(corpus, {.min_count = 5}).size());
    }
    set_bytes(state, path);
}

void add(const std::string& name, void (*run)(benchmark::State&, const std::string Texts::*),
         const std::string Texts::*which) {
    benchmark::RegisterBenchmark(name.c_str(), run, which)
        ->Arg(1)
        ->Arg(2)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond)
        ->Repetitions(7)
        ->ComputeStatistics("min", [](const std::vector<double>& all) { return std::ranges::min(all); })
        ->ComputeStatistics("max", [](const std::vector<double>& all) { return std::ranges::max(all); })
        ->ReportAggregatesOnly();
}

const bool kRegistered = [] {
    add("find_line_feeds/wiki8", find_line_feeds, &Texts::wiki8);
    add("read/wiki8", read, &Texts::wiki8);
    add("read/wiki8_in_lines", read, &Texts::wiki8_lines);
    add("read/text8_prefix", read, &Texts::text8);
    return true;
}();

}  // namespace
