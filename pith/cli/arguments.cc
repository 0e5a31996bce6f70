#include "pith/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <utility>

#include "pith/base/closest_word.h"
#include "pith/base/units.h"
#include "pith/cli/help_text.h"

namespace pith {

// A positional, an option or a flag. CLI11 gathers its words, which are read once it is done.
struct Arguments::Entry {
  std::string flag, unit, help, default_text;
  std::string section;
  Setter set;
  bool required = false, repeats = false, hidden = false, alone = false;
  std::vector<std::string> given;
  CLI::Option* option = nullptr;

  bool positional() const { return !flag.starts_with('-'); }
  // "--output" of "-o,--output".
  std::string name() const { return flag.substr(flag.rfind(',') + 1); }
};

struct Arguments::State {
  std::string verb, purpose, example;
  std::string section = "Options";
  CLI::App app;
  std::vector<std::unique_ptr<Entry>> entries;
};

namespace {

Status wrong(const std::string& flag, const std::string& what, const std::string& text) {
  return input_error(flag + " must be " + what + ", not \"" + text + "\"");
}

template <class Number>
Status read_number(const std::string& flag, const std::string& what, const std::string& text,
                   Number& out) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc() && stopped == end) return {};
  return wrong(flag, what, text);
}

constexpr const char* kInteger = "a whole number";
constexpr const char* kNumber = "a number";

std::string number_text(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%g", value);
  return buffer;
}

// What a size or a duration was set to, as its user would write it.
std::string size_text(std::uint64_t bytes) {
  if (bytes == 0) return "";
  if (bytes % (1ull << 30) == 0) return std::to_string(bytes >> 30) + "G";
  if (bytes % (1ull << 20) == 0) return std::to_string(bytes >> 20) + "M";
  return std::to_string(bytes);
}

Error with_flag(const std::string& flag, const Error& error) {
  return input_error(flag + ": " + error.message);
}

}  // namespace

Arguments::Arguments(std::string verb, std::string purpose, std::string example)
    : state_(std::make_unique<State>()) {
  state_->verb = std::move(verb);
  state_->purpose = std::move(purpose);
  state_->example = std::move(example);
  state_->app.set_help_flag("-h,--help");
}

Arguments::~Arguments() = default;

Arguments::Entry& Arguments::add(const std::string& flag, const std::string& unit,
                                 const std::string& help, std::string default_text, Setter set) {
  state_->entries.push_back(std::make_unique<Entry>());
  Entry& entry = *state_->entries.back();
  entry.flag = flag;
  entry.unit = unit;
  entry.help = help;
  entry.default_text = std::move(default_text);
  entry.section = state_->section;
  entry.set = std::move(set);
  entry.option = state_->app.add_option(flag, entry.given)->expected(1)->allow_extra_args(false);
  // parse() counts how often an option was given; a positional takes one word and leaves the next.
  if (!entry.positional()) entry.option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return entry;
}

void Arguments::positional(std::string& target, const std::string& name, const std::string& help) {
  add(name, "", help, "", [&](const auto& given) -> Status {
    target = given.front();
    return {};
  });
}

void Arguments::positionals(std::vector<std::string>& target, const std::string& name,
                            const std::string& help) {
  Entry& entry = add(name, "", help, "", [&](const auto& given) -> Status {
    target = given;
    return {};
  });
  entry.repeats = true;
  entry.option->expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args(true);
}

void Arguments::option(std::string& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  add(flag, unit, help, target, [&](const auto& given) -> Status {
    target = given.front();
    return {};
  });
}

void Arguments::option(std::vector<std::string>& target, const std::string& flag,
                       const std::string& unit, const std::string& help) {
  Entry& entry = add(flag, unit, help, "", [&](const auto& given) -> Status {
    target = given;
    return {};
  });
  entry.repeats = true;
}

void Arguments::option(std::int64_t& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  Entry& entry = add(flag, unit, help, std::to_string(target), {});
  entry.set = [&](const auto& given) {
    return read_number(entry.name(), kInteger, given.front(), target);
  };
}

void Arguments::option(double& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  Entry& entry = add(flag, unit, help, number_text(target), {});
  entry.set = [&](const auto& given) {
    return read_number(entry.name(), kNumber, given.front(), target);
  };
}

void Arguments::option(std::optional<double>& target, const std::string& flag,
                       const std::string& unit, const std::string& help) {
  Entry& entry = add(flag, unit, help, "", {});
  entry.set = [&](const auto& given) {
    return read_number(entry.name(), kNumber, given.front(), target.emplace());
  };
}

void Arguments::option(std::optional<std::int64_t>& target, const std::string& flag,
                       const std::string& unit, const std::string& help) {
  Entry& entry = add(flag, unit, help, "", {});
  entry.set = [&](const auto& given) {
    return read_number(entry.name(), kInteger, given.front(), target.emplace());
  };
}

