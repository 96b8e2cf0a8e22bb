#include "suggest.hpp"

#include <algorithm>

namespace kith::cli {
namespace {

char ascii_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
    return out;
}

struct Candidate {
    std::size_t distance;
    std::size_t row;

    friend bool operator<(const Candidate& a, const Candidate& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
    }
};

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (gap > limit) return limit + 1;
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({substitution, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
            least = std::min(least, row[j]);
        }
        // A swap reaches two rows back, so one row beyond the limit does not yet decide; two do.
        if (least > limit + 1) return limit + 1;
        before_last.swap(last);
        last.swap(row);
    }
    return std::min(last[b.size()], limit + 1);
}

std::vector<std::string> nearest_keys(std::string_view word, std::size_t count,
                                      const std::function<std::string_view(std::size_t)>& key_at,
                                      std::size_t wanted) {
    const std::string folded = lower(word);
    const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
    std::vector<Candidate> found;
    for (std::size_t row = 0; row < count; ++row) {
        const std::string_view key = key_at(row);
        if (key.size() > word.size() + limit || key.size() + limit < word.size()) continue;
        const std::size_t distance = edit_distance(folded, lower(key), limit);
        if (distance <= limit) found.push_back({distance, row});
    }
    const std::size_t kept = std::min(wanted, found.size());
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end());
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < kept; ++i) keys.emplace_back(key_at(found[i].row));
    return keys;
}

std::string did_you_mean(const std::vector<std::string>& suggestions) {
    if (suggestions.empty()) return {};
    std::string text = "; did you mean ";
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
        if (i > 0) text += i + 1 == suggestions.size() ? " or " : ", ";
        text += "'" + suggestions[i] + "'";
    }
    return text + "?";
}

}  // namespace kith::cli
