#include <kith/tagged_corpus.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "base/progress_meter.hpp"
#include "embed/tag_data.hpp"
#include "embed/text_files.hpp"
#include "embed/tokenizer.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

CorpusOptions one_per_line(CorpusOptions options) {
    options.sentence_break = SentenceBreak::kEveryLine;
    return options;
}

std::shared_ptr<const embed::TagData> numbered_tags(std::size_t documents) {
    if (documents > Corpus::kForgotten) {
        throw Unsupported(formatted("{} documents; there can be 2^32 - 1 tags", documents));
    }
    auto data = std::make_shared<embed::TagData>();
    data->numbered = true;
    data->ids.resize(documents);
    for (std::size_t i = 0; i < documents; ++i) data->ids[i] = static_cast<std::uint32_t>(i);
    return data;
}

// Adds the documents of a file of "tag,tag<tab>words" lines.
class TaggedLines {
public:
    TaggedLines(TaggedCorpusBuilder& builder, std::uint64_t total, const ProgressFn& progress)
        : builder_(builder), meter_("reading", total, progress) {}

    void read(const std::string& path) {
        storage::StreamReader in(path);
        const std::uint64_t before = meter_.done();
        std::uint64_t offset = 0;
        while (const auto line = in.line()) {
            const std::size_t tab = line->find('\t');
            if (tab == std::string_view::npos) {
                constexpr std::size_t kShown = 60;
                throw CorruptFile(
                    path, offset, "tags, a tab and a document on each line",
                    formatted("line {} without a tab: '{}'", in.line_number(), line->substr(0, kShown)));
            }
            add(line->substr(0, tab), line->substr(tab + 1));
            offset = in.offset();
            meter_.add(before + in.source().file_bytes_read() - meter_.done());
        }
    }

    void finish() { meter_.finish(); }

private:
    void add(std::string_view tags, std::string_view text) {
        tags_.clear();
        words_.clear();
        while (!tags.empty()) {
            const std::size_t comma = std::min(tags.find(','), tags.size());
            if (comma != 0) tags_.push_back(tags.substr(0, comma));
            tags.remove_prefix(std::min(comma + 1, tags.size()));
        }
        embed::tokenize(
            text, [this](std::string_view word) { words_.push_back(word); }, [] {});
        builder_.add(words_, tags_);
    }

    TaggedCorpusBuilder& builder_;
    ProgressMeter meter_;
    std::vector<std::string_view> tags_;
    std::vector<std::string_view> words_;
};

}  // namespace

TaggedCorpus::TaggedCorpus() : TaggedCorpus(Corpus()) {}

TaggedCorpus::TaggedCorpus(Corpus text) : text_(std::move(text)), tags_(numbered_tags(text_.sentences())) {}

TaggedCorpus::TaggedCorpus(Corpus text, std::shared_ptr<const embed::TagData> tags) noexcept
    : text_(std::move(text)), tags_(std::move(tags)) {}

TaggedCorpus TaggedCorpus::read(const std::string& path, TagSource tags, const CorpusOptions& options,
                                const ProgressFn& progress) {
    return read(std::span(&path, 1), tags, options, progress);
}

TaggedCorpus TaggedCorpus::read(std::span<const std::string> paths, TagSource tags, const CorpusOptions& options,
                                const ProgressFn& progress) {
    if (tags == TagSource::kLineNumber) return TaggedCorpus(Corpus::read(paths, one_per_line(options), progress));
    const std::vector<std::string> files = embed::text_files(paths);
    TaggedCorpusBuilder builder(options);
    TaggedLines lines(builder, embed::total_size(files), progress);
    for (const std::string& file : files) lines.read(file);
    lines.finish();
    return builder.finish();
}

const Corpus& TaggedCorpus::text() const noexcept {
    return text_;
}

std::size_t TaggedCorpus::documents() const noexcept {
    return text_.sentences();
}

std::size_t TaggedCorpus::tags() const noexcept {
    return tags_->numbered ? tags_->ids.size() : tags_->names.size();
}

std::string TaggedCorpus::tag(std::size_t tag) const {
    return tags_->numbered ? std::to_string(tag) : std::string(tags_->names.word(tag));
}

std::uint64_t TaggedCorpus::count(std::size_t tag) const noexcept {
    return tags_->numbered ? 1 : tags_->names.count(tag) - 1;
}

std::span<const std::uint32_t> TaggedCorpus::tags_of(std::size_t document) const noexcept {
    const std::span<const std::uint32_t> ids = tags_->ids;
    if (tags_->numbered) return ids.subspan(document, 1);
    const std::uint64_t begin = document == 0 ? 0 : tags_->ends[document - 1];
    return ids.subspan(begin, tags_->ends[document] - begin);
}

TaggedCorpusBuilder::TaggedCorpusBuilder(const CorpusOptions& options)
    : text_(one_per_line(options)), tags_(std::make_unique<embed::TagData>()) {}

TaggedCorpusBuilder::~TaggedCorpusBuilder() = default;
TaggedCorpusBuilder::TaggedCorpusBuilder(TaggedCorpusBuilder&&) noexcept = default;
TaggedCorpusBuilder& TaggedCorpusBuilder::operator=(TaggedCorpusBuilder&&) noexcept = default;

std::uint32_t TaggedCorpusBuilder::add_tag(std::string_view tag) {
    const auto known = tags_->names.find(tag);
    return known ? *known : tags_->names.add(tag);
}

void TaggedCorpusBuilder::add(std::span<const std::string_view> words, std::span<const std::string_view> tags) {
    constexpr std::size_t kMost = (std::size_t{1} << 30) - 1;
    if (words.size() > kMost) {
        throw InvalidArgument(
            formatted("a document of {} words; the longest possible has {}", words.size(), kMost));
    }
    const std::size_t begin = tags_->ids.size();
    for (const std::string_view tag : tags) {
        const std::uint32_t id = add_tag(tag);
        const auto first = tags_->ids.begin() + static_cast<std::ptrdiff_t>(begin);
        if (std::find(first, tags_->ids.end(), id) != tags_->ids.end()) continue;
        tags_->names.add(tag);
        tags_->ids.push_back(id);
    }
    tags_->ends.push_back(tags_->ids.size());
    text_.add_sentence(words);
}

std::size_t TaggedCorpusBuilder::documents() const noexcept {
    return tags_->ends.size();
}

TaggedCorpus TaggedCorpusBuilder::finish() {
    auto tags = std::exchange(tags_, std::make_unique<embed::TagData>());
    return {text_.finish(), std::shared_ptr<const embed::TagData>(std::move(tags))};
}

}  // namespace kith
