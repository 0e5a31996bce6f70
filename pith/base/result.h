#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "pith/base/check.h"

// Errors as values. What the world gets wrong (a file, a user, a request) is a value that the
// caller cannot overlook; what we get wrong stops the program (check.h). A function that may fail
// returns Result<T>, or Status where there is nothing to give:
//
//     Result<std::string> read_file(const std::string& path);
//
//     Status print(const std::string& path) {
//       PITH_ASSIGN(const std::string text, read_file(path));  // or the error goes to the caller
//       PITH_TRY(check(text));                                 // the same, of a Status
//       if (text.empty()) return input_error("[print] " + path + ": is empty; give another file");
//       ...
//       return {};
//     }
//
// Lifetime: a Result owns its value and its message. References from value(), *, -> and error() end
// with it, those of a temporary with the statement: take the value of a call, not a reference to
// it. Threads: a value like any other.
namespace pith {

// Says whose mistake it is; the exit code of the program follows from it (cli/main.cc): 130 for
// kInterrupted, 1 for kInternal, 2 for all others.
enum class ErrorKind : std::uint8_t {
  kInput,        // an option, a path or a request that cannot be served as given
  kIo,           // the system refused: no permission, disk full, read error
  kFormat,       // a file's content is not what its format promises
  kCapacity,     // a bound (memory, size, depth) would be exceeded
  kInterrupted,  // stopped by the user; what was done so far is on disk
  kInternal,     // our own mistake, reported instead of aborting
};

// `message` is for people, with no line end behind it: where, what is wrong with the value, and
// what to do next. "[train] --budget 2s is too short for one step; give at least 20s".
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
};

// The value of type T, or why there is none; made from either by return. Test with `if (!result)`,
// then use result.error(). T is a value that can be moved, no reference, and not Error. value(), *
// and -> of an error stop the program with its message; error() of a value must not be asked for.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  explicit operator bool() const { return ok(); }
  bool ok() const { return state_.index() == 0; }

  T& value() & { return expect_value(), std::get<0>(state_); }
  const T& value() const& { return expect_value(), std::get<0>(state_); }
  T&& value() && { return expect_value(), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return std::get<1>(state_); }

 private:
  void expect_value() const {
    if (!ok()) check_failed("Result has a value", __FILE__, __LINE__, error().message);
  }
  std::variant<T, Error> state_;
};

// Success, or why not. `return {};` is success, as is Status().
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit

  explicit operator bool() const { return ok_; }
  bool ok() const { return ok_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

using Status = Result<void>;

// Errors of the kinds that are made in many places.
inline Error input_error(std::string message) { return {ErrorKind::kInput, std::move(message)}; }
inline Error io_error(std::string message) { return {ErrorKind::kIo, std::move(message)}; }
inline Error format_error(std::string message) { return {ErrorKind::kFormat, std::move(message)}; }
inline Error capacity_error(std::string message) {
  return {ErrorKind::kCapacity, std::move(message)};
}

}  // namespace pith

// PITH_TRY(expr): evaluates a Status or Result once; returns its error to the caller, else goes on.
// PITH_ASSIGN(auto name, expr): the same, and moves the value into what is declared (or named, when
// it is there already). More than one statement: not as the body of an `if` without braces.
// Both stand in functions that return a Result; of a lambda say so, as in `[]() -> Status {`.
#define PITH_TRY(expr)                                                          \
  do {                                                                          \
    if (auto pith_status_ = (expr); !pith_status_) return pith_status_.error(); \
  } while (false)
#define PITH_CONCAT_INNER(a, b) a##b
#define PITH_CONCAT(a, b) PITH_CONCAT_INNER(a, b)
#define PITH_ASSIGN(declaration, expr) \
  PITH_ASSIGN_INNER(PITH_CONCAT(pith_result_, __LINE__), declaration, expr)
#define PITH_ASSIGN_INNER(temporary, declaration, expr) \
  auto temporary = (expr);                              \
  if (!temporary) return temporary.error();             \
  declaration = std::move(temporary).value()
