#include "keyed/formats/array_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include <kith/error.hpp>

#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

TEST(ArrayFile, PlainAndCompressedFilesLoadAlike) {
    const test::TempDir dir;
    const std::string bytes(1'000'000, 'x');
    test::write_file(dir.file("a"), bytes);
    test::write_gzip(dir.file("b"), bytes);
    EXPECT_EQ(load_file(dir.file("a")).bytes().size(), bytes.size());
    EXPECT_TRUE(std::ranges::equal(load_file(dir.file("a")).bytes(), load_file(dir.file("b")).bytes()));
    test::write_file(dir.file("a"), "");
    EXPECT_TRUE(load_file(dir.file("a")).bytes().empty());
    EXPECT_THROW(static_cast<void>(load_file(dir.file("none"))), IoError);
}

TEST(ArrayFile, RowsAreTakenFromTheirStrides) {
    const float numbers[] = {9, 1, 2, 9, 3, 4};
    const std::string path = "f";
    const LoadedFile file{path, storage::copy_of(std::as_bytes(std::span(numbers)))};
    const ArrayLayout layout{.rows = 2, .dim = 2, .offset = 4, .stride = 12};
    for (const std::size_t threads : {1U, 2U}) {
        Parsed parsed = read_array(file, layout, {.threads = threads});
        EXPECT_EQ(parsed.rows, 2U);
        EXPECT_TRUE(std::ranges::equal(parsed.numbers.as<float>(), std::vector<float>{1, 2, 3, 4}));
    }
    EXPECT_EQ(read_array(file, layout, {.limit = 1}).rows, 1U);
    EXPECT_EQ(read_array(file, layout, {.limit = 5}).rows, 2U);
}

TEST(ArrayFile, ANumberThatIsNotFiniteIsNamedByRowColumnAndByte) {
    const float numbers[] = {1, 2, 3, std::numeric_limits<float>::infinity()};
    const std::string path = "f";
    const LoadedFile file{path, storage::copy_of(std::as_bytes(std::span(numbers)))};
    const ArrayLayout layout{.rows = 2, .dim = 2, .stride = 8};
    EXPECT_EQ(
        test::error_of([&] { static_cast<void>(read_array(file, layout, {})); }),
        "'f' at byte 12: expected a finite number that float32 holds (row 1, column 1), found inf in float32");
}

}  // namespace
}  // namespace kith::keyed
