// libFuzzer's way in: throws its bytes at the subject that the environment variable KITH_SUBJECT names. With
// KITH_SEEDS, a folder, it writes valid files of every subject there, one folder each, and ends; fuzz.py drives it.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "hostile/mutate.hpp"
#include "hostile/subject.hpp"
#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace kith::hostile {
namespace {

void write_seeds(const std::filesystem::path& folder) {
    for (const Subject& each : subjects()) {
        const std::filesystem::path own = folder / each.name;
        std::filesystem::create_directories(own);
        std::size_t number = 0;
        for (const std::string& seed : each.seeds())
            test::write_bytes(own / ("seed" + std::to_string(number++)), seed);
    }
}

const Subject& chosen() {
    static const Subject& under_test = [&]() -> const Subject& {
        const char* name = std::getenv("KITH_SUBJECT");
        return subject(name != nullptr ? name : "");
    }();
    return under_test;
}

}  // namespace
}  // namespace kith::hostile

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    if (const char* folder = std::getenv("KITH_SEEDS")) {
        kith::hostile::write_seeds(folder);
        std::exit(0);
    }
    (void)kith::hostile::chosen();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const kith::test::TempDir folder;
    static const std::string path = folder.file("input");
    std::filesystem::remove(path);
    kith::test::write_bytes(path, std::string(reinterpret_cast<const char*>(data), size));
    (void)kith::hostile::chosen().use(path);
    return 0;
}

// Half of the .kith files get checksums that fit, so that the damage reaches what lies behind them.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
    kith::hostile::Dice dice(seed);
    std::string bytes;
    if (dice() % 2 == 0) {
        size = LLVMFuzzerMutate(data, size, max_size);
        bytes.assign(reinterpret_cast<const char*>(data), size);
    } else {
        bytes = kith::hostile::mutate(std::string(reinterpret_cast<const char*>(data), size), dice);
    }
    if (kith::hostile::chosen().checksummed && dice() % 2 == 0) kith::hostile::forge_checksums(bytes);
    if (bytes.size() > max_size) bytes.resize(max_size);
    std::copy(bytes.begin(), bytes.end(), data);
    return bytes.size();
}
