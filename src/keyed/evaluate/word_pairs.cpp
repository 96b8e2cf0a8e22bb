
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include <kith/error.hpp>
#include <kith/evaluate.hpp>

#include "base/format.hpp"
#include "keyed/evaluate/word_list.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

struct Pair {
    std::string_view a;
    std::string_view b;
    double score;
};

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::optional<Pair> parse_pair(std::string_view line, char delimiter) noexcept {
    const std::size_t first = line.find(delimiter);
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = line.find(delimiter, first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const std::string_view number = trimmed(line.substr(second + 1));
    Pair pair{line.substr(0, first), line.substr(first + 1, second - first - 1), 0};
    const auto [last, error] = std::from_chars(number.data(), number.data() + number.size(), pair.score);
    if (error != std::errc() || last != number.data() + number.size() || !std::isfinite(pair.score)) {
        return std::nullopt;
    }
    return pair;
}

}  // namespace

WordPairReport evaluate_word_pairs(const KeyedVectors& vectors, const std::string& path,
                                   const WordPairOptions& options) {
    const keyed::WordList words(vectors, options.restrict_vocab,
                                options.case_insensitive ? keyed::Spelling::kUpperCase : keyed::Spelling::kAsIs);
    WordPairReport report;
    std::vector<double> human;
    std::vector<double> model;
    storage::StreamReader reader(path);
    while (const std::optional<std::string_view> line = reader.line()) {
        if (line->starts_with('#') || trimmed(*line).empty()) continue;
        const std::optional<Pair> pair = parse_pair(*line, options.delimiter);
        if (!pair) {
            ++report.malformed_lines;
            continue;
        }
        const std::optional<std::size_t> a = words.row_of(words.spell(pair->a));
        const std::optional<std::size_t> b = words.row_of(words.spell(pair->b));
        const bool known = a && b;
        if (!known) ++report.unknown;
        if (!known && !options.dummy4unknown) continue;
        human.push_back(pair->score);
        model.push_back(known ? vectors.similarity(Term::row(*a), Term::row(*b)) : 0.0F);
    }
    if (human.empty()) {
        throw InvalidArgument(
            formatted("'{}' has no pair of known words with a score, separated by '{}'", path,
                      options.delimiter == '\t' ? std::string("\\t") : std::string(1, options.delimiter)));
    }
    report.pairs = human.size();
    report.pearson = pearson(human, model);
    report.spearman = spearman(human, model);
    if (!options.dummy4unknown) {
        report.unknown_percent =
            100.0 * static_cast<double>(report.unknown) / static_cast<double>(report.unknown + report.pairs);
    }
    return report;
}

}  // namespace kith
