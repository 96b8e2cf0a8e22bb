// Keyed vectors in .kith files: docs/formats.md.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/format.hpp"
#include "kernel/elements.hpp"
#include "kernel/nibble_rows.hpp"
#include "kernel/nibble_store.hpp"
#include "keyed/key_table.hpp"
#include "keyed/store.hpp"
#include "storage/file_reader.hpp"
#include "storage/file_writer.hpp"

namespace kith {
namespace {

using keyed::KeyTable;
using storage::FileReader;
using storage::FileWriter;
using storage::Region;
using storage::SectionKind;

KeyTable open_keys(const FileReader& file) {
    const std::uint64_t count = file.description().count;
    if (!file.has(SectionKind::kKeys)) return keyed::number_keys(count);
    const Region bytes = file.require(SectionKind::kKeys);
    const Region offsets =
        file.require(SectionKind::kKeyOffsets, file.checked_size(count + 1, sizeof(std::uint64_t)));
    if (const std::optional<Region> slots = file.section(SectionKind::kKeyTable)) {
        const std::size_t number = slots->as<std::uint64_t>().size();
        if (!KeyTable::is_slot_count(number) || slots->size() % sizeof(std::uint64_t) != 0) {
            throw CorruptFile(file.path(), 0, "a key table of a power of two of 8-byte slots",
                              formatted("{} bytes", slots->size()));
        }
        return KeyTable(bytes, offsets, *slots);
    }
    const KeyTable unindexed(bytes, offsets, Region());
    keyed::KeyList keys;
    for (std::size_t row = 0; row < count; ++row) keys.push_back(unindexed.key(row));
    keyed::KeyTableBuilder builder;
    if (!builder.add_all({&keys, 1}).empty())
        throw CorruptFile(file.path(), 0, "keys without repetition", "a repeated key");
    return builder.finish();
}

// Floats of the elements of an index that holds them in fewer bytes.
Region widened(const Region& elements, Scalar scalar) {
    if (scalar == Scalar::kFloat32) return elements;
    storage::Buffer buffer(elements.size() / row_bytes(scalar, 1) * sizeof(float));
    kernel::widen_elements(elements.data(), scalar, buffer.as<float>());
    return std::move(buffer).freeze();
}

// What the elements of a compressed index stand for: each times the step of all or of its row.
Region in_steps(const FileReader& file, const Region& elements) {
    const storage::FileDescription& description = file.description();
    const Region section = file.require(SectionKind::kSteps);
    const std::span<const float> steps = section.as<float>();
    if (steps.size() != 1 && steps.size() != description.count) {
        throw CorruptFile(file.path(), 0, formatted("1 or {} steps", description.count),
                          formatted("{}", steps.size()));
    }
    storage::Buffer buffer(elements.size());
    const std::span<const float> in = elements.as<float>();
    const std::span<float> out = buffer.as<float>();
    for (std::size_t i = 0; i < in.size(); ++i) {
        const float step = steps[steps.size() == 1 ? 0 : i / description.dim];
        out[i] = std::isfinite(step) ? in[i] * step : 0.0F;
    }
    return std::move(buffer).freeze();
}

// A compressed index keeps the only vectors of the file.
bool writes_vectors(const Index* index) {
    return index != nullptr && index->step() > 0;
}

void write_vectors(const keyed::Store& store, FileWriter& writer) {
    writer.begin(SectionKind::kVectors);
    if (store.stride == store.dim) {
        writer.write(store.vectors.bytes());
    } else {
        for (std::size_t row = 0; row < store.rows; ++row) writer.write(store.row(row));
    }
    writer.end();
    writer.add(SectionKind::kNorms, store.norms.bytes());
}

}  // namespace

KeyedVectors KeyedVectors::open(const std::string& path, const OpenOptions& options) {
    const FileReader file(path, options.prefault ? storage::Prefault::kYes : storage::Prefault::kNo);
    const storage::FileDescription& description = file.description();
    if (!file.has(SectionKind::kVectors) || description.scalar == Scalar::kBits) {
        throw Unsupported(formatted("'{}' holds no vectors of numbers ({} of {})", path, description.count,
                                    name(description.scalar)));
    }
    if (description.dim == 0 && description.count != 0) {
        throw CorruptFile(path, offsetof(storage::FileHeader, dim), "at least one dimension",
                          formatted("0, for {} rows", description.count));
    }
    auto store = std::make_shared<keyed::Store>();
    store->rows = description.count;
    store->dim = description.dim;
    store->stride = description.dim;
    store->vectors = widened(file.vectors(), description.scalar);
    if (file.has(SectionKind::kSteps) && description.count > 0) store->vectors = in_steps(file, store->vectors);
    store->keys = open_keys(file);
    if (file.has(SectionKind::kNorms)) {
        store->norms = file.require(SectionKind::kNorms, file.checked_size(store->rows, sizeof(float)));
    } else {
        store->norms = keyed::norms_of(store->matrix(), 0);
    }
    if (description.metric == Metric::kAngular && file.has(SectionKind::kNibbleRows)) {
        Region coded = file.require(SectionKind::kNibbleRows);
        if (kernel::NibbleRows::fits(coded.bytes(), Metric::kAngular, store->rows, store->dim)) {
            store->coded = std::move(coded);
            store->codes = std::make_unique<const kernel::NibbleStore>(store->coded.bytes());
        }
    }
    if (file.has(SectionKind::kFrequencies)) {
        store->counts =
            file.require(SectionKind::kFrequencies, file.checked_size(store->rows, sizeof(std::uint64_t)));
    }
    if (const std::optional<Region> notes = file.section(SectionKind::kMetadata)) {
        store->notes.assign(reinterpret_cast<const char*>(notes->data()), notes->size());
    }
    return KeyedVectors(std::move(store));
}

void KeyedVectors::save(const std::string& path, const Index* index, std::string_view notes) const {
    storage::FileDescription description{.kind = static_cast<std::uint8_t>(IndexKind::kNone),
                                         .metric = Metric::kAngular,
                                         .scalar = Scalar::kFloat32,
                                         .dim = dim(),
                                         .count = size()};
    if (index != nullptr) {
        if (index->size() != size() || index->dim() != dim()) {
            throw InvalidArgument(formatted("index holds {} items of {} dimensions; the vectors are {} of {}",
                                            index->size(), index->dim(), size(), dim()));
        }
        description.kind = static_cast<std::uint8_t>(index->kind());
        description.metric = index->metric();
        if (writes_vectors(index)) description.scalar = index->scalar();
    }
    FileWriter writer(path, description);
    if (!writes_vectors(index)) write_vectors(*store_, writer);
    writer.add(SectionKind::kKeys, store_->keys.bytes().bytes());
    writer.add(SectionKind::kKeyOffsets, store_->keys.offsets().bytes());
    writer.add(SectionKind::kKeyTable, store_->keys.slots().bytes());
    if (!store_->counts.empty()) writer.add(SectionKind::kFrequencies, store_->counts.bytes());
    if (!notes.empty()) writer.add(SectionKind::kMetadata, std::span(notes));
    if (index != nullptr) index->write_sections(writer);
    writer.commit();
}

}  // namespace kith
