#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "pith/base/files.h"
#include "pith/base/test_folder.h"
#include "pith/train/prepare_tokens.h"
#include "pith/worth/cell.h"

// What the tests of trainings share: a corpus as tokens, and models that train in moments.
namespace pith {

class SmallCellsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string lines;
    for (int i = 0; i < 60; ++i) {
      lines += "{\"text\":\"Document " + std::to_string(i * 977 % 1000) +
               " tells of a kernel, of its files and of those who read them.\"}\n";
    }
    ASSERT_TRUE(write_file(test_path("documents.jsonl"), lines));
    PrepareOptions prepare;
    prepare.documents = test_path("documents.jsonl");
    prepare.out = test_path("tokens");
    prepare.vocab = 300;
    ASSERT_TRUE(prepare_tokens(prepare, {}));
  }

  // In steps of 64 tokens.
  static CellOptions cell(const std::string& folder, std::uint64_t tokens, std::uint64_t seed) {
    CellOptions options;
    options.tokens = test_path("tokens");
    options.target = test_path("documents.jsonl");
    options.tokens_to_train = tokens;
    options.seed = seed;
    options.config.hidden_size = 16;
    options.config.layers = 1;
    options.config.heads = 2;
    options.config.context_length = 32;
    options.config.batch_tokens = 64;
    options.folder = test_path(folder);
    return options;
  }
};

}  // namespace pith
