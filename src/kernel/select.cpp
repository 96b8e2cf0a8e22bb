#include "kernel/select.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>

#include <kith/error.hpp>

#include "kernel/cpu.hpp"
#include "kernel/sets.hpp"

namespace kith::kernel {
namespace {

struct Sets {
    std::array<const Table*, 4> tables{};
    std::size_t count = 0;

    Sets() noexcept {
        [[maybe_unused]] const CpuFeatures cpu = detect_cpu();
#if defined(__x86_64__)
        if (cpu.avx512vnni) tables[count++] = &table_avx512vnni();
        if (cpu.avx512) tables[count++] = &table_avx512();
        if (cpu.avx2) tables[count++] = &table_avx2();
#elif defined(__aarch64__)
        if (cpu.neon) tables[count++] = &table_neon();
#endif
        tables[count++] = &table_baseline();
    }
};

const Table& choose() {
    const char* const forced = std::getenv("KITH_ISA");
    if (forced == nullptr || *forced == '\0') return *available().front();
    try {
        return by_name(forced);
    } catch (const Unsupported& error) {
        throw Unsupported(std::string("environment variable KITH_ISA: ") + error.what());
    }
}

}  // namespace

const Table& active() {
    static const Table& chosen = choose();
    return chosen;
}

std::span<const Table* const> available() noexcept {
    static const Sets sets;
    return {sets.tables.data(), sets.count};
}

const Table& by_name(std::string_view name) {
    std::string names;
    for (const Table* const table : available()) {
        if (table->name == name) return *table;
        if (!names.empty()) names += ", ";
        names += table->name;
    }
    throw Unsupported("instruction set '" + std::string(name) + "' cannot run here; available: " + names);
}

DecimalsFn decimal_kernel([[maybe_unused]] const Table& table) noexcept {
#if defined(__x86_64__)
    if (&table == &table_avx512vnni()) return decimals_avx512vnni();
    if (&table == &table_avx512()) return decimals_avx512();
    if (&table == &table_avx2()) return decimals_avx2();
#endif
    return nullptr;
}

ShortRowsFn short_row_kernel(const Table& table) noexcept {
#if defined(__x86_64__)
    if (&table == &table_avx512vnni()) return short_rows_avx512vnni();
    if (&table == &table_avx512()) return short_rows_avx512();
    if (&table == &table_avx2()) return short_rows_avx2();
#elif defined(__aarch64__)
    if (&table == &table_neon()) return short_rows_neon();
#endif
    return short_rows_baseline();
}

}  // namespace kith::kernel
