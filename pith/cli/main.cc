// The program: finds the verb, builds the resources of the run once, and turns errors into exit
// codes.
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <thread>

#include "pith/base/closest_word.h"
#include "pith/cli/progress_line.h"
#include "pith/cli/verbs.h"

namespace pith {
namespace {

constexpr int kExitInternal = 1, kExitUser = 2, kExitInterrupted = 130, kExitPipe = 141;

std::atomic<bool> stop_requested{false};

// The first Ctrl-C asks the job to stop at a safe place, the second ends the program at once: every
// file that pith writes appears only when whole, so that loses no more than a crash would.
void on_interrupt(int) {
  if (stop_requested.exchange(true)) ::_exit(kExitInterrupted);
}

void print(std::FILE* out, std::string_view text) { std::fwrite(text.data(), 1, text.size(), out); }

std::string program_help(const std::vector<std::unique_ptr<Verb>>& verbs) {
  std::string help =
      "pith turns a pile of raw text into a language model of your own, on the machine you "
      "have.\n\n"
      "Usage: pith VERB [OPTIONS]\n\nVerbs:\n";
  for (const auto& verb : verbs) {
    std::string name = verb->name();
    name.resize(12, ' ');
    help += "  " + name + verb->purpose() + "\n";
  }
  help +=
      "\nExample:\n"
      "  pith run corpus/ --like examples/ --budget 3m -o my-model\n"
      "  pith chat my-model\n\n"
      "pith VERB --help shows a verb's options and an example. --version prints the version.\n";
  return help;
}

int exit_code(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kInternal:
      return kExitInternal;
    case ErrorKind::kInterrupted:
      return kExitInterrupted;
    default:
      return kExitUser;
  }
}

int run_verb(Verb& verb, const std::vector<std::string>& words) {
  Arguments arguments(verb.name(), verb.purpose(), verb.example());
  verb.declare(arguments);
  VerbContext context;
  std::int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::int64_t seed = 0;
  const Verb::Uses uses = verb.uses();
  arguments.section("Options of every verb");
  arguments.option(threads, "--threads", "N", "Worker threads");
  arguments.otherwise("every core, here " + std::to_string(threads));
  if (!uses.threads) arguments.hidden();
  arguments.option(seed, "--seed", "N", "Seed of every random choice");
  if (!uses.seed) arguments.hidden();
  arguments.size(context.context.memory_bytes, "--memory",
                 "Use at most this much memory, such as 2G");
  arguments.otherwise("no bound");
  if (!uses.memory) arguments.hidden();
  arguments.flag(context.json, "--json", "Print the result as one JSON object on the last line");

  const auto help = arguments.parse(words);
  if (!help) {
    print(stderr, "pith " + verb.name() + ": " + help.error().message + "\n");
    return exit_code(help.error());
  }
  if (*help) {
    print(stdout, arguments.help());
    return 0;
  }
  if (threads < 1 || threads > 1024) {
    print(stderr, "pith " + verb.name() + ": --threads must be from 1 to 1024\n");
    return kExitUser;
  }

  // Results wait in stdout's buffer until the progress line is gone; verbs that stream flush.
  std::setvbuf(stdout, nullptr, _IOFBF, 1 << 16);
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
  ProgressLine line(stderr, ::isatty(STDERR_FILENO) != 0);
  context.terminal = ::isatty(STDOUT_FILENO) != 0;
  context.context.threads = static_cast<int>(threads);
  context.context.seed = static_cast<std::uint64_t>(seed);
  context.context.stop = &stop_requested;
  context.context.on_progress = [&](const Progress& progress) { line.report(progress); };
  context.context.on_warning = [&](std::string_view message) { line.warn(message); };
  context.say = [&](std::string_view message) { line.say(message); };
  context.show = [&] {
    line.finish();
    std::fflush(stdout);
  };

  const Result<Json> result = verb.run(context);
  line.finish();
  if (!result) {
    print(stderr, "pith " + verb.name() + ": " + result.error().message + "\n");
    return exit_code(result.error());
  }
  if (context.json) print(stdout, result->dump() + "\n");
  if (std::fflush(stdout) != 0) {
    if (errno == EPIPE) return kExitPipe;  // pith ... | head: who reads has enough, and knows
    print(stderr, "pith " + verb.name() +
                      ": cannot write to standard output: " + std::strerror(errno) + "\n");
    return kExitUser;
  }
  return 0;
}

int run(std::vector<std::string> words) {
  const auto verbs = make_verbs();
  const bool help =
      !words.empty() && (words[0] == "help" || words[0] == "--help" || words[0] == "-h");
  if (words.empty() || (help && words.size() == 1)) {
    print(help ? stdout : stderr, program_help(verbs));
    return help ? 0 : kExitUser;
  }
  if (words[0] == "--version") {
    print(stdout, "pith " PITH_VERSION "\n");
    return 0;
  }
  if (help) words = {words[1], "--help"};
  for (const auto& verb : verbs) {
    if (verb->name() == words[0]) return run_verb(*verb, {words.begin() + 1, words.end()});
  }
  std::vector<std::string> names;
  for (const auto& verb : verbs) names.push_back(verb->name());
  const std::string meant = closest_word(words[0], names);
  print(stderr, "pith: there is no verb \"" + words[0] + "\"; " +
                    (meant.empty() ? "" : "did you mean " + meant + "? ") +
                    "pith --help lists them\n");
  return kExitUser;
}

}  // namespace
}  // namespace pith

int main(int argc, char** argv) {
  try {
    return pith::run({argv + 1, argv + argc});
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "pith: out of memory; give --memory a lower bound, or free some memory\n");
    return 2;
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "pith: internal error: %s\n", exception.what());
    return 1;
  }
}
