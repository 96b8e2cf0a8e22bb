// Files made of strings, and damage done to them.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>

#include <kith/error.hpp>

#include "support/temp_dir.hpp"

namespace kith::test {

inline void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_gzip(const std::string& path, const std::string& bytes) {
    gzFile file = gzopen(path.c_str(), "wb1");
    ASSERT_EQ(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())), static_cast<int>(bytes.size()));
    gzclose(file);
}

// A file's bytes with some damage: bytes changed, cut short, removed, repeated, or numbers swapped in.
inline std::string damaged(std::string bytes, std::mt19937& random) {
    const auto position = [&] { return bytes.empty() ? 0 : random() % bytes.size(); };
    static const char* const kPieces[] = {"nan",  "1e999", "-", "\n", " ", "\xff", "99999999999999999999",
                                          "\t\t", "\0"};
    for (unsigned i = 0; i <= random() % 4; ++i) {
        switch (random() % 5) {
            case 0:
                if (!bytes.empty()) bytes[position()] = static_cast<char>(random());
                break;
            case 1: bytes.resize(position()); break;
            case 2: bytes.erase(position(), random() % 20); break;
            case 3: bytes.insert(position(), kPieces[random() % std::size(kPieces)]); break;
            default: bytes.insert(position(), bytes.substr(position(), random() % 30)); break;
        }
    }
    return bytes;
}

// Every damaged form of `good` must be read as something or refused with one of Kith's errors.
inline void expect_robust(const std::string& good, const std::string& file_name, int rounds,
                          const std::function<void(const std::string& path)>& read) {
    const TempDir dir;
    const std::string path = dir.file(file_name);
    std::mt19937 random(1234);
    int accepted = 0;
    for (int round = 0; round < rounds; ++round) {
        const std::string bytes = damaged(good, random);
        if (round % 8 == 7) {
            write_gzip(path, bytes);
        } else {
            write_file(path, bytes);
        }
        try {
            read(path);
            ++accepted;
        } catch (const Error&) {
        }
    }
    EXPECT_LT(accepted, rounds);
    EXPECT_GT(accepted, 0) << "the damage must not always be fatal, or nothing is tested";
}

// The message of the error that `call` throws.
inline std::string error_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing thrown";
}

inline bool mentions(const std::string& message, const std::string& part) {
    return message.find(part) != std::string::npos;
}

}  // namespace kith::test
