#include "pith/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <functional>

#include "pith/base/units.h"

namespace pith {
namespace {

// What a size or a duration was set to, as its user would write it.
std::string default_size(std::uint64_t bytes) {
  if (bytes == 0) return "";
  if (bytes % (1ull << 30) == 0) return std::to_string(bytes >> 30) + "G";
  if (bytes % (1ull << 20) == 0) return std::to_string(bytes >> 20) + "M";
  return std::to_string(bytes);
}

std::string default_duration(double seconds) {
  if (seconds == 0) return "";
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%gs", seconds);
  return buffer;
}

}  // namespace

struct Arguments::State {
  CLI::App app;
  CLI::Option* last = nullptr;
  // Quantities arrive as text and are converted after CLI11 is done with the words.
  struct Quantity {
    std::string flag;
    std::string text;
    std::function<Status(const std::string&)> set;
  };
  std::vector<std::unique_ptr<Quantity>> quantities;

  void add_quantity(const std::string& flag, const std::string& unit, const std::string& help,
                    const std::string& default_text,
                    std::function<Status(const std::string&)> set) {
    quantities.push_back(std::make_unique<Quantity>(Quantity{flag, "", std::move(set)}));
    last = app.add_option(flag, quantities.back()->text, help)->type_name(unit);
    if (!default_text.empty()) last->default_str(default_text);
  }
};

Arguments::Arguments(std::string verb, std::string purpose, std::string example)
    : state_(std::make_unique<State>()) {
  state_->app.name("pith " + verb);
  state_->app.description(std::move(purpose));
  state_->app.footer("Example:\n  " + std::move(example));
  state_->app.get_formatter()->column_width(34);
  state_->app.set_help_flag("-h,--help", "Print this help and exit");
}

Arguments::~Arguments() = default;

void Arguments::positional(std::string& target, const std::string& name, const std::string& help) {
  state_->last = state_->app.add_option(name, target, help)->type_name("");
}

void Arguments::positionals(std::vector<std::string>& target, const std::string& name,
                            const std::string& help) {
  state_->last = state_->app.add_option(name, target, help)->type_name("");
}

void Arguments::option(std::string& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  state_->last = state_->app.add_option(flag, target, help)->type_name(unit);
  if (!target.empty()) state_->last->default_str(target);
}

void Arguments::option(std::vector<std::string>& target, const std::string& flag,
                       const std::string& unit, const std::string& help) {
  state_->last = state_->app.add_option(flag, target, help)->type_name(unit);
}

void Arguments::option(std::int64_t& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  state_->last = state_->app.add_option(flag, target, help)->capture_default_str()->type_name(unit);
}

void Arguments::option(double& target, const std::string& flag, const std::string& unit,
                       const std::string& help) {
  state_->last = state_->app.add_option(flag, target, help)->capture_default_str()->type_name(unit);
}

void Arguments::flag(bool& target, const std::string& flag, const std::string& help) {
  state_->last = state_->app.add_flag(flag, target, help);
}

void Arguments::size(std::uint64_t& target, const std::string& flag, const std::string& help) {
  state_->add_quantity(flag, "SIZE", help, default_size(target),
                       [&](const std::string& text) -> Status {
                         PITH_ASSIGN(target, parse_size(text));
                         return {};
                       });
}

void Arguments::duration(double& target, const std::string& flag, const std::string& help) {
  state_->add_quantity(flag, "TIME", help, default_duration(target),
                       [&](const std::string& text) -> Status {
                         PITH_ASSIGN(target, parse_duration(text));
                         return {};
                       });
}

void Arguments::count(std::uint64_t& target, const std::string& flag, const std::string& help) {
  state_->add_quantity(flag, "COUNT", help, target == 0 ? "" : std::to_string(target),
                       [&](const std::string& text) -> Status {
                         PITH_ASSIGN(target, parse_count(text));
                         return {};
                       });
}

void Arguments::required() { state_->last->required(); }

Result<bool> Arguments::parse(const std::vector<std::string>& words) {
  std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
  try {
    state_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return true;
  } catch (const CLI::ParseError& error) {
    return input_error(std::string(error.what()) + "; " + state_->app.get_name() +
                       " --help shows what it takes");
  }
  for (const auto& quantity : state_->quantities) {
    if (quantity->text.empty()) continue;
    if (const Status status = quantity->set(quantity->text); !status) {
      return input_error(quantity->flag + ": " + status.error().message);
    }
  }
  return false;
}

std::string Arguments::help() const { return state_->app.help(); }

}  // namespace pith
