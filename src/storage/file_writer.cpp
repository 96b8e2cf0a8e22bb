#include "storage/file_writer.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <kith/error.hpp>

#include "storage/region.hpp"

namespace kith::storage {
namespace {

std::string quoted(SectionKind kind) {
    return "section '" + std::string(name(kind)) + "'";
}

}  // namespace

FileWriter::FileWriter(std::string path, const FileDescription& description)
    : file_(std::move(path)), description_(description) {
    file_.write_zeros(sizeof(FileHeader));
}

void FileWriter::begin(SectionKind kind) {
    if (open_) throw InvalidArgument(quoted(kind) + " begins before " + quoted(sections_.back().kind) + " ends");
    if (has(kind)) throw InvalidArgument(quoted(kind) + " is in the file already; a file has one of each kind");
    pad();
    sections_.push_back({in_part(kind, part_), 0, file_.size(), 0, 0});
    running_.reset();
    open_ = true;
}

void FileWriter::write(std::span<const std::byte> bytes) {
    if (!open_) throw InvalidArgument("bytes are written outside a section of '" + path() + "'");
    file_.write(bytes);
    running_.add(bytes);
}

void FileWriter::end() {
    if (!open_) throw InvalidArgument("no section of '" + path() + "' is open to be ended");
    sections_.back().size = file_.size() - sections_.back().offset;
    sections_.back().checksum = running_.value();
    open_ = false;
}

bool FileWriter::has(SectionKind kind) const noexcept {
    return std::any_of(sections_.begin(), sections_.end(),
                       [&](const SectionEntry& e) { return e.kind == in_part(kind, part_); });
}

void FileWriter::commit() {
    if (open_) throw InvalidArgument(quoted(sections_.back().kind) + " of '" + path() + "' was not ended");
    check_description();
    pad();
    FileHeader header{};
    std::memcpy(header.magic, kMagic, sizeof kMagic);
    header.version = kFormatVersion;
    header.kind = description_.kind;
    header.metric = static_cast<std::uint8_t>(description_.metric);
    header.scalar = static_cast<std::uint8_t>(description_.scalar);
    header.dim = description_.dim;
    header.count = description_.count;
    header.table_offset = file_.size();
    header.section_count = static_cast<std::uint32_t>(sections_.size());
    const auto table = std::as_bytes(std::span(sections_));
    header.table_checksum = checksum(table);
    const auto bytes = std::as_bytes(std::span(&header, 1));
    header.checksum = checksum(bytes.first(offsetof(FileHeader, checksum)));
    file_.write(table);
    file_.write_at(0, bytes);
    file_.commit();
}

void FileWriter::pad() {
    file_.write_zeros((kAlignment - file_.size() % kAlignment) % kAlignment);
}

void FileWriter::check_description() const {
    if (description_.dim > kMaxDim || description_.count > kMaxCount) {
        throw InvalidArgument("'" + path() + "': " + std::to_string(description_.count) + " vectors of " +
                              std::to_string(description_.dim) + " dimensions are beyond the format's limits");
    }
    for (const SectionEntry& each : sections_) {
        if (each.kind != SectionKind::kVectors) continue;
        const std::uint64_t row = row_bytes(description_.scalar, description_.dim);
        if (row == 0 ? each.size != 0 : each.size % row != 0 || each.size / row != description_.count) {
            throw InvalidArgument("'" + path() + "': the vectors section has " + std::to_string(each.size) +
                                  " bytes; the description says " + std::to_string(description_.count) +
                                  " rows of " + std::to_string(row));
        }
    }
}

}  // namespace kith::storage
