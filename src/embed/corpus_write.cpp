
#include <algorithm>
#include <string>

#include <kith/corpus.hpp>
#include <kith/error.hpp>

#include "base/format.hpp"
#include "embed/tokenizer.hpp"
#include "storage/byte_sink.hpp"

namespace kith {

void write_text(const std::string& path, const Corpus& corpus) {
    for (std::size_t type = 0; type < corpus.types(); ++type) {
        const std::string_view word = corpus.word(type);
        if (word.empty() || std::any_of(word.begin(), word.end(), embed::is_space)) {
            throw InvalidArgument(
                formatted("the word '{}' would not read back from a text: it is empty or holds white space", word));
        }
    }
    storage::ByteSink out(path);
    std::string line;
    std::uint64_t at = 0;
    for (const std::uint64_t end : corpus.ends()) {
        line.clear();
        for (; at < end; ++at) {
            if (corpus.ids()[at] == Corpus::kForgotten) continue;
            if (!line.empty()) line += ' ';
            line += corpus.word(corpus.ids()[at]);
        }
        line += '\n';
        out.write(line);
    }
    out.commit();
}

}  // namespace kith
