#include "pith/base/energy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"

namespace pith {
namespace {

using testing::HasSubstr;

void write_zone(const std::string& zone, const std::string& name, std::uint64_t microjoules) {
  const std::string folder = test_path(zone);
  ASSERT_TRUE(make_folders(folder));
  ASSERT_TRUE(write_file(folder + "/name", name + "\n"));
  ASSERT_TRUE(write_file(folder + "/energy_uj", std::to_string(microjoules) + "\n"));
  ASSERT_TRUE(write_file(folder + "/max_energy_range_uj", "100000000\n"));
}

TEST(EnergyTest, PackagesAreSummedAndTheirPartsAreNotCountedTwice) {
  write_zone("intel-rapl:0", "package-0", 5'000'000);
  write_zone("intel-rapl:0:0", "core", 5'000'000);
  write_zone("intel-rapl:1", "package-1", 7'000'000);
  write_zone("intel-rapl:2", "psys", 9'000'000);
  const auto meter = EnergyMeter::open(test_folder());
  ASSERT_TRUE(meter) << meter.error().message;
  EXPECT_EQ((*meter)->joules(), 0);
  write_zone("intel-rapl:0", "package-0", 6'500'000);
  write_zone("intel-rapl:0:0", "core", 6'000'000);
  write_zone("intel-rapl:1", "package-1", 7'250'000);
  write_zone("intel-rapl:2", "psys", 99'000'000);
  EXPECT_DOUBLE_EQ((*meter)->joules(), 1.75);
  EXPECT_DOUBLE_EQ((*meter)->joules(), 1.75);
}

TEST(EnergyTest, ACounterThatWrapsAroundGoesOn) {
  write_zone("intel-rapl:0", "package-0", 99'000'000);
  const auto meter = EnergyMeter::open(test_folder());
  ASSERT_TRUE(meter);
  write_zone("intel-rapl:0", "package-0", 2'000'000);
  EXPECT_DOUBLE_EQ((*meter)->joules(), 3);
  write_zone("intel-rapl:0", "package-0", 4'000'000);
  EXPECT_DOUBLE_EQ((*meter)->joules(), 5);
}

TEST(EnergyTest, WithoutCountersItSaysWhatToGiveInstead) {
  const auto none = EnergyMeter::open(test_folder());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::kInput);
  EXPECT_THAT(none.error().message, HasSubstr("give --budget in minutes or core-hours"));
  EXPECT_FALSE(EnergyMeter::open(test_path("nowhere")));

  write_zone("intel-rapl:0", "package-0", 1);
  ASSERT_TRUE(remove_tree(test_path("intel-rapl:0/energy_uj")));
  const auto unreadable = EnergyMeter::open(test_folder());
  ASSERT_FALSE(unreadable);
  EXPECT_THAT(unreadable.error().message, HasSubstr("energy_uj"));
  EXPECT_THAT(unreadable.error().message, HasSubstr("sudo chmod a+r"));
}

TEST(EnergyTest, AMeterThatStandsStillShowsNoWatts) {
  write_zone("intel-rapl:0", "package-0", 1);
  const auto meter = EnergyMeter::open(test_folder());
  ASSERT_TRUE(meter);
  EXPECT_EQ(watts_under_load(**meter, 2, 0.01), 0);
}

}  // namespace
}  // namespace pith
