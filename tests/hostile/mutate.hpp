// Damage to valid bytes, in the ways that find bugs in parsers.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace kith::hostile {

using Dice = std::mt19937_64;

// A copy with one to four wounds: bits flipped, bytes and words replaced by telling values, pieces cut off, put in,
// copied, swapped, text that numbers may not be.
[[nodiscard]] std::string mutate(std::string bytes, Dice& dice);

// Makes the checksums of a damaged .kith file fit what it now holds, as far as its table can be found.
void forge_checksums(std::string& bytes);

}  // namespace kith::hostile
