#include <string>

#include "gtest/gtest.h"
#include "pith/curate/privacy/pii.h"

namespace pith {
namespace {

bool has_phone(std::string_view text) {
  std::vector<PiiSpan> spans;
  find_pii(text, PiiKinds{}, spans);
  return spans.size() == 1 && spans[0].kind == PiiKind::kPhone;
}

TEST(PiiPhoneTest, NumbersAsTheyAreWritten) {
  for (const std::string_view text :
       {"13812345678", "138 1234 5678", "+86 13812345678", "86-138-1234-5678", "010-62345678",
        "(0571) 8765 4321", "0755-1234567", "400-820-8820", "(415) 555-2671", "415-555-2671",
        "415.555.2671", "1-800-555-0199", "+44 20 7946 0958", "+1 (415) 555-2671", "电话：62345678",
        "Tel. 901 820-0", "Fax: 030 901820", "QQ:1234567890"}) {
    EXPECT_TRUE(has_phone(text)) << text;
  }
}

TEST(PiiPhoneTest, NumbersOfOtherKindsStay) {
  for (const std::string_view text : {"2024-05-06 12:30",
                                      "192.168.1.100",
                                      "3.14159265358",
                                      "ISBN 978-7-111-12345-6",
                                      "12345678",
                                      "1700000000",
                                      "1700000000000",
                                      "page 100-120",
                                      "mobile-2014-04-22",
                                      "电话 20240506",
                                      "1,000,000,000",
                                      "20240506",
                                      "0x13812345678",
                                      "id=13812345678",
                                      "commit 1381234567890123",
                                      "hotel 12345678",
                                      "port 8080-8090",
                                      "1990 1991 1992",
                                      "RFC 2616",
                                      "10 20 30 40 50"}) {
    EXPECT_FALSE(has_phone(text)) << text;
  }
}

}  // namespace
}  // namespace pith
