// Valid files with damage done to them are refused with a typed error or give sane answers: no crash, no hang, no
// memory beyond what the file's size justifies.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "hostile/allocation.hpp"
#include "hostile/mutate.hpp"
#include "hostile/subject.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::hostile {
namespace {

// KITH_MUTATIONS asks for another number; the sanitizers, which are slow, run fewer.
std::size_t mutations() {
    const char* wanted = std::getenv("KITH_MUTATIONS");
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 10'000;
}

// Buffers, tables and threads of a fixed size, and for each byte of the file what it can stand for at most: deflate
// makes 1,032 bytes of one, and a float may be a byte there.
std::size_t allowed_memory(std::size_t file_size) {
    return (std::size_t{96} << 20) + 5000 * file_size;
}

class Mutations : public ::testing::TestWithParam<std::string> {};

TEST_P(Mutations, AreRefusedOrAnsweredSanely) {
    const Subject& under_test = subject(GetParam());
    const std::vector<std::string> seeds = under_test.seeds();
    const test::TempDir folder;
    const std::string path = folder.file("damaged");
    Dice dice(20260101);
    std::size_t refused = 0;
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < mutations(); ++i) {
        std::string bytes = mutate(seeds[i % seeds.size()], dice);
        if (under_test.checksummed && i % 4 != 0) forge_checksums(bytes);
        std::filesystem::remove(path);  // writing over it would wait for the disk
        test::write_bytes(path, bytes);
        const std::size_t before = live_bytes();
        reset_peak();
        int ways = 0;
        ASSERT_NO_THROW(ways = under_test.use(path)) << "mutation " << i;
        ASSERT_LE(peak_bytes() - before, allowed_memory(bytes.size())) << "mutation " << i;
        (ways == 0 ? refused : accepted) += 1;
    }
    RecordProperty("refused", static_cast<int>(refused));
    RecordProperty("accepted", static_cast<int>(accepted));
}

TEST_P(Mutations, StartFromFilesThatAreAccepted) {
    const Subject& under_test = subject(GetParam());
    const test::TempDir folder;
    for (const std::string& seed : under_test.seeds()) {
        test::write_bytes(folder.file("whole"), seed);
        EXPECT_GT(under_test.use(folder.file("whole")), 0);
    }
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const Subject& each : subjects()) all.push_back(each.name);
    return all;
}

INSTANTIATE_TEST_SUITE_P(Of, Mutations, ::testing::ValuesIn(names()), [](const auto& each) { return each.param; });

}  // namespace
}  // namespace kith::hostile
