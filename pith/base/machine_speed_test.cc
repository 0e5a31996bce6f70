#include "pith/base/machine_speed.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

TEST(MachineSpeedTest, IsAPlausibleNumberOfCores) {
  const double speed = machine_speed(2, 0.05);
  EXPECT_GT(speed, 0.001);  // under sanitizers, on a busy machine
  EXPECT_LT(speed, 64);
}

}  // namespace
}  // namespace pith
