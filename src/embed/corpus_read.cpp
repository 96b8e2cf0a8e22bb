#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <kith/corpus.hpp>

#include "base/parallel.hpp"
#include "base/progress_meter.hpp"
#include "embed/corpus_data.hpp"
#include "embed/spare_memory.hpp"
#include "embed/text_blocks.hpp"
#include "embed/text_files.hpp"
#include "embed/tokenizer.hpp"
#include "embed/word_block.hpp"

namespace kith {
namespace {

using embed::TextBlocks;
using embed::WordBlock;

class Reader {
public:
    Reader(const CorpusOptions& options, embed::CorpusData& data, std::uint64_t total, const ProgressFn& progress)
        : options_(options),
          data_(data),
          meter_("reading", total, progress),
          blocks_(resolve_threads(options.threads)) {}

    void read(const std::string& path) {
        TextBlocks text(path);
        if (options_.max_vocab_size != 0) {
            read_in_order(text);
        } else {
            read_in_parallel(text);
        }
        data_.end_sentence();
        report(text);
        before_ = meter_.done();
    }

    void finish() {
        for (const WordBlock& block : blocks_) block.tell_counts(data_.words);
        meter_.finish(detail());
    }

private:
    [[nodiscard]] bool lines() const noexcept { return options_.sentence_break != SentenceBreak::kNone; }
    [[nodiscard]] std::string detail() const { return std::to_string(data_.ids.size()) + " words"; }

    void report(TextBlocks& text) {
        text.give_back();
        meter_.add(before_ + text.bytes_read() - meter_.done(), [this] { return detail(); });
    }

    // Pruning depends on what was read before: one word after the other.
    void read_in_order(TextBlocks& text) {
        WordBlock& block = blocks_.front();
        for (auto piece = text.next(block.storage); !piece.empty(); piece = text.next(block.storage)) {
            embed::tokenize(
                piece, [&](std::string_view word) { data_.push(word); }, [&] { data_.end_line(); });
            report(text);
        }
    }

    void read_in_parallel(TextBlocks& text) {
        while (true) {
            std::size_t filled = 0;
            for (WordBlock& block : blocks_) {
                const std::string_view piece = text.next(block.storage);
                if (piece.empty()) break;
                block.begin(piece, data_.words);
                ++filled;
            }
            if (filled == 0) return;
            parallel_for(filled, filled,
                         [&](std::size_t i, std::size_t) { blocks_[i].tokenize(data_.words, lines()); });
            for (std::size_t i = 0; i < filled; ++i) blocks_[i].merge(data_);
            parallel_for(filled, filled, [&](std::size_t i, std::size_t) { blocks_[i].write(data_); });
            report(text);
        }
    }

    const CorpusOptions& options_;
    embed::CorpusData& data_;
    ProgressMeter meter_;
    std::vector<WordBlock> blocks_;
    std::uint64_t before_ = 0;  // bytes of the files read whole
};

}  // namespace

Corpus Corpus::read(const std::string& path, const CorpusOptions& options, const ProgressFn& progress) {
    return read(std::span(&path, 1), options, progress);
}

Corpus Corpus::read(std::span<const std::string> paths, const CorpusOptions& options, const ProgressFn& progress) {
    const std::vector<std::string> files = embed::text_files(paths);
    auto data = std::make_shared<embed::CorpusData>(options);
    {
        Reader reader(options, *data, embed::total_size(files), progress);
        for (const std::string& file : files) reader.read(file);
        reader.finish();
    }
    data->finish();
    embed::give_back_memory();
    return Corpus(std::move(data));
}

}  // namespace kith
