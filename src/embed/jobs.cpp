#include "embed/jobs.hpp"

#include <algorithm>
#include <limits>

namespace kith::embed {
namespace {

void choose_windows(const Word2VecOptions& options, std::size_t begin, Random& random, JobText& text) {
    const std::size_t end = text.rows.size();
    constexpr std::size_t kLargest = std::numeric_limits<std::uint32_t>::max() / 2;
    const std::size_t largest = std::min(options.window, kLargest);
    for (std::size_t at = begin; at < end; ++at) {
        const std::size_t reach =
            options.shrink_windows ? 1 + random.below32(static_cast<std::uint32_t>(largest)) : largest;
        text.windows.push_back({static_cast<std::uint32_t>(at - begin > reach ? at - reach : begin),
                                static_cast<std::uint32_t>(std::min(at + reach + 1, end))});
    }
}

}  // namespace

std::vector<Job> make_jobs(const Corpus& corpus) {
    const std::uint64_t words = std::clamp<std::uint64_t>(corpus.words() / 128, 100, 10'000);
    std::vector<Job> jobs;
    const auto ends = corpus.ends();
    std::uint64_t first_word = 0;
    for (std::size_t first = 0; first < ends.size();) {
        std::size_t last = first;
        do ++last;
        while (last < ends.size() && ends[last] - first_word <= words);
        jobs.push_back({first, last, first_word, ends[last - 1]});
        first_word = ends[last - 1];
        first = last;
    }
    return jobs;
}

std::vector<std::uint32_t> rows_of_types(const Corpus& corpus, const Vocabulary& vocabulary) {
    std::vector<std::uint32_t> rows(corpus.types());
    for (std::size_t type = 0; type < rows.size(); ++type) {
        rows[type] = vocabulary.find(corpus.word(type)).value_or(kUnknown);
    }
    return rows;
}

void encode(const Corpus& corpus, const Job& job, const std::vector<std::uint32_t>& rows_of_types,
            const Model& model, Random& random, JobText& text) {
    constexpr auto kAlways = std::numeric_limits<std::uint32_t>::max();
    const auto ids = corpus.ids();
    const auto ends = corpus.ends();
    text.rows.clear();
    text.windows.clear();
    text.ends.clear();
    text.first_sentence = job.first_sentence;
    std::uint64_t at = job.first_word;
    for (std::size_t sentence = job.first_sentence; sentence < job.last_sentence; ++sentence) {
        const std::size_t begin = text.rows.size();
        std::size_t kept = begin;
        text.rows.resize(begin + (ends[sentence] - at));
        for (; at < ends[sentence]; ++at) {
            const std::uint32_t row = ids[at] == Corpus::kForgotten ? kUnknown : rows_of_types[ids[at]];
            if (row == kUnknown) continue;
            text.rows[kept] = row;
            const std::uint32_t keep = model.keep[row];
            kept += keep == kAlways || random.next32() <= keep ? 1 : 0;
        }
        text.rows.resize(kept);
        choose_windows(model.options, begin, random, text);
        text.ends.push_back(static_cast<std::uint32_t>(kept));
    }
}

}  // namespace kith::embed
