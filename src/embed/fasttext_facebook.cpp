// Facebook's .bin files: docs/formats.md.
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <kith/error.hpp>
#include <kith/fasttext.hpp>

#include "base/format.hpp"
#include "embed/fasttext_state.hpp"
#include "storage/atomic_file.hpp"
#include "storage/stream_reader.hpp"

namespace kith {
namespace {

constexpr std::int32_t kFacebookMagic = 793'712'314;
// Versions 11 and 12 differ for supervised models only.
constexpr std::int32_t kOldestVersion = 11;
constexpr std::int32_t kNewestVersion = 12;

// The values are part of the file format.
enum class Loss : std::int32_t { kHierarchicalSoftmax = 1, kNegativeSampling = 2 };
enum class Kind : std::int32_t { kCbow = 1, kSkipGram = 2 };

// The start of a file as it stands there: little-endian, no padding.
struct FacebookArguments {
    std::int32_t magic;
    std::int32_t version;
    std::int32_t dim;
    std::int32_t window;
    std::int32_t epochs;
    std::int32_t min_count;
    std::int32_t negative;
    std::int32_t word_ngrams;
    Loss loss;
    Kind kind;
    std::int32_t bucket;
    std::int32_t min_n;
    std::int32_t max_n;
    std::int32_t rate_updates;
};
static_assert(sizeof(FacebookArguments) == 56);

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
    return std::as_bytes(std::span(&value, 1));
}

class FacebookWriter {
public:
    explicit FacebookWriter(const std::string& path) : out_(path) {}

    template <class T>
    void number(T value) {
        out_.write(bytes_of(value));
    }

    void dictionary(const Vocabulary& words, std::int64_t tokens) {
        number(static_cast<std::int32_t>(words.size()));
        number(static_cast<std::int32_t>(words.size()));
        number(std::int32_t{0});  // labels
        number(tokens);
        number(std::int64_t{-1});  // not pruned
        for (std::size_t row = 0; row < words.size(); ++row) {
            const std::string_view word = words.word(row);
            if (word.find('\0') != std::string_view::npos) {
                throw InvalidArgument(
                    formatted("word {} holds a zero byte, which ends words in Facebook's format", row));
            }
            out_.write(word);
            number('\0');
            number(static_cast<std::int64_t>(words.count(row)));
            number(std::int8_t{0});  // a word, no label
        }
    }

    void matrix_size(std::size_t rows, std::size_t cols) {
        number(std::uint8_t{0});  // not quantised
        number(static_cast<std::int64_t>(rows));
        number(static_cast<std::int64_t>(cols));
    }

    void rows(MatrixView<const float> matrix, float sign = 1) {
        std::vector<float> row(matrix.cols());
        for (std::size_t i = 0; i < matrix.rows(); ++i) {
            for (std::size_t j = 0; j < row.size(); ++j) row[j] = sign * matrix.row(i)[j];
            out_.write(std::as_bytes(std::span(row)));
        }
    }

    void commit() { out_.commit(); }

private:
    storage::AtomicFile out_;
};

class FacebookReader {
public:
    explicit FacebookReader(const std::string& path) : in_(path) {}

    template <class T>
    T number(const char* what) {
        T value{};
        in_.read_exactly(std::as_writable_bytes(std::span(&value, 1)), what);
        return value;
    }

    // `value` when it lies in [low, high].
    template <class T>
    T require(T value, const char* what, T low, T high = std::numeric_limits<T>::max()) {
        if (value < low || value > high) {
            fail(formatted("{} from {} to {}", what, low, high), formatted("{}", value));
        }
        return value;
    }

    FacebookArguments arguments() {
        FacebookArguments found = read_arguments();
        if (found.version < kOldestVersion || found.version > kNewestVersion) {
            unsupported(
                formatted("version {}; this reads {} and {}", found.version, kOldestVersion, kNewestVersion));
        }
        if (found.kind != Kind::kCbow && found.kind != Kind::kSkipGram) {
            unsupported("a supervised model, or one of an unknown kind");
        }
        if (found.loss != Loss::kNegativeSampling && found.loss != Loss::kHierarchicalSoftmax) {
            unsupported("a loss other than negative sampling and hierarchical softmax");
        }
        return found;
    }

