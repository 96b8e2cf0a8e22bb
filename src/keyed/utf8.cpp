#include "keyed/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace kith::keyed {
namespace {

struct Sequence {
    std::size_t length;  // bytes of the character, or of the ill-formed sequence
    char32_t code;       // kInvalid when ill-formed
};

constexpr char32_t kInvalid = 0xffffffff;

// REQUIRES: at < text.size().
Sequence decode(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[at + i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {1, lead};
    if (lead < 0xc2 || lead > 0xf4) return {1, kInvalid};
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
    unsigned low = 0x80;
    unsigned high = 0xbf;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    char32_t code = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size() || byte(i) < low || byte(i) > high) return {i, kInvalid};
        code = (code << 6) | (byte(i) & 0x3fU);
        low = 0x80;
        high = 0xbf;
    }
    return {length, code};
}

void append(std::string& out, char32_t code) {
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
        return;
    }
    if (code < 0x800) {
        out.push_back(static_cast<char>(0xc0 | (code >> 6)));
    } else {  // no upper case that is known here needs more than three bytes
        out.push_back(static_cast<char>(0xe0 | (code >> 12)));
        out.push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3f)));
    }
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
}

struct Range {
    char32_t first;
    char32_t last;
    int shift;
};

constexpr Range kShifted[] = {
    {0xb5, 0xb5, 0x39c - 0xb5},  {0xe0, 0xf6, -0x20},   {0xf8, 0xfe, -0x20},   {0xff, 0xff, 0x178 - 0xff},
    {0x17f, 0x17f, 'S' - 0x17f}, {0x3ac, 0x3ac, -0x26}, {0x3ad, 0x3af, -0x25}, {0x3b1, 0x3c1, -0x20},
    {0x3c2, 0x3c2, -0x1f},       {0x3c3, 0x3cb, -0x20}, {0x3cc, 0x3cc, -0x40}, {0x3cd, 0x3ce, -0x3f},
    {0x430, 0x44f, -0x20},       {0x450, 0x45f, -0x50}, {0x561, 0x586, -0x30},
};

// Blocks in which capital and small letters alternate; `odd` when the small ones have odd numbers.
struct Alternating {
    char32_t first;
    char32_t last;
    bool odd;
};

constexpr Alternating kAlternating[] = {
    {0x100, 0x130, true},   {0x132, 0x137, true},   {0x139, 0x148, false}, {0x14a, 0x177, true},
    {0x179, 0x17e, false},  {0x1a0, 0x1a5, true},   {0x1af, 0x1b0, false}, {0x1cd, 0x1dc, false},
    {0x1de, 0x1ef, true},   {0x1f8, 0x21f, true},   {0x222, 0x233, true},  {0x3d8, 0x3ef, true},
    {0x460, 0x481, true},   {0x48a, 0x4bf, true},   {0x4c1, 0x4ce, false}, {0x4d0, 0x52f, true},
    {0x1e00, 0x1e95, true}, {0x1ea0, 0x1eff, true},
};

char32_t upper(char32_t code) noexcept {
    if (code == 0x131) return 'I';
    if (code == 0x4cf) return 0x4c0;
    for (const Range& range : kShifted) {
        if (code >= range.first && code <= range.last) {
            return static_cast<char32_t>(static_cast<std::int32_t>(code) + range.shift);
        }
    }
    for (const Alternating& range : kAlternating) {
        if (code >= range.first && code <= range.last) return code - ((code % 2 == 1) == range.odd ? 1 : 0);
    }
    return code;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.size() - at >= 8) {
            std::uint64_t word;
            std::memcpy(&word, text.data() + at, 8);
            if ((word & 0x8080808080808080U) == 0) {
                at += 8;
                continue;
            }
        }
        const Sequence sequence = decode(text, at);
        if (sequence.code == kInvalid) return at;
        at += sequence.length;
    }
    return std::nullopt;
}

std::string repair_utf8(std::string_view text, std::string_view replacement) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Sequence sequence = decode(text, at);
        out.append(sequence.code == kInvalid ? replacement : text.substr(at, sequence.length));
        at += sequence.length;
    }
    return out;
}

std::string upper_case(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Sequence sequence = decode(text, at);
        const char32_t code = sequence.code;
        if (code >= 'a' && code <= 'z') {
            out.push_back(static_cast<char>(code - 32));
        } else if (code == 0xdf) {
            out.append("SS");
        } else if (code == 0x149) {
            out.append("\xca\xbcN");
        } else if (const char32_t raised = code < 0x80 || code == kInvalid ? code : upper(code); raised != code) {
            append(out, raised);
        } else {
            out.append(text.substr(at, sequence.length));
        }
        at += sequence.length;
    }
    return out;
}

}  // namespace kith::keyed
