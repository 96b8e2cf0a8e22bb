// The public face of a forest under construction.
#include <utility>

#include <kith/error.hpp>
#include <kith/forest.hpp>

#include "index/forest/forest_grower.hpp"

namespace kith {

ForestBuilder::ForestBuilder(const ForestOptions& options)
    : grower_(std::make_unique<index::ForestGrower>(options)) {}

ForestBuilder::ForestBuilder(const ForestOptions& options, const std::string& path) : ForestBuilder(options) {
    on_disk(path);
}

ForestBuilder::ForestBuilder(ForestBuilder&&) noexcept = default;
ForestBuilder& ForestBuilder::operator=(ForestBuilder&&) noexcept = default;
ForestBuilder::~ForestBuilder() = default;

void ForestBuilder::on_disk(const std::string& path) {
    grower_->on_disk(path);
}

const ForestOptions& ForestBuilder::options() const noexcept {
    return grower_->options();
}

void ForestBuilder::set_seed(std::uint64_t seed) noexcept {
    grower_->set_seed(seed);
}

void ForestBuilder::reserve(std::size_t n_items) {
    grower_->reserve(n_items);
}

void ForestBuilder::add(Id id, std::span<const float> vector) {
    grower_->add(id, vector);
}

void ForestBuilder::add(MatrixView<const float> rows, Id first_id) {
    grower_->add(rows, first_id);
}

void ForestBuilder::build(int n_trees, std::size_t threads, const ProgressFn& progress) {
    grower_->build(n_trees, threads, progress);
}

void ForestBuilder::set_default_search_k(std::int64_t search_k, std::size_t k) {
    grower_->set_default_effort(search_k, k);
}

void ForestBuilder::unbuild() {
    grower_->unbuild();
}

bool ForestBuilder::is_built() const noexcept {
    return grower_->forest() != nullptr;
}

std::size_t ForestBuilder::n_items() const noexcept {
    return grower_->n_items();
}

std::size_t ForestBuilder::n_trees() const noexcept {
    return is_built() ? grower_->forest()->roots().size() : 0;
}

bool ForestBuilder::contains(Id id) const noexcept {
    return grower_->contains(id);
}

void ForestBuilder::get_vector(Id id, std::span<float> out) const {
    grower_->get_vector(id, out);
}

std::vector<float> ForestBuilder::get_vector(Id id) const {
    std::vector<float> out(options().dim);
    get_vector(id, out);
    return out;
}

float ForestBuilder::distance(Id a, Id b) const {
    return grower_->distance(a, b);
}

Forest ForestBuilder::forest() const {
    if (!is_built()) throw InvalidArgument("the index is not built; call build first");
    return Forest(grower_->forest());
}

void ForestBuilder::save(const std::string& path) const {
    forest().save(path);
}

void ForestBuilder::save_annoy(const std::string& path) const {
    forest().save_annoy(path);
}

}  // namespace kith
