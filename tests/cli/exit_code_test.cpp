#include "exit_code.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <new>

#include <kith/error.hpp>

namespace kith::cli {
namespace {

template <class E>
Failure failure_of(const E& error) {
    try {
        throw error;
    } catch (...) {
        return describe_current_exception();
    }
}

TEST(ExitCode, EveryErrorHasItsCode) {
    EXPECT_EQ(failure_of(InvalidArgument("x")).code, 2);
    EXPECT_EQ(failure_of(OutOfRange("x")).code, 2);
    EXPECT_EQ(failure_of(IoError("cannot open", "f", ENOENT)).code, 1);
    EXPECT_EQ(failure_of(CorruptFile("f", 3, "a", "b")).code, 3);
    EXPECT_EQ(failure_of(Unsupported("x")).code, 1);
    EXPECT_EQ(failure_of(Cancelled("x")).code, 130);
    EXPECT_EQ(failure_of(std::bad_alloc()).code, 1);
    EXPECT_EQ(failure_of(42).code, 1);
}

TEST(ExitCode, TheMessageIsTheErrors) {
    EXPECT_EQ(failure_of(InvalidArgument("window: 0; must be at least 1")).message,
              "window: 0; must be at least 1");
}

}  // namespace
}  // namespace kith::cli