void Arguments::flag(bool& target, const std::string& flag, const std::string& help) {
  state_->entries.push_back(std::make_unique<Entry>());
  Entry& entry = *state_->entries.back();
  entry.flag = flag;
  entry.help = help;
  entry.section = state_->section;
  entry.option = state_->app.add_flag(flag, target);
}

void Arguments::size(std::uint64_t& target, const std::string& flag, const std::string& help) {
  Entry& entry = add(flag, "SIZE", help, size_text(target), {});
  entry.set = [&](const auto& given) -> Status {
    const auto value = parse_size(given.front());
    if (!value) return with_flag(entry.name(), value.error());
    target = *value;
    return {};
  };
}

void Arguments::duration(double& target, const std::string& flag, const std::string& help) {
  Entry& entry = add(flag, "TIME", help, target == 0 ? "" : number_text(target) + "s", {});
  entry.set = [&](const auto& given) -> Status {
    const auto value = parse_duration(given.front());
    if (!value) return with_flag(entry.name(), value.error());
    target = *value;
    return {};
  };
}

void Arguments::count(std::uint64_t& target, const std::string& flag, const std::string& help) {
  Entry& entry = add(flag, "COUNT", help, target == 0 ? "" : std::to_string(target), {});
  entry.set = [&](const auto& given) -> Status {
    const auto value = parse_count(given.front());
    if (!value) return with_flag(entry.name(), value.error());
    target = *value;
    return {};
  };
}

void Arguments::required() { state_->entries.back()->required = true; }

void Arguments::otherwise(const std::string& default_text) {
  state_->entries.back()->default_text = default_text;
}

void Arguments::hidden() { state_->entries.back()->hidden = true; }

void Arguments::alone() { state_->entries.back()->alone = true; }

void Arguments::section(const std::string& title) { state_->section = title; }

namespace {

// The words that look like options and are none: a slip is what people most need to be told of.
std::string unknown_option(const std::vector<std::string>& words,
                           const std::vector<std::string>& known) {
  for (const std::string& word : words) {
    if (word == "--") break;
    const std::string name = word.substr(0, word.find('='));
    const bool like_option = name.size() > 2 && name.starts_with("--");
    if (!like_option || std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string meant = closest_word(name, known);
    return "there is no option " + name + (meant.empty() ? "" : "; did you mean " + meant + "?");
  }
  return "";
}

}  // namespace

Result<bool> Arguments::parse(const std::vector<std::string>& words) {
  State& state = *state_;
  const auto refuse = [&](const std::string& what) {
    const char* joint = what.ends_with('?') ? " " : "; ";
    return input_error(what + joint + "pith " + state.verb + " --help shows what it takes");
  };
  std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
  try {
    state.app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return true;
  } catch (const CLI::ParseError& error) {
    std::vector<std::string> known = {"--help"};
    for (const auto& entry : state.entries) known.push_back(entry->name());
    const std::string unknown = unknown_option(words, known);
    return refuse(unknown.empty() ? error.what() : unknown);
  }
  const bool alone = std::any_of(state.entries.begin(), state.entries.end(), [](const auto& entry) {
    return entry->alone && entry->option->count() > 0;
  });
  for (const auto& entry : state.entries) {
    const std::string name = entry->name();
    if (entry->required && entry->given.empty() && !alone) return refuse(name + " is missing");
    if (!entry->repeats && entry->given.size() > 1) {
      return refuse(name + " was given " + std::to_string(entry->given.size()) + " times");
    }
    if (!entry->given.empty() && entry->set) PITH_TRY(entry->set(entry->given));
  }
  return false;
}

std::string Arguments::help() const {
  HelpText text("pith " + state_->verb, state_->purpose);
  std::string usage;
  for (const auto& entry : state_->entries) {
    if (!entry->positional()) continue;
    const std::string name = entry->flag + (entry->repeats ? "..." : "");
    usage += " " + (entry->required ? name : "[" + name + "]");
  }
  for (const auto& entry : state_->entries) {
    if (entry->required && !entry->positional()) usage += " " + entry->name() + " " + entry->unit;
  }
  text.usage(usage + " [OPTIONS]");
  for (const auto& entry : state_->entries) {
    if (entry->hidden) continue;
    std::string left = entry->flag, right = entry->help;
    if (const std::size_t comma = left.find(','); comma != std::string::npos) {
      left.insert(comma + 1, " ");
    }
    if (!entry->unit.empty()) left += " " + entry->unit;
    if (entry->repeats && entry->positional()) left += "...";
    const bool is_flag = entry->unit.empty() && !entry->positional();
    if (entry->required && !entry->positional()) {
      right += " (required)";
    } else if (!is_flag && !entry->positional()) {
      right += " (default: " + (entry->default_text.empty() ? "none" : entry->default_text) + ")";
    }
    text.entry(entry->positional() ? "Arguments" : entry->section, left, right);
  }
  text.entry(state_->section, "-h, --help", "Print this help and exit");
  text.examples(state_->example);
  return text.str();
}

}  // namespace pith
