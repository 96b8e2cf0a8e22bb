#include "index/forest/split_source.hpp"

#include "index/forest/coded_splits.hpp"
#include "index/forest/splitter.hpp"

namespace kith::index {

std::unique_ptr<SplitSource> split_source_of(const Grove& grove) {
    if (grove.codes != nullptr) return std::make_unique<CodedSplits>(grove);
    return std::make_unique<Splitter>(grove);
}

}  // namespace kith::index
