#include "pith/base/energy.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "pith/base/files.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kBetweenLooks = std::chrono::seconds(10);

constexpr const char* kInstead =
    "; give --budget in minutes or core-hours, such as 3m or 0.5core-h";

Result<std::uint64_t> read_number(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 10));
  std::uint64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    return format_error(path + ": holds no number");
  }
  return number;
}

// "intel-rapl:0", which AMD's have too; "intel-rapl:0:1" is a part of it.
bool is_zone(const std::string& name) {
  return name.starts_with("intel-rapl:") && std::ranges::count(name, ':') == 1;
}

}  // namespace

Result<std::unique_ptr<EnergyMeter>> EnergyMeter::open(const std::string& folder) {
  std::vector<std::string> zones;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    if (is_zone(entry.path().filename().string())) zones.push_back(entry.path().string());
  }
  std::ranges::sort(zones);
  std::vector<Package> packages;
  for (const std::string& zone : zones) {
    const auto name = read_file(join_path(zone, "name"), 1 << 10);
    if (!name || !name->starts_with("package")) continue;  // "psys" has the packages in it
    Package package{.counter = join_path(zone, "energy_uj")};
    const auto range = read_number(join_path(zone, "max_energy_range_uj"));
    const auto now = read_number(package.counter);
    if (!range || !now) {
      return input_error("[energy] the energy that this machine uses cannot be read: " +
                         (now ? range : now).error().message +
                         "; run as root, or let it be read: sudo chmod a+r " + package.counter +
                         kInstead);
    }
    package.range = *range;
    package.last = *now;
    packages.push_back(std::move(package));
  }
  if (packages.empty()) {
    return input_error("[energy] this machine does not show the energy that it uses: there is no " +
                       join_path(folder, "intel-rapl:0") + kInstead);
  }
  std::unique_ptr<EnergyMeter> meter(new EnergyMeter(std::move(packages)));
  if (folder == kFolder) meter->looker_ = std::thread([&m = *meter] { m.look_now_and_then(); });
  return meter;
}

EnergyMeter::EnergyMeter(std::vector<Package> packages) : packages_(std::move(packages)) {}

EnergyMeter::~EnergyMeter() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  closing_.notify_all();
  if (looker_.joinable()) looker_.join();
}

double EnergyMeter::joules() {
  const std::lock_guard lock(mutex_);
  for (Package& package : packages_) {
    const auto now = read_number(package.counter);
    if (!now) continue;  // the next look takes in what this one missed
    const std::uint64_t used =
        *now >= package.last ? *now - package.last : *now + package.range - package.last;
    package.last = *now;
    joules_ += 1e-6 * static_cast<double>(used);
  }
  return joules_;
}

void EnergyMeter::look_now_and_then() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (closing_.wait_for(lock, kBetweenLooks, [&] { return closed_; })) return;
    }
    (void)joules();
  }
}

double watts_under_load(EnergyMeter& meter, int threads, double seconds) {
  const auto begin = Clock::now();
  const double before = meter.joules();
  const auto past = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  std::atomic<double> sum{0};  // keeps the work from being left out
  const auto work = [&] {
    double x = 1.0001, y = 1.0002;
    while (past() < seconds) {
      for (int i = 0; i < 10'000; ++i) {
        x = x * 0.9999 + 1e-4;
        y = y * 0.9998 + 2e-4;
      }
    }
    sum.store(x + y, std::memory_order_relaxed);
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  return (meter.joules() - before) / past();
}

}  // namespace pith
