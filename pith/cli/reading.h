#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pith/base/context.h"
#include "pith/base/result.h"
#include "pith/train/train.h"

// How much of its input a run reads, and keeps of the text, for what its training is given.
namespace pith {

struct Reading {
  std::uint64_t tokens = 0;      // that the training is expected to see
  std::uint64_t read_bytes = 0;  // of the files; 0: all
  std::uint64_t keep_bytes = 0;  // of text, at most
};

// For --steps and --tokens it follows from them, and everything is read. For a budget it follows
// from how fast the machine is at the moment (machine_speed), all threads together, and is written
// to OUT/reading.json: who goes on, with whatever threads, reads the same. Where `inputs` are not
// all there nothing is written, as nothing will be read. Takes a tenth of a second. kIo when OUT
// cannot be written.
Result<Reading> settle_reading(const std::string& out, const std::vector<std::string>& inputs,
                               const TrainOptions& train, const Context& context);

// For people, before any of `inputs` is read.
std::string describe(const Reading& reading, const std::vector<std::string>& inputs);

}  // namespace pith
