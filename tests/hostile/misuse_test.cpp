// Random sequences of calls, legal and not, beside a model of what each class promises: the right result or the
// documented error, and after an error everything as before.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/keyed_vectors.hpp>

#include "hostile/subject.hpp"
#include "support/temp_dir.hpp"

namespace kith::hostile {
namespace {

constexpr std::size_t kDim = 3;
constexpr int kCalls = 400;

class Walk {
public:
    explicit Walk(unsigned seed) : dice_(seed) {}

    std::size_t below(std::size_t sides) { return dice_() % sides; }

    std::vector<float> vector() {
        std::vector<float> values(below(12) == 0 ? below(6) : kDim);
        for (float& value : values) value = static_cast<float>(below(9)) - 4.0F;
        if (!values.empty() && below(12) == 0) {
            values[below(values.size())] =
                below(2) == 0 ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
        }
        return values;
    }

    static bool fits(const std::vector<float>& values) {
        return values.size() == kDim &&
               std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
    }

private:
    std::mt19937 dice_;
};

// Whether `action` was refused, which must be just when `refused_by_model` says so.
template <class Action>
void expect_as_the_model(bool refused_by_model, const char* what, Action&& action) {
    EXPECT_EQ(attempt(action) == 0, refused_by_model) << what;
}

class Builder : public ::testing::TestWithParam<Metric> {
protected:
    void step(Walk& walk) {
        switch (walk.below(8)) {
            case 0:
            case 1: {
                const auto id = static_cast<Id>(walk.below(20)) - 1;
                const std::vector<float> vector = walk.vector();
                const bool bad = built_ || id < 0 || !Walk::fits(vector);
                expect_as_the_model(bad, "add", [&] { builder_.add(id, vector); });
                if (!bad) items_[id] = vector;
                break;
            }
            case 2: {
                const auto first = static_cast<Id>(walk.below(15)) - 1;
                std::vector<std::vector<float>> rows(walk.below(4));
                bool bad = built_ || (first < 0 && !rows.empty());
                Matrix matrix(rows.size(), kDim);
                for (std::size_t row = 0; row < rows.size(); ++row) {
                    do rows[row] = walk.vector();
                    while (rows[row].size() != kDim);
                    bad = bad || !Walk::fits(rows[row]);
                    std::ranges::copy(rows[row], matrix.row(row).begin());
                }
                expect_as_the_model(bad, "add rows", [&] { builder_.add(matrix.view(), first); });
                if (!bad) {
                    for (std::size_t row = 0; row < rows.size(); ++row)
                        items_[first + static_cast<Id>(row)] = rows[row];
                }
                break;
            }
            case 3: {
                const int trees = static_cast<int>(walk.below(5)) - 2;
                const bool bad = built_ || trees < -1;
                expect_as_the_model(bad, "build", [&] { builder_.build(trees, 1); });
                built_ = built_ || !bad;
                break;
            }
            case 4:
                expect_as_the_model(!built_, "unbuild", [&] { builder_.unbuild(); });
                built_ = false;
                break;
            case 5:
                // Annoy finds the number of items through the roots.
                expect_as_the_model(!built_ || builder_.n_trees() == 0, "save",
                                    [&] { builder_.save_annoy(folder_.file("index.ann")); });
                break;
            case 6: {
                const std::vector<float> query = walk.vector();
                expect_as_the_model(!built_ || !Walk::fits(query), "search", [&] {
                    const Neighbors near = builder_.forest().search(query, {.k = 4, .search_k = 1000});
                    for (const Id id : near.ids) EXPECT_TRUE(items_.contains(id)) << id;
                });
                break;
            }
            default: expect_as_the_model(built_, "reserve", [&] { builder_.reserve(walk.below(100)); });
        }
    }

    void expect_state() {
        const std::size_t n = items_.empty() ? 0 : static_cast<std::size_t>(items_.rbegin()->first) + 1;
        ASSERT_EQ(builder_.n_items(), n);
        ASSERT_EQ(builder_.is_built(), built_);
        for (Id id = -1; id < 21; ++id) {
            ASSERT_EQ(builder_.contains(id), items_.contains(id)) << id;
            if (!items_.contains(id)) continue;
            const std::vector<float> stored = builder_.get_vector(id);
            for (std::size_t i = 0; i < kDim; ++i) {
                const float given = items_.at(id)[i];
                ASSERT_EQ(stored[i], GetParam() == Metric::kHamming ? (given > 0.5F ? 1.0F : 0.0F) : given);
            }
        }
    }

    test::TempDir folder_;
    ForestBuilder builder_{{.metric = GetParam(), .dim = kDim}};
    std::map<Id, std::vector<float>> items_;
    bool built_ = false;
};

TEST_P(Builder, KeepsItsPromisesInAnyOrderOfCalls) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        builder_ = ForestBuilder({.metric = GetParam(), .dim = kDim});
        items_.clear();
        built_ = false;
        Walk walk(seed);
        for (int call = 0; call < kCalls; ++call) {
            step(walk);
            expect_state();
            if (HasFailure()) FAIL() << "seed " << seed << ", call " << call;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Of, Builder,
                         ::testing::Values(Metric::kAngular, Metric::kEuclidean, Metric::kManhattan, Metric::kDot,
                                           Metric::kHamming),
                         [](const auto& each) { return std::string(name(each.param)); });

TEST(KeyedVectorsBuilderMisuse, KeepsItsPromisesInAnyOrderOfCalls) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        Walk walk(seed);
        KeyedVectorsBuilder builder(kDim);
        std::vector<std::pair<std::string, std::vector<float>>> rows;
        for (int call = 0; call < kCalls; ++call) {
            const std::string key = "k" + std::to_string(walk.below(40));
            const std::vector<float> vector = walk.vector();
            const auto there =
                std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == key; });
            const auto policy = static_cast<OnDuplicate>(walk.below(3));
            const bool known = there != rows.end();
            const bool bad = !Walk::fits(vector) || (known && policy == OnDuplicate::kThrow);
            expect_as_the_model(bad, "add", [&] { builder.add(key, vector, policy); });
            if (!bad && !known) rows.emplace_back(key, vector);
            if (!bad && known && policy == OnDuplicate::kReplace) there->second = vector;
            const std::size_t row = walk.below(50);
            expect_as_the_model(row >= rows.size(), "set_count", [&] { builder.set_count(row, 3); });
            ASSERT_EQ(builder.size(), rows.size());
            ASSERT_EQ(builder.find(key).has_value(), known || !bad);
        }
        const KeyedVectors vectors = builder.finish();
        ASSERT_EQ(vectors.size(), rows.size());
        for (std::size_t row = 0; row < rows.size(); ++row) {
            EXPECT_EQ(vectors.key(row), rows[row].first);
            EXPECT_TRUE(std::ranges::equal(vectors.vector(row), rows[row].second));
        }
    }
}

}  // namespace
}  // namespace kith::hostile
