// Reads a whole forest and judges it.
#pragma once

#include "index/forest/forest_data.hpp"

namespace kith::index {

// Throws CorruptFile naming the first node that cannot be. See Forest::verify.
void verify_forest(const ForestData& forest);

}  // namespace kith::index
