// An index that is exact unless told to lose items: stands in for approximate ones.
#pragma once

#include <algorithm>
#include <cmath>

#include <kith/error.hpp>
#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>

#include "base/top_k.hpp"
#include "keyed/random_vectors.hpp"

namespace kith::test {

class BruteIndex final : public Index {
public:
    explicit BruteIndex(KeyedVectors vectors, Metric metric = Metric::kAngular, std::size_t lose_every = 0)
        : vectors_(std::move(vectors)), metric_(metric), lose_every_(lose_every) {}

    [[nodiscard]] IndexKind kind() const noexcept override { return IndexKind::kFlat; }
    [[nodiscard]] Metric metric() const noexcept override { return metric_; }
    [[nodiscard]] std::size_t dim() const noexcept override { return vectors_.dim(); }
    [[nodiscard]] std::size_t size() const noexcept override { return vectors_.size(); }
    [[nodiscard]] bool contains(Id id) const noexcept override {
        return id >= 0 && static_cast<std::size_t>(id) < size();
    }
    void search(std::span<const float> query, const SearchOptions& options, Neighbors& out) const override {
        if (options.search_k < -1) throw InvalidArgument("search_k");
        ++searches;
        asked += options.k;
        TopK best(options.k);
        for (std::size_t row = 0; row < size(); ++row) {
            if (lose_every_ != 0 && row % lose_every_ == 0) continue;
            best.push(static_cast<float>(-cosine_of(query, vectors_.vector(row))), static_cast<Id>(row));
        }
        out.clear();
        for (const Candidate& candidate : best.sorted()) {
            out.ids.push_back(candidate.id);
            out.distances.push_back(std::sqrt(2 + 2 * candidate.rank));
        }
    }
    void search_item(Id id, const SearchOptions& options, Neighbors& out) const override {
        search(vectors_.vector(static_cast<std::size_t>(id)), options, out);
    }
    void get_vector(Id id, std::span<float> out) const override {
        std::ranges::copy(vectors_.vector(static_cast<std::size_t>(id)), out.begin());
    }
    [[nodiscard]] float distance(Id, Id) const override { return 0; }
    void save(const std::string&) const override {}
    void write_sections(storage::FileWriter&) const override {}

    mutable std::size_t searches = 0;
    mutable std::size_t asked = 0;

private:
    KeyedVectors vectors_;
    Metric metric_;
    std::size_t lose_every_;
};

}  // namespace kith::test
