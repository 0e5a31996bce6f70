#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pith/base/result.h"

// Quantities as people write them.
namespace pith {

Result<std::uint64_t> parse_size(
    std::string_view text);  // "300M", "1.5G", "4096": bytes, powers of 1024
Result<double> parse_duration(std::string_view text);      // "90s", "3m", "1.5h", "200ms": seconds
Result<std::uint64_t> parse_count(std::string_view text);  // "5000", "2M", "1.5B": powers of 1000

std::string format_size(std::uint64_t bytes);       // "12.3 MB" (powers of 1000, as disks)
std::string format_mebibytes(std::uint64_t bytes);  // "300M", rounded up, as parse_size takes it
std::string format_count(std::uint64_t count);      // "1,234,567"
std::string format_duration(double seconds);        // "2 m 05 s"

}  // namespace pith
