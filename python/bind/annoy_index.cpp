#include "annoy_index.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <kith/error.hpp>

#include "interrupt.hpp"

namespace kith::python {
namespace {

std::string with_errno(const std::string& text, int error_number) {
    return text + ": " + std::strerror(error_number) + " (" + std::to_string(error_number) + ")";
}

[[noreturn]] void raise_as_annoy(const IoError& error) {
    const std::string_view what = error.what();
    const char* verb = error.error_number() == EISDIR       ? "Unable to open"
                       : what.find("write") != what.npos    ? "Unable to write"
                       : what.find("close") != what.npos    ? "Unable to close"
                       : what.find("size") != what.npos     ? "Unable to get size"
                       : what.find("truncate") != what.npos ? "Unable to truncate"
                                                            : "Unable to open";
    raise_os_error(with_errno(verb, error.error_number()), error.error_number());
}

[[noreturn]] void raise_as_annoy(const CorruptFile& error) {
    std::error_code ignored;
    if (std::filesystem::file_size(error.path(), ignored) == 0 && !ignored) {
        raise_os_error(with_errno("Size of file is zero", 0), 0);
    }
    raise_os_error(with_errno("Index size is not a multiple of vector size. Ensure you are opening using the same "
                              "metric you used to create the index.",
                              0),
                   0);
}

// Calls `work` without the GIL; errors of files come out with Annoy's words.
template <class Work>
auto file_call(Work&& work) {
    std::exception_ptr error;
    try {
        const nb::gil_scoped_release unlocked;
        return work();
    } catch (const IoError&) {
        error = std::current_exception();
    } catch (const CorruptFile&) {
        error = std::current_exception();
    }
    try {
        std::rethrow_exception(error);
    } catch (const IoError& e) {
        raise_as_annoy(e);
    } catch (const CorruptFile& e) {
        raise_as_annoy(e);
    }
}

[[noreturn]] void raise_out_of_order(const char* message) {
    raise(PyExc_Exception, message);
}

ForestOptions checked_options(int f, const std::string& metric) {
    if (f < 1) raise(PyExc_ValueError, "f must be at least 1, not " + std::to_string(f));
    for (const Metric known : all_metrics()) {
        if (name(known) == metric) return {.metric = known, .dim = static_cast<std::size_t>(f)};
    }
    raise(PyExc_ValueError, "No such metric");
}

SearchOptions search_options(int n, int search_k, std::size_t n_items) {
    constexpr auto kNoLimit = std::numeric_limits<std::int64_t>::max();
    if (n < 0) return {.k = n_items, .search_k = search_k == 0 ? 0 : search_k > 0 ? search_k : kNoLimit};
    return {.k = static_cast<std::size_t>(n), .search_k = search_k >= -1 ? search_k : kNoLimit};
}

}  // namespace

AnnoyIndex::AnnoyIndex(int f, const std::string& metric) : options_(checked_options(f, metric)) {
    reset();
}

void AnnoyIndex::reset() {
    forest_.reset();
    builder_.emplace(options_);
    n_items_ = 0;
}

void AnnoyIndex::adopt(Forest forest) {
    n_items_ = forest.size();
    forest_ = std::move(forest);
    builder_.reset();
}

void AnnoyIndex::check_id(int id, bool adding) const {
    if (id < 0) raise(PyExc_IndexError, "Item index can not be negative");
    if (!adding && static_cast<std::size_t>(id) >= n_items_) {
        raise(PyExc_IndexError, "Item index larger than the largest item index");
    }
}

void AnnoyIndex::add_item(int id, std::span<const float> vector) {
    check_id(id, true);
    const ObjectLock::Guard guard(lock_);
    if (!builder_) raise_out_of_order("You can't add an item to a loaded index");
    if (forest_) raise_out_of_order("You can't add an item to a built index; call unbuild() first");
    builder_->add(id, vector);
    n_items_ = builder_->n_items();
}

void AnnoyIndex::build(int n_trees, int n_jobs) {
    const ObjectLock::Guard guard(lock_);
    if (!builder_) raise_out_of_order("You can't build a loaded index");
    if (forest_) raise_out_of_order("You can't build a built index");
    if (n_trees < -1) {
        raise(PyExc_ValueError, "n_trees must be -1 (as many as fill the room of the items) or at least 0, not " +
                                    std::to_string(n_trees));
    }
    if (n_jobs == 0 || n_jobs < -1) {
        raise(PyExc_ValueError, "n_jobs must be -1 (one per core) or at least 1, not " + std::to_string(n_jobs));
    }
    const std::size_t threads = n_jobs == -1 ? 0 : static_cast<std::size_t>(n_jobs);
    run_interruptibly(nb::none(), [&](const ProgressFn& progress) { builder_->build(n_trees, threads, progress); });
    forest_ = builder_->forest();
}

void AnnoyIndex::unbuild() {
    const ObjectLock::Guard guard(lock_);
    if (!builder_) raise_out_of_order("You can't unbuild a loaded index");
    if (forest_) builder_->unbuild();
    forest_.reset();
}

void AnnoyIndex::unload() {
    const ObjectLock::Guard guard(lock_);
    reset();
}

void AnnoyIndex::on_disk_build(const std::string& path) {
    const ObjectLock::Guard guard(lock_);
    if (!builder_) raise_out_of_order("You can't build a loaded index");
    file_call([&] { builder_->on_disk(path); });
}

void AnnoyIndex::save(const std::string& path, bool prefault) {
    const ObjectLock::Guard guard(lock_);
    if (!forest_) raise_os_error("You can't save an index that hasn't been built", 0);
    if (forest_->n_trees() == 0) raise_os_error("You can't save an index that has no trees", 0);
    adopt(file_call([&, forest = *forest_] {
        forest.save_annoy(path);
        return Forest::open_annoy(path, options_.metric, options_.dim,
                                  {.prefault = prefault, .dot_layout = forest.dot_layout()});
    }));
}

void AnnoyIndex::load(const std::string& path, bool prefault) {
    const ObjectLock::Guard guard(lock_);
    adopt(
        file_call([&] { return Forest::open_annoy(path, options_.metric, options_.dim, {.prefault = prefault}); }));
}

void AnnoyIndex::set_seed(std::uint64_t seed) {
    const ObjectLock::Guard guard(lock_);
    options_.seed = seed;
    if (builder_) builder_->set_seed(seed);
}

void AnnoyIndex::search_item(int id, int n, int search_k, Neighbors& out) const {
    check_id(id);
    out.clear();
    if (!forest_) return;
    const Forest forest = *forest_;
    const SearchOptions options = search_options(n, search_k, n_items_);
    const nb::gil_scoped_release unlocked;
    if (forest.contains(id)) {
        forest.search_item(id, options, out);
    } else {
        forest.search(std::vector<float>(forest.dim()), options, out);
    }
}

void AnnoyIndex::search_vector(std::span<const float> vector, int n, int search_k, Neighbors& out) const {
    out.clear();
    if (!forest_) return;
    const Forest forest = *forest_;
    const SearchOptions options = search_options(n, search_k, n_items_);
    const nb::gil_scoped_release unlocked;
    forest.search(vector, options, out);
}

void AnnoyIndex::get_item(int id, std::span<float> out) const {
    check_id(id);
    if (forest_) return forest_->get_vector(id, out);
    const ObjectLock::Guard guard(lock_);
    check_id(id);
    builder_->get_vector(id, out);
}

float AnnoyIndex::distance(int a, int b) const {
    check_id(a);
    check_id(b);
    if (forest_) return forest_->distance(a, b);
    const ObjectLock::Guard guard(lock_);
    check_id(a);
    check_id(b);
    return builder_->distance(a, b);
}

void AnnoyIndex::copy_items_to(IndexSource& source) const {
    const ObjectLock::Guard guard(lock_);
    if (!builder_) return;
    std::vector<float> vector(options_.dim);
    for (auto id = static_cast<Id>(builder_->n_items()) - 1; id >= 0; --id) {
        if (!builder_->contains(id)) continue;
        builder_->get_vector(id, vector);
        source.add(id, vector);
    }
}

}  // namespace kith::python
