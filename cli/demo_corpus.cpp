#include "demo_corpus.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <vector>

#include <kith/error.hpp>

#include "interrupt.hpp"
#include "output_file.hpp"
#include "process.hpp"

namespace kith::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kText8Url = "http://mattmahoney.net/dc/text8.zip";
constexpr const char* kText8Md5 = "3bea1919949baf155f99411df5fada7e";
constexpr const char* kDictionary = "/usr/share/dictd/gcide.dict.dz";

fs::path cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    fs::path folder = cache != nullptr && *cache != '\0' ? fs::path(cache)
                      : home != nullptr                  ? fs::path(home) / ".cache"
                                                         : fs::temp_directory_path();
    folder /= "kith";
    fs::create_directories(folder);
    return folder;
}

// Runs to the end; its stdout is dropped. True when it succeeded.
bool run_program(const std::vector<std::string>& argv) {
    ChildProcess child(argv);
    (void)child.read_all();
    const int code = child.wait();
    throw_if_interrupted();
    return code == 0;
}

// Nothing, with the reason said, when it cannot be had.
std::optional<std::string> download_text8(bool quiet, const SayFn& say) {
    const fs::path target = cache_folder() / "text8";
    if (fs::exists(target)) return target.string();
    for (const char* program : {"curl", "unzip", "md5sum"}) {
        if (!find_program(program)) {
            say(fmt::format("text8 cannot be downloaded: there is no '{}' program here", program));
            return std::nullopt;
        }
    }
    say(fmt::format("downloading text8 (31 MB) from {}", kText8Url));
    const PartialFile archive(target.string() + ".zip");
    std::vector<std::string> curl = {"curl", "--fail",        "--location",  "--connect-timeout",
                                     "15",   "--speed-limit", "1000",        "--speed-time",
                                     "30",   "--output",      archive.path()};
    const bool bar = !quiet && isatty(STDERR_FILENO) == 1;
    for (const char* option : {bar ? "--progress-bar" : "--silent", "--show-error"}) curl.emplace_back(option);
    curl.emplace_back(kText8Url);
    if (!run_program(curl)) {
        say("text8 could not be downloaded");
        return std::nullopt;
    }
    PartialFile text(target.string());
    // The shell only redirects: unzip writes to stdout or to a name of its own choice.
    if (!run_program({"sh", "-c", "exec unzip -p \"$1\" text8 > \"$2\"", "sh", archive.path(), text.path()})) {
        say("text8 was downloaded but cannot be unpacked");
        return std::nullopt;
    }
    ChildProcess md5sum({"md5sum", text.path()});
    const std::string sum = md5sum.read_all().substr(0, 32);
    if (md5sum.wait() != 0 || sum != kText8Md5) {
        say(fmt::format("the file downloaded as text8 is another one: its md5 is {}, not {}", sum, kText8Md5));
        return std::nullopt;
    }
    text.keep();
    return target.string();
}

// The words of Debian's English dictionary, once unpacked kept in the cache.
std::optional<std::string> dictionary_text() {
    if (!fs::exists(kDictionary)) return std::nullopt;
    const fs::path target = cache_folder() / "gcide.txt";
    if (fs::exists(target)) return target.string();
    const std::string words = letters_only(read_text_start(kDictionary, std::numeric_limits<std::size_t>::max()));
    write_text_file(target.string(), words);
    return target.string();
}

}  // namespace

std::optional<std::string> corpus_in_folder(const std::string& folder) {
    for (const char* name : {"text8", "text8.gz", "wiki8", "wiki8.gz"}) {
        const fs::path path = fs::path(folder) / name;
        if (fs::exists(path)) return path.string();
    }
    return std::nullopt;
}

DemoCorpus find_demo_corpus(const std::string& given, bool quiet, const SayFn& say) {
    if (!given.empty()) return {given, "the text given"};
    const char* folder = std::getenv("KITH_DATA_DIR");
    if (folder != nullptr) {
        if (const auto path = corpus_in_folder(folder))
            return {*path, "found in the folder that KITH_DATA_DIR names"};
    }
    if (const auto path = download_text8(quiet, say)) {
        return {*path, fmt::format("text8, the tutorial's corpus, from {}, md5 checked", kText8Url)};
    }
    if (const auto path = dictionary_text()) {
        return {
            *path,
            "NOT text8, which is out of reach here, but the text of an English dictionary (Debian's dict-gcide): a "
            "third of the words, and of another kind, so expect other neighbours than the tutorial's"};
    }
    throw InvalidArgument(
        fmt::format("no corpus for the demo: none given, no text8 or wiki8 in KITH_DATA_DIR ({}), none from {}, "
                    "and no {} (install "
                    "the package dict-gcide); give a text file as the argument",
                    folder == nullptr ? "not set" : folder, kText8Url, kDictionary));
}

std::string letters_only(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') {
            out += c;
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    return out;
}

std::string read_text_start(const std::string& path, std::size_t max_bytes) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose);
    if (file == nullptr) throw IoError("cannot open", path, errno);
    std::string text;
    std::array<char, 1 << 16> buffer;
    while (text.size() < max_bytes) {
        const std::size_t wanted = std::min(buffer.size(), max_bytes - text.size());
        const int got = gzread(file.get(), buffer.data(), static_cast<unsigned>(wanted));
        if (got < 0) {
            int code = 0;
            throw CorruptFile(path, text.size(), "gzip data", gzerror(file.get(), &code));
        }
        if (got == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const std::size_t blank = text.find_last_of(" \n");
    if (blank != std::string::npos) text.resize(blank);
    return text;
}

}  // namespace kith::cli
