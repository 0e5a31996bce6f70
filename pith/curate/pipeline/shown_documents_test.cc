#include "pith/curate/pipeline/shown_documents.h"

#include <gtest/gtest.h>

namespace pith {
namespace {

Document document(int number) {
  Document document;
  document.id = "id" + std::to_string(number);
  document.text = "text " + std::to_string(number);
  return document;
}

std::vector<double> values(const ShownDocuments& documents) {
  std::vector<double> values;
  for (const ShownDocument& shown : documents.list()) values.push_back(shown.value);
  return values;
}

TEST(ShownDocumentsTest, TheLeastKeysAreShownInWhateverOrderTheyCome) {
  ShownDocuments up, down;
  for (int i = 0; i < 10; ++i) {
    up.offer(document(i), static_cast<std::uint64_t>(i), i);
    down.offer(document(9 - i), static_cast<std::uint64_t>(9 - i), 9 - i);
  }
  EXPECT_EQ(values(up), (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(values(down), values(up));
}

TEST(ShownDocumentsTest, NearToABoundTheKeyDecidesAndFartherOffTheDistance) {
  ShownDocuments shown;
  const double bound = 100;
  shown.offer_near(bound, document(0), 5, 250);
  shown.offer_near(bound, document(1), 1, 150);
  shown.offer_near(bound, document(2), 2, 40);
  EXPECT_EQ(values(shown), (std::vector<double>{150, 40, 250}));
  shown.offer_near(bound, document(3), 9, 101);
  shown.offer_near(bound, document(4), 7, 109);
  shown.offer_near(bound, document(5), 8, 91);
  EXPECT_EQ(values(shown), (std::vector<double>{109, 91, 101}));  // all at the edge: keys 7, 8, 9
  shown.offer_near(bound, document(6), 0, 111);                   // not at the edge
  EXPECT_EQ(values(shown), (std::vector<double>{109, 91, 101}));
}

TEST(ShownDocumentsTest, PartsAddUpToTheWholeAlsoThroughJson) {
  ShownDocuments whole, first, second, near, near_first, near_second;
  for (int i = 0; i < 40; ++i) {
    const auto key = static_cast<std::uint64_t>(i * 37 % 40);
    whole.offer(document(i), key, i);
    (i % 2 == 0 ? first : second).offer(document(i), key, i);
    near.offer_near(20, document(i), key, i);
    (i % 2 == 0 ? near_first : near_second).offer_near(20, document(i), key, i);
  }
  ShownDocuments sum = ShownDocuments::from_json(first.to_json(true));
  sum.add(ShownDocuments::from_json(second.to_json(true)));
  EXPECT_EQ(sum.to_json(true).dump(), whole.to_json(true).dump());
  near_first.add_near(20, near_second);
  EXPECT_EQ(near_first.to_json(true).dump(), near.to_json(true).dump());
  EXPECT_FALSE(sum.to_json(false).items()[0].has("key"));
}

TEST(ShownDocumentsTest, AKeyThatIsNoneIsReadAllTheSame) {
  for (const char* key : {"", "x", "-1", "99999999999999999999999999"}) {
    Json entry = Json::object();
    entry.set("key", key);
    Json list = Json::array();
    list.push_back(std::move(entry));
    EXPECT_EQ(ShownDocuments::from_json(list).list().size(), 1u) << key;
  }
}

TEST(ShownDocumentsTest, ExcerptsAreShortAndWhole) {
  EXPECT_EQ(excerpt_of("  a\n\n b\tc "), "a b c");
  std::string long_text;
  for (int i = 0; i < 200; ++i) long_text += "字";
  EXPECT_EQ(excerpt_of(long_text).size(), kExcerptBytes);  // 100 signs of 3 bytes
  EXPECT_EQ(excerpt_of("x" + long_text).size(), 1 + 99 * 3u);
}

}  // namespace
}  // namespace pith
