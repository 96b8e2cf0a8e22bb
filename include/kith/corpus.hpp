// Text, read once and kept as numbers: every word of a corpus becomes a 32-bit id in one array, so that training
// can pass over it as often as it likes without touching a string again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <kith/progress.hpp>

namespace kith {

namespace embed {
struct CorpusData;
}

// What ends a sentence in a text file.
enum class SentenceBreak : std::uint8_t {
    kLine,  // the end of a line; a file that is one endless line (text8) is cut at max_sentence_length
    kNone,  // nothing but max_sentence_length: line ends are spaces, within one file

    // The end of a line, even of an empty one, and nothing else: sentence i is line i, for a document on each.
    kEveryLine,
};

struct CorpusOptions {
    SentenceBreak sentence_break = SentenceBreak::kLine;

    // Words. A longer sentence becomes several; no word is lost. 0 means the most that is possible, 2^30, as with
    // kEveryLine.
    std::size_t max_sentence_length = 10'000;

    // Different words to keep in memory while reading; 0 means no limit. After a sentence that leaves more, all words seen at
    // most once are forgotten, the next time all seen at most twice, and so on. A forgotten word that returns
    // counts from its return, and its earlier occurrences are not trained. Only for corpora whose vocabulary
    // outgrows memory.
    std::uint64_t max_vocab_size = 0;

    // Bytes of ids kept in memory (4 per word of text); beyond that they go to a temporary file in `spill_folder`
    // (empty: the system's temporary folder) that is mapped and removed with the corpus.
    std::uint64_t memory_limit = std::uint64_t{4} << 30;
    std::string spill_folder;

    // 0 means one per core. The result does not depend on it.
    std::size_t threads = 0;
};

// An immutable corpus. Copies share the data; every member is safe to call from any number of threads.
// A type is a different word; types are numbered by first occurrence.
class Corpus {
public:
    // Stands in ids() for an occurrence that max_vocab_size made forgotten.
    static constexpr std::uint32_t kForgotten = std::numeric_limits<std::uint32_t>::max();

    // An empty corpus.
    Corpus();

    // Reads a text file, or every file of a folder in the order of their names (subfolders are not entered); names
    // ending in .gz are decompressed. Words are separated by ASCII white space and are otherwise any bytes.
    // Progress stage: "reading". Throws IoError, CorruptFile (damaged .gz), InvalidArgument, Cancelled.
    [[nodiscard]] static Corpus read(const std::string& path, const CorpusOptions& options = {},
                                     const ProgressFn& progress = {});

    // The same for several paths, one after the other. A sentence never crosses from one file into the next.
    [[nodiscard]] static Corpus read(std::span<const std::string> paths, const CorpusOptions& options = {},
                                     const ProgressFn& progress = {});

    // Words of text, occurrences and not types.
    [[nodiscard]] std::uint64_t words() const noexcept;
    [[nodiscard]] std::uint64_t sentences() const noexcept;
    [[nodiscard]] std::size_t types() const noexcept;

    // REQUIRES: type < types().
    [[nodiscard]] std::string_view word(std::size_t type) const noexcept;
    [[nodiscard]] std::uint64_t count(std::size_t type) const noexcept;

    // words() entries, each a type or kForgotten.
    [[nodiscard]] std::span<const std::uint32_t> ids() const noexcept;

    // sentences() entries, ascending: sentence i is ids()[ends()[i - 1], ends()[i]).
    [[nodiscard]] std::span<const std::uint64_t> ends() const noexcept;

private:
    friend class CorpusBuilder;
    explicit Corpus(std::shared_ptr<const embed::CorpusData> data) noexcept;

    std::shared_ptr<const embed::CorpusData> data_;
};

// Makes a corpus from sentences that the caller has. Not safe for use by several threads at once.
class CorpusBuilder {
public:
    // Throws InvalidArgument when an option cannot work.
    explicit CorpusBuilder(const CorpusOptions& options = {});
    ~CorpusBuilder();
    CorpusBuilder(CorpusBuilder&&) noexcept;
    CorpusBuilder& operator=(CorpusBuilder&&) noexcept;

    // Words are taken as they are, white space within them included; an empty word is a word.
    void add_sentence(std::span<const std::string_view> words);

    // Adds whole sentences of white-space separated text, cut as options.sentence_break says.
    void add_text(std::string_view text);

    [[nodiscard]] std::uint64_t words() const noexcept;
    [[nodiscard]] std::uint64_t sentences() const noexcept;

    // The builder is empty afterwards.
    [[nodiscard]] Corpus finish();

private:
    std::unique_ptr<embed::CorpusData> data_;
    CorpusOptions options_;
};

// Writes a text file of one sentence per line, its words separated by single spaces, atomically, compressed when the
// name ends in .gz. Forgotten words are left out. Throws IoError; InvalidArgument for a word that is empty or holds
// white space.
void write_text(const std::string& path, const Corpus& corpus);

}  // namespace kith
