"""The rules of tests/lint/rules find what they are there to find: each is shown a small tree that keeps it and the
same tree with one thing wrong."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import lint
from tree import Unavailable

TABLE = {
    "base": {"internal": [], "public": [], "headers": ["types.hpp"]},
    "storage": {"internal": ["base"], "public": ["base"], "headers": []},
    "index": {"internal": ["base", "storage"], "public": ["base", "storage"], "headers": ["index.hpp"]},
    "keyed": {"internal": ["base"], "public": ["base", "index"], "headers": []},
}

GOOD = {
    "cmake/layers.json": json.dumps(TABLE) + "\n",
    "CMakeLists.txt": "project(kith VERSION 0.3.0 LANGUAGES CXX)\n",
    "CHANGELOG.md": "# Changes\n\n## 0.3.0 (unreleased)\n\nSee [the map](README.md#map).\n",
    "README.md": "# Kith\n",
    ".clang-format": "BasedOnStyle: Google\n",
    "include/kith/types.hpp": "#pragma once\n\n#include <vector>\n",
    "include/kith/index.hpp": "#pragma once\n\n#include <kith/types.hpp>\n\ninline kith_int one() { return 1; }\n",
    "include/kith/kith.hpp": "#pragma once\n\n#include <kith/index.hpp>\n#include <kith/types.hpp>\n",
    "src/base/random.hpp": "#pragma once\n",
    "src/storage/region.hpp": "#pragma once\n",
    "src/index/flat.cpp": '#include <kith/index.hpp>\n\n#include "base/random.hpp"\n#include "storage/region.hpp"\n',
    "src/keyed/keyed.cpp": "#include <kith/index.hpp>\n",
    "cli/main.cpp": '#include <kith/kith.hpp>\n\n#include "options.hpp"\n',
    "cli/options.hpp": "#pragma once\n",
    "tests/index/flat_test.cpp": '#include "storage/region.hpp"\n',
    "tests/keyed/keyed_test.cpp": "// Nothing here yet.\n",
}
GOOD["include/kith/index.hpp"] = GOOD["include/kith/index.hpp"].replace("kith_int", "int")


class Rules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="kith-lint-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "tree"
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def problems(self, rule, **options):
        return lint.check(rule, self.root, **options)

    def assert_finds(self, rule, where, what, **options):
        found = self.problems(rule, **options)
        self.assertEqual(len(found), 1, found)
        self.assertIn(where, found[0])
        self.assertIn(what, found[0])

    def test_a_good_tree_keeps_every_rule_that_needs_no_build(self):
        for rule in set(lint.rule_names()) - {"weak_symbols"}:
            with self.subTest(rule):
                try:
                    self.assertEqual(self.problems(rule), [])
                except Unavailable as reason:
                    self.skipTest(str(reason))

    # layers

    def test_a_lower_layer_including_a_higher_one_is_found(self):
        self.write("src/storage/region.hpp", '#pragma once\n#include "index/flat.hpp"\n')
        self.write("src/index/flat.hpp", "#pragma once\n")
        self.assert_finds("layers", "src/storage/region.hpp:2", "internal to index")

    def test_a_public_header_of_a_higher_layer_is_found(self):
        self.write("src/base/random.hpp", "#pragma once\n#include <kith/index.hpp>\n")
        self.assert_finds("layers", "src/base/random.hpp:2", "a header of index")

    def test_a_layer_that_may_use_only_the_public_part_of_another_is_held_to_it(self):
        self.write("src/index/flat.hpp", "#pragma once\n")
        self.write("src/keyed/keyed.cpp", '#include "index/flat.hpp"\n')
        self.assert_finds("layers", "src/keyed/keyed.cpp:1", "internal to index")

    def test_an_include_relative_to_the_file_is_found(self):
        self.write("src/base/other.hpp", '#pragma once\n#include "random.hpp"\n')
        self.assert_finds("layers", "src/base/other.hpp:2", "layer/file.hpp")

    def test_a_public_header_including_an_internal_one_is_found(self):
        self.write("include/kith/index.hpp", '#pragma once\n#include "base/random.hpp"\n')
        self.assert_finds("layers", "include/kith/index.hpp:2", "a public header includes only")

    def test_a_public_header_including_another_library_is_found(self):
        self.write("include/kith/index.hpp", "#pragma once\n#include <zlib.h>\n")
        self.assert_finds("layers", "include/kith/index.hpp:2", "a public header includes only")

    def test_a_public_header_outside_the_table_is_found(self):
        self.write("include/kith/graph.hpp", "#pragma once\n")
        self.assert_finds("layers", "include/kith/graph.hpp", "is in no layer")

    def test_a_name_in_the_table_without_a_header_is_found(self):
        (self.root / "include/kith/types.hpp").unlink()
        self.assert_finds("layers", "cmake/layers.json", "types.hpp, which does not exist")

    def test_a_front_end_including_an_internal_header_is_found(self):
        self.write("cli/main.cpp", '#include "base/random.hpp"\n')
        self.assert_finds("layers", "cli/main.cpp:1", "cli includes public headers")

    def test_a_folder_that_is_no_layer_is_found(self):
        self.write("src/util/thing.hpp", "#pragma once\n")
        self.assert_finds("layers", "src/util/thing.hpp", "belongs to no layer")

    # the rest

    def test_a_type_defined_twice_in_a_namespace_is_found(self):
        self.write("src/index/a.hpp", "#pragma once\nnamespace kith::index {\nstruct Leaf { int a; };\n}\n")
        self.write("src/index/b.cpp", "namespace kith::index {\nnamespace {\nstruct Leaf { long b; };\n}\n}\n")
        self.assertEqual(self.problems("one_definition"), [])
        self.write("src/index/c.hpp", "#pragma once\nnamespace kith::index {\nstruct Leaf { long b; };\n}\n")
        self.assert_finds("one_definition", "src/index/c.hpp:3", "kith::index::Leaf is defined in src/index/a.hpp:3")

    def test_a_public_header_missing_from_the_umbrella_is_found(self):
        self.write("include/kith/kith.hpp", "#pragma once\n#include <kith/types.hpp>\n")
        self.assert_finds("umbrella", "kith.hpp", "<kith/index.hpp>")

    def test_a_header_that_needs_another_before_it_is_found(self):
        self.write("include/kith/index.hpp", "#pragma once\ninline std::size_t one() { return 1; }\n")
        found = self.problems("headers_alone")
        self.assertTrue(any("include/kith/index.hpp" in problem for problem in found), found)

    def test_a_file_of_601_lines_is_found_and_one_of_600_is_not(self):
        self.write("src/base/random.hpp", "#pragma once\n" * 600)
        self.assertEqual(self.problems("limits"), [])
        self.write("src/base/random.hpp", "#pragma once\n" * 601)
        self.assert_finds("limits", "src/base/random.hpp", "601 lines")

    def test_a_source_without_its_test_is_found(self):
        self.write("src/index/forest/build.cpp", "")
        self.assert_finds("mirror", "src/index/forest/build.cpp", "tests/index/forest/build_test.cpp")

    def test_printing_ending_and_macros_in_the_library_are_found(self):
        for line, what in (("std::cerr << 1;", "prints nothing"), ('printf("x");', "prints nothing"),
                           ('std::fprintf(f, "x");', "prints nothing"), ("std::exit(1);", "ends no process"),
                           ("abort();", "ends no process"), ("#define X 1", "no macros")):
            with self.subTest(line):
                self.write("src/index/flat.cpp", line + "\n")
                self.assert_finds("silent", "src/index/flat.cpp:1", what)

    def test_formatting_into_memory_and_words_in_comments_are_not_printing(self):
        self.write("src/index/flat.cpp", "// exit(1) would be wrong\nsnprintf(a, n, f);\nscan.exit(2);\n")
        self.assertEqual(self.problems("silent"), [])

    def test_an_unguarded_header_is_found(self):
        self.write("src/base/random.hpp", "int x;\n")
        self.assert_finds("silent", "src/base/random.hpp", "#pragma once")

    def test_notes_machine_paths_and_stray_blanks_are_found(self):
        for line, what in (("// TO" + "DO: more\n", "a note"), ("see /wo" + "rk/main\n", "path of one machine"),
                           ("x = 1; \n", "blanks"), ("no end", "no line end")):
            with self.subTest(line):
                self.write("src/base/random.hpp", line)
                self.assert_finds("text", "src/base/random.hpp:1", what)

    def test_a_link_to_nothing_is_found(self):
        self.write("README.md", "[here](docs/none.md) and [there](https://example.org/none.md)\n")
        self.assert_finds("links", "README.md:1", "docs/none.md")

    def test_a_version_that_differs_is_found(self):
        self.write("CHANGELOG.md", "## 0.2.0\n\n## 0.3.0\n")
        self.assert_finds("version", "CHANGELOG.md", "shows version 0.2.0; the project is 0.3.0")

    def test_a_version_built_from_another_is_found(self):
        self.write("build/include/kith/version.hpp", '#define KITH_VERSION "0.3.1"\n')
        self.assert_finds("version", "version.hpp", "0.3.1", build=self.root / "build")

    def test_code_that_is_not_formatted_is_found(self):
        self.write("src/index/flat.cpp", "int  x=1;\n")
        try:
            self.assert_finds("format", "src/index/flat.cpp", "not formatted")
        except Unavailable as reason:
            self.skipTest(str(reason))

    @unittest.skipUnless(shutil.which("nm") and shutil.which("c++"), "needs a compiler and nm")
    def test_a_weak_symbol_in_an_object_of_one_instruction_set_is_found(self):
        build = self.root / "build"
        (build / "src").mkdir(parents=True)
        for text, count in (("int strong() { return 1; }\n", 0), ("inline int weak() { return 1; }\n"
                                                                  "int strong() { return weak(); }\n", 1)):
            self.write("src/kernel/isa_test.cpp", text)
            subprocess.run(["c++", "-O0", "-c", self.root / "src/kernel/isa_test.cpp", "-o",
                            build / "src/isa_test.cpp.o"], check=True)
            found = self.problems("weak_symbols", build=build)
            self.assertEqual(len(found), count, found)
        self.assertIn("weak()", found[0])


if __name__ == "__main__":
    unittest.main()
