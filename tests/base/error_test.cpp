#include <kith/error.hpp>

#include <gtest/gtest.h>

#include <cerrno>

namespace kith {
namespace {

TEST(Error, IoErrorNamesThePathAndTheReason) {
    const IoError error("cannot open", "/no/such", ENOENT);
    EXPECT_EQ(std::string(error.what()), "cannot open '/no/such': No such file or directory");
    EXPECT_EQ(error.path(), "/no/such");
    EXPECT_EQ(error.error_number(), ENOENT);
}

TEST(Error, CorruptFileNamesTheOffsetAndBothSides) {
    const CorruptFile error("a.kith", 12, "magic KITH", "magic ABCD");
    EXPECT_EQ(std::string(error.what()), "'a.kith' at byte 12: expected magic KITH, found magic ABCD");
    EXPECT_EQ(error.offset(), 12u);
}

TEST(Error, EveryKindIsAKithError) {
    EXPECT_THROW(throw OutOfRange("x"), InvalidArgument);
    EXPECT_THROW(throw Unsupported("x"), Error);
    EXPECT_THROW(throw Cancelled("x"), Error);
}

}  // namespace
}  // namespace kith
