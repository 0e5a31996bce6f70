// Reads every record of the inputs and prints what it took: records, bytes of bodies, seconds.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "pith/curate/ingest/reader.h"

int main(int argc, char** argv) {
  const std::vector<std::string> inputs(argv + 1, argv + argc);
  const auto begin = std::chrono::steady_clock::now();
  auto reader = pith::RawReader::open(inputs, "text");
  if (!reader) {
    std::fprintf(stderr, "%s\n", reader.error().message.c_str());
    return 2;
  }
  pith::RawRecord record;
  for (;;) {
    const pith::Result<bool> more = reader->next(record);
    if (!more) {
      std::fprintf(stderr, "%s\n", more.error().message.c_str());
      return 1;
    }
    if (!*more) break;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const pith::IngestStatistics& statistics = reader->statistics();
  std::printf("%llu %llu %.6f\n", static_cast<unsigned long long>(statistics.records),
              static_cast<unsigned long long>(statistics.bytes), seconds.count());
}
