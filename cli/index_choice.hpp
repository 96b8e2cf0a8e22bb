// Which index answers a question about vectors: one that is given, one built now, the one in the file, or none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>

#include "session.hpp"

namespace CLI {
class App;
}

namespace kith::cli {

struct IndexChoice {
    std::string index;       // --index
    std::int32_t trees = 0;  // --trees; 0: not asked for
    bool exact = false;      // --exact
    std::int64_t search_k = -1;
};

// --index, --trees, --exact, --search-k
void add_index_choice(CLI::App& command, IndexChoice& choice);

// Null: search exactly. `path` is where `vectors` came from; its own index is used when it is angular and all of
// the file was read. Throws as opening and building do.
[[nodiscard]] std::unique_ptr<Index> choose_index(Session& session, const KeyedVectors& vectors,
                                                  const std::string& path, const IndexChoice& choice,
                                                  std::size_t threads);

// What --search-k says, or, when it was not given, 100 candidates per tree (k, if more): a few answers for a person
// must be good ones, and Annoy's own default of k per tree misses many when k is small.
[[nodiscard]] std::int64_t effort(const IndexChoice& choice, const Index* index, std::size_t k);

// Says by what step an index is compressed, if it is.
void put_step(Output& out, const Index& index);

// "word  cosine" rows.
[[nodiscard]] Table match_table(const std::vector<Match>& matches, std::string_view score = "cosine");

}  // namespace kith::cli
