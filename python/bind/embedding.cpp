#include "embedding.hpp"

#include <kith/error.hpp>

namespace kith::python {
namespace {

constexpr const char* kCombinations[] = {"mean", "sum", "concatenated"};

}  // namespace

void set_option(nb::handle value, const char* name, bool& field) {
    field = to_flag(value, name);
}

void set_option(nb::handle value, const char* name, double& field) {
    field = to_number(value, name);
}

void set_option(nb::handle value, const char* name, Architecture& field) {
    field = to_flag(value, name) ? Architecture::kSkipGram : Architecture::kCbow;
}

void set_option(nb::handle value, const char* name, DocumentModel& field) {
    field = to_flag(value, name) ? DocumentModel::kDistributedMemory : DocumentModel::kBagOfWords;
}

void set_option(nb::handle value, const char* name, Combination& field) {
    constexpr const char* kWanted = "'mean', 'sum' or 'concatenated'";
    const std::string text = to_text(value, name, kWanted);
    for (const Combination each : {Combination::kMean, Combination::kSum, Combination::kConcatenated}) {
        if (text != kCombinations[static_cast<std::size_t>(each)]) continue;
        field = each;
        return;
    }
    raise_wrong_value(value, name, kWanted);
}

nb::object option_value(Architecture field) {
    return nb::cast(field == Architecture::kSkipGram);
}

nb::object option_value(DocumentModel field) {
    return nb::cast(field == DocumentModel::kDistributedMemory);
}

nb::object option_value(Combination field) {
    return nb::cast(kCombinations[static_cast<std::size_t>(field)]);
}

Vocabulary vocabulary_from(nb::handle counts, bool in_order, const EmbeddingOptions& options) {
    std::vector<std::pair<std::string, std::uint64_t>> counted;
    for (const nb::handle item : counts.attr("items")()) {
        const nb::object word = item[0];
        const nb::object count = item[1];
        counted.emplace_back(from_str(word), to_size(count, "a count"));
    }
    const nb::gil_scoped_release unlocked;
    if (in_order) return Vocabulary::in_order(counted);
    return Vocabulary(counted, {.min_count = options.min_count, .max_final_vocab = options.max_final_vocab});
}

TrainingOptions training_options(nb::handle epochs, nb::handle start_alpha, nb::handle end_alpha,
                                 nb::handle first_epoch, nb::handle last_epoch, bool compute_loss,
                                 nb::handle threads) {
    TrainingOptions options;
    if (!epochs.is_none()) options.epochs = to_size(epochs, "epochs");
    if (!start_alpha.is_none()) options.start_alpha = to_number(start_alpha, "start_alpha");
    if (!end_alpha.is_none()) options.end_alpha = to_number(end_alpha, "end_alpha");
    options.first_epoch = to_size(first_epoch, "first_epoch");
    if (!last_epoch.is_none()) options.last_epoch = to_size(last_epoch, "last_epoch");
    options.compute_loss = compute_loss;
    if (!threads.is_none()) options.threads = to_threads(threads);
    return options;
}

nb::dict to_dict(const TrainingReport& report) {
    nb::dict result;
    result["raw_words"] = report.raw_words;
    result["trained_words"] = report.trained_words;
    result["seconds"] = report.seconds;
    nb::list losses;
    for (const double loss : report.epoch_losses) losses.append(loss);
    result["epoch_losses"] = losses;
    return result;
}

nb::object copy_matrix(MatrixView<const float> weights) {
    const auto copy = new_floats(weights.rows(), weights.cols());
    for (std::size_t row = 0; row < weights.rows(); ++row) {
        const auto from = weights.row(row);
        std::copy(from.begin(), from.end(), copy.data + row * weights.cols());
    }
    return copy.array;
}

}  // namespace kith::python
