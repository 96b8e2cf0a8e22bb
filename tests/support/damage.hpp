// Damage within a file's sections, so that its outline stays whole and it often opens.
#pragma once

#include <random>
#include <string>

#include <kith/error.hpp>
#include <kith/open.hpp>

#include "support/bytes.hpp"

namespace kith::test {

// Overwrites up to 8 bytes of a section, `trials` times anew, and calls use() on the file each time. Counts the calls
// that came back; kith::Error is the other outcome allowed.
template <class Use>
[[nodiscard]] int count_unharmed(const std::string& path, int trials, const Use& use) {
    const std::string good = read_bytes(path);
    const FileInfo info = inspect(path);
    std::mt19937 random(1);
    int unharmed = 0;
    for (int trial = 0; trial < trials; ++trial) {
        std::string bad = good;
        const SectionInfo& section = info.sections[random() % info.sections.size()];
        for (unsigned change = 0; change < 1 + random() % 8; ++change) {
            if (section.size > 0) bad[section.offset + random() % section.size] = static_cast<char>(random());
        }
        write_bytes(path, bad);
        try {
            use();
            ++unharmed;
        } catch (const Error&) {
        }
    }
    return unharmed;
}

}  // namespace kith::test
