#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pith/base/result.h"

namespace pith {

// What the processors of this machine have used, by RAPL's counters as Linux shows them
// (/sys/class/powercap): of whole packages, of everything that runs on them.
//
// Threads: any may ask; one of its own looks every few seconds, as the counters wrap around within
// minutes of a busy machine.
class EnergyMeter {
 public:
  // Begins to count. kInput when there are no packages or their counters may not be read: the
  // message says what to do. `folder` is another one for tests, which look by themselves.
  static Result<std::unique_ptr<EnergyMeter>> open(const std::string& folder = kFolder);
  ~EnergyMeter();
  EnergyMeter(const EnergyMeter&) = delete;
  EnergyMeter& operator=(const EnergyMeter&) = delete;

  double joules();  // since open()

 private:
  static constexpr const char* kFolder = "/sys/class/powercap";
  struct Package {
    std::string counter;  // the file of microjoules
    std::uint64_t range = 0, last = 0;
  };
  explicit EnergyMeter(std::vector<Package> packages);
  void look_now_and_then();

  std::mutex mutex_;
  std::condition_variable closing_;
  // Guarded by mutex_.
  std::vector<Package> packages_;
  double joules_ = 0;
  bool closed_ = false;

  std::thread looker_;
};

// Watts while `threads` threads work for so many seconds.
double watts_under_load(EnergyMeter& meter, int threads, double seconds);

}  // namespace pith
