// Tests of one instruction set by name: the tests are in reduce_test.cpp and floats_test.cpp, each isa_*_test.cpp
// runs them on its set.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "kernel/select.hpp"

namespace kith::kernel {

// Skips the test where the set named by the parameter cannot run.
class SetTest : public testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        for (const Table* const table : available()) {
            if (std::string(GetParam()) == table->name) table_ = table;
        }
        if (table_ == nullptr) GTEST_SKIP() << GetParam() << " is not compiled or cannot run on this machine";
    }
    [[nodiscard]] const Table& table() const { return *table_; }

private:
    const Table* table_ = nullptr;
};

class DistanceTest : public SetTest {};
class FloatsTest : public SetTest {};
class CodesTest : public SetTest {};

}  // namespace kith::kernel
