#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pith/base/files.h"
#include "pith/base/test_compression.h"
#include "pith/base/test_folder.h"
#include "pith/curate/ingest/reader.h"

// Input files made on the spot and what is read of them: for the tests of reading.
namespace pith {

class RawReaderTest : public testing::Test {
 protected:
  std::string put(const std::string& name, const std::string& bytes) {
    const std::string path = join_path(folder_, name);
    EXPECT_TRUE(make_folders(parent_folder(path)));
    EXPECT_TRUE(write_file(path, bytes));
    return path;
  }

  std::vector<RawRecord> read(const std::vector<std::string>& inputs, IngestOptions options = {}) {
    Result<RawReader> reader = RawReader::open(inputs, options, Context());
    EXPECT_TRUE(reader) << (reader ? "" : reader.error().message);
    std::vector<RawRecord> records;
    for (RawRecord record;;) {
      const Result<bool> more = reader->next(record);
      EXPECT_TRUE(more);
      if (!more || !*more) break;
      records.push_back(record);
    }
    statistics_ = reader->statistics();
    EXPECT_EQ(statistics_.records, records.size());
    EXPECT_EQ(reader->bytes_done(), reader->bytes_total());
    return records;
  }

  std::string first_reason() const {
    return statistics_.first_broken.empty() ? "" : statistics_.first_broken[0].reason;
  }

  const std::string folder_ = test_folder();
  IngestStatistics statistics_;
};

inline std::string warc_record(const std::string& type, const std::string& url,
                               const std::string& block, const std::string& length = "") {
  return "WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + url +
         "\r\nWARC-Date: 2020-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response" +
         "\r\nContent-Length: " + (length.empty() ? std::to_string(block.size()) : length) +
         "\r\n\r\n" + block + "\r\n\r\n";
}

inline std::string http(const std::string& body, const std::string& fields = "",
                        const std::string& type = "text/html; charset=GBK") {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + fields + "\r\n" + body;
}

inline std::string page(const std::string& url, const std::string& body = "<p>hello</p>") {
  return warc_record("response", url, http(body));
}

}  // namespace pith
