// The text that the demo trains on: the first that there is of a given file, text8 or wiki8 among the test data,
// text8 from its public home, an English dictionary.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <kith/corpus.hpp>
#include <kith/progress.hpp>

namespace kith::cli {

struct DemoCorpus {
    std::string path;
    std::string origin;  // what it is and why it was taken, for people
};

using SayFn = std::function<void(std::string_view)>;

// `given` may be empty. Files that have to be made go to the cache folder (XDG_CACHE_HOME, or ~/.cache, + "/kith").
// Throws IoError when nothing can be had, saying what was tried.
[[nodiscard]] DemoCorpus find_demo_corpus(const std::string& given, bool quiet, const SayFn& say);

// text8 or wiki8, plain or .gz, in the folder.
[[nodiscard]] std::optional<std::string> corpus_in_folder(const std::string& folder);

// Runs of letters as words in lower case, everything else as one space, as text8 was made.
[[nodiscard]] std::string letters_only(std::string_view text);

// Decompresses (plain files pass unchanged) at most `max_bytes`, cut after a whole word. Throws IoError,
// CorruptFile.
[[nodiscard]] std::string read_text_start(const std::string& path, std::size_t max_bytes);

}  // namespace kith::cli
