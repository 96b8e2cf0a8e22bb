// .kith files of every kind: indexes, named vectors, models.
#include <cmath>
#include <filesystem>
#include <numeric>

#include <kith/coded_forest.hpp>
#include <kith/doc2vec.hpp>
#include <kith/dynamic.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/open.hpp>
#include <kith/tagged_corpus.hpp>
#include <kith/word2vec.hpp>

#include "hostile/subject.hpp"
#include "hostile/use_index.hpp"

namespace kith::hostile {
namespace {

constexpr Metric kMetrics[] = {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot,
                               Metric::kHamming};
constexpr Scalar kNarrow[] = {Scalar::kFloat16, Scalar::kInt8, Scalar::kUint8};
constexpr std::string_view kText =
    "one two three four five six\nseven eight one two three\nfour five six seven eight nine ten\n"
    "one three five seven nine one two\ntwo four six eight ten two one\n";

MatrixView<const float> rows_of(const std::vector<float>& values, std::size_t dim) {
    return {values.data(), values.size() / dim, dim};
}

std::vector<std::string> keys_of(std::size_t rows) {
    std::vector<std::string> keys(rows);
    for (std::size_t row = 0; row < rows; ++row) keys[row] = "key" + std::to_string(row);
    return keys;
}

void use_words(const KeyedVectors& words, std::size_t file_size) {
    if (words.size() > file_size) throw std::logic_error("more words than the file has bytes");
    if (words.empty()) return;
    for (const std::size_t row : {std::size_t{0}, words.size() / 2, words.size() - 1}) {
        attempt([&] { (void)words.row_of(words.key(row)); });
        attempt([&] { (void)words.most_similar(words.key(row), {.topn = 3}); });
        attempt([&] { (void)words.unit_vector(row); });
    }
    (void)words.find("key1");
    (void)words.find("no such key");
    (void)words.keys();
    attempt([&] { (void)words.sorted_by_count(); });
}

// Grows and shrinks too: what a file says goes into the graphs that are built then.
void use_dynamic(DynamicIndex index, std::size_t file_size) {
    use_index(index, file_size);
    std::vector<float> rows(3 * index.dim(), 0.5F);
    rows.front() = 1;
    attempt([&] { index.add(rows_of(rows, index.dim())); });
    attempt([&] { index.remove(std::vector<Id>{0}); });
    attempt([&] { index.compact(); });
    use_index(index, file_size);
}

// A file may open as a thing it was not written as: all ways are tried on all files.
int use(const std::string& path) {
    const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
    int accepted = attempt([&] { (void)inspect(path); });
    accepted += attempt([&] { (void)verify(path); });
    accepted += attempt([&] { use_index(*open_index(path), size); });
    accepted += attempt([&] { use_index(FlatIndex::open(path), size); });
    accepted += attempt([&] { use_dynamic(DynamicIndex::open(path, {}, 1), size); });
    accepted += attempt([&] { use_words(KeyedVectors::open(path), size); });
    accepted += attempt([&] {
        const Word2Vec model = Word2Vec::open(path);
        use_words(model.vectors(), size);
    });
    accepted += attempt([&] {
        const Doc2Vec model = Doc2Vec::load(path);
        use_words(model.document_vectors(), size);
        const std::string_view document[] = {"one", "two", "no such word"};
        (void)model.infer(document, {.epochs = 1, .threads = 1});
    });
    return accepted;
}

std::vector<std::string> flat_files() {
    std::vector<std::string> files;
    const std::vector<float> values = numbers(20 * 6);
    for (const Metric metric : kMetrics) {
        files.push_back(
            written(".kith", [&](const auto& path) { FlatIndex(rows_of(values, 6), metric).save(path); }));
    }
    return files;
}

std::vector<std::string> forest_files() {
    std::vector<std::string> files;
    const std::vector<float> values = numbers(60 * 6);
    for (const Metric metric : kMetrics) {
        ForestBuilder builder({.metric = metric, .dim = 6});
        builder.add(rows_of(values, 6), 0);
        builder.build(2, 1);
        files.push_back(written(".kith", [&](const auto& path) { builder.forest().save(path); }));
    }
    return files;
}

// Numbers that only such elements hold, so that an index keeps these.
std::vector<float> numbers_of(Scalar scalar, std::size_t count) {
    std::vector<float> values = numbers(count);
    for (float& x : values) {
        if (scalar == Scalar::kFloat32) x /= 3;
        if (scalar == Scalar::kInt8) x = std::round(32 * x);
        if (scalar == Scalar::kUint8) x = std::abs(std::round(64 * x));
    }
    return values;
}

std::string coded_file(Metric metric, Scalar scalar, bool compress = false) {
    const std::vector<float> values = numbers_of(scalar, 200 * 8);
    const CodedForest forest = CodedForest::build(
        rows_of(values, 8),
        {.metric = metric, .leaf_size = 32, .compress = compress, .calibration_queries = 20, .threads = 1});
    return written(".kith", [&](const auto& path) { forest.save(path); });
}

std::vector<std::string> coded_files() {
    std::vector<std::string> files;
    for (const Metric metric : kMetrics) files.push_back(coded_file(metric, Scalar::kFloat32));
    for (const Scalar scalar : kNarrow) files.push_back(coded_file(Metric::kEuclidean, scalar));
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        files.push_back(coded_file(metric, Scalar::kFloat32, true));
    }
    return files;
}

std::string graph_file(Metric metric, Scalar scalar, std::size_t short_dim, bool compress = false) {
    const std::vector<float> values = numbers_of(scalar, 100 * 8);
    const GraphIndex graph = GraphIndex::build(rows_of(values, 8), {.metric = metric,
                                                                    .degree = 6,
                                                                    .short_dim = short_dim,
                                                                    .compress = compress,
                                                                    .calibration_queries = 20,
                                                                    .threads = 1});
    return written(".kith", [&](const auto& path) { graph.save(path); });
}

std::vector<std::string> graph_files() {
    std::vector<std::string> files;
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        for (const std::size_t short_dim : {0, 5}) files.push_back(graph_file(metric, Scalar::kFloat32, short_dim));
    }
    for (const Scalar scalar : kNarrow) files.push_back(graph_file(Metric::kAngular, scalar, 5));
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan}) {
        files.push_back(graph_file(metric, Scalar::kFloat32, 0, true));
    }
    // Without short rows.
    const std::vector<float> values = numbers(40 * 8);
    for (const Metric metric : {Metric::kAngular, Metric::kEuclidean, Metric::kDot}) {
        const GraphIndex graph =
            GraphIndex::build(rows_of(values, 8), {.metric = metric, .calibration_queries = 20});
        files.push_back(written(".kith", [&](const auto& path) { graph.save(path); }));
    }
    return files;
}

