#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include <kith/error.hpp>
#include <kith/forest.hpp>
#include <kith/vector_formats.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "vector_source.hpp"

namespace kith::cli {
namespace {

struct ConvertCommandOptions {
    std::string input;
    std::string output;
    std::string from = "auto";
    std::string to = "auto";
    std::string type = "float32";
    std::size_t limit = 0;
    std::size_t threads = 0;
    bool no_header = false;
    AnnoyShape shape;
    WriteOptions writing;
    CommonOptions common;
};

NumberType parse_number_type(const std::string& text) {
    for (const NumberType type : {NumberType::kFloat32, NumberType::kFloat64, NumberType::kFloat16,
                                  NumberType::kInt8, NumberType::kUint8, NumberType::kInt16, NumberType::kInt32}) {
        if (text == name(type)) return type;
    }
    throw InvalidArgument(fmt::format("--type: '{}' is not a type of number", text));
}

void report(Session& session, const ConvertCommandOptions& options, std::size_t rows, std::size_t dim) {
    session.meter.finish();
    Output& out = session.out;
    out.field("input", text_cell(options.input), "read from");
    out.field("rows", count_cell(rows), "vectors");
    out.field("dimensions", count_cell(dim));
    put_output_file(out, options.output);
    out.finish();
}

// An index changes its container: Annoy's file to .kith or back.
void convert_index(Session& session, const ConvertCommandOptions& options) {
    if (is_annoy_name(options.output)) {
        const Forest forest = is_annoy_name(options.input)
                                  ? Forest::open_annoy(options.input, options.shape.metric, options.shape.dim)
                                  : Forest::open(options.input);
        throw_if_interrupted();
        forest.save_annoy(options.output);
        report(session, options, forest.size(), forest.dim());
        return;
    }
    const auto index = open_any_index(options.input, options.shape);
    throw_if_interrupted();
    index->save(options.output);
    report(session, options, index->size(), index->dim());
}

void convert_vectors(Session& session, const ConvertCommandOptions& options) {
    ReadOptions reading = read_options(session, options.limit, options.threads);
    reading.format = parse_vector_format(options.from);
    WriteOptions writing = options.writing;
    writing.format = parse_vector_format(options.to);
    writing.type = parse_number_type(options.type);
    writing.header = !options.no_header;
    writing.threads = options.threads;
    const VectorFormat from = reading.format == VectorFormat::kAuto ? detect_format(options.input) : reading.format;
    if (has_keys(from)) {
        const KeyedVectors vectors = read_keyed_vectors(options.input, reading);
        throw_if_interrupted();
        write_keyed_vectors(options.output, vectors, writing);
        report(session, options, vectors.size(), vectors.dim());
    } else {
        const Matrix vectors = read_matrix(options.input, reading);
        throw_if_interrupted();
        write_matrix(options.output, vectors.view(), writing);
        report(session, options, vectors.rows(), vectors.cols());
    }
}

void run_convert(const ConvertCommandOptions& options) {
    check_output(options.output);
    Session session(options.common);
    if (is_annoy_name(options.input) || is_annoy_name(options.output)) {
        convert_index(session, options);
    } else {
        convert_vectors(session, options);
    }
}

void add_reading_and_writing(CLI::App& command, ConvertCommandOptions& options) {
    const std::vector<std::string> formats = {
        "auto", "word2vec", "word2vec-binary", "npy", "fvecs", "bvecs", "ivecs", "idx", "kith"};
    set_choices(command.add_option("--from", options.from, "Format of IN; auto looks at its content")
                    ->capture_default_str(),
                formats);
    set_choices(
        command.add_option("--to", options.to, "Format of OUT; auto goes by its ending")->capture_default_str(),
        formats);
    add_limit(command, options.limit);
    set_choices(
        command.add_option("--type", options.type, "Type of the numbers in .npy and .idx")->capture_default_str(),
        {"float32", "float64", "float16", "int8", "uint8", "int16", "int32"});
    command.add_flag("--no-header", options.no_header, "Text: no \"count dimensions\" line, as GloVe has it");
    command.add_flag("--newline", options.writing.newline_after_row,
                     "Binary: a newline after each vector, as word2vec writes");
    command.add_flag("--sort-by-count", options.writing.sort_by_count, "Most frequent words first; needs counts");
    command.add_option("--save-vocab", options.writing.vocab_path, "Also write the words with their counts")
        ->type_name("FILE");
    add_threads(command, options.threads);
    add_annoy_shape(command, options.shape.metric, options.shape.dim);
}

}  // namespace

void add_convert(CLI::App& app) {
    CLI::App* command = app.add_subcommand("convert", "Change the format of vectors or of an index");
    auto options = std::make_shared<ConvertCommandOptions>();
    command->add_option("IN", options->input, "Vectors of any known format, plain or .gz; or an index")
        ->required()
        ->type_name("");
    command
        ->add_option("OUT", options->output,
                     "The new file: .kith .bin .txt .npy .fvecs .bvecs .ivecs .idx, each also .gz but .kith; .ann")
        ->required()
        ->type_name("");
    add_reading_and_writing(*command, *options);
    add_common(*command, options->common);
    set_examples(*command,
                 "kith convert glove.6B.50d.txt.gz glove.kith\n"
                 "kith convert vectors.bin vectors.txt.gz --limit 50000\n"
                 "kith convert vectors.kith vectors.npy --type float16\n"
                 "kith convert words.ann words.kith --metric angular --dim 100");
    command->callback([options] { run_convert(*options); });
}

}  // namespace kith::cli