    // The first files had no magic number and no version, and began with the dimension.
    FacebookArguments read_arguments() {
        FacebookArguments found{};
        const auto rest = std::as_writable_bytes(std::span(&found, 1));
        constexpr std::size_t kHead = offsetof(FacebookArguments, dim);
        in_.read_exactly(rest.first(kHead), "the arguments");
        if (found.magic == kFacebookMagic) {
            in_.read_exactly(rest.subspan(kHead), "the arguments");
            return found;
        }
        const FacebookArguments first = found;
        found.dim = first.magic;
        found.window = first.version;
        constexpr std::int32_t kLargest = 100'000;
        const auto plausible = [](std::int32_t value) { return value >= 1 && value <= kLargest; };
        bool old = plausible(found.dim) && plausible(found.window);
        if (old) {
            in_.read_exactly(rest.subspan(offsetof(FacebookArguments, epochs)), "the arguments");
            old = plausible(found.epochs) && static_cast<std::int32_t>(found.loss) <= 3 &&
                  static_cast<std::int32_t>(found.loss) >= 1 && static_cast<std::int32_t>(found.kind) <= 3 &&
                  static_cast<std::int32_t>(found.kind) >= 1;
        }
        if (!old) {
            fail(formatted("the number {} of a fastText model", kFacebookMagic), formatted("{}", first.magic));
        }
        without_magic_ = true;
        found.magic = kFacebookMagic;
        found.version = kNewestVersion;
        return found;
    }

    Vocabulary dictionary(FacebookExtras& extras) {
        const auto size = require(number<std::int32_t>("the dictionary"), "a number of words", 1);
        const auto words = number<std::int32_t>("the dictionary");
        const auto labels = number<std::int32_t>("the dictionary");
        if (labels != 0 || words != size) unsupported("a dictionary with labels");
        extras.tokens = number<std::int64_t>("the dictionary");
        if (!without_magic_ && number<std::int64_t>("the dictionary") > 0) unsupported("a pruned dictionary");
        std::vector<std::pair<std::string, std::uint64_t>> counted;
        for (std::int32_t i = 0; i < size; ++i) {
            const auto word = in_.until('\0');
            if (!word) fail("a word", "the end of the file");
            std::string text(*word);
            const auto count = require(number<std::int64_t>("a count"), "a count", std::int64_t{0});
            if (number<std::int8_t>("a type") != 0) unsupported("a dictionary with labels");
            counted.emplace_back(std::move(text), static_cast<std::uint64_t>(count));
        }
        try {
            return Vocabulary::in_order(counted);
        } catch (const InvalidArgument& error) {
            fail("different words", error.what());
        }
    }

    // Memory grows with what has been read, so that a false size cannot ask for more than there is.
    void matrix_size(const char* what, std::size_t rows, std::size_t cols) {
        if (!without_magic_ && number<std::uint8_t>(what) != 0) unsupported("a quantised model");
        const auto found_rows = number<std::int64_t>(what);
        const auto found_cols = number<std::int64_t>(what);
        if (found_rows != static_cast<std::int64_t>(rows) || found_cols != static_cast<std::int64_t>(cols)) {
            fail(formatted("{} of {} x {}", what, rows, cols), formatted("{} x {}", found_rows, found_cols));
        }
        const std::uint64_t size = in_.source().file_size();
        if (size != 0 && !in_.source().compressed() && rows * cols > size / sizeof(float)) {
            fail(formatted("{} numbers", rows * cols), formatted("a file of {} bytes", size));
        }
    }

    void row(std::span<float> out, const char* what, float sign = 1) {
        in_.read_exactly(std::as_writable_bytes(out), what);
        for (float& each : out) {
            if (!std::isfinite(each)) fail("finite numbers", formatted("{} in {}", each, what));
            each *= sign;
        }
    }

    void rows(embed::Weights& out, const char* what, float sign = 1) {
        for (std::size_t i = 0; i < out.rows(); ++i) row(std::span(out.row(i), out.cols()), what, sign);
    }

    void end() {
        if (in_.peek()) fail("the end of the file", "more bytes");
    }

    [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
        throw CorruptFile(in_.path(), in_.offset(), expected, found);
    }

private:
    [[noreturn]] void unsupported(const std::string& what) const {
        throw Unsupported(formatted("'{}' holds {}", in_.path(), what));
    }

    storage::StreamReader in_;
    bool without_magic_ = false;
};

std::int32_t narrow(const char* name, std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
        throw InvalidArgument(formatted("{} = {}: Facebook's format has 32 bits for it", name, value));
    }
    return static_cast<std::int32_t>(value);
}

