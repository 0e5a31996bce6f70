#include "pith/curate/pipeline/first_stage.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pith/base/threads.h"
#include "pith/base/units.h"
#include "pith/curate/ingest/reader.h"
#include "pith/curate/pipeline/document_maker.h"
#include "pith/curate/pipeline/memory_shares.h"
#include "pith/curate/pipeline/shard_writer.h"

namespace pith {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kBatchBytes = 1 << 20;
constexpr std::size_t kBatchRecords = 256;
// Records in order, and where the reader stood behind them when a shard ends there.
struct RawBatch {
  std::uint64_t number = 0;
  std::uint64_t weight = 0;  // of raw bytes, in the budget
  std::vector<RawRecord> records;
  std::optional<ShardEnd> shard_end;
};

struct DoneBatch {
  std::uint64_t number = 0, weight = 0;
  MadeBatch made;
  std::optional<ShardEnd> shard_end;
};

// The reader thread, the workers and the writer (the caller), and what lies between them.
class FirstStage {
 public:
  FirstStage(const CurateOptions& options, const EvaluationSets* evaluation,
             const WorkFolder& folder, const Context& context, RawReader reader)
      : options_(options),
        evaluation_(evaluation),
        folder_(folder),
        context_(context),
        workers_(static_cast<std::size_t>(std::max(1, context.threads))),
        in_flight_(2 * workers_ + 2),
        raw_bytes_(memory_shares(context.memory_bytes).raw_bytes),
        batch_bytes_(std::min(kBatchBytes, raw_bytes_ / in_flight_)),
        reader_(std::move(reader)),
        before_(reader_.statistics()),
        reader_total_(reader_.bytes_total()),
        budget_(raw_bytes_),
        page_budget_(memory_shares(context.memory_bytes).page_bytes),
        raw_(in_flight_),
        done_(in_flight_) {}

  Result<FirstStageResult> run(FirstStageResult before) {
    std::vector<std::thread> threads;
    threads.emplace_back([this] { read(); });
    std::atomic<std::size_t> working = workers_;
    for (std::size_t w = 0; w < workers_; ++w) {
      threads.emplace_back([&] {
        make();
        if (working.fetch_sub(1) == 1) done_.close();
      });
    }
    const Status written = write(before);
    // After an error the others are still running: what they wait for is closed.
    budget_.close(), raw_.close(), done_.close();
    for (std::thread& thread : threads) thread.join();
    if (!written) return written.error();
    if (!read_status_) return read_status_.error();
    reader_bytes_ = reader_total_;
    report(before);
    return before;
  }

 private:
  // Reader thread.
  void read() {
    read_status_ = read_batches();
    raw_.close();
  }

  Status read_batches() {
    RawBatch batch;
    std::uint64_t bytes = 0, shard_bytes = 0, number = 0;
    const auto send = [&](bool shard_ends, bool last) {
      if (shard_ends) {
        batch.shard_end.emplace();
        batch.shard_end->cursor = reader_.cursor();
        batch.shard_end->last = last;
        batch.shard_end->statistics = faults_since_last_shard();
        shard_bytes = 0;
      }
      batch.number = number++;
      batch.weight = std::max(bytes, raw_bytes_ / in_flight_);
      bytes = 0;
      const bool sent = budget_.acquire(batch.weight) && raw_.put(std::move(batch));
      batch = RawBatch();
      return sent;
    };
    for (;;) {
      if (context_.stopped()) {
        return Error{ErrorKind::kInterrupted,
                     "[curate] stopped; the same command goes on from there"};
      }
      RawRecord record;
      PITH_ASSIGN(const bool more, reader_.next(record));
      if (!more) break;
      reader_bytes_.store(reader_.bytes_done(), std::memory_order_relaxed);
      bytes += record.bytes.size();
      shard_bytes += record.bytes.size();
      batch.records.push_back(std::move(record));
      const bool shard_ends = shard_bytes >= options_.shard_raw_bytes;
      if (shard_ends || bytes >= batch_bytes_ || batch.records.size() >= kBatchRecords) {
        if (!send(shard_ends, false)) return {};
      }
    }
    send(true, true);
    return {};
  }

  // What the reader passed over since the last shard.
  CurateStatistics faults_since_last_shard() {
    const IngestStatistics& now = reader_.statistics();
    CurateStatistics faults;
    faults.broken_records = now.broken - before_.broken;
    for (std::size_t i = before_.first_broken.size(); i < now.first_broken.size(); ++i) {
      const BrokenRecord& broken = now.first_broken[i];
      if (faults.broken_examples.size() < kBrokenExamples) {
        faults.broken_examples.push_back({broken.file_path, broken.reason, broken.offset});
      }
    }
    for (const auto& [reason, files] : now.skipped_files) {
      const auto known = before_.skipped_files.find(reason);
      const std::uint64_t counted = known == before_.skipped_files.end() ? 0 : known->second;
      if (files > counted) faults.skipped_files[reason] = files - counted;
    }
    before_ = now;
    return faults;
  }

