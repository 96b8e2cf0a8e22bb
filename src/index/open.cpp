#include <kith/open.hpp>

#include <utility>

#include <kith/coded_forest.hpp>
#include <kith/dynamic.hpp>
#include <kith/error.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/graph.hpp>

#include "base/format.hpp"
#include "storage/file_reader.hpp"

namespace kith {
namespace {

FileInfo describe(const storage::FileReader& file) {
    const storage::FileDescription& description = file.description();
    FileInfo info;
    info.format_version = file.version();
    info.file_size = file.file_size();
    info.kind = static_cast<IndexKind>(description.kind);
    info.metric = description.metric;
    info.scalar = description.scalar;
    info.dim = description.dim;
    info.count = description.count;
    for (const storage::SectionEntry& each : file.sections()) {
        const std::uint32_t part = storage::part_of(each.kind);
        std::string name(storage::name(each.kind));
        if (part > 0) name += formatted(" of part {}", part);
        info.sections.push_back(
            {static_cast<std::uint32_t>(each.kind), std::move(name), each.offset, each.size, each.checksum});
    }
    return info;
}

}  // namespace

std::unique_ptr<Index> open_index(const std::string& path, const OpenOptions& options) {
    const IndexKind kind = inspect(path).kind;
    switch (kind) {
        case IndexKind::kFlat: return std::make_unique<FlatIndex>(FlatIndex::open(path, options));
        case IndexKind::kCodedForest: return std::make_unique<CodedForest>(CodedForest::open(path, options));
        case IndexKind::kNone:
            throw Unsupported("'" + path + "' holds vectors but no index; build one, or search it exactly");
        case IndexKind::kForest: return std::make_unique<Forest>(Forest::open(path, options));
        case IndexKind::kDynamic: return std::make_unique<DynamicIndex>(DynamicIndex::open(path, options));
        case IndexKind::kGraph: return std::make_unique<GraphIndex>(GraphIndex::open(path, options));
    }
    throw Unsupported(formatted("'{}' holds an index of kind {} ({}); this version of Kith cannot open it", path,
                                static_cast<int>(kind), name(kind)));
}

FileInfo inspect(const std::string& path) {
    return describe(storage::FileReader(path));
}

VerifyReport verify(const std::string& path) {
    const storage::FileReader file(path);
    VerifyReport report;
    report.info = describe(file);
    for (const storage::Damage& each : file.find_damage()) {
        if (each.section) report.damaged.push_back(*each.section);
        if (report.problem.empty()) {
            report.problem = CorruptFile(path, each.offset, each.expected, each.found).what();
        }
    }
    return report;
}

}  // namespace kith
