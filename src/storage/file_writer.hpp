// Writes a .kith file section by section.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "storage/atomic_file.hpp"
#include "storage/checksum.hpp"
#include "storage/file_format.hpp"

namespace kith::storage {

// Sections are streamed: memory use does not depend on their size. Nothing stands at `path` before commit(). Calls
// throw IoError when the system refuses, InvalidArgument for a section that is there already or out of turn.
//
//   FileWriter writer(path, description);
//   writer.add(SectionKind::kKeys, keys);
//   writer.begin(SectionKind::kVectors);
//   for (…) writer.write(row);
//   writer.end();
//   writer.commit();
class FileWriter {
public:
    FileWriter(std::string path, const FileDescription& description);
    FileWriter(const FileWriter&) = delete;
    FileWriter& operator=(const FileWriter&) = delete;

    void begin(SectionKind kind);
    void write(std::span<const std::byte> bytes);
    void end();

    template <class T>
    requires(std::is_trivially_copyable_v<T>) void write(std::span<const T> elements) {
        write(std::as_bytes(elements));
    }

    // One whole section.
    template <class T>
    requires(std::is_trivially_copyable_v<T>) void add(SectionKind kind, std::span<const T> elements) {
        begin(kind);
        write(std::as_bytes(elements));
        end();
    }

    // Whose sections the next ones are; 0, as at first, for the file itself.
    void set_part(std::uint32_t part) noexcept { part_ = part; }

    // In the part set.
    [[nodiscard]] bool has(SectionKind kind) const noexcept;
    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }
    [[nodiscard]] const FileDescription& description() const noexcept { return description_; }

    // For what is known only once the rows have gone by.
    void set_description(const FileDescription& description) noexcept { description_ = description; }

    // Writes table and header, makes the file durable and gives it its name.
    void commit();

private:
    void pad();
    void check_description() const;
    AtomicFile file_;
    FileDescription description_;
    std::vector<SectionEntry> sections_;
    RunningChecksum running_;
    bool open_ = false;
    std::uint32_t part_ = 0;
};

}  // namespace kith::storage
