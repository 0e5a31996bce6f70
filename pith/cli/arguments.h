#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/result.h"

namespace pith {

// Declares what a verb takes, reads it from the words of a command line, and explains it; CLI11
// stays in arguments.cc. Targets must outlive parse(). A target's value when declared is the
// default that --help shows; a target without one (an empty text, a size of 0) shows "none" unless
// otherwise() says what happens then.
class Arguments {
 public:
  // `example` is one command a line.
  Arguments(std::string verb, std::string purpose, std::string example);
  ~Arguments();

  void positional(std::string& target, const std::string& name, const std::string& help);
  void positionals(std::vector<std::string>& target, const std::string& name,
                   const std::string& help);

  // `flag` is "--out" or "-o,--output"; `unit` names the value: "DIR", "SIZE", "N".
  void option(std::string& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  // May be given several times, a value each time, so that it never takes a positional's word.
  void option(std::vector<std::string>& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(std::int64_t& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(double& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(std::optional<double>& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void option(std::optional<std::int64_t>& target, const std::string& flag, const std::string& unit,
              const std::string& help);
  void flag(bool& target, const std::string& flag, const std::string& help);
  void size(std::uint64_t& target, const std::string& flag, const std::string& help);   // "300M"
  void duration(double& target, const std::string& flag, const std::string& help);      // "3m"
  void count(std::uint64_t& target, const std::string& flag, const std::string& help);  // "2M"

  // Of what was declared last: it must be given; what --help shows as its default; that --help does
  // not show it.
  void required();
  void otherwise(const std::string& default_text);
  void hidden();
  // Of the flag declared last: given, it asks for something else, for which nothing is required.
  void alone();
  // What is declared from here on is listed under this title.
  void section(const std::string& title);

  // Parses the words after the verb. A true value: --help was asked for and help() is to be
  // printed. Errors (kInput) name the word, and the option that it may have been meant for.
  Result<bool> parse(const std::vector<std::string>& words);
  std::string help() const;

 private:
  struct Entry;
  struct State;
  using Setter = std::function<Status(const std::vector<std::string>& given)>;
  Entry& add(const std::string& flag, const std::string& unit, const std::string& help,
             std::string default_text, Setter set);

  std::unique_ptr<State> state_;
};

}  // namespace pith
