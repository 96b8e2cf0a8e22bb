#include "keyed/formats/parsed.hpp"

#include <chrono>

#include <kith/error.hpp>

#include "base/format.hpp"
#include "keyed/utf8.hpp"

namespace kith::keyed {
namespace {

constexpr double kReportInterval = 0.1;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

ReadMeter::ReadMeter(const ProgressFn& progress, std::uint64_t total)
    : progress_(progress), total_(total), start_(progress ? now() : 0), next_(start_) {}

void ReadMeter::add(std::uint64_t bytes) {
    if (!progress_) return;
    const std::lock_guard lock(mutex_);
    done_ += bytes;
    const double at = now();
    if (at < next_ && done_ < total_) return;
    next_ = at + kReportInterval;
    const double seconds = at - start_;
    const double left = done_ == 0 || total_ < done_
                            ? -1
                            : seconds * static_cast<double>(total_ - done_) / static_cast<double>(done_);
    const Progress report{
        .stage = "reading", .done = done_, .total = total_, .seconds = seconds, .seconds_left = left, .detail = {}};
    if (!progress_(report)) throw Cancelled("reading was cancelled");
}

std::string checked_key(std::string_view key, InvalidUtf8 policy, const std::string& path, std::uint64_t offset) {
    const std::optional<std::size_t> bad = find_invalid_utf8(key);
    if (!bad || policy == InvalidUtf8::kKeep) return std::string(key);
    if (policy == InvalidUtf8::kThrow) {
        throw CorruptFile(path, offset + *bad, "a key in UTF-8 (or an invalid_utf8 policy that repairs it)",
                          shown(key));
    }
    return repair_utf8(key, policy == InvalidUtf8::kReplace ? kReplacementCharacter : std::string_view());
}

void push_checked(KeyList& keys, std::string_view key, InvalidUtf8 policy, const std::string& path,
                  std::uint64_t offset) {
    if (find_invalid_utf8(key)) {
        keys.push_back(checked_key(key, policy, path, offset));
    } else {
        keys.push_back(key);
    }
}

std::string shown(std::string_view bytes) {
    constexpr std::size_t kShown = 40;
    std::string out = "'";
    for (const char c : bytes.substr(0, kShown)) {
        if (c >= ' ' && c <= '~') {
            out.push_back(c);
        } else {
            out += formatted("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return out + (bytes.size() > kShown ? "…'" : "'");
}

}  // namespace kith::keyed
