// kith._core.Corpus and TaggedCorpus.
#include <string>
#include <utility>
#include <vector>

#include <kith/corpus.hpp>
#include <kith/tagged_corpus.hpp>

#include "bind.hpp"
#include "convert.hpp"
#include "errors.hpp"
#include "interrupt.hpp"
#include "numbers.hpp"
#include "tags.hpp"

namespace kith::python {
namespace {

using namespace nb::literals;  // NOLINT(google-build-using-namespace)

CorpusOptions corpus_options(nb::handle max_sentence_length, nb::handle max_vocab_size) {
    CorpusOptions options;
    options.max_sentence_length = to_size(max_sentence_length, "max_sentence_length");
    options.max_vocab_size = to_size(max_vocab_size, "max_vocab_size");
    return options;
}

std::vector<std::string> to_paths(nb::handle paths) {
    std::vector<std::string> names;
    if (nb::isinstance<nb::list>(paths) || nb::isinstance<nb::tuple>(paths)) {
        for (const nb::handle path : paths) names.push_back(to_path(path));
    } else {
        names.push_back(to_path(paths));
    }
    return names;
}

Corpus read_corpus(nb::handle paths, nb::handle max_sentence_length, nb::handle max_vocab_size, nb::handle lines,
                   nb::handle threads, nb::handle progress) {
    const std::vector<std::string> names = to_paths(paths);
    CorpusOptions options = corpus_options(max_sentence_length, max_vocab_size);
    options.threads = to_threads(threads);
    options.sentence_break = to_flag(lines, "lines") ? SentenceBreak::kLine : SentenceBreak::kNone;
    Corpus corpus;
    run_interruptibly(progress, [&](const ProgressFn& report) { corpus = Corpus::read(names, options, report); });
    return corpus;
}

// Calls `take` for each item, letting Python handle signals now and then.
template <class Take>
void pass_over(nb::handle items, Take take) {
    constexpr std::uint64_t kBetweenChecks = 10'000;
    std::uint64_t next_check = 0;
    for (const nb::handle item : items) {
        const std::uint64_t words = take(item);
        if (words < next_check) continue;
        next_check = words + kBetweenChecks;
        if (PyErr_CheckSignals() != 0) throw nb::python_error();
    }
}

// Sentences of any iterable of iterables of str; it is passed over once.
Corpus collect_corpus(nb::handle sentences, nb::handle max_sentence_length, nb::handle max_vocab_size) {
    CorpusBuilder builder(corpus_options(max_sentence_length, max_vocab_size));
    Texts words;
    pass_over(sentences, [&](nb::handle sentence) {
        if (nb::isinstance<nb::str>(sentence)) {
            raise(PyExc_TypeError, "each sentence must be a list of words, not one str: pass sentence.split()");
        }
        builder.add_sentence(words.read(sentence));
        return builder.words();
    });
    return builder.finish();
}

TaggedCorpus read_tagged(nb::handle paths, nb::handle max_vocab_size, nb::handle threads, nb::handle progress) {
    const std::vector<std::string> names = to_paths(paths);
    CorpusOptions options;
    options.max_vocab_size = to_size(max_vocab_size, "max_vocab_size");
    options.threads = to_threads(threads);
    TaggedCorpus corpus;
    run_interruptibly(progress, [&](const ProgressFn& report) {
        corpus = TaggedCorpus::read(names, TagSource::kLineNumber, options, report);
    });
    return corpus;
}

// Documents of any iterable of objects with `words` and `tags`; it is passed over once.
TaggedCorpus collect_tagged(nb::handle documents, nb::handle max_vocab_size) {
    CorpusOptions options;
    options.max_vocab_size = to_size(max_vocab_size, "max_vocab_size");
    TaggedCorpusBuilder builder(options);
    Texts words;
    std::vector<std::string> names;
    std::uint64_t passed = 0;
    pass_over(documents, [&](nb::handle document) {
        if (!nb::hasattr(document, "words") || !nb::hasattr(document, "tags")) {
            raise_wrong_type(document, "each document", "a TaggedDocument(words, tags)");
        }
        const nb::object text = document.attr("words");
        const nb::object tags = document.attr("tags");
        if (nb::isinstance<nb::str>(text)) {
            raise_wrong_type(text, "the words of a document", "a list of words: pass text.split()");
        }
        if (nb::isinstance<nb::str>(tags) || PyIndex_Check(tags.ptr()) != 0) {
            raise_wrong_type(tags, "the tags of a document", "a list of str or int");
        }
        names.clear();
        for (const nb::handle tag : tags) names.push_back(tag_name(tag));
        const std::vector<std::string_view> views(names.begin(), names.end());
        const auto& found = words.read(text);
        builder.add(found, views);
        return passed += found.size() + 1;
    });
    return builder.finish();
}

nb::object counts_of(const Corpus& corpus) {
    nb::dict counts;
    for (std::size_t type = 0; type < corpus.types(); ++type) {
        if (corpus.count(type) > 0) counts[to_str(corpus.word(type))] = corpus.count(type);
    }
    return counts;
}

}  // namespace

void bind_corpus(nb::module_& module) {
    nb::class_<Corpus>(module, "Corpus", "Text, read once and kept as numbers.")
        .def_static("read", read_corpus, "paths"_a.none(), "max_sentence_length"_a.none() = 10'000,
                    "max_vocab_size"_a.none() = 0, "lines"_a.none() = true, "threads"_a.none() = 0,
                    "progress"_a.none() = nb::none(),
                    "Files or folders of text, one sentence per line (or all in one); .gz too.")
        .def_static("from_sentences", collect_corpus, "sentences"_a, "max_sentence_length"_a.none() = 10'000,
                    "max_vocab_size"_a.none() = 0, "An iterable of lists of words.")
        .def_prop_ro("words", &Corpus::words, "Words of text.")
        .def_prop_ro("sentences", &Corpus::sentences, "Sentences of text.")
        .def_prop_ro("types", &Corpus::types, "Different words.")
        .def("counts", counts_of, "Occurrences of each word.");
    nb::class_<TaggedCorpus>(module, "TaggedCorpus", "Documents with tags, read once and kept as numbers.")
        .def_static("read", read_tagged, "paths"_a.none(), "max_vocab_size"_a.none() = 0, "threads"_a.none() = 0,
                    "progress"_a.none() = nb::none(),
                    "Files or folders of text, one document per line, whose tag is the line's number.")
        .def_static("from_documents", collect_tagged, "documents"_a, "max_vocab_size"_a.none() = 0,
                    "An iterable of objects with words and tags.")
        .def_prop_ro(
            "words", [](const TaggedCorpus& self) { return self.text().words(); }, "Words of text.")
        .def_prop_ro("sentences", &TaggedCorpus::documents, "Documents.")
        .def_prop_ro(
            "types", [](const TaggedCorpus& self) { return self.text().types(); }, "Different words.")
        .def(
            "counts", [](const TaggedCorpus& self) { return counts_of(self.text()); }, "Occurrences of each word.")
        .def(
            "tags",
            [](const TaggedCorpus& self, nb::handle known) { return to_list(tags_in_order(self, to_tags(known))); },
            "known"_a = nb::make_tuple(),
            "(tag, number of its documents) of each: whole numbers from 0 to the largest, then texts.");
}

}  // namespace kith::python
