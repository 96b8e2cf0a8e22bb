#include "embed/trainer.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <vector>

#include "base/format.hpp"
#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "base/random.hpp"
#include "embed/jobs.hpp"
#include "embed/options_check.hpp"
#include "embed/spare_memory.hpp"
#include "embed/word_source.hpp"

namespace kith::embed {
namespace {

// Losses by thread and epoch.
class LossTable {
public:
    LossTable(const Schedule& schedule, std::size_t threads) {
        if (schedule.compute_loss) sums_.assign(threads, std::vector<LossSum>(schedule.passes()));
    }

    // Null when losses are not wanted.
    [[nodiscard]] LossSum* of(std::size_t thread, std::size_t pass) {
        return sums_.empty() ? nullptr : &sums_[thread][pass];
    }

    [[nodiscard]] std::vector<double> means() const {
        if (sums_.empty()) return {};
        std::vector<double> means(sums_.front().size());
        for (std::size_t epoch = 0; epoch < means.size(); ++epoch) {
            LossSum all;
            for (const auto& thread : sums_) all.add(thread[epoch]);
            means[epoch] = all.mean();
        }
        return means;
    }

private:
    std::vector<std::vector<LossSum>> sums_;
};

}  // namespace

Schedule make_schedule(const TrainingOptions& training, const EmbeddingOptions& options) {
    const std::size_t epochs = training.epochs.value_or(options.epochs);
    const Schedule schedule{epochs,
                            training.start_alpha.value_or(options.alpha),
                            training.end_alpha.value_or(options.min_alpha),
                            training.compute_loss,
                            training.first_epoch,
                            training.last_epoch.value_or(epochs),
                            training.threads};
    check_at_least_one("epochs", schedule.epochs);
    check_rate("start_alpha", schedule.start_alpha);
    check_rate("end_alpha", schedule.end_alpha);
    if (schedule.first >= schedule.last || schedule.last > epochs) {
        throw InvalidArgument(formatted("first_epoch = {}, last_epoch = {}: 0 <= first < last <= {} is needed",
                                        schedule.first, schedule.last, epochs));
    }
    return schedule;
}

TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const WorkerFactory& factory,
                     const ProgressFn& progress) {
    const std::vector<Job> jobs = make_jobs(corpus);
    const std::vector<std::uint32_t> rows = rows_of_types(corpus, model.vocabulary);
    const std::uint64_t total = corpus.words() * schedule.epochs;
    std::vector<std::unique_ptr<Worker>> workers(std::min(
        resolve_threads(schedule.threads.value_or(model.options.threads)), std::max<std::size_t>(jobs.size(), 1)));
    for (auto& worker : workers) worker = factory();

    give_back_memory();
    std::atomic<std::uint64_t> trained{0};
    LossTable losses(schedule, workers.size());
    ProgressMeter meter("training", corpus.words() * schedule.passes(), progress);
    const auto detail = [&](std::size_t epoch, double alpha) {
        return formatted("epoch {}/{}, alpha {:.4f}, {:.0f} words/s", epoch + 1, schedule.epochs, alpha,
                         static_cast<double>(meter.done()) / std::max(meter.seconds(), 1e-9));
    };
    const std::uint64_t first_stream = model.epochs_done + 1;
    model.epochs_done += schedule.passes();
    parallel_for(jobs.size() * schedule.passes(), workers.size(), [&](std::size_t item, std::size_t thread) {
        const std::size_t pass = item / jobs.size();
        const std::size_t epoch = schedule.first + pass;
        const Job& job = jobs[item % jobs.size()];
        // Never 0, so that losses can be told from gradients; that little moves nothing.
        const double alpha = std::max(schedule.alpha(epoch * corpus.words() + job.first_word, total), 1e-30);
        Worker& worker = *workers[thread];
        Random random = Random::stream(model.options.seed, first_stream + pass, item % jobs.size());
        encode(corpus, job, rows, model, random, worker.text);
        trained += worker.run(worker.text, static_cast<float>(alpha), random, losses.of(thread, pass));
        meter.add(job.last_word - job.first_word, [&] { return detail(epoch, alpha); });
    });
    meter.finish(detail(schedule.last - 1, schedule.alpha(schedule.last * corpus.words(), total)));
    return {meter.done(), trained, meter.seconds(), losses.means()};
}

TrainingReport train(Model& model, const Corpus& corpus, const Schedule& schedule, const ProgressFn& progress) {
    const std::size_t stride = model.input.stride();
    const auto factory = [&]() -> std::unique_ptr<Worker> {
        if (model.options.architecture == Architecture::kSkipGram) {
            return make_worker<SkipGram>(model, WordSource(model), stride, LearnOutputs::kYes);
        }
        return make_worker<Cbow>(model, WordSource(model), stride, LearnOutputs::kYes);
    };
    return train(model, corpus, schedule, factory, progress);
}

void accumulate(const TrainingReport& report, TrainingReport& sum) {
    sum.raw_words += report.raw_words;
    sum.trained_words += report.trained_words;
    sum.seconds += report.seconds;
    sum.epoch_losses.insert(sum.epoch_losses.end(), report.epoch_losses.begin(), report.epoch_losses.end());
}

}  // namespace kith::embed
