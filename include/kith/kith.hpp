// All of Kith. Where to start reading:
//
//   What everything speaks     types.hpp           ids, metrics, element types
//                              matrix.hpp          views of rows of vectors; nothing here copies them
//                              neighbors.hpp       what every search returns
//                              distance.hpp        two vectors at a time, and conversions between element types
//                              error.hpp           what can go wrong, and what the exceptions carry
//                              progress.hpp        how a long call reports and is stopped
//   Finding neighbours         index.hpp           what every index can do
//                              filter.hpp          which items a search may answer with
//                              build.hpp           builds the kind of index that suits
//                              flat.hpp            exact search
//                              coded_forest.hpp    the fastest index: compressed leaves, effort by recall
//                              graph.hpp           the fastest for many dimensions: a walk from neighbour to neighbour
//                              dynamic.hpp         a graph that vectors are added to and removed from
//                              forest.hpp          approximate search by random projection trees, and Annoy's files
//                              forest_recall.hpp   a forest by the recall that is wanted
//                              progressive.hpp     answers that get better until the caller is satisfied
//                              open.hpp            opens a file of any kind, told apart by its first bytes
//   Vectors with names         keyed_vectors.hpp   keys and their vectors: similar ones, analogies
//                              vector_formats.hpp  the files that vectors come in, read and written
//                              evaluate.hpp        how good they are: analogies, similarity judgements, recall
//                              word_movers.hpp     how far one document is from another
//   From text to vectors       corpus.hpp          texts, one sentence after the other
//                              vocabulary.hpp      which words count, and how often
//                              phrases.hpp         words that belong together, made one
//                              training.hpp        options and reports of all that learns
//                              word2vec.hpp        from a text to one vector per word
//                              tagged_corpus.hpp   documents and their tags
//                              doc2vec.hpp         from documents to one vector per tag
//                              fasttext.hpp        vectors of words made of those of their parts
//   This build                 version.hpp         its version
#pragma once

#include <kith/build.hpp>
#include <kith/coded_forest.hpp>
#include <kith/corpus.hpp>
#include <kith/distance.hpp>
#include <kith/doc2vec.hpp>
#include <kith/dynamic.hpp>
#include <kith/error.hpp>
#include <kith/evaluate.hpp>
#include <kith/fasttext.hpp>
#include <kith/filter.hpp>
#include <kith/flat.hpp>
#include <kith/forest.hpp>
#include <kith/forest_recall.hpp>
#include <kith/graph.hpp>
#include <kith/index.hpp>
#include <kith/keyed_vectors.hpp>
#include <kith/matrix.hpp>
#include <kith/neighbors.hpp>
#include <kith/open.hpp>
#include <kith/phrases.hpp>
#include <kith/progress.hpp>
#include <kith/progressive.hpp>
#include <kith/tagged_corpus.hpp>
#include <kith/training.hpp>
#include <kith/types.hpp>
#include <kith/vector_formats.hpp>
#include <kith/version.hpp>
#include <kith/vocabulary.hpp>
#include <kith/word2vec.hpp>
#include <kith/word_movers.hpp>
