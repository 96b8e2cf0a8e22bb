// What predicts a word in Doc2Vec: the vectors of the document's tags and, by the model, of the words around.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <kith/tagged_corpus.hpp>

#include "embed/architecture.hpp"
#include "embed/jobs.hpp"
#include "embed/model.hpp"
#include "embed/word_source.hpp"

namespace kith::embed {

// Where the rows of a document's tags are: in training those of a corpus, in inference one row for all.
class TagRows {
public:
    TagRows(const TaggedCorpus& corpus, const std::vector<std::uint32_t>& rows, Weights& weights) noexcept
        : corpus_(&corpus), rows_(&rows), weights_(&weights) {}
    explicit TagRows(float* row) noexcept : only_(row) {}

    // Whether words learn too.
    [[nodiscard]] bool training() const noexcept { return only_ == nullptr; }

    void of(std::size_t document, std::vector<float*>& out) const {
        out.clear();
        if (only_ != nullptr) {
            out.push_back(only_);
            return;
        }
        for (const std::uint32_t tag : corpus_->tags_of(document)) {
            const std::uint32_t row = (*rows_)[tag];
            if (row != kUnknown) out.push_back(weights_->row(row));
        }
    }

private:
    const TaggedCorpus* corpus_ = nullptr;
    const std::vector<std::uint32_t>* rows_ = nullptr;  // by tag; kUnknown where the model does not know it
    Weights* weights_ = nullptr;
    float* only_ = nullptr;
};

// The part that all have in common.
class DocumentSource {
public:
    DocumentSource(Model& model, TagRows tags) noexcept : words_(model), rows_(tags) {}

    void prefetch(const JobText& job, std::size_t at) noexcept { words_.prefetch(job, at); }

    void begin(const JobText& job, std::size_t sentence, std::size_t first, std::size_t last) {
        rows_.of(job.first_sentence + sentence, tags_);
        first_ = first;
        last_ = last;
    }

    void end() noexcept {}

protected:
    [[nodiscard]] bool training() const noexcept { return rows_.training(); }

    void add_tags(Context& out) const { out.rows.insert(out.rows.end(), tags_.begin(), tags_.end()); }

    WordSource words_;
    std::vector<float*> tags_;
    std::size_t first_ = 0;  // of the document's words, in the job
    std::size_t last_ = 0;

private:
    TagRows rows_;
};

// PV-DBOW: the tags, each for itself, and as in skip-gram the words around when they are trained too.
class BagSource : public DocumentSource {
public:
    BagSource(Model& model, TagRows tags, bool train_words) noexcept
        : DocumentSource(model, tags), train_words_(train_words && training()) {}

    void prefetch(const JobText& job, std::size_t at) noexcept {
        if (train_words_) DocumentSource::prefetch(job, at);
    }

    void context(const JobText& job, std::size_t at, Context& out) {
        if (train_words_) words_.context(job, at, out);
        add_tags(out);
    }

private:
    bool train_words_;
};

// PV-DM with a mean or a sum: the words around and the tags.
class MemorySource : public DocumentSource {
public:
    using DocumentSource::DocumentSource;

    void context(const JobText& job, std::size_t at, Context& out) {
        words_.context(job, at, out);
        if (!training()) out.first_learning = out.rows.size();
        add_tags(out);
    }
};

// PV-DM concatenated: always the whole window, with a row of its own for places beyond the document's ends, and a
// fixed number of tags.
class OrderedSource : public DocumentSource {
public:
    OrderedSource(Model& model, TagRows tags, std::size_t tag_count, float* padding) noexcept
        : DocumentSource(model, tags),
          input_(model.input),
          reach_(model.options.window),
          tag_count_(tag_count),
          padding_(padding) {}

    void context(const JobText& job, std::size_t at, Context& out) {
        if (tags_.size() != tag_count_) return;
        for (std::size_t back = reach_; back > 0; --back) {
            out.rows.push_back(at - first_ >= back ? input_.row(job.rows[at - back]) : padding_);
        }
        for (std::size_t ahead = 1; ahead <= reach_; ++ahead) {
            out.rows.push_back(ahead < last_ - at ? input_.row(job.rows[at + ahead]) : padding_);
        }
        if (!training()) out.first_learning = out.rows.size();
        add_tags(out);
    }

private:
    Weights& input_;
    std::size_t reach_;
    std::size_t tag_count_;
    float* padding_;
};

}  // namespace kith::embed
