// One function per command, each adding it to the program's command tree; run_NAME() follows when it is chosen.
#pragma once

namespace CLI {
class App;
}

namespace kith::cli {

void add_train(CLI::App& app);
void add_train_doc2vec(CLI::App& train);   // a command of `train`
void add_train_fasttext(CLI::App& train);  // another
void add_infer(CLI::App& app);
void add_phrases(CLI::App& app);
void add_convert(CLI::App& app);
void add_build(CLI::App& app);
void add_add(CLI::App& app);
void add_remove(CLI::App& app);
void add_compact(CLI::App& app);
void add_search(CLI::App& app);
void add_similar(CLI::App& app);
void add_analogy(CLI::App& app);
void add_eval(CLI::App& app);
void add_tune(CLI::App& app);
void add_info(CLI::App& app);
void add_verify(CLI::App& app);
void add_demo(CLI::App& app);
void add_completion(CLI::App& app);

}  // namespace kith::cli
