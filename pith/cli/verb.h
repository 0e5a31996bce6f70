#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/json.h"
#include "pith/base/result.h"
#include "pith/cli/arguments.h"

namespace pith {

// What a verb gets from main besides its own options: the context (threads, seed, memory, progress
// on stderr, warnings on stderr, Ctrl-C) and whether --json was given.
struct VerbContext {
  Context context;
  bool json = false;
  bool terminal = false;  // stdout is one
  // Prints a line on stderr for people, such as what is planned; the progress line makes way.
  std::function<void(std::string_view)> say;
  // Shows what was printed to stdout so far, before a next stage begins.
  std::function<void()> show;
};

// One verb of the program: one file verb_NAME.cc with a class behind make_NAME_verb().
//
// main declares --threads, --seed, --memory and --json for every verb, parses, calls run() once,
// and prints the returned object as the last line of stdout when --json was given. For people,
// run() prints its results to stdout itself unless json is set; they are seen when run() returns,
// or when it flushes. Errors go to stderr; kInternal exits with 1, kInterrupted with 130, all
// others with 2.
class Verb {
 public:
  virtual ~Verb() = default;
  virtual std::string name() const = 0;
  virtual std::string purpose() const = 0;  // one line
  virtual std::string example() const = 0;  // one or more command lines
  virtual void declare(Arguments& arguments) = 0;
  // Which of the options of every verb mean something to this one. The others are taken too, so
  // that a script may give the same to all, but --help does not show them.
  struct Uses {
    bool threads = true, seed = true, memory = true;
  };
  virtual Uses uses() const { return {}; }
  virtual Result<Json> run(const VerbContext& context) = 0;
};

}  // namespace pith
