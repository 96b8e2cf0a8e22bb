// The options that mean the same in every command, so that they are spelled and explained in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <kith/types.hpp>

#include "session.hpp"

namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace kith::cli {

void add_common(CLI::App& command, CommonOptions& options);  // --json, --quiet
CLI::Option* add_output(CLI::App& command, std::string& path, const std::string& what);
void add_word_vectors(CLI::App& command, std::string& path);  // the positional VECTORS of words
void add_restrict_vocab(CLI::App& command, std::size_t& restrict_vocab);
void add_metric(CLI::App& command, Metric& metric);
void add_annoy_shape(CLI::App& command, Metric& metric, std::size_t& dim);  // what an .ann file does not say
void add_trees(CLI::App& command, std::int32_t& trees);
void add_search_k(CLI::App& command, std::int64_t& search_k);
void add_k(CLI::App& command, std::size_t& k);
void add_threads(CLI::App& command, std::size_t& threads);
void add_seed(CLI::App& command, std::uint64_t& seed);
void add_limit(CLI::App& command, std::size_t& limit);

// Refuses other values; help shows them as {a,b,c}, and shell completion offers them.
void set_choices(CLI::Option* option, const std::vector<std::string>& choices);

// Refuses numbers outside low..high, ends included; help does not show them.
[[nodiscard]] CLI::Validator in_range(std::int64_t low, std::int64_t high);

// Shown below a command's options; one "kith …" example per line.
void set_examples(CLI::App& command, const std::string& examples);

}  // namespace kith::cli
