#include <gtest/gtest.h>

#include <kith/error.hpp>

#include "keyed/formats/array_file.hpp"
#include "keyed/formats/files.hpp"

namespace kith::keyed {
namespace {

// As NumPy writes it, for any version.
std::string npy(int version, std::string dictionary, const std::string& data) {
    dictionary += "\n";
    std::string head = "\x93NUMPY";
    head += {static_cast<char>(version), 0, static_cast<char>(dictionary.size()), 0};
    if (version > 1) head += std::string(2, '\0');
    return head + dictionary + data;
}

std::string dictionary(const std::string& type, const std::string& shape, const std::string& fortran = "False") {
    return "{'descr': '" + type + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }";
}

ArrayLayout layout_of_npy(const std::string& bytes) {
    static const std::string path = "f.npy";
    return npy_layout({path, storage::copy_of(std::as_bytes(std::span(bytes)))});
}

TEST(Npy, EveryVersionAndTypeIsUnderstood) {
    const std::pair<std::string, NumberType> types[] = {
        {"<f4", NumberType::kFloat32}, {"<f8", NumberType::kFloat64}, {">f2", NumberType::kFloat16},
        {"|i1", NumberType::kInt8},    {"|u1", NumberType::kUint8},   {">i2", NumberType::kInt16},
        {"<i4", NumberType::kInt32}};
    for (const auto& [code, type] : types) {
        for (int version = 1; version <= 3; ++version) {
            const ArrayLayout layout =
                layout_of_npy(npy(version, dictionary(code, "(2, 3)"), std::string(6 * size_of(type), 0)));
            EXPECT_EQ(layout.rows, 2U);
            EXPECT_EQ(layout.dim, 3U);
            EXPECT_EQ(layout.type, type);
            EXPECT_EQ(layout.order, code[0] == '>' ? ByteOrder::kBig : ByteOrder::kLittle);
            EXPECT_EQ(layout.stride, 3 * size_of(type));
        }
    }
}

TEST(Npy, OneDimensionIsOneVector) {
    const ArrayLayout layout = layout_of_npy(npy(1, dictionary("<f4", "(3,)", "True"), std::string(12, 0)));
    EXPECT_EQ(layout.rows, 1U);
    EXPECT_EQ(layout.dim, 3U);
    EXPECT_EQ(layout_of_npy(npy(1, dictionary("<f4", "(0, 3)"), "")).rows, 0U);
    EXPECT_EQ(layout_of_npy(npy(1, dictionary("<f4", "(1L, 3L)"), std::string(12, 0))).dim, 3U);
}

TEST(Npy, WhatIsNotSupportedIsSaid) {
    EXPECT_THROW(static_cast<void>(layout_of_npy(npy(1, dictionary("<f4", "(2, 2)", "True"), std::string(16, 0)))),
                 Unsupported);
    EXPECT_THROW(static_cast<void>(layout_of_npy(npy(1, dictionary("<c8", "(1, 1)"), std::string(8, 0)))),
                 Unsupported);
    EXPECT_THROW(static_cast<void>(layout_of_npy(npy(1, dictionary("<f4", "(1, 1, 1)"), std::string(4, 0)))),
                 Unsupported);
    EXPECT_THROW(static_cast<void>(layout_of_npy(npy(1, dictionary("<f4", "()"), std::string(4, 0)))), Unsupported);
    EXPECT_THROW(static_cast<void>(layout_of_npy(npy(9, dictionary("<f4", "(1, 1)"), std::string(4, 0)))),
                 Unsupported);
}

TEST(Npy, SizesMustAgree) {
    for (const std::string& bytes :
         {npy(1, dictionary("<f4", "(2, 2)"), std::string(15, 0)),
          npy(1, dictionary("<f4", "(2, 2)"), std::string(17, 0)),
          npy(1, dictionary("<f4", "(1000000000000, 300)"), std::string(16, 0)),
          npy(1, dictionary("<f4", "(4611686018427387904, 4)"), ""), npy(1, dictionary("<f4", "(2, 0)"), ""),
          npy(1, dictionary("<f4", "(99999999999999999999, 1)"), ""), npy(1, "{'descr': '<f4'}", ""),
          npy(1, dictionary("<f4", "(2, -2)"), ""), npy(1, dictionary("<f4", "2"), ""), std::string("\x93NUMPY\1"),
          std::string("\x93NUMPY\1\0\xff\xff{}", 12), std::string("not npy at all, but long enough")}) {
        EXPECT_THROW(static_cast<void>(layout_of_npy(bytes)), CorruptFile);
    }
}

TEST(Npy, TheHeadWrittenIsAlignedAndReadsBack) {
    for (const std::size_t rows : {0U, 1U, 123'456'789U}) {
        const std::string head = npy_head(rows, 7, NumberType::kUint8);
        EXPECT_EQ(head.size() % 64, 0U);
        EXPECT_EQ(head.back(), '\n');
        if (rows > 1) continue;
        EXPECT_EQ(layout_of_npy(head + std::string(7 * rows, 'x')).rows, rows);
    }
}

}  // namespace
}  // namespace kith::keyed
