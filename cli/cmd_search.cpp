#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "id_list.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "stopwatch.hpp"
#include "text_format.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

// Queries between two looks at Ctrl-C and two reports of progress.
constexpr std::size_t kBatch = 1024;

struct SearchCommandOptions {
    std::string index;
    std::vector<std::string> items;
    std::vector<std::string> vectors;
    std::string queries;
    std::string output;
    std::string allow;
    std::optional<float> range;
    bool k_given = false;
    std::size_t limit = 0;
    std::size_t threads = 0;
    AnnoyShape shape;
    SearchOptions search;
    CommonOptions common;
};

// The index, and the names of its items where the file has them.
struct Target {
    std::unique_ptr<Index> index;
    std::optional<KeyedVectors> names;
};

Target open_target(const SearchCommandOptions& options) {
    Target target{open_any_index(options.index, options.shape), std::nullopt};
    if (is_kith_file(options.index) && has_section(options.index, "keys")) {
        target.names = KeyedVectors::open(options.index);
    }
    return target;
}

// A whole number is an id, also where a word is spelled like it; anything else is a word.
Id item_id(const Target& target, const std::string& text, const std::string& path, const char* option = "--item") {
    if (const auto id = parse_id(text)) return *id;
    if (!target.names) {
        throw InvalidArgument(fmt::format("{}: '{}' is not a number, and '{}' holds no words", option, text, path));
    }
    require_word(*target.names, text, path);
    return static_cast<Id>(target.names->row_of(text));
}

// The items that --allow names, one to a line.
IdFilter read_allowed(const Target& target, const SearchCommandOptions& options) {
    const std::vector<Id> ids = read_ids(
        options.allow, [&](const std::string& line) { return item_id(target, line, options.index, "--allow"); });
    return IdFilter::allow(ids, target.index->size());
}

std::vector<float> parse_vector(const std::string& text, std::size_t dim) {
    std::vector<float> values;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (*at == ',' || *at == ' ') {
            ++at;
            continue;
        }
        float value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc{}) {
            throw InvalidArgument(fmt::format("--vector: no number at '{}'; give {} numbers separated by commas",
                                              std::string(at, end).substr(0, 20), dim));
        }
        values.push_back(value);
        at = next;
    }
    if (values.size() != dim) {
        throw InvalidArgument(fmt::format("--vector: {} numbers; the index has {} dimensions", values.size(), dim));
    }
    return values;
}

const char* value_title(Metric metric) {
    return metric == Metric::kDot ? "dot" : "distance";
}

