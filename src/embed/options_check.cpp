#include "embed/options_check.hpp"

#include <cmath>

#include <kith/error.hpp>

#include "base/format.hpp"

namespace kith::embed {

void check_rate(const char* name, double value) {
    if (!std::isfinite(value) || value < 0) {
        throw InvalidArgument(formatted("{} = {}: a finite number of 0 or more is needed", name, value));
    }
}

void check_at_least_one(const char* name, std::size_t value) {
    if (value < 1 || value > kMostOfAnything) {
        throw InvalidArgument(formatted("{} = {}: a number from 1 to {} is needed", name, value, kMostOfAnything));
    }
}

void check(const EmbeddingOptions& options) {
    check_at_least_one("vector_size", options.vector_size);
    check_at_least_one("window", options.window);
    check_at_least_one("epochs", options.epochs);
    if (options.negative > kMostNegatives) {
        throw InvalidArgument(
            formatted("negative = {}: a number from 0 to {} is needed", options.negative, kMostNegatives));
    }
    if (options.negative == 0 && !options.hierarchical_softmax) {
        throw InvalidArgument(
            "negative = 0 without hierarchical_softmax: nothing to learn; set negative to 1 or more, or "
            "hierarchical_softmax");
    }
    if (!std::isfinite(options.ns_exponent)) {
        throw InvalidArgument(formatted("ns_exponent = {}: a finite number is needed", options.ns_exponent));
    }
    check_rate("sample", options.sample);
    check_rate("alpha", options.alpha);
    check_rate("min_alpha", options.min_alpha);
}

}  // namespace kith::embed
