#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdlib>
#include <string>

// PITH_TEST_TARGET=avx2 or sse4 makes all tests of this program run on what Highway compiles for
// older processors: ctest runs it once for each (CMakeLists.txt).
namespace pith {
namespace {

std::int64_t wanted_target() {
  const char* name = std::getenv("PITH_TEST_TARGET");
  if (name == nullptr) return 0;
  return std::string(name) == "sse4" ? HWY_SSE4 : HWY_AVX2;
}

class LowerTarget : public testing::Environment {
 public:
  void SetUp() override {
    const std::int64_t target = wanted_target();
    if ((hwy::SupportedTargets() & target) == 0) return;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};
const auto* const kEnvironment = testing::AddGlobalTestEnvironment(new LowerTarget);

TEST(LowerTargetsTest, TheWantedTargetIsTheOneThatRuns) {
  ASSERT_NE(kEnvironment, nullptr);
  if (const std::int64_t target = wanted_target(); target != 0) {
    EXPECT_EQ(hwy::SupportedTargets() & (HWY_AVX3 | HWY_AVX3_DL), 0);
  }
}

}  // namespace
}  // namespace pith