// A graph with items gone from it, others that wait, and one more that is empty.
std::vector<std::string> dynamic_files() {
    std::vector<std::string> files;
    const std::vector<float> values = numbers(40 * 6);
    for (const Metric metric : kMetrics) {
        DynamicIndex index(6, {.graph = {.metric = metric, .degree = 4, .threads = 1}, .buffer = 16});
        const auto save = [&] { files.push_back(written(".kith", [&](const auto& path) { index.save(path); })); };
        if (metric == Metric::kAngular) save();
        index.add(rows_of(values, 6).slice(0, 30));
        index.add(rows_of(values, 6).slice(30, 10));
        index.remove(std::vector<Id>{3, 33});
        save();
    }
    return files;
}

std::vector<std::string> keyed_files() {
    const std::vector<float> values = numbers(30 * 5);
    const std::vector<std::string> keys = keys_of(30);
    std::vector<std::uint64_t> counts(30);
    std::iota(counts.rbegin(), counts.rend(), 1);
    const KeyedVectors words(keys, rows_of(values, 5), counts);
    const Forest forest = build_forest(words, 2, 1);
    return {written(".kith", [&](const auto& path) { words.save(path); }),
            written(".kith", [&](const auto& path) { words.save(path, &forest, "{\"a\":1}"); })};
}

std::vector<std::string> word2vec_files() {
    std::vector<std::string> files;
    CorpusBuilder builder;
    builder.add_text(kText);
    const Corpus corpus = builder.finish();
    for (const bool tree : {false, true}) {
        Word2VecOptions options;
        options.vector_size = 5;
        options.min_count = 1;
        options.epochs = 1;
        options.threads = 1;
        options.hierarchical_softmax = tree;
        if (tree) options.negative = 0;
        const Word2Vec model = Word2Vec::train(corpus, options);
        files.push_back(written(".kith", [&](const auto& path) { model.save(path, "notes"); }));
    }
    return files;
}

std::vector<std::string> doc2vec_files() {
    std::vector<std::string> files;
    CorpusBuilder builder;
    builder.add_text(kText);
    const TaggedCorpus corpus{builder.finish()};
    for (const Combination combination : {Combination::kMean, Combination::kConcatenated}) {
        Doc2VecOptions options;
        options.vector_size = 4;
        options.window = 2;
        options.min_count = 1;
        options.epochs = 1;
        options.threads = 1;
        options.combination = combination;
        const Doc2Vec model = Doc2Vec::train(corpus, options);
        files.push_back(written(".kith", [&](const auto& path) { model.save(path); }));
    }
    return files;
}

}  // namespace

void add_kith_subjects(std::vector<Subject>& list) {
    list.push_back({"kith_flat", flat_files, use, true});
    list.push_back({"kith_forest", forest_files, use, true});
    list.push_back({"kith_coded", coded_files, use, true});
    list.push_back({"kith_graph", graph_files, use, true});
    list.push_back({"kith_dynamic", dynamic_files, use, true});
    list.push_back({"kith_keyed", keyed_files, use, true});
    list.push_back({"kith_word2vec", word2vec_files, use, true});
    list.push_back({"kith_doc2vec", doc2vec_files, use, true});
}

}  // namespace kith::hostile
