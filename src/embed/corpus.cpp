#include <kith/corpus.hpp>

#include <utility>

#include "embed/corpus_data.hpp"
#include "embed/tokenizer.hpp"

namespace kith {

Corpus::Corpus() : Corpus(std::make_shared<const embed::CorpusData>(CorpusOptions{})) {}

Corpus::Corpus(std::shared_ptr<const embed::CorpusData> data) noexcept : data_(std::move(data)) {}

std::uint64_t Corpus::words() const noexcept {
    return data_->ids.size();
}

std::uint64_t Corpus::sentences() const noexcept {
    return data_->ends.size();
}

std::size_t Corpus::types() const noexcept {
    return data_->words.size();
}

std::string_view Corpus::word(std::size_t type) const noexcept {
    return data_->words.word(type);
}

std::uint64_t Corpus::count(std::size_t type) const noexcept {
    return data_->words.count(type);
}

std::span<const std::uint32_t> Corpus::ids() const noexcept {
    return data_->ids.span();
}

std::span<const std::uint64_t> Corpus::ends() const noexcept {
    return data_->ends;
}

CorpusBuilder::CorpusBuilder(const CorpusOptions& options)
    : data_(std::make_unique<embed::CorpusData>(options)), options_(options) {}

CorpusBuilder::~CorpusBuilder() = default;
CorpusBuilder::CorpusBuilder(CorpusBuilder&&) noexcept = default;
CorpusBuilder& CorpusBuilder::operator=(CorpusBuilder&&) noexcept = default;

void CorpusBuilder::add_sentence(std::span<const std::string_view> words) {
    if (words.empty()) {
        data_->end_any_sentence();
        return;
    }
    for (const std::string_view word : words) data_->push(word);
    data_->end_sentence();
}

void CorpusBuilder::add_text(std::string_view text) {
    embed::tokenize(
        text, [&](std::string_view word) { data_->push(word); }, [&] { data_->end_line(); });
    data_->end_sentence();
}

std::uint64_t CorpusBuilder::words() const noexcept {
    return data_->ids.size();
}

std::uint64_t CorpusBuilder::sentences() const noexcept {
    return data_->ends.size();
}

Corpus CorpusBuilder::finish() {
    auto fresh = std::make_unique<embed::CorpusData>(options_);
    data_->finish();
    return Corpus(std::shared_ptr<const embed::CorpusData>(std::exchange(data_, std::move(fresh))));
}

}  // namespace kith
