#include <algorithm>
#include <memory>
#include <vector>

#include <kith/doc2vec.hpp>
#include <kith/error.hpp>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "base/random.hpp"
#include "embed/doc2vec_state.hpp"
#include "embed/jobs.hpp"
#include "embed/trainer.hpp"

namespace kith {
namespace {

// One thread's: a row that stands for the document, and a worker that trains nothing else.
struct Inferrer {
    explicit Inferrer(std::size_t cols) : row(1, cols) {}

    embed::Weights row;
    std::unique_ptr<embed::Worker> worker;
};

}  // namespace

Matrix Doc2Vec::infer(const Corpus& documents, const InferenceOptions& options, const ProgressFn& progress) const {
    const embed::Model& model = state_->require_model("infer");
    const embed::Schedule schedule = embed::make_schedule(
        {.epochs = options.epochs, .start_alpha = options.start_alpha, .end_alpha = options.end_alpha},
        state_->options);
    if (!state_->padding.empty() && state_->options.tags_per_document != 1) {
        throw InvalidArgument(
            "a model of documents with several tags concatenated cannot infer: one vector cannot "
            "take the place of several");
    }
    const std::uint64_t seed = options.seed.value_or(state_->options.seed);
    embed::Weights start(1, state_->options.vector_size);
    embed::fill_at_random(start, seed, embed::kInference);
    const std::vector<std::uint32_t> rows = embed::rows_of_types(documents, model.vocabulary);
    const auto ends = documents.ends();

    Matrix out(ends.size(), state_->options.vector_size);
    std::vector<std::unique_ptr<Inferrer>> inferrers(
        std::min(resolve_threads(options.threads), std::max<std::size_t>(ends.size(), 1)));
    for (auto& each : inferrers) {
        each = std::make_unique<Inferrer>(state_->options.vector_size);
        each->worker = state_->make_worker(embed::TagRows(each->row.row(0)));
    }
    // By passes: one document can be all the work there is.
    ProgressMeter meter("inferring", ends.size() * schedule.epochs, progress);
    parallel_for(ends.size(), inferrers.size(), [&](std::size_t document, std::size_t thread) {
        Inferrer& inferrer = *inferrers[thread];
        const embed::Job job{document, document + 1, document == 0 ? 0 : ends[document - 1], ends[document]};
        std::copy_n(start.row(0), start.stride(), inferrer.row.row(0));
        for (std::size_t epoch = 0; epoch < schedule.epochs; ++epoch) {
            const double alpha = epoch == 0 ? schedule.start_alpha : schedule.alpha(epoch, schedule.epochs - 1);
            Random random = Random::stream(seed, embed::kInference, epoch + 1);
            embed::encode(documents, job, rows, model, random, inferrer.worker->text);
            inferrer.worker->run(inferrer.worker->text, static_cast<float>(alpha), random, nullptr);
            meter.add(1);
        }
        std::copy_n(inferrer.row.row(0), out.cols(), out.row(document).begin());
    });
    meter.finish();
    return out;
}

std::vector<float> Doc2Vec::infer(std::span<const std::string_view> words, const InferenceOptions& options) const {
    CorpusOptions reading;
    reading.sentence_break = SentenceBreak::kEveryLine;
    CorpusBuilder builder(reading);
    builder.add_sentence(words);
    InferenceOptions single = options;
    single.threads = 1;
    const Matrix result = infer(builder.finish(), single);
    const auto row = result.row(0);
    return {row.begin(), row.end()};
}

}  // namespace kith
