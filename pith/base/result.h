#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "pith/base/check.h"

// What the world gets wrong is a value; what we get wrong stops the program (check.h).
namespace pith {

enum class ErrorKind : std::uint8_t {
  kInput,        // an option, a path or a request that cannot be served as given
  kIo,           // the system refused: no permission, disk full, read error
  kFormat,       // a file's content is not what its format promises
  kCapacity,     // a bound (memory, size, depth) would be exceeded
  kInterrupted,  // stopped by the user; what was done so far is on disk
  kInternal,     // our own mistake, reported instead of aborting
};

// `message` says where, what is wrong with the value, and what to do next:
// "[train] --budget 2s is too short for one step; give at least 20s".
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
};

// The value of type T, or why there is none. Test with `if (!result)`, then use result.error().
// value() of an error stops the program with the error's message.
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

// Success, or why not.
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

inline Error input_error(std::string message) { return {ErrorKind::kInput, std::move(message)}; }
inline Error io_error(std::string message) { return {ErrorKind::kIo, std::move(message)}; }
inline Error format_error(std::string message) { return {ErrorKind::kFormat, std::move(message)}; }
inline Error capacity_error(std::string message) {
  return {ErrorKind::kCapacity, std::move(message)};
}

}  // namespace pith

// PITH_TRY(expr): returns the error of a Status or Result to the caller, else goes on.
// PITH_ASSIGN(auto name, expr): the same, and binds the value.
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
