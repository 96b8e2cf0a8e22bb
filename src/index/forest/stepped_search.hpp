// A search of a forest that goes on from where it stopped when it is asked for more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <kith/neighbors.hpp>

#include "base/top_k.hpp"
#include "index/forest/forest_data.hpp"
#include "index/forest/frontier.hpp"
#include "index/selection.hpp"

namespace kith::index {

// What it keeps from step to step: 8 bytes for each node met and not visited, which are about as many as were visited, 4
// for each candidate, and the best k. The bitmap of candidates, whose size is the forest's, is the thread's; each step
// fills it from the candidates.
class SteppedSearch {
public:
    // `query` is a stored vector or of its form, and is copied.
    SteppedSearch(std::shared_ptr<const ForestData> forest, const void* query, const Selection& selection,
                  std::size_t k);

    // Gives what search_forest() gives for `search_k`. REQUIRES: not below the search_k of the step before; after an
    // exception, which is lack of memory, there is no other step.
    void step(std::size_t search_k, Neighbors& out);

private:
    void meet(std::size_t search_k);
    void compare_all();

    std::shared_ptr<const ForestData> forest_;
    std::vector<std::byte> query_;
    Selection selection_;
    double share_ = 1;           // of the items, that the filter allows
    std::size_t met_ = 0;        // candidates, repetitions counted
    bool compared_all_ = false;  // with all that the filter allows: nothing is left to do
    Frontier frontier_;
    std::vector<std::uint32_t> ids_;  // the candidates, once each, allowed or not
    TopK best_;
};

}  // namespace kith::index