Table neighbor_table(const Target& target, std::span<const Id> ids, std::span<const float> distances) {
    Table table{{{"id", ""}}, {}};
    if (target.names) table.columns.push_back({"key", ""});
    table.columns.push_back({"distance", value_title(target.index->metric())});
    for (std::size_t i = 0; i < ids.size(); ++i) {
        std::vector<Cell> row = {id_cell(ids[i])};
        if (target.names) {
            const auto item = static_cast<std::size_t>(ids[i]);
            row.push_back(text_cell(item < target.names->size() ? target.names->key(item) : ""));
        }
        row.push_back(real_cell(distances[i], 6));
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string without_last_newline(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

// One --item or --vector after the other.
void search_each(Session& session, const Target& target, const SearchCommandOptions& options) {
    Json answers = Json::array();
    const auto show = [&](const std::string& query, const Neighbors& found) {
        throw_if_interrupted();
        const Table table = neighbor_table(target, found.ids, found.distances);
        if (options.items.size() + options.vectors.size() > 1) session.out.note(query);
        if (!session.out.is_json()) session.out.note(without_last_newline(format_table(table)));
        answers.push_back({{"query", query}, {"neighbors", table_json(table)}});
    };
    for (const std::string& item : options.items) {
        const Id id = item_id(target, item, options.index);
        show(item, options.range ? target.index->range_search_item(id, *options.range, options.search)
                                 : target.index->search_item(id, options.search));
    }
    for (const std::string& text : options.vectors) {
        const std::vector<float> vector = parse_vector(text, target.index->dim());
        show(text, options.range ? target.index->range_search(vector, *options.range, options.search)
                                 : target.index->search(vector, options.search));
    }
    session.out.json_only("queries", std::move(answers));
}

// The answers to some queries, one by one.
std::vector<Neighbors> answer(const Index& index, MatrixView<const float> queries,
                              const SearchCommandOptions& options) {
    if (options.range) return index.range_search_batch(queries, *options.range, options.search, options.threads);
    const NeighborTable table = index.search_batch(queries, options.search, options.threads);
    std::vector<Neighbors> found(table.rows);
    for (std::size_t row = 0; row < table.rows; ++row) {
        found[row].ids.assign(table.row_ids(row).begin(), table.row_ids(row).end());
        found[row].distances.assign(table.row_distances(row).begin(), table.row_distances(row).end());
    }
    return found;
}

// Searches kBatch rows at a time; `take` gets each part with the number of its first row.
template <class Take>
void search_batches(Session& session, const Index& index, const Matrix& queries,
                    const SearchCommandOptions& options, const Take& take) {
    const ProgressFn progress = session.meter.callback();
    const Stopwatch watch;
    double searching = 0;
    for (std::size_t first = 0; first < queries.rows(); first += kBatch) {
        const std::size_t count = std::min(kBatch, queries.rows() - first);
        const Stopwatch batch;
        const auto found = answer(index, queries.view().slice(first, count), options);
        searching += batch.seconds();
        take(first, found);
        Progress now;
        now.stage = "searching";
        now.done = first + count;
        now.total = queries.rows();
        now.seconds = watch.seconds();
        if (!progress(now)) throw Cancelled("interrupted");
    }
    session.say(
        fmt::format("{} queries in {}, {} per second", with_commas(queries.rows()), duration(searching),
                    with_commas(static_cast<std::uint64_t>(static_cast<double>(queries.rows()) / searching))));
}

void write_ids(Session& session, const Index& index, const Matrix& queries, const SearchCommandOptions& options) {
    IntMatrix ids{queries.rows(), std::min(options.search.k, index.size()), {}};
    ids.values.reserve(ids.rows * ids.cols);
    search_batches(session, index, queries, options, [&](std::size_t, const std::vector<Neighbors>& found) {
        for (const Neighbors& each : found) {
            for (const Id id : each.ids) ids.values.push_back(static_cast<std::int32_t>(id));
            ids.values.resize(ids.values.size() + ids.cols - each.size(), static_cast<std::int32_t>(kNoId));
        }
    });
    write_ivecs(options.output, ids);
    session.out.field("queries", count_cell(queries.rows()));
    session.out.field("output", text_cell(options.output), "written to");
}

void print_batches(Session& session, const Target& target, const Matrix& queries,
                   const SearchCommandOptions& options) {
    Json answers = Json::array();
    session.out.note(
        fmt::format("query\tid\t{}{}", target.names ? "key\t" : "", value_title(target.index->metric())));
    const auto print = [&](std::size_t first, const std::vector<Neighbors>& found) {
        session.meter.finish();
        for (std::size_t row = 0; row < found.size(); ++row) {
            const Table table = neighbor_table(target, found[row].ids, found[row].distances);
            if (session.out.is_json()) {
                answers.push_back({{"query", first + row}, {"neighbors", table_json(table)}});
                continue;
            }
            for (const auto& cells : table.rows) {
                std::string line = std::to_string(first + row);
                for (const Cell& cell : cells) line += '\t' + cell.text;
                session.out.note(line);
            }
        }
    };
    search_batches(session, *target.index, queries, options, print);
    session.out.json_only("queries", std::move(answers));
}

void run_search(SearchCommandOptions options) {
    if (options.items.empty() && options.vectors.empty() && options.queries.empty()) {
        throw InvalidArgument("nothing to search for: give --item, --vector or --queries");
    }
    if (!options.output.empty()) {
        check_output(options.output);
        if (options.queries.empty() || !options.output.ends_with(".ivecs")) {
            throw InvalidArgument("--output takes the ids that --queries finds, as .ivecs");
        }
        if (options.range) throw InvalidArgument("--output: .ivecs rows have one length; --range finds any number");
    }
    if (options.search.exclude_self && !options.queries.empty()) {
        throw InvalidArgument("--exclude-self is for --item; the queries of a file are no items");
    }
    if (options.range && !options.k_given) options.search.k = kAll;
    Session session(options.common);
    const Target target = open_target(options);
    std::optional<IdFilter> allowed;
    if (!options.allow.empty()) options.search.filter = &allowed.emplace(read_allowed(target, options));
    if (!options.queries.empty()) {
        const Matrix queries = read_matrix(options.queries, read_options(session, options.limit, options.threads));
        session.meter.finish();
        if (queries.cols() != target.index->dim()) {
            throw InvalidArgument(fmt::format("'{}' has {} dimensions; the index '{}' has {}", options.queries,
                                              queries.cols(), options.index, target.index->dim()));
        }
        if (options.output.empty()) {
            print_batches(session, target, queries, options);
        } else {
            write_ids(session, *target.index, queries, options);
        }
    } else {
        search_each(session, target, options);
    }
    session.meter.finish();
    session.out.finish();
}

}  // namespace

void add_search(CLI::App& app) {
    CLI::App* command = app.add_subcommand("search", "Find the nearest items in an index");
    auto options = std::make_shared<SearchCommandOptions>();
    command->add_option("INDEX", options->index, "A .kith index, or an .ann file with --metric and --dim")
        ->required()
        ->type_name("");
    CLI::Option* item =
        command->add_option("--item", options->items, "The neighbours of this item: its number or its word")
            ->type_name("ID")
            ->take_all();
    CLI::Option* vector =
        command
            ->add_option("--vector", options->vectors, "The neighbours of this vector: numbers separated by commas")
            ->type_name("X,X,…")
            ->take_all();
    command->add_option("--queries", options->queries, "A file of query vectors, in any known format")
        ->type_name("FILE")
        ->excludes(item)
        ->excludes(vector);
    add_k(*command, options->search.k);
    command
        ->add_option("--range", options->range,
                     "All within this distance (dot: all of at least this product) instead of the nearest; -k then "
                     "limits how many")
        ->type_name("R");
    command->add_option("--allow", options->allow, "Only these items: a file of numbers or words, one to a line")
        ->type_name("FILE");
    command->add_flag("--exclude-self", options->search.exclude_self, "Leave out the item that --item names");
    add_search_k(*command, options->search.search_k);
    command
        ->add_option("--recall", options->search.recall,
                     "Share of the true neighbours to find, for coded indexes; 0 means 0.95")
        ->type_name("R")
        ->check(CLI::Range(0.0, 1.0).description(""));
    command
        ->add_option("--ef", options->search.ef, "Vertices of a graph to keep in sight; -1 leaves it to --recall")
        ->type_name("N")
        ->check(in_range(-1, std::int64_t{1} << 31))
        ->excludes("--search-k");
    add_annoy_shape(*command, options->shape.metric, options->shape.dim);
    command->add_option("--limit", options->limit, "Use only the first N queries of the file; 0 means all")
        ->type_name("N")
        ->capture_default_str();
    add_threads(*command, options->threads);
    add_output(*command, options->output, "With --queries: write the ids as .ivecs instead of printing");
    add_common(*command, options->common);
    set_examples(*command,
                 "kith search glove.kith --item science -k 5\n"
                 "kith search words.ann --metric angular --dim 100 --item 1234 --search-k 10000\n"
                 "kith search glove.kith --item science --range 0.7 --allow nouns.txt --exclude-self\n"
                 "kith search images.kith --queries test.npy -k 10 -o found.ivecs");
    command->callback([options, command] {
        options->k_given = command->count("--neighbors") > 0;
        run_search(*options);
    });
}

}  // namespace kith::cli