FacebookArguments arguments_of(const FastTextOptions& options, const FacebookExtras& extras) {
    const bool tree = options.hierarchical_softmax;
    return {kFacebookMagic,
            extras.version,
            narrow("vector_size", options.vector_size),
            narrow("window", options.window),
            narrow("epochs", options.epochs),
            narrow("min_count", options.min_count),
            tree ? extras.negative : narrow("negative", options.negative),
            extras.word_ngrams,
            tree ? Loss::kHierarchicalSoftmax : Loss::kNegativeSampling,
            options.architecture == Architecture::kSkipGram ? Kind::kSkipGram : Kind::kCbow,
            narrow("bucket", options.bucket),
            narrow("min_n", options.min_n),
            narrow("max_n", options.max_n),
            extras.rate_updates};
}

FastTextOptions options_of(FacebookReader& in, const FacebookArguments& found, double sample) {
    const auto at_least = [&](std::int32_t value, const char* what, std::int32_t low) {
        return static_cast<std::size_t>(in.require(value, what, low));
    };
    FastTextOptions options;
    options.vector_size = at_least(found.dim, "a dimension", 1);
    options.window = at_least(found.window, "a window", 1);
    options.epochs = at_least(found.epochs, "a number of epochs", 1);
    options.min_count = at_least(found.min_count, "a least count", 0);
    options.hierarchical_softmax = found.loss == Loss::kHierarchicalSoftmax;
    options.negative =
        options.hierarchical_softmax ? 0 : at_least(found.negative, "a number of negative samples", 1);
    options.architecture = found.kind == Kind::kSkipGram ? Architecture::kSkipGram : Architecture::kCbow;
    options.bucket = at_least(found.bucket, "a number of buckets", 0);
    options.max_n = at_least(found.max_n, "a longest part", 0);
    // fastText writes 0 for both when words have no parts.
    options.min_n = options.max_n == 0 ? 1 : at_least(found.min_n, "a shortest part", 1);
    options.sample = sample;
    return options;
}

}  // namespace

void FastText::save_facebook(const std::string& path) const {
    const embed::Model& model = state_->require_model("save_facebook");
    const FastTextOptions& options = state_->options;
    if (options.hierarchical_softmax && options.negative > 0) {
        throw InvalidArgument(
            formatted("negative = {} together with hierarchical_softmax: Facebook's format holds one of them",
                      options.negative));
    }
    const std::size_t words = model.vocabulary.size();
    narrow("words", words);
    FacebookWriter out(path);
    FacebookArguments arguments = arguments_of(options, state_->extras);
    if (state_->extras.no_parts) arguments.min_n = 0;
    out.number(arguments);
    out.number(options.sample);
    out.dictionary(model.vocabulary, state_->extras.tokens);
    out.matrix_size(words + options.bucket, options.vector_size);
    out.rows(model.input.view());
    out.rows(state_->subwords.view());
    out.matrix_size(words, options.vector_size);
    if (options.hierarchical_softmax) {
        // fastText asks at each node for the second branch, Kith for the first; its last row stands for nothing.
        out.rows(model.tree.view(), -1);
        out.rows(embed::Weights(1, options.vector_size).view());
    } else {
        out.rows(model.negative.view());
    }
    out.commit();
}

FastText FastText::load_facebook(const std::string& path) {
    FacebookReader in(path);
    const FacebookArguments arguments = in.arguments();
    const auto sample = in.number<double>("the sampling threshold");
    FacebookExtras extras{arguments.version,
                          arguments.negative,
                          arguments.word_ngrams,
                          arguments.rate_updates,
                          0,
                          arguments.max_n == 0 && arguments.min_n == 0};
    FastText loaded = [&] {
        try {
            return FastText(options_of(in, arguments, sample));
        } catch (const InvalidArgument& error) {
            in.fail("options that can work", error.what());
        }
    }();
    State& state = *loaded.state_;
    Vocabulary vocabulary = in.dictionary(extras);
    const std::size_t words = vocabulary.size();
    const std::size_t cols = state.options.vector_size;
    in.matrix_size("the input matrix", words + state.options.bucket, cols);
    embed::Weights rows(words, cols);
    in.rows(rows, "the input matrix");
    state.subwords = embed::Weights(state.options.bucket, cols);
    in.rows(state.subwords, "the input matrix");
    state.table = embed::SubwordTable(vocabulary, state.rule());
    state.extras = extras;
    embed::Model& model = state.model.emplace(state.options, std::move(vocabulary), std::move(rows), 0);
    in.matrix_size("the output matrix", words, cols);
    if (state.options.hierarchical_softmax) {
        in.rows(model.tree, "the output matrix", -1);
        std::vector<float> unused(cols);
        in.row(unused, "the output matrix");
    } else {
        in.rows(model.negative, "the output matrix");
    }
    in.end();
    return loaded;
}

}  // namespace kith
