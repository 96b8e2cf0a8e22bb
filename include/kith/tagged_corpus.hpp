// Documents with tags: what Doc2Vec learns from. A tag is a name that gets a vector; a document may have several, and
// several documents may share one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <kith/corpus.hpp>
#include <kith/progress.hpp>

namespace kith {

namespace embed {
struct TagData;
}

// Where the tags of a text file come from.
enum class TagSource : std::uint8_t {
    kLineNumber,  // each line is a document, whose tag is its number from 0 (gensim's TaggedLineDocument)
    kFirstField,  // each line is its tags, separated by commas, a tab, and the document
};

// Immutable. Copies share the data; every member is safe to call from any number of threads.
class TaggedCorpus {
public:
    // No documents.
    TaggedCorpus();

    // Each sentence is a document whose tag is its number from 0.
    explicit TaggedCorpus(Corpus text);

    // A text file, or every file of a folder, as Corpus::read has it, one document on each line, even an empty one;
    // options.sentence_break does not count. Lines are numbered through all files.
    // Throws as Corpus::read; CorruptFile for a line without a tab where tags come first, with the line's offset.
    [[nodiscard]] static TaggedCorpus read(const std::string& path, TagSource tags = TagSource::kLineNumber,
                                           const CorpusOptions& options = {}, const ProgressFn& progress = {});
    [[nodiscard]] static TaggedCorpus read(std::span<const std::string> paths,
                                           TagSource tags = TagSource::kLineNumber,
                                           const CorpusOptions& options = {}, const ProgressFn& progress = {});

    // Sentence i is document i.
    [[nodiscard]] const Corpus& text() const noexcept;
    [[nodiscard]] std::size_t documents() const noexcept;

    // Different tags, numbered by first occurrence.
    [[nodiscard]] std::size_t tags() const noexcept;

    // REQUIRES: tag < tags().
    [[nodiscard]] std::string tag(std::size_t tag) const;

    // Documents that have it.
    [[nodiscard]] std::uint64_t count(std::size_t tag) const noexcept;

    // REQUIRES: document < documents().
    [[nodiscard]] std::span<const std::uint32_t> tags_of(std::size_t document) const noexcept;

private:
    friend class TaggedCorpusBuilder;
    TaggedCorpus(Corpus text, std::shared_ptr<const embed::TagData> tags) noexcept;

    Corpus text_;
    std::shared_ptr<const embed::TagData> tags_;
};

// Makes a corpus from documents that the caller has. Not safe for use by several threads at once.
class TaggedCorpusBuilder {
public:
    // Documents are not cut: max_sentence_length and sentence_break do not count.
    explicit TaggedCorpusBuilder(const CorpusOptions& options = {});
    ~TaggedCorpusBuilder();
    TaggedCorpusBuilder(TaggedCorpusBuilder&&) noexcept;
    TaggedCorpusBuilder& operator=(TaggedCorpusBuilder&&) noexcept;

    // The number of a tag, the next free one when it is new: for tags whose order matters.
    std::uint32_t add_tag(std::string_view tag);

    // A tag that stands twice in `tags` counts once. Throws InvalidArgument for a document of more than 2^30 - 1
    // words.
    void add(std::span<const std::string_view> words, std::span<const std::string_view> tags);

    [[nodiscard]] std::size_t documents() const noexcept;

    // The builder is empty afterwards.
    [[nodiscard]] TaggedCorpus finish();

private:
    CorpusBuilder text_;
    std::unique_ptr<embed::TagData> tags_;
};

}  // namespace kith
