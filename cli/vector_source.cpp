#include "vector_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/open.hpp>

#include "suggest.hpp"
#include "text_format.hpp"

namespace kith::cli {

ReadOptions read_options(Session& session, std::size_t limit, std::size_t threads) {
    ReadOptions options;
    options.limit = limit;
    options.threads = threads;
    options.on_warning = [&session](std::string_view message) { session.say(fmt::format("warning: {}", message)); };
    options.progress = session.meter.callback();
    return options;
}

KeyedVectors load_vectors(Session& session, const std::string& path, std::size_t limit, std::size_t threads) {
    KeyedVectors vectors = read_keyed_vectors(path, read_options(session, limit, threads));
    session.meter.finish();
    if (vectors.empty()) throw InvalidArgument(fmt::format("'{}' holds no vectors; at least one is needed", path));
    return vectors;
}

bool has_keys(VectorFormat format) noexcept {
    return format == VectorFormat::kWord2vecText || format == VectorFormat::kWord2vecBinary ||
           format == VectorFormat::kKith;
}

bool is_kith_file(const std::string& path) {
    if (is_annoy_name(path)) return false;
    try {
        return detect_format(path) == VectorFormat::kKith;
    } catch (const InvalidArgument&) {
        return false;
    }
}

bool has_section(const std::string& path, std::string_view name) {
    const FileInfo info = inspect(path);
    return std::any_of(info.sections.begin(), info.sections.end(),
                       [&](const SectionInfo& section) { return section.name == name; });
}

bool is_annoy_name(std::string_view path) noexcept {
    constexpr std::array<std::string_view, 3> kEndings = {".ann", ".annoy", ".tree"};
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [&](std::string_view ending) { return path.ends_with(ending); });
}

std::unique_ptr<Index> open_any_index(const std::string& path, const AnnoyShape& shape) {
    if (is_kith_file(path)) return open_index(path);
    if (shape.dim == 0) {
        throw InvalidArgument(fmt::format(
            "'{}': a file in Annoy's format does not say its dimension and metric; give --dim and --metric", path));
    }
    return std::make_unique<Forest>(Forest::open_annoy(path, shape.metric, shape.dim));
}

void require_word(const KeyedVectors& vectors, std::string_view word, const std::string& path) {
    if (vectors.contains(word)) return;
    const auto nearest = nearest_keys(word, vectors.size(), [&](std::size_t row) { return vectors.key(row); });
    throw InvalidArgument(fmt::format("'{}' is not among the {} words of '{}'{}", word, with_commas(vectors.size()),
                                      path, did_you_mean(nearest)));
}

std::uint64_t file_size(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw IoError("cannot read", path, error.value());
    return size;
}

}  // namespace kith::cli
