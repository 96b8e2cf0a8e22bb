#include "kernel/train_types.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/select.hpp"

namespace kith::kernel {
namespace {

// The definition in train_types.hpp, word for word, in double precision.
struct Reference {
    std::vector<std::vector<double>> inputs, updates, targets;
    std::vector<double> labels, rates;
    bool in_turn = false;

    void step_in_turn() {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            for (std::size_t j = 0; j < targets.size(); ++j) {
                double dot = 0;
                for (std::size_t d = 0; d < inputs[i].size(); ++d) dot += inputs[i][d] * targets[j][d];
                const double g = rates[j] * (labels[j] - 1 / (1 + std::exp(-std::clamp(dot, -10.0, 10.0))));
                for (std::size_t d = 0; d < inputs[i].size(); ++d) {
                    updates[i][d] += g * targets[j][d];
                    targets[j][d] += g * inputs[i][d];
                }
            }
        }
    }

    void step() {
        const auto before = targets;
        if (in_turn) return step_in_turn();
        std::vector<std::vector<double>> g(inputs.size(), std::vector<double>(targets.size()));
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            for (std::size_t j = 0; j < targets.size(); ++j) {
                double dot = 0;
                for (std::size_t d = 0; d < inputs[i].size(); ++d) dot += inputs[i][d] * targets[j][d];
                g[i][j] = rates[j] * (labels[j] - 1 / (1 + std::exp(-std::clamp(dot, -10.0, 10.0))));
            }
        }
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            for (std::size_t j = 0; j < targets.size(); ++j) {
                for (std::size_t d = 0; d < inputs[i].size(); ++d) {
                    updates[i][d] += g[i][j] * before[j][d];
                    targets[j][d] += g[i][j] * inputs[i][d];
                }
            }
        }
    }
};

std::vector<std::string> sets() {
    std::vector<std::string> names;
    for (const Table* const table : available()) names.emplace_back(table->name);
    return names;
}

class TrainTest : public testing::TestWithParam<std::string> {
protected:
    [[nodiscard]] const TrainKernels& kernels() const { return by_name(GetParam()).train; }
};

using FloatRows = std::vector<std::vector<float>>;

FloatRows random_rows(std::size_t count, std::size_t dim, std::mt19937_64& random) {
    std::normal_distribution<float> normal(0, 0.3F);
    FloatRows rows(count, std::vector<float>(dim));
    for (auto& row : rows) {
        for (float& x : row) x = normal(random);
    }
    return rows;
}

std::vector<std::vector<double>> widen(const FloatRows& rows) {
    std::vector<std::vector<double>> out;
    for (const auto& row : rows) out.emplace_back(row.begin(), row.end());
    return out;
}

std::vector<float*> pointers(FloatRows& rows) {
    std::vector<float*> out;
    for (auto& row : rows) out.push_back(row.data());
    return out;
}

void expect_near(const FloatRows& got, const std::vector<std::vector<double>>& want, const std::string& what) {
    for (std::size_t i = 0; i < got.size(); ++i) {
        for (std::size_t d = 0; d < got[i].size(); ++d) {
            ASSERT_NEAR(got[i][d], want[i][d], 2e-5) << what << ", row " << i << ", element " << d;
        }
    }
}

enum class Place { kSame, kElsewhere };

enum class Turns { kNone, kInTurn };

void check_step(const TrainKernels& kernels, std::size_t inputs, std::size_t targets, std::size_t dim, Place place,
                Turns turns = Turns::kNone) {
    std::mt19937_64 random(inputs * 1000 + targets * 10 + dim);
    FloatRows in = random_rows(inputs, dim, random);
    FloatRows out = random_rows(targets, dim, random);
    FloatRows other = random_rows(inputs, dim, random);
    std::vector<float> labels(targets);
    std::vector<float> rates(targets);
    for (std::size_t j = 0; j < targets; ++j) {
        labels[j] = static_cast<float>(random() % 2);
        rates[j] = 0.025F * static_cast<float>(1 + random() % 3);
    }
    Reference reference{widen(in),
                        widen(place == Place::kSame ? in : other),
                        widen(out),
                        {labels.begin(), labels.end()},
                        {rates.begin(), rates.end()},
                        turns == Turns::kInTurn};
    reference.step();

    const auto in_rows = pointers(in);
    const auto updates = place == Place::kSame ? in_rows : pointers(other);
    const auto out_rows = pointers(out);
    std::vector<float> gradients(kTrainInputs * gradient_stride(targets), NAN);
    std::vector<float> copies(kTrainInputs * dim, NAN);
    std::vector<float> room(kTurnsRoom, NAN);
    kernels.step({in_rows.data(), updates.data(), inputs, out_rows.data(), labels.data(), rates.data(), targets,
                  dim, gradients.data(), copies.data(), turns == Turns::kInTurn ? room.data() : nullptr});

    const std::string what = std::to_string(inputs) + " inputs, " + std::to_string(targets) + " targets, " +
                             std::to_string(dim) + " dimensions";
    expect_near(place == Place::kSame ? in : other, reference.updates, what + ": inputs");
    expect_near(out, reference.targets, what + ": targets");
}

