#include "keyed/formats/parsed.hpp"

#include <gtest/gtest.h>

#include <kith/error.hpp>

namespace kith::keyed {
namespace {

TEST(Parsed, KeysThatAreNotUtf8AreRefusedRepairedOrShortened) {
    const std::string bad = "caf\xc3";
    EXPECT_EQ(checked_key("caf\xc3\xa9", InvalidUtf8::kThrow, "f", 0), "caf\xc3\xa9");
    EXPECT_EQ(checked_key(bad, InvalidUtf8::kIgnore, "f", 0), "caf");
    EXPECT_EQ(checked_key(bad, InvalidUtf8::kKeep, "f", 0), bad);
    EXPECT_EQ(checked_key(bad, InvalidUtf8::kReplace, "f", 0), "caf\xef\xbf\xbd");
    try {
        static_cast<void>(checked_key(bad, InvalidUtf8::kThrow, "f", 100));
        FAIL() << "accepted";
    } catch (const CorruptFile& error) {
        EXPECT_EQ(error.offset(), 103U);
    }
    KeyList keys;
    push_checked(keys, bad, InvalidUtf8::kIgnore, "f", 0);
    push_checked(keys, "x", InvalidUtf8::kIgnore, "f", 0);
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0], "caf");
    EXPECT_EQ(keys[1], "x");
}

TEST(Parsed, MessagesShowBytesReadably) {
    EXPECT_EQ(shown("a\n\xff"), "'a\\x0a\\xff'");
    EXPECT_EQ(shown(std::string(100, 'x')), "'" + std::string(40, 'x') + "…'");
}

TEST(Parsed, TheMeterReportsTheEndAndCanStop) {
    std::vector<std::uint64_t> seen;
    const ProgressFn record = [&](const Progress& progress) {
        seen.push_back(progress.done);
        EXPECT_EQ(progress.total, 10U);
        return true;
    };
    ReadMeter meter(record, 10);
    meter.add(4);
    meter.add(6);
    EXPECT_EQ(seen.back(), 10U);
    const ProgressFn stop = [](const Progress&) { return false; };
    ReadMeter stopped(stop, 10);
    EXPECT_THROW(stopped.add(1), Cancelled);
    const ProgressFn none;
    ReadMeter silent(none, 10);
    EXPECT_NO_THROW(silent.add(10));
}

}  // namespace
}  // namespace kith::keyed
