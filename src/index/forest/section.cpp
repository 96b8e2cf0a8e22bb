#include "index/forest/section.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "storage/file_reader.hpp"

namespace kith::index {
namespace {

// Starts the forest-roots section; the roots follow, then the holes, all as u32 in the forest's numbering of nodes.
struct RootsHeader {
    std::uint32_t node_bytes;  //  0
    std::uint8_t dot_layout;   //  4  DotLayout
    std::uint8_t reserved[3];  //  5  0
    std::uint64_t n_roots;     //  8
    std::uint64_t n_holes;     // 16
};
static_assert(sizeof(RootsHeader) == 24 && std::is_trivially_copyable_v<RootsHeader>);

// The forest-effort section, of forests that have a default of their own.
struct EffortRecord {
    std::uint64_t search_k;  // 0  1 or more
    std::uint64_t k;         // 8  1 or more
};
static_assert(sizeof(EffortRecord) == 16 && std::is_trivially_copyable_v<EffortRecord>);

// Rows gathered at a time when they are not contiguous.
constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

void write_rows(const ForestData& forest, storage::FileWriter& writer) {
    const std::size_t bytes = row_bytes(scalar_of(forest.metric()), forest.dim());
    const Items& items = forest.items();
    writer.begin(storage::SectionKind::kVectors);
    if (items.stride == bytes) {
        writer.write(std::span(items.vectors, forest.n_items() * bytes));
    } else {
        const std::size_t rows = std::max<std::size_t>(kChunkBytes / bytes, 1);
        std::vector<std::byte> chunk;
        for (std::size_t first = 0; first < forest.n_items(); first += rows) {
            const std::size_t count = std::min(rows, forest.n_items() - first);
            chunk.resize(count * bytes);
            for (std::size_t i = 0; i < count; ++i) {
                std::copy_n(items.vector(first + i), bytes, chunk.data() + i * bytes);
            }
            writer.write(std::span<const std::byte>(chunk));
        }
    }
    writer.end();
}

storage::FileDescription describe(const ForestData& forest) {
    storage::FileDescription description;
    description.kind = static_cast<std::uint8_t>(IndexKind::kForest);
    description.metric = forest.metric();
    description.scalar = scalar_of(forest.metric());
    description.dim = forest.dim();
    description.count = forest.n_items();
    return description;
}

[[noreturn]] void refuse(const storage::FileReader& reader, storage::SectionKind kind, const std::string& expected,
                         const std::string& found) {
    std::uint64_t offset = 0;
    for (const storage::SectionEntry& entry : reader.sections()) {
        if (entry.kind == kind) offset = entry.offset;
    }
    throw CorruptFile(reader.path(), offset, expected, found);
}

struct Roots {
    DotLayout dot_layout = DotLayout::kAuto;
    std::vector<std::uint32_t> roots;
    std::vector<std::uint32_t> holes;
};

Roots read_roots(const storage::FileReader& reader) {
    constexpr auto kKind = storage::SectionKind::kForestRoots;
    const storage::Region section = reader.require(kKind);
    if (section.size() < sizeof(RootsHeader)) {
        refuse(reader, kKind, formatted("{} bytes or more", sizeof(RootsHeader)), formatted("{}", section.size()));
    }
    const auto header = load<RootsHeader>(section.data());
    const std::size_t listed = (section.size() - sizeof header) / sizeof(std::uint32_t);
    if (header.n_roots > listed || header.n_holes != listed - header.n_roots) {
        refuse(reader, kKind, formatted("{} roots and {} holes", header.n_roots, header.n_holes),
               formatted("room for {}", listed));
    }
    if (header.dot_layout > static_cast<std::uint8_t>(DotLayout::kHead)) {
        refuse(reader, kKind, "a dot layout of at most 2", formatted("{}", header.dot_layout));
    }
    Roots roots;
    roots.dot_layout = static_cast<DotLayout>(header.dot_layout);
    const storage::FileDescription& description = reader.description();
    const std::uint32_t node_bytes = layout_of(description.metric, description.dim, roots.dot_layout).node_bytes;
    if (header.node_bytes != node_bytes) {
        refuse(reader, kKind, formatted("nodes of {} bytes", node_bytes), formatted("{}", header.node_bytes));
    }
    const auto numbers = section.slice(sizeof header, listed * sizeof(std::uint32_t)).as<std::uint32_t>();
    roots.roots.assign(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(header.n_roots));
    roots.holes.assign(numbers.begin() + static_cast<std::ptrdiff_t>(header.n_roots), numbers.end());
    return roots;
}

DefaultEffort read_effort(const storage::FileReader& reader) {
    constexpr auto kKind = storage::SectionKind::kForestEffort;
    if (!reader.has(kKind)) return {};
    const storage::Region section = reader.require(kKind);
    if (section.size() != sizeof(EffortRecord)) {
        refuse(reader, kKind, formatted("{} bytes", sizeof(EffortRecord)), formatted("{}", section.size()));
    }
    const auto record = load<EffortRecord>(section.data());
    if (record.search_k == 0 || record.k == 0) {
        refuse(reader, kKind, "at least 1 candidate and 1 neighbour",
               formatted("{} and {}", record.search_k, record.k));
    }
    return {record.search_k, record.k};
}

}  // namespace

void write_section(const ForestData& forest, storage::FileWriter& writer) {
    if (!writer.has(storage::SectionKind::kVectors)) write_rows(forest, writer);
    const std::size_t tree_nodes = forest.n_nodes() - forest.n_items();
    writer.begin(storage::SectionKind::kForestNodes);
    writer.write(std::span(forest.trees(), tree_nodes * forest.layout().node_bytes));
    writer.end();

    const std::vector<std::uint32_t> holes = forest.find_holes();
    RootsHeader header{};
    header.node_bytes = forest.layout().node_bytes;
    header.dot_layout = static_cast<std::uint8_t>(forest.dot_layout());
    header.n_roots = forest.roots().size();
    header.n_holes = holes.size();
    writer.begin(storage::SectionKind::kForestRoots);
    writer.write(std::as_bytes(std::span(&header, 1)));
    writer.write(std::span<const std::uint32_t>(forest.roots()));
    writer.write(std::span<const std::uint32_t>(holes));
    writer.end();

    if (forest.default_effort().search_k == 0) return;
    const EffortRecord effort{forest.default_effort().search_k, forest.default_effort().k};
    writer.begin(storage::SectionKind::kForestEffort);
    writer.write(std::as_bytes(std::span(&effort, 1)));
    writer.end();
}

void save_section(const ForestData& forest, const std::string& path) {
    storage::FileWriter writer(path, describe(forest));
    write_section(forest, writer);
    writer.commit();
}

std::shared_ptr<const ForestData> open_section(const std::string& path, bool prefault) {
    const storage::FileReader reader(path, prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    const storage::FileDescription& description = reader.description();
    if (description.kind != static_cast<std::uint8_t>(IndexKind::kForest)) {
        throw Unsupported(formatted("'{}' holds an index of kind '{}', not a forest", path,
                                    name(static_cast<IndexKind>(description.kind))));
    }
    if (description.scalar != scalar_of(description.metric)) {
        throw Unsupported(formatted("'{}' holds {} vectors; a forest of metric {} has {}", path,
                                    name(description.scalar), name(description.metric),
                                    name(scalar_of(description.metric))));
    }
    if (description.count > std::numeric_limits<std::int32_t>::max()) {
        throw CorruptFile(path, 24, "fewer than 2^31 items", formatted("{}", description.count));
    }
    Roots roots = read_roots(reader);
    storage::Region nodes = reader.require(storage::SectionKind::kForestNodes);
    const std::uint32_t node_bytes = layout_of(description.metric, description.dim, roots.dot_layout).node_bytes;
    const std::size_t n_nodes = description.count + nodes.size() / node_bytes;
    if (nodes.size() % node_bytes != 0 || n_nodes > std::numeric_limits<std::int32_t>::max()) {
        refuse(reader, storage::SectionKind::kForestNodes, formatted("whole nodes of {} bytes", node_bytes),
               formatted("{} bytes", nodes.size()));
    }
    for (const std::uint32_t root : roots.roots) {
        if (root < description.count || root >= n_nodes) {
            refuse(reader, storage::SectionKind::kForestRoots,
                   formatted("roots from {} to {}", description.count, n_nodes), formatted("{}", root));
        }
    }
    auto forest = std::make_shared<ForestData>(description.metric, description.dim, roots.dot_layout,
                                               reader.vectors(), std::move(nodes), description.count,
                                               std::move(roots.roots), std::move(roots.holes), path);
    forest->set_default_effort(read_effort(reader));
    return forest;
}

}  // namespace kith::index
