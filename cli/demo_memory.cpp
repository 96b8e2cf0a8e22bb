#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <vector>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>

#include "demo.hpp"
#include "exit_code.hpp"
#include "memory_use.hpp"
#include "process.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

constexpr std::size_t kTouchQueries = 500;
constexpr std::size_t kMatches = 5;

// Enough searches, spread over all rows, that most pages of the index are in use.
void touch(const KeyedVectors& vectors, const Index& index) {
    Neighbors found;
    for (std::size_t i = 0; i < kTouchQueries; ++i) {
        index.search(vectors.vector(i * vectors.size() / kTouchQueries), {.k = kMatches}, found);
    }
}

class Worker {
public:
    explicit Worker(const std::vector<std::string>& arguments) : child_(arguments) {
        // It says that it is ready once it has searched; only then is its memory worth measuring.
        (void)answer();
    }

    // REQUIRES: every worker to compare with is ready, so that what is shared counts as shared.
    [[nodiscard]] Json measure() {
        child_.write_line("measure");
        return answer();
    }

private:
    Json answer() {
        const auto line = child_.read_line();
        if (!line) throw CommandFailed(kFailure, fmt::format("a demo process ended early ({})", child_.wait()));
        return Json::parse(*line);
    }

    ChildProcess child_;
};

std::vector<Cell> memory_row(const std::string& name, const Json& use) {
    const auto bytes = [&](const char* key) { return bytes_cell(use.at(key).get<double>()); };
    return {text_cell(name), bytes("private"), bytes("shared"), bytes("proportional")};
}

void check_answer(const Json& answer, std::span<const Match> expected) {
    const Json& words = answer.at("words");
    bool same = words.size() == expected.size();
    for (std::size_t i = 0; same && i < expected.size(); ++i) same = words[i] == std::string(expected[i].key);
    if (!same) throw CommandFailed(kFailure, "another process that mapped the index gave other answers");
}

}  // namespace

void run_demo_worker(const std::string& path, const std::string& word, std::size_t own_trees) {
    KeyedVectors vectors;
    std::unique_ptr<Index> index;
    if (own_trees == 0) {
        vectors = KeyedVectors::open(path);
        index = open_index(path);
    } else {
        vectors = KeyedVectorsBuilder(KeyedVectors::open(path)).finish();
        index = std::make_unique<Forest>(build_forest(vectors, static_cast<int>(own_trees)));
    }
    touch(vectors, *index);
    const std::vector<float> query = vectors.unit_vector(word);
    const std::vector<Term> terms = {Term(std::span<const float>(query))};
    Json words = Json::array();
    for (const Match& match : vectors.most_similar(terms, {.topn = kMatches, .index = index.get()})) {
        words.push_back(std::string(match.key));
    }
    const auto print = [](const Json& line) {
        fmt::print("{}\n", line.dump(-1, ' ', false, Json::error_handler_t::replace));
        std::fflush(stdout);
    };
    print("ready");
    for (std::string line; std::getline(std::cin, line);) {
        const MemoryUse use = own_memory_use();
        print({{"words", words},
               {"private", use.private_bytes},
               {"shared", use.shared_bytes},
               {"proportional", use.proportional}});
    }
}

void Demo::share_memory() {
    out_.section("memory", "5. One index, two more processes");
    const std::string self = own_path();
    const std::string path = file("vectors.kith");
    const std::vector<float> query = vectors_.unit_vector(options_.word);
    const std::vector<Match> expected = vectors_.most_similar(
        std::vector<Term>{Term(std::span<const float>(query))}, {.topn = kMatches, .index = &*forest_});
    Table table{{{"process", ""}, {"private", ""}, {"shared", ""}, {"proportional", "its part"}}, {}};
    {
        Worker first({self, "demo-worker", path, options_.word});
        Worker second({self, "demo-worker", path, options_.word});
        for (Worker* worker : {&first, &second}) {
            const Json use = worker->measure();
            check_answer(use, expected);
            table.rows.push_back(memory_row("maps vectors.kith", use));
        }
    }
    Worker alone({self, "demo-worker", path, options_.word, "--own-trees", std::to_string(forest_->n_trees())});
    const Json use = alone.measure();
    check_answer(use, expected);
    table.rows.push_back(memory_row("has copies of its own", use));
    out_.table("processes", table);
    out_.note(fmt::format("The two that map it search the same {} of words, vectors and index, in memory once.",
                          byte_size(static_cast<double>(file_size(path)))));
    out_.note("Their answers are this process's; so are those of the last, which built its own index.");
}

}  // namespace kith::cli
