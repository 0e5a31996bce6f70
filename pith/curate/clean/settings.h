#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

// How a stage tells of its thresholds, so that one file can show and change those of all stages
// (pipeline/curate_config.h): it names each with its place, its range and what it means.
namespace pith {

class SettingVisitor {
 public:
  virtual ~SettingVisitor() = default;
  virtual void table(std::string_view name, std::string_view about) = 0;  // of what follows
  virtual void flag(std::string_view name, bool& value, std::string_view about) = 0;
  virtual void count(std::string_view name, std::size_t& value, std::string_view about) = 0;
  // From `least` to `most`, both included.
  virtual void number(std::string_view name, double& value, double least, double most,
                      std::string_view about) = 0;
  virtual void numbers(std::string_view name, std::span<double> values, double least, double most,
                       std::string_view about) = 0;
  // One of `choices`.
  virtual void choice(std::string_view name, std::string& value,
                      std::span<const std::string_view> choices, std::string_view about) = 0;
  void share(std::string_view name, double& value, std::string_view about) {
    number(name, value, 0, 1, about);
  }
};

}  // namespace pith
