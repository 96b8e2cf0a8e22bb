#include <kith/keyed_vectors.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/key_table.hpp"
#include "keyed/store.hpp"

namespace kith {
namespace {

using keyed::KeyTable;
using keyed::KeyTableBuilder;
using keyed::Store;
using storage::Buffer;
using storage::Region;

KeyTable unique_keys(std::span<const std::string_view> keys) {
    KeyTableBuilder builder;
    const keyed::KeyList list(keys);
    const std::vector<std::size_t> repeated = builder.add_all({&list, 1});
    if (!repeated.empty()) {
        const std::string_view key = keys[repeated.front()];
        throw InvalidArgument(formatted("keys[{}] is '{}', as keys[{}] is; every key may stand once",
                                        repeated.front(), key, *builder.find(key)));
    }
    return builder.finish();
}

Region copy_rows(MatrixView<const float> rows) {
    Buffer buffer(rows.rows() * rows.cols() * sizeof(float));
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        std::memcpy(buffer.data() + i * rows.cols() * sizeof(float), rows.row(i).data(),
                    rows.cols() * sizeof(float));
    }
    return std::move(buffer).freeze();
}

void check_shape(std::size_t keys, MatrixView<const float> vectors, std::size_t counts) {
    if (keys != vectors.rows()) {
        throw InvalidArgument(formatted("{} keys for {} vectors", keys, vectors.rows()));
    }
    if (counts != 0 && counts != keys) {
        throw InvalidArgument(formatted("{} counts for {} keys", counts, keys));
    }
    if (vectors.rows() != 0 && vectors.cols() == 0) throw InvalidArgument("vectors has rows but no columns");
    keyed::check_finite(vectors, 0);
}

std::vector<std::string_view> views_of(std::span<const std::string> keys) {
    return {keys.begin(), keys.end()};
}

}  // namespace

KeyedVectors::KeyedVectors() : KeyedVectors(keyed::make_keyed_vectors(KeyTableBuilder().finish(), {}, 0, {}, 1)) {}

KeyedVectors::KeyedVectors(std::shared_ptr<const Store> store) noexcept : store_(std::move(store)) {}

KeyedVectors::KeyedVectors(std::span<const std::string> keys, MatrixView<const float> vectors,
                           std::span<const std::uint64_t> counts)
    : KeyedVectors(std::span<const std::string_view>(views_of(keys)), vectors, counts) {}

KeyedVectors::KeyedVectors(std::span<const std::string_view> keys, MatrixView<const float> vectors,
                           std::span<const std::uint64_t> counts) {
    check_shape(keys.size(), vectors, counts.size());
    *this = keyed::make_keyed_vectors(unique_keys(keys), copy_rows(vectors), vectors.cols(),
                                      storage::copy_of(std::as_bytes(counts)), 0);
}

KeyedVectors KeyedVectors::view(std::span<const std::string_view> keys, MatrixView<const float> vectors,
                                std::shared_ptr<const void> owner, std::span<const std::uint64_t> counts) {
    check_shape(keys.size(), vectors, counts.size());
    const std::size_t floats = vectors.empty() ? 0 : (vectors.rows() - 1) * vectors.stride() + vectors.cols();
    const std::span<const float> numbers(vectors.data(), floats);
    return keyed::make_keyed_vectors(unique_keys(keys), Region(std::as_bytes(numbers), std::move(owner)),
                                     vectors.cols(), vectors.stride(), storage::copy_of(std::as_bytes(counts)), 0);
}

std::size_t KeyedVectors::size() const noexcept {
    return store_->rows;
}

std::size_t KeyedVectors::dim() const noexcept {
    return store_->dim;
}

MatrixView<const float> KeyedVectors::vectors() const noexcept {
    return store_->matrix();
}

std::span<const float> KeyedVectors::norms() const noexcept {
    return store_->norms.as<float>();
}

std::span<const std::uint64_t> KeyedVectors::counts() const noexcept {
    return store_->counts.as<std::uint64_t>();
}

const std::string& KeyedVectors::notes() const noexcept {
    return store_->notes;
}

std::optional<std::size_t> KeyedVectors::find(std::string_view key) const noexcept {
    return store_->keys.find(key);
}

