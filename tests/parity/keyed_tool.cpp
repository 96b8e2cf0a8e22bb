// Answers questions about vectors, line by line, so that a script can compare the answers with another library's.
//
//   keyed_tool convert IN OUT [FORMAT]
//   keyed_tool analogies VECTORS QUESTIONS add|mul RESTRICT
//   keyed_tool pairs VECTORS PAIRS
//   keyed_tool ask VECTORS        questions on standard input, one a line, an answer of tab-separated fields each:
//       similar TOPN RESTRICT KEY… -KEY…      cosmul TOPN RESTRICT KEY… -KEY…      batch TOPN KEY…
//       odd KEY…      similarity A B      rank A B      nsim A B C D (A B against C D)      given A KEY…
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <kith/evaluate.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/vector_formats.hpp>

namespace {

using Words = std::vector<std::string>;

Words split(const std::string& line) {
    std::istringstream in(line);
    Words words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::string show(const std::vector<kith::Match>& matches) {
    std::string out;
    for (const kith::Match& match : matches) out += fmt::format("{}\t{:.8f}\t", match.key, match.score);
    return out;
}

std::string similar(const kith::KeyedVectors& vectors, const Words& words) {
    const kith::SimilarOptions options{.topn = std::stoul(words[1]), .restrict_vocab = std::stoul(words[2])};
    std::vector<kith::Term> terms;
    for (std::size_t i = 3; i < words.size(); ++i) {
        const bool negative = words[i].starts_with('-') && words[i].size() > 1;
        terms.emplace_back(std::string_view(words[i]).substr(negative ? 1 : 0), negative ? -1.0F : 1.0F);
    }
    return show(words[0] == "similar" ? vectors.most_similar(terms, options)
                                      : vectors.most_similar_cosmul(terms, options));
}

std::string batch(const kith::KeyedVectors& vectors, const Words& words) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 2; i < words.size(); ++i) rows.push_back(vectors.row_of(words[i]));
    const kith::NeighborTable table = vectors.most_similar_batch(rows, {.topn = std::stoul(words[1])});
    std::string out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < table.counts[i]; ++j) {
            out += fmt::format("{}\t{:.8f}\t", vectors.key(static_cast<std::size_t>(table.row_ids(i)[j])),
                               table.row_distances(i)[j]);
        }
    }
    return out;
}

std::string answer(const kith::KeyedVectors& vectors, const Words& words) {
    const Words rest(words.begin() + 1, words.end());
    const std::vector<kith::Term> terms(rest.begin(), rest.end());
    if (words[0] == "similar" || words[0] == "cosmul") return similar(vectors, words);
    if (words[0] == "batch") return batch(vectors, words);
    if (words[0] == "odd") return vectors.doesnt_match(rest);
    if (words[0] == "similarity") return fmt::format("{:.8f}", vectors.similarity(terms[0], terms[1]));
    if (words[0] == "rank") return fmt::format("{}", vectors.rank(rest[0], rest[1]));
    if (words[0] == "nsim") {
        const std::span<const kith::Term> all(terms);
        return fmt::format("{:.8f}", vectors.n_similarity(all.first(2), all.subspan(2)));
    }
    if (words[0] == "given") {
        return rest[1 + vectors.most_similar_to_given(terms[0], std::span(terms).subspan(1))];
    }
    return "unknown question";
}

void print_section(const kith::AnalogySection& section) {
    fmt::print("{}\t{}\t{}\t{}\n", section.name, section.correct, section.incorrect, section.unknown);
}

int run(const Words& args) {
    const std::string& command = args[0];
    const kith::KeyedVectors vectors = kith::read_keyed_vectors(args[1]);
    if (command == "convert") {
        kith::WriteOptions options;
        if (args.size() > 3) options.format = kith::parse_vector_format(args[3]);
        kith::write_keyed_vectors(args[2], vectors, options);
    } else if (command == "analogies") {
        kith::AnalogyOptions options{.restrict_vocab = std::stoul(args[4])};
        if (args[3] == "mul") options.method = kith::AnalogyMethod::kMultiply;
        const kith::AnalogyReport report = kith::evaluate_analogies(vectors, args[2], options);
        for (const kith::AnalogySection& section : report.sections) print_section(section);
        print_section(report.total);
    } else if (command == "pairs") {
        const kith::WordPairReport report = kith::evaluate_word_pairs(vectors, args[2]);
        fmt::print("{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\t{:.17g}\n", report.pearson.coefficient,
                   report.pearson.p_value, report.spearman.coefficient, report.spearman.p_value,
                   report.unknown_percent);
    } else if (command == "ask") {
        for (std::string line; std::getline(std::cin, line);) fmt::print("{}\n", answer(vectors, split(line)));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(Words(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
