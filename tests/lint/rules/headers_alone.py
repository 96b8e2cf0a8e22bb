"""Each public header compiles alone, and twice over."""

import concurrent.futures
import os
import subprocess


def check(root, build, compiler):
    headers = sorted((root / "include" / "kith").glob("*.hpp"))

    def compile_alone(header):
        text = f"#include <kith/{header.name}>\n#include <kith/{header.name}>\n"
        done = subprocess.run([compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                               "-I", str(root / "include"), *(["-I", str(build / "include")] if build else []),
                               "-x", "c++", "-"], input=text, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return None
        first = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr[:200])
        return f"{header.relative_to(root)}:1: does not compile alone: {first.strip()}"

    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return [problem for problem in pool.map(compile_alone, headers) if problem]