std::vector<std::optional<std::size_t>> KeyedVectors::find_all(std::span<const std::string_view> keys) const {
    std::vector<std::optional<std::size_t>> rows(keys.size());
    std::ranges::transform(keys, rows.begin(), [&](std::string_view key) { return find(key); });
    return rows;
}

std::size_t KeyedVectors::row_of(std::string_view key) const {
    const std::optional<std::size_t> row = find(key);
    if (!row) throw InvalidArgument(formatted("key '{}' is not among the {} keys", key, size()));
    return *row;
}

std::string_view KeyedVectors::key(std::size_t row) const {
    static_cast<void>(vector(row));
    return store_->keys.key(row);
}

std::vector<std::string_view> KeyedVectors::keys() const {
    std::vector<std::string_view> all(size());
    for (std::size_t row = 0; row < all.size(); ++row) all[row] = store_->keys.key(row);
    return all;
}

std::span<const float> KeyedVectors::vector(std::size_t row) const {
    if (row >= size()) throw OutOfRange(formatted("row {} does not exist; there are {}", row, size()));
    return store_->row(row);
}

std::span<const float> KeyedVectors::vector(std::string_view key) const {
    return vector(row_of(key));
}

std::vector<float> KeyedVectors::unit_vector(std::size_t row) const {
    const std::span<const float> raw = vector(row);
    std::vector<float> unit(raw.begin(), raw.end());
    const float norm = norms()[row];
    if (norm > 0) {
        for (float& value : unit) value /= norm;
    }
    return unit;
}

std::vector<float> KeyedVectors::unit_vector(std::string_view key) const {
    return unit_vector(row_of(key));
}

KeyedVectors KeyedVectors::select(std::span<const std::size_t> rows) const {
    std::vector<std::string_view> names(rows.size());
    Buffer buffer(rows.size() * dim() * sizeof(float));
    Buffer numbers(counts().empty() ? 0 : rows.size() * sizeof(std::uint64_t));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        names[i] = key(rows[i]);
        std::ranges::copy(vector(rows[i]), buffer.as<float>().begin() + static_cast<std::ptrdiff_t>(i * dim()));
        if (!counts().empty()) numbers.as<std::uint64_t>()[i] = counts()[rows[i]];
    }
    return keyed::make_keyed_vectors(unique_keys(names), std::move(buffer).freeze(), dim(),
                                     std::move(numbers).freeze(), 0);
}

KeyedVectors KeyedVectors::vectors_for_all(std::span<const std::string_view> keys) const {
    std::vector<bool> taken(size());
    std::vector<std::size_t> rows;
    for (const std::string_view key : keys) {
        const std::optional<std::size_t> row = find(key);
        if (!row || taken[*row]) continue;
        taken[*row] = true;
        rows.push_back(*row);
    }
    return select(rows);
}

KeyedVectors KeyedVectors::intersect(const KeyedVectors& other) const {
    if (empty() || other.empty()) return *this;
    if (other.dim() != dim()) {
        throw InvalidArgument(formatted("the other vectors have {} dimensions; these have {}", other.dim(), dim()));
    }
    Buffer buffer(size() * dim() * sizeof(float));
    for (std::size_t i = 0; i < size(); ++i) {
        const std::optional<std::size_t> there = other.find(key(i));
        std::ranges::copy(there ? other.vector(*there) : vector(i),
                          buffer.as<float>().begin() + static_cast<std::ptrdiff_t>(i * dim()));
    }
    return keyed::make_keyed_vectors(store_->keys, std::move(buffer).freeze(), dim(), store_->counts, 0);
}

KeyedVectors KeyedVectors::sorted_by_count() const {
    if (counts().empty()) return *this;
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return counts()[a] > counts()[b]; });
    return select(order);
}

KeyedVectors KeyedVectors::normalized() const {
    Buffer buffer(size() * dim() * sizeof(float));
    const std::span<float> out = buffer.as<float>();
    for (std::size_t row = 0; row < size(); ++row) {
        std::ranges::copy(unit_vector(row), out.begin() + static_cast<std::ptrdiff_t>(row * dim()));
    }
    return keyed::make_keyed_vectors(store_->keys, std::move(buffer).freeze(), dim(), store_->counts, 0);
}

}  // namespace kith
