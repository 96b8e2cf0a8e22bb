// .ann files, which say neither their metric nor their dimension.
#include <filesystem>

#include <kith/forest.hpp>

#include "hostile/subject.hpp"
#include "hostile/use_index.hpp"

namespace kith::hostile {
namespace {

constexpr std::size_t kDim = 6;

std::vector<std::string> files(Metric metric) {
    std::vector<std::string> all;
    const std::vector<float> values = numbers(60 * kDim);
    for (const int trees : {1, 4}) {
        ForestBuilder builder({.metric = metric, .dim = kDim});
        builder.add(MatrixView<const float>(values.data(), 60, kDim), 0);
        builder.build(trees, 1);
        all.push_back(written(".ann", [&](const auto& path) { builder.forest().save_annoy(path); }));
    }
    return all;
}

int use(const std::string& path, Metric metric) {
    const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
    int accepted = 0;
    for (const DotLayout layout : {DotLayout::kAuto, DotLayout::kRelease, DotLayout::kHead}) {
        if (layout != DotLayout::kAuto && metric != Metric::kDot) continue;
        accepted += attempt([&] {
            const Forest forest = Forest::open_annoy(path, metric, kDim, {.dot_layout = layout});
            use_index(forest, size);
            (void)forest.n_trees();
        });
    }
    return accepted;
}

}  // namespace

void add_annoy_subjects(std::vector<Subject>& list) {
    for (const Metric metric :
         {Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot, Metric::kHamming}) {
        list.push_back({"ann_" + std::string(name(metric)), [metric] { return files(metric); },
                        [metric](const std::string& path) { return use(path, metric); }});
    }
}

}  // namespace kith::hostile
