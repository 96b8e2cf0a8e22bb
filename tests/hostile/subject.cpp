#include "hostile/subject.hpp"

#include <algorithm>
#include <stdexcept>

#include "support/bytes.hpp"
#include "support/temp_dir.hpp"

namespace kith::hostile {

const std::vector<Subject>& subjects() {
    static const std::vector<Subject> list = [] {
        std::vector<Subject> all;
        add_kith_subjects(all);
        add_annoy_subjects(all);
        add_vector_subjects(all);
        add_text_subjects(all);
        return all;
    }();
    return list;
}

const Subject& subject(std::string_view name) {
    const auto found =
        std::find_if(subjects().begin(), subjects().end(), [&](const Subject& s) { return s.name == name; });
    if (found == subjects().end()) throw std::out_of_range("no subject '" + std::string(name) + "'");
    return *found;
}

std::string written(const std::string& ending, const std::function<void(const std::string&)>& write) {
    const test::TempDir folder;
    const std::string path = folder.file("seed" + ending);
    write(path);
    return test::read_bytes(path);
}

std::vector<float> numbers(std::size_t count) {
    std::vector<float> values(count);
    std::uint32_t state = 1;
    for (float& value : values) {
        state = state * 1664525U + 1013904223U;
        value = (static_cast<float>(state >> 24) - 127.0F) / 64.0F;
    }
    return values;
}

}  // namespace kith::hostile
