#include "keyed/store.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <kith/error.hpp>

#include "keyed/random_vectors.hpp"

namespace kith::keyed {
namespace {

TEST(Store, NormsAreEuclideanLengthsWhateverTheNumberOfThreads) {
    const Matrix matrix = test::random_matrix(10'000, 7);
    const storage::Region one = norms_of(matrix.view(), 1);
    const storage::Region two = norms_of(matrix.view(), 2);
    ASSERT_EQ(one.as<float>().size(), 10'000U);
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        double sum = 0;
        for (const float value : matrix.row(row)) sum += double{value} * value;
        EXPECT_FLOAT_EQ(one.as<float>()[row], static_cast<float>(std::sqrt(sum)));
        EXPECT_EQ(one.as<float>()[row], two.as<float>()[row]);
    }
}

TEST(Store, LengthsSurviveSquaresThatFloatCannotHold) {
    Matrix matrix(2, 2);
    matrix.data()[0] = 3e30F;
    matrix.data()[1] = 4e30F;
    matrix.data()[2] = 3e-30F;
    matrix.data()[3] = 4e-30F;
    const storage::Region norms = norms_of(matrix.view(), 1);
    EXPECT_FLOAT_EQ(norms.as<float>()[0], 5e30F);
    EXPECT_FLOAT_EQ(norms.as<float>()[1], 5e-30F);
    matrix.data()[0] = matrix.data()[1] = 3e38F;
    EXPECT_THROW(static_cast<void>(norms_of(matrix.view(), 1)), InvalidArgument);
}

TEST(Store, TheFirstNumberThatIsNotFiniteIsNamed) {
    Matrix matrix(3, 4);
    EXPECT_NO_THROW(check_finite(matrix.view(), 1));
    matrix.row(2)[1] = std::numeric_limits<float>::quiet_NaN();
    matrix.row(1)[3] = -std::numeric_limits<float>::infinity();
    try {
        check_finite(matrix.view(), 1);
        FAIL() << "accepted";
    } catch (const InvalidArgument& error) {
        EXPECT_STREQ(error.what(), "row 1, column 3 is -inf; every number must be finite");
    }
}

TEST(Store, RowsWithoutNamesAreCalledByTheirNumbers) {
    const KeyTable keys = number_keys(1234);
    ASSERT_EQ(keys.size(), 1234U);
    EXPECT_EQ(keys.key(0), "0");
    EXPECT_EQ(keys.key(1233), "1233");
    EXPECT_EQ(keys.find("77"), 77U);
    EXPECT_FALSE(keys.find("1234"));
    EXPECT_EQ(number_keys(0).size(), 0U);
}

}  // namespace
}  // namespace kith::keyed
