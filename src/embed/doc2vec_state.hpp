// What a Doc2Vec is made of.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <kith/doc2vec.hpp>

#include "embed/document_source.hpp"
#include "embed/model.hpp"
#include "embed/tag_data.hpp"
#include "embed/weights.hpp"
#include "embed/worker.hpp"

namespace kith {

struct Doc2Vec::State {
    explicit State(const Doc2VecOptions& chosen) : options(chosen) {}

    // Models share their skeleton with Word2Vec: its architectures are PV-DM and PV-DBOW with documents left out.
    [[nodiscard]] static Word2VecOptions word_options(const Doc2VecOptions& options);

    // Elements of what is multiplied with an output row, and of an output row: rows are concatenated with their
    // padding.
    [[nodiscard]] std::size_t output_cols() const noexcept;

    // Tags with their initial vectors. Throws InvalidArgument when one stands twice; nothing has changed then.
    void set_tags(std::span<const std::pair<std::string, std::uint64_t>> counted);

    // Makes the worker of one thread. Words and outputs learn if tags.training().
    [[nodiscard]] std::unique_ptr<embed::Worker> make_worker(embed::TagRows tags);

    // Throws InvalidArgument.
    embed::Model& require_model(const char* caller);

    Doc2VecOptions options;
    std::optional<embed::Model> model;
    embed::WordTable tags;  // in the order of rows, each counted once
    std::vector<std::uint64_t> tag_counts;
    embed::Weights tag_rows;
    embed::Weights padding;  // one row, of PV-DM concatenated
    Vocabulary none;
    TrainingReport report;
    std::string notes;
};

}  // namespace kith
