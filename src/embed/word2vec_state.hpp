// What a Word2Vec owns.
#pragma once

#include <optional>
#include <string>

#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>

#include "embed/model.hpp"

namespace kith {

struct Word2Vec::State {
    Word2VecOptions options;
    std::optional<embed::Model> model;  // from the vocabulary on
    Vocabulary none;
    TrainingReport report;
    std::string notes;
};

}  // namespace kith
