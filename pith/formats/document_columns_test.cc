#include "pith/formats/document_columns.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

namespace pith {
namespace {

std::set<std::string> present(const Document& document) {
  std::set<std::string> names;
  for (const DocumentColumn& column : document_columns()) {
    if (has_value(document, column)) names.emplace(column.name);
  }
  return names;
}

TEST(DocumentColumnsTest, FineWebsComeFirst) {
  std::string names;
  for (const DocumentColumn& column : document_columns().first(8)) {
    names += std::string(column.name) + " ";
  }
  EXPECT_EQ(names, "text id url date language language_score file_path offset ");
}

TEST(DocumentColumnsTest, EmptyAndZeroAreNoValue) {
  Document document;
  EXPECT_EQ(present(document), (std::set<std::string>{"text", "cluster_size"}));
  document.title = "T";
  document.masked = 1;
  EXPECT_EQ(present(document), (std::set<std::string>{"text", "title", "cluster_size", "masked"}));
}

TEST(DocumentColumnsTest, AScoreOfZeroIsAValueBesideItsLanguage) {
  Document document;
  document.language = "und";
  EXPECT_TRUE(present(document).contains("language_score"));
}

TEST(DocumentColumnsTest, WhatWasMeasuredIsAValueOfDroppedDocumentsOnly) {
  Document document;
  document.dropped_value = 3;
  EXPECT_FALSE(present(document).contains("dropped_value"));
  document.dropped_by = "rule";
  document.dropped_value = 0;
  EXPECT_TRUE(present(document).contains("dropped_value"));
  EXPECT_TRUE(present(document).contains("dropped_threshold"));
}

TEST(DocumentColumnsTest, NoNumberIsNoValue) {
  Document document;
  document.quality = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(present(document).contains("quality"));
}

}  // namespace
}  // namespace pith
