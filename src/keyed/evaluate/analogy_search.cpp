#include "keyed/evaluate/analogy_search.hpp"

#include <algorithm>
#include <mutex>

#include <kith/matrix.hpp>

#include "base/parallel.hpp"
#include "keyed/scan.hpp"
#include "keyed/store.hpp"

namespace kith::keyed {
namespace {

// What the cosines of one block of rows with all words may take: most of a second-level cache.
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kMinBlock = 64;

// The rows that questions name, each once, and their unit vectors.
struct Words {
    std::vector<std::size_t> rows;
    Matrix units;

    [[nodiscard]] std::size_t number_of(std::size_t row) const noexcept {
        return static_cast<std::size_t>(std::ranges::lower_bound(rows, row) - rows.begin());
    }
};

Words words_of(const KeyedVectors& vectors, std::span<const Analogy> questions) {
    Words words;
    for (const Analogy& question : questions) {
        words.rows.insert(words.rows.end(), {question.a, question.b, question.c});
    }
    std::ranges::sort(words.rows);
    words.rows.erase(std::unique(words.rows.begin(), words.rows.end()), words.rows.end());
    words.units = Matrix(words.rows.size(), vectors.dim());
    for (std::size_t i = 0; i < words.rows.size(); ++i) {
        std::ranges::copy(vectors.unit_vector(words.rows[i]), words.units.row(i).begin());
    }
    return words;
}

void combine(AnalogyMethod method, const float* a, const float* b, const float* c, std::size_t count, float* out) {
    if (method == AnalogyMethod::kAdd) {
        for (std::size_t i = 0; i < count; ++i) out[i] = b[i] + c[i] - a[i];
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            out[i] = ((1 + b[i]) / 2) * ((1 + c[i]) / 2) / ((1 + a[i]) / 2 + 0.000001F);
        }
    }
}

std::vector<std::size_t> without_question(const Analogy& question, std::span<const Candidate> best) {
    std::vector<std::size_t> rows;
    for (const Candidate& candidate : best) {
        const auto row = static_cast<std::size_t>(candidate.id);
        if (row == question.a || row == question.b || row == question.c) continue;
        if (rows.size() < kAnalogyCandidates) rows.push_back(row);
    }
    return rows;
}

}  // namespace

std::vector<std::vector<std::size_t>> search_analogies(const KeyedVectors& vectors, std::size_t rows,
                                                       std::span<const Analogy> questions, AnalogyMethod method,
                                                       std::size_t threads,
                                                       const std::function<void(double)>& progress) {
    const Words words = words_of(vectors, questions);
    const std::size_t block_rows = std::clamp(
        kBlockBytes / (sizeof(float) * std::max<std::size_t>(words.rows.size(), 1)), kMinBlock, kScanBlock);
    threads = resolve_threads(threads);
    std::vector<std::vector<TopK>> best(threads);
    std::vector<std::vector<float>> cosines(threads);
    std::vector<Analogy> numbered;
    numbered.reserve(questions.size());
    for (const Analogy& question : questions) {
        numbered.push_back({words.number_of(question.a), words.number_of(question.b), words.number_of(question.c)});
    }
    std::mutex mutex;
    std::size_t done = 0;
    parallel_ranges(rows, block_rows, threads, [&](std::size_t first, std::size_t last, std::size_t worker) {
        std::vector<float>& series = cosines[worker];
        if (series.empty()) {
            series.resize(words.rows.size() * block_rows);
            best[worker].assign(questions.size(), TopK(kAnalogyCandidates + 3));
        }
        const Cosines score(Store::of(vectors));
        for (std::size_t i = 0; i < words.rows.size(); ++i) {
            score(words.units.row(i), {first, last}, series.data() + i * block_rows);
        }
        alignas(64) float scores[kScanBlock];
        for (std::size_t i = 0; i < numbered.size(); ++i) {
            const auto of = [&](std::size_t word) { return series.data() + word * block_rows; };
            combine(method, of(numbered[i].a), of(numbered[i].b), of(numbered[i].c), last - first, scores);
            push_scores({scores, last - first}, first, best[worker][i]);
        }
        const std::lock_guard lock(mutex);
        done += last - first;
        progress(static_cast<double>(done) / static_cast<double>(rows));
    });
    std::vector<std::vector<std::size_t>> answers(questions.size());
    for (std::size_t i = 0; i < questions.size(); ++i) {
        TopK all(kAnalogyCandidates + 3);
        for (std::vector<TopK>& of_worker : best) {
            if (of_worker.empty()) continue;
            for (const Candidate& candidate : of_worker[i].sorted()) all.push(candidate.rank, candidate.id);
        }
        answers[i] = without_question(questions[i], all.sorted());
    }
    return answers;
}

}  // namespace kith::keyed
