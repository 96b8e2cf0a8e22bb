
#include <cmath>
#include <utility>

#include <kith/error.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/format.hpp"
#include "keyed/key_table.hpp"
#include "keyed/store.hpp"

namespace kith {

struct KeyedVectorsBuilder::State {
    std::size_t dim = 0;
    keyed::KeyTableBuilder keys;
    std::vector<float> vectors;
    std::vector<std::uint64_t> counts;  // empty, or one per row
};

KeyedVectorsBuilder::KeyedVectorsBuilder(std::size_t dim) : state_(std::make_unique<State>()) {
    if (dim == 0) throw InvalidArgument("dim is 0; it must be at least 1");
    state_->dim = dim;
}

KeyedVectorsBuilder::KeyedVectorsBuilder(const KeyedVectors& vectors) : KeyedVectorsBuilder(vectors.dim()) {
    const keyed::KeyList keys(vectors.keys());
    state_->keys.add_all({&keys, 1});
    if (state_->keys.size() != vectors.size()) throw InvalidArgument("the vectors to start from repeat a key");
    const MatrixView<const float> rows = vectors.vectors();
    state_->vectors.reserve(rows.rows() * rows.cols());
    for (std::size_t i = 0; i < rows.rows(); ++i) {
        state_->vectors.insert(state_->vectors.end(), rows.row(i).begin(), rows.row(i).end());
    }
    state_->counts.assign(vectors.counts().begin(), vectors.counts().end());
}

KeyedVectorsBuilder::~KeyedVectorsBuilder() = default;
KeyedVectorsBuilder::KeyedVectorsBuilder(KeyedVectorsBuilder&&) noexcept = default;
KeyedVectorsBuilder& KeyedVectorsBuilder::operator=(KeyedVectorsBuilder&&) noexcept = default;

void KeyedVectorsBuilder::reserve(std::size_t rows) {
    state_->keys.reserve(rows, 0);
    state_->vectors.reserve(rows * state_->dim);
}

std::size_t KeyedVectorsBuilder::add(std::string_view key, std::span<const float> vector,
                                     OnDuplicate on_duplicate) {
    if (vector.size() != dim()) {
        throw InvalidArgument(
            formatted("the vector of '{}' has {} elements; it must have {}", key, vector.size(), dim()));
    }
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (!std::isfinite(vector[i])) {
            throw InvalidArgument(
                formatted("element {} of the vector of '{}' is {}; it must be finite", i, key, vector[i]));
        }
    }
    // Room first, so that a failure to get it leaves keys and vectors of one length.
    if (state_->vectors.capacity() < state_->vectors.size() + dim()) {
        state_->vectors.reserve(2 * state_->vectors.size() + dim());
    }
    if (!state_->counts.empty()) state_->counts.reserve(state_->counts.size() + 1);
    const auto [row, is_new] = state_->keys.add(key);
    if (is_new) {
        state_->vectors.insert(state_->vectors.end(), vector.begin(), vector.end());
        if (!state_->counts.empty()) state_->counts.push_back(0);
    } else if (on_duplicate == OnDuplicate::kReplace) {
        std::copy(vector.begin(), vector.end(), state_->vectors.begin() + static_cast<std::ptrdiff_t>(row * dim()));
    } else if (on_duplicate == OnDuplicate::kThrow) {
        throw InvalidArgument(formatted("key '{}' is there already, as row {}", key, row));
    }
    return row;
}

void KeyedVectorsBuilder::set_count(std::size_t row, std::uint64_t count) {
    if (row >= size()) throw OutOfRange(formatted("row {} does not exist; there are {}", row, size()));
    if (state_->counts.empty()) state_->counts.resize(size());
    state_->counts[row] = count;
}

std::size_t KeyedVectorsBuilder::size() const noexcept {
    return state_->keys.size();
}

std::size_t KeyedVectorsBuilder::dim() const noexcept {
    return state_->dim;
}

std::optional<std::size_t> KeyedVectorsBuilder::find(std::string_view key) const noexcept {
    return state_->keys.find(key);
}

KeyedVectors KeyedVectorsBuilder::finish() {
    const auto vectors = std::make_shared<const std::vector<float>>(std::move(state_->vectors));
    storage::Region counts = storage::copy_of(std::as_bytes(std::span(state_->counts)));
    keyed::KeyTable keys = state_->keys.finish();
    state_->vectors.clear();
    state_->counts.clear();
    return keyed::make_keyed_vectors(std::move(keys), storage::Region(std::as_bytes(std::span(*vectors)), vectors),
                                     dim(), std::move(counts), 0);
}

}  // namespace kith
