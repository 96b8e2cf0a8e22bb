// The tutorial as one command: from raw text to nearest words, step by step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/forest.hpp>
#include <kith/keyed_vectors.hpp>

#include "session.hpp"

namespace kith::cli {

struct DemoOptions {
    std::string corpus;  // empty: find one
    std::string output_dir = "kith-demo";
    std::string word = "science";
    bool quick = false;
    std::size_t threads = 0;
    CommonOptions common;
};

// Each step prints its part; one that finds an answer different from what it must be throws CommandFailed.
class Demo {
public:
    Demo(Session& session, DemoOptions options);

    void run();

private:
    void train();
    void build_and_compare();
    void time_queries();
    void save_and_load();
    void share_memory();
    void exchange_formats();
    void plot_tuning();

    [[nodiscard]] std::string file(const std::string& name) const;

    // The neighbours of a word's vector, itself the first, through the index or, with null, exactly.
    [[nodiscard]] std::vector<Match> neighbors_of(const KeyedVectors& vectors, const std::string& word,
                                                  const Index* index) const;

    Session& session_;
    Output& out_;
    DemoOptions options_;
    KeyedVectors vectors_;
    std::optional<Forest> forest_;
};

// What the demo's other processes run: maps the vectors and the index in `path`, searches, and, at each line that
// it reads from stdin, prints one line of JSON about its memory. With `own_trees` > 0 it builds an index of its own
// instead.
void run_demo_worker(const std::string& path, const std::string& word, std::size_t own_trees);

// Throws CommandFailed, naming `what`, unless both hold the same keys with the same scores, bit for bit.
void require_identical(std::span<const Match> found, std::span<const Match> expected, const std::string& what);

}  // namespace kith::cli
