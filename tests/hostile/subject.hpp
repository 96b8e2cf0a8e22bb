// What hostile bytes are thrown at: every format that Kith opens, with valid files to start from and everything that
// can be done with a file that opened.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <kith/error.hpp>

namespace kith::hostile {

struct Subject {
    std::string name;

    // The bytes of small valid files.
    std::function<std::vector<std::string>()> seeds;

    // Opens the file in every way that its format allows and uses what opened. Returns how many ways were not
    // refused. Throws nothing of its own: what leaves it is a defect.
    std::function<int(const std::string& path)> use;

    // The files are .kith files, whose checksums a forger would make fit.
    bool checksummed = false;
};

// All of them, in a fixed order.
[[nodiscard]] const std::vector<Subject>& subjects();

// The one of that name. Throws std::out_of_range.
[[nodiscard]] const Subject& subject(std::string_view name);

void add_kith_subjects(std::vector<Subject>& list);
void add_annoy_subjects(std::vector<Subject>& list);
void add_vector_subjects(std::vector<Subject>& list);
void add_text_subjects(std::vector<Subject>& list);

// 1, or 0 when `action` was refused with one of Kith's errors. Any other exception passes.
template <class Action>
int attempt(Action&& action) {
    try {
        action();
        return 1;
    } catch (const Error&) {
        return 0;
    }
}

// The bytes of the file that `write` writes to the path it is given; the name ends in `ending`.
[[nodiscard]] std::string written(const std::string& ending, const std::function<void(const std::string&)>& write);

// Rows of small fractions, every time the same.
[[nodiscard]] std::vector<float> numbers(std::size_t count);

}  // namespace kith::hostile
