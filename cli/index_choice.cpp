#include "index_choice.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include <kith/forest.hpp>
#include <kith/open.hpp>

#include "options.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

constexpr std::size_t kCandidatesPerTree = 100;

}  // namespace

void add_index_choice(CLI::App& command, IndexChoice& choice) {
    const char* group = "Index";
    CLI::Option* index =
        command.add_option("--index", choice.index, "Search through this index of the same vectors")
            ->group(group)
            ->type_name("FILE");
    CLI::Option* trees = command.add_option("-t,--trees", choice.trees, "Build a forest of so many trees now")
                             ->group(group)
                             ->type_name("N")
                             ->check(in_range(1, 1'000'000))
                             ->excludes(index);
    command.add_flag("--exact", choice.exact, "Compare with every vector, even when the file holds an index")
        ->group(group)
        ->excludes(index)
        ->excludes(trees);
    command
        .add_option(
            "--search-k", choice.search_k,
            "Candidates to inspect: more find more, slower; -1 means 100 per tree, or k per tree if that is more")
        ->group(group)
        ->type_name("N")
        ->check(in_range(-1, std::int64_t{1} << 40))
        ->capture_default_str();
}

std::unique_ptr<Index> choose_index(Session& session, const KeyedVectors& vectors, const std::string& path,
                                    const IndexChoice& choice, std::size_t threads) {
    if (choice.exact) return nullptr;
    if (!choice.index.empty()) return open_any_index(choice.index, {Metric::kAngular, vectors.dim()});
    if (choice.trees > 0) {
        auto forest = std::make_unique<Forest>(
            build_forest(vectors, choice.trees, threads, kDefaultForestSeed, session.meter.callback()));
        session.meter.finish();
        return forest;
    }
    if (!is_kith_file(path)) return nullptr;
    const FileInfo info = inspect(path);
    const bool usable =
        info.kind != IndexKind::kNone && info.metric == Metric::kAngular && info.count == vectors.size();
    return usable ? open_index(path) : nullptr;
}

std::int64_t effort(const IndexChoice& choice, const Index* index, std::size_t k) {
    const auto* forest = dynamic_cast<const Forest*>(index);
    if (choice.search_k >= 0 || forest == nullptr) return choice.search_k;
    return static_cast<std::int64_t>(std::max<std::size_t>(k, kCandidatesPerTree) * forest->n_trees());
}

void put_step(Output& out, const Index& index) {
    const float step = index.step();
    if (step == 0) return;
    const std::string_view label = index.metric() == Metric::kAngular ? "largest step" : "step";
    out.field("step", {step, fmt::format("{:.4g}", step), true}, fmt::format("compressed, {}", label));
}

Table match_table(const std::vector<Match>& matches, std::string_view score) {
    Table table{{{"word", ""}, {std::string(score), ""}}, {}};
    for (const Match& match : matches) table.rows.push_back({text_cell(match.key), real_cell(match.score)});
    return table;
}

}  // namespace kith::cli