TEST_P(TrainTest, AStepInPlaceIsTheReferenceStepForEveryShape) {
    for (std::size_t inputs = 1; inputs <= kTrainInputs; ++inputs) {
        for (std::size_t targets = 0; targets <= 20; ++targets) {
            for (const std::size_t dim : {16U, 112U}) check_step(kernels(), inputs, targets, dim, Place::kSame);
        }
    }
}

TEST_P(TrainTest, InputsThatLearnInTurnSeeWhatThoseBeforeThemDid) {
    for (const Place place : {Place::kSame, Place::kElsewhere}) {
        for (std::size_t inputs = 1; inputs <= kTrainInputs; ++inputs) {
            for (std::size_t targets = 0; targets <= 40; targets += 1 + targets / 5) {
                for (const std::size_t dim : {16U, 112U}) {
                    check_step(kernels(), inputs, targets, dim, place, Turns::kInTurn);
                }
            }
        }
    }
}

TEST_P(TrainTest, AStepThatUpdatesOtherRowsLeavesTheInputsAlone) {
    for (std::size_t targets = 1; targets <= 40; ++targets)
        check_step(kernels(), 1, targets, 304, Place::kElsewhere);
}

TEST_P(TrainTest, AnInputThatStandsTwiceGetsBothUpdates) {
    std::mt19937_64 random(5);
    FloatRows in = random_rows(1, 16, random);
    FloatRows out = random_rows(1, 16, random);
    const auto in_before = widen(in);
    const auto out_before = widen(out);
    const std::vector<float*> twice = {in[0].data(), in[0].data()};
    const auto target = pointers(out);
    const float label = 1;
    const float rate = 0.01F;
    std::vector<float> gradients(kTrainInputs * gradient_stride(1));
    std::vector<float> copies(kTrainInputs * 16);
    kernels().step(
        {twice.data(), twice.data(), 2, target.data(), &label, &rate, 1, 16, gradients.data(), copies.data()});
    double dot = 0;
    for (std::size_t d = 0; d < 16; ++d) dot += in_before[0][d] * out_before[0][d];
    const double g = 0.01 * (1 - 1 / (1 + std::exp(-dot)));
    for (std::size_t d = 0; d < 16; ++d) {
        ASSERT_NEAR(in[0][d], in_before[0][d] + 2 * g * out_before[0][d], 1e-5);
    }
}

// With one element the dot product is the argument of the sigmoid.
TEST_P(TrainTest, TheSigmoidIsExactAndLevelsOutBeyondTen) {
    for (double x = -30; x <= 30; x += 0.01) {
        std::vector<float> in(16, 0.0F);
        std::vector<float> out(16, 0.0F);
        in[0] = static_cast<float>(x);
        out[0] = 1;
        float update[16] = {};
        const float* const input = in.data();
        float* const updates = update;
        float* const target = out.data();
        const float label = 0;
        const float rate = -1;
        std::vector<float> gradients(kTrainInputs * gradient_stride(1));
        kernels().step({&input, &updates, 1, &target, &label, &rate, 1, 16, gradients.data(), nullptr});
        ASSERT_NEAR(update[0], 1 / (1 + std::exp(-std::clamp<double>(in[0], -10, 10))), 1e-6) << x;
    }
}

TEST_P(TrainTest, PaddingStaysZero) {
    std::mt19937_64 random(6);
    FloatRows in = random_rows(10, 112, random);
    FloatRows out = random_rows(6, 112, random);
    for (FloatRows* const rows : {&in, &out}) {
        for (auto& row : *rows) std::fill(row.begin() + 100, row.end(), 0.0F);
    }
    const auto in_rows = pointers(in);
    const auto out_rows = pointers(out);
    const std::vector<float> labels = {1, 0, 0, 0, 0, 0};
    const std::vector<float> rates(6, 0.05F);
    std::vector<float> gradients(kTrainInputs * gradient_stride(6));
    std::vector<float> copies(kTrainInputs * 112);
    kernels().step({in_rows.data(), in_rows.data(), 10, out_rows.data(), labels.data(), rates.data(), 6, 112,
                    gradients.data(), copies.data()});
    for (const FloatRows* const rows : {&in, &out}) {
        for (const auto& row : *rows) {
            for (std::size_t d = 100; d < 112; ++d) ASSERT_EQ(row[d], 0.0F);
        }
    }
}

TEST_P(TrainTest, SumsOfRowsAndAdditionsToRowsAreTheReference) {
    std::mt19937_64 random(7);
    for (std::size_t count = 1; count <= 20; ++count) {
        FloatRows rows = random_rows(count, 48, random);
        const auto before = widen(rows);
        const auto at = pointers(rows);
        std::vector<float> sum(48);
        kernels().sum_rows(at.data(), count, 0.25F, 48, sum.data());
        for (std::size_t d = 0; d < 48; ++d) {
            double want = 0;
            for (const auto& row : before) want += 0.25 * row[d];
            ASSERT_NEAR(sum[d], want, 1e-5);
        }
        kernels().add_to_rows(sum.data(), -2.0F, at.data(), count, 48);
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t d = 0; d < 48; ++d) ASSERT_NEAR(rows[i][d], before[i][d] - 2.0 * sum[d], 1e-5);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(EverySet, TrainTest, testing::ValuesIn(sets()), [](const auto& set) { return set.param; });

}  // namespace
}  // namespace kith::kernel
