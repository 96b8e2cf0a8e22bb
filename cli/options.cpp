#include "options.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <sstream>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

constexpr const char* kReporting = "Reporting";

}  // namespace

void add_common(CLI::App& command, CommonOptions& options) {
    command.add_flag("--json", options.json, "Answer with one JSON document on stdout")->group(kReporting);
    command.add_flag("-q,--quiet", options.quiet, "No progress on stderr")->group(kReporting);
}

CLI::Option* add_output(CLI::App& command, std::string& path, const std::string& what) {
    return command.add_option("-o,--output", path, what)->type_name("FILE");
}

void add_word_vectors(CLI::App& command, std::string& path) {
    command.add_option("VECTORS", path, "Word vectors: .kith, .bin, .txt, GloVe, plain or .gz")
        ->required()
        ->type_name("");
}

void add_restrict_vocab(CLI::App& command, std::size_t& restrict_vocab) {
    command.add_option("--restrict-vocab", restrict_vocab, "Answers from the first N words only; 0 means all")
        ->type_name("N")
        ->capture_default_str();
}

void add_metric(CLI::App& command, Metric& metric) {
    std::string names;
    for (const Metric known : all_metrics()) {
        if (!names.empty()) names += ',';
        names += name(known);
    }
    command
        .add_option_function<std::string>(
            "-m,--metric", [&metric](const std::string& text) { metric = parse_metric(text); },
            "What near means; aliases such as cosine and l2 work too")
        ->type_name("{" + names + "}")
        ->default_str(std::string(name(metric)));
}

void add_annoy_shape(CLI::App& command, Metric& metric, std::size_t& dim) {
    add_metric(command, metric);
    command.add_option("--dim", dim, "Dimensions of an .ann file, which does not say them")->type_name("N");
}

void add_trees(CLI::App& command, std::int32_t& trees) {
    command
        .add_option("-t,--trees", trees,
                    "Trees in the forest: more find more and take more room; -1 grows until they take as much room "
                    "as the vectors")
        ->type_name("N")
        ->check(in_range(-1, 1'000'000))
        ->capture_default_str();
}

void add_search_k(CLI::App& command, std::int64_t& search_k) {
    command
        .add_option("--search-k", search_k,
                    "Candidates to inspect: more find more, slower; -1 means k times the trees")
        ->type_name("N")
        ->check(in_range(-1, std::int64_t{1} << 40))
        ->capture_default_str();
}

void add_k(CLI::App& command, std::size_t& k) {
    command.add_option("-k,--neighbors", k, "Neighbours wanted")
        ->type_name("N")
        ->check(in_range(1, std::int64_t{1} << 31))
        ->capture_default_str();
}

void add_threads(CLI::App& command, std::size_t& threads) {
    command.add_option("-j,--threads", threads, "Threads to use; 0 means one per core")
        ->type_name("N")
        ->check(in_range(0, 4096))
        ->capture_default_str();
}

void add_seed(CLI::App& command, std::uint64_t& seed) {
    command.add_option("--seed", seed, "Seed of the random numbers")->type_name("N")->capture_default_str();
}

void add_limit(CLI::App& command, std::size_t& limit) {
    command.add_option("--limit", limit, "Use only the first N vectors of the file; 0 means all")
        ->type_name("N")
        ->capture_default_str();
}

void set_choices(CLI::Option* option, const std::vector<std::string>& choices) {
    option->type_name(fmt::format("{{{}}}", fmt::join(choices, ",")));
    option->check(CLI::IsMember(choices).description(""));
}

CLI::Validator in_range(std::int64_t low, std::int64_t high) {
    return CLI::Range(low, high).description("");
}

void set_examples(CLI::App& command, const std::string& examples) {
    std::string footer = "Examples:";
    std::istringstream lines(examples);
    for (std::string line; std::getline(lines, line);) footer += "\n  " + line;
    command.footer(footer);
}

}  // namespace kith::cli