  // Workers.
  void make() {
    DocumentMaker maker(options_, evaluation_);
    ZstdCompressor compressor(1);
    while (std::optional<RawBatch> batch = raw_.take()) {
      DoneBatch done;
      done.number = batch->number;
      done.weight = batch->weight;
      done.shard_end = std::move(batch->shard_end);
      for (RawRecord& record : batch->records) {
        // A tag and its text take at least four bytes.
        const std::uint64_t nodes =
            record.html ? std::min<std::uint64_t>(record.bytes.size() / 4, options_.max_page_nodes)
                        : 0;
        page_budget_.acquire(nodes * kBytesPerNode);
        maker.add(record, done.made);
        page_budget_.release(nodes * kBytesPerNode);
        record = RawRecord();  // its bytes are not needed any longer
      }
      compress_lines(compressor, done.made);
      if (!done_.put(std::move(done))) return;
    }
  }

  // The caller.
  Status write(FirstStageResult& result) {
    std::map<std::uint64_t, DoneBatch> early;  // at most in_flight_
    std::optional<ShardWriter> writer;
    auto shard_begin = Clock::now();
    for (std::uint64_t next = 0;;) {
      std::optional<DoneBatch> taken = done_.take();
      if (!taken) return {};
      early.emplace(taken->number, std::move(*taken));
      for (auto first = early.begin(); first != early.end() && first->first == next;
           first = early.begin(), ++next) {
        DoneBatch batch = std::move(first->second);
        early.erase(first);
        if (!writer) {
          PITH_ASSIGN(writer, ShardWriter::create(folder_, result.shards));
        }
        PITH_TRY(writer->add(batch.made));
        result.statistics.add(batch.made.statistics);
        budget_.release(batch.weight);
        report(result);
        if (!batch.shard_end) continue;
        ShardEnd& end = *batch.shard_end;
        end.seconds = std::chrono::duration<double>(Clock::now() - shard_begin).count();
        shard_begin = Clock::now();
        PITH_TRY(writer->finish(end));
        writer.reset();
        result.statistics.add(end.statistics);
        result.seconds += end.seconds;
        result.shards += 1;
      }
    }
  }

  void report(const FirstStageResult& result) {
    const StageStatistics& extracted = result.statistics.stage(CurateStage::kExtract);
    const std::string note = format_count(extracted.documents_in) + " documents";
    context_.progress(
        {"curate", reader_bytes_.load(std::memory_order_relaxed), reader_total_, "B", note});
  }

  const CurateOptions& options_;
  const EvaluationSets* const evaluation_;
  const WorkFolder& folder_;
  const Context& context_;
  const std::size_t workers_, in_flight_;
  const std::uint64_t raw_bytes_, batch_bytes_;

  // The reader thread's, until it is joined.
  RawReader reader_;
  IngestStatistics before_;  // when the last shard ended
  Status read_status_;

  std::atomic<std::uint64_t> reader_bytes_ = 0;
  const std::uint64_t reader_total_;
  Budget budget_;       // raw bytes of the batches between reader and writer
  Budget page_budget_;  // bytes of the trees that workers build
  BoundedQueue<RawBatch> raw_;
  BoundedQueue<DoneBatch> done_;
};

}  // namespace

IngestOptions ingest_options(const CurateOptions& options) {
  return {.text_field = options.text_field,
          .max_record_bytes = options.max_record_bytes,
          .max_page_bytes = options.max_parquet_page_bytes};
}

Result<FirstStageResult> run_first_stage(const CurateOptions& options,
                                         const EvaluationSets* evaluation, const WorkFolder& folder,
                                         const Context& context) {
  FirstStageResult result;
  IngestOptions ingest = ingest_options(options);
  ingest.read_bytes = options.read_bytes;
  PITH_ASSIGN(RawReader reader, RawReader::open(options.inputs, ingest, context));
  for (;;) {
    PITH_ASSIGN(std::optional<ShardEnd> end, read_shard_end(folder, result.shards));
    if (!end) break;
    result.shards += 1;
    result.seconds += end->seconds;
    result.statistics.add(end->statistics);
    if (end->last) return result;
    PITH_TRY(reader.seek(end->cursor));
  }
  return FirstStage(options, evaluation, folder, context, std::move(reader)).run(std::move(result));
}

}  // namespace pith
