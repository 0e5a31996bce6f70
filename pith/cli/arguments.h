#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pith/base/result.h"

namespace pith {

// Declares what a verb takes; CLI11 stays in arguments.cc. Targets must outlive parse(). A target's
// value when declared is the default that --help shows.
class Arguments {
 public:
  Arguments(std::string verb, std::string purpose, std::string example);
  ~Arguments();

  void positional(std::string& target, const std::string& name, const std::string& help);
  void positionals(std::vector<std::string>& target, const std::string& name,
                   const std::string& help);

  // `flag` is "--out" or "-o,--output"; `unit` names the value: "DIR", "SIZE", "N".
  void option(std::string& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(std::vector<std::string>& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(std::int64_t& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(double& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void flag(bool& target, const std::string& flag, const std::string& help);
  void size(std::uint64_t& target, const std::string& flag, const std::string& help);   // "300M"
  void duration(double& target, const std::string& flag, const std::string& help);      // "3m"
  void count(std::uint64_t& target, const std::string& flag, const std::string& help);  // "2M"
  // The last option declared must be given.
  void required();

  // Parses the words after the verb. A true value: --help was asked for and help() is to be
  // printed.
  Result<bool> parse(const std::vector<std::string>& words);
  std::string help() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pith
