// What a checkpoint takes from a training: the time that it stands still while its state is copied,
// and the processor's time that the writing beside it takes.
//
//   checkpoint FOLDER [MEGABYTES ...]
//
// Writes four checkpoints of a state of each size (default 42 and 360: 3.5 and 30 million
// parameters with two moments) one after the other and prints a line for each: the first has no
// memory yet. The share is of a training on two threads with a checkpoint every 30 seconds, were no
// processor ever idle: (copy + processor time of the writing / 2) / 30 s.
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "pith/base/files.h"
#include "pith/train/checkpoint_writer.h"

namespace pith {
namespace {

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void must(const Status& status) {
  if (status) return;
  std::fprintf(stderr, "%s\n", status.error().message.c_str());
  std::exit(1);
}

void measure(const std::string& folder, std::size_t megabytes) {
  constexpr std::size_t kTensors = 50;
  const std::size_t floats = megabytes * 1'000'000 / sizeof(float) / kTensors;
  std::vector<std::vector<float>> values(kTensors, std::vector<float>(floats, 0.5f));
  std::vector<StateTensor> tensors;
  for (std::size_t i = 0; i < kTensors; ++i) {
    tensors.push_back({"t" + std::to_string(i), {static_cast<std::int64_t>(floats)}, values[i]});
  }
  CheckpointWriter writer(folder);
  writer.reserve(tensors);
  must(writer.wait());
  for (int i = 1; i <= 4; ++i) {
    const double begin = seconds_of(CLOCK_MONOTONIC), worked = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    must(writer.begin({.step = i, .job = "bench"}, tensors));
    const double copy = seconds_of(CLOCK_MONOTONIC) - begin;
    const double copy_worked = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - worked;
    must(writer.wait());
    const double whole = seconds_of(CLOCK_MONOTONIC) - begin;
    const double write = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - worked - copy_worked;
    std::printf("| %zu | %d | %.3f | %.3f | %.3f | %.2f%% |\n", megabytes, i, copy, write, whole,
                100 * (copy + write / 2) / 30);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace pith

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: checkpoint FOLDER [MEGABYTES ...]\n");
    return 2;
  }
  const std::string folder = arguments[1];
  pith::must(pith::make_folders(folder));
  std::printf(
      "| MB | checkpoint | copy, s | writing, s of a processor | until on disk, s | share of two "
      "threads at one per 30 s |\n| --- | --- | --- | --- | --- | --- |\n");
  if (count == 2) {
    for (const std::size_t megabytes : {42, 360}) pith::measure(folder, megabytes);
  }
  for (int i = 2; i < count; ++i) {
    pith::measure(folder, std::strtoul(arguments[i], nullptr, 10));
  }
  return 0;
}
