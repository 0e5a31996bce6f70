#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "pith/curate/privacy/pii.h"

// What find_pii asks at the places in question. Each looks at a bounded stretch of text, so that
// any text costs linear time.
namespace pith {

// A run of digits with single separators between its groups, as numbers are written for people:
// "+86 138-1234-5678", "(415) 555-2671", "4111 1111 1111 1111".
struct NumberRun {
  std::size_t begin = 0, end = 0;     // of the whole, a leading + or bracket included
  std::string_view digits;            // the digits alone, at most 24
  std::vector<unsigned char> groups;  // digits in each group
  bool plus = false;                  // begins with + or 00
  bool bracket = false;               // its first group stands in brackets
  bool ends_in_x = false;             // an X follows the last digit (identity numbers)
};

// An e-mail address around the '@' at `at`; false when there is none.
bool find_email(std::string_view text, std::size_t at, PiiSpan& span);

// A key, token, password or private key that begins at `begin`, where a word begins.
bool find_secret(std::string_view text, std::size_t begin, PiiSpan& span);
// Whether a secret may begin with this byte.
bool begins_secret(unsigned char byte);

// The run that begins at `begin` (a digit, '+' or '('); false when there is none. `storage` holds
// the digits. Behind a letter, a digit or a decimal point no run begins.
bool read_number_run(std::string_view text, std::size_t begin, NumberRun& run,
                     std::string& storage);

bool is_phone(std::string_view text, const NumberRun& run);
// A Chinese resident identity number: region, date of birth and check digit (GB 11643-1999,
// ISO 7064 MOD 11-2).
bool is_id_number(const NumberRun& run);
// A bank card: an issuer's prefix (ISO/IEC 7812) of a length that it issues, and Luhn's check
// digit.
bool is_card(const NumberRun& run);

}  // namespace pith
