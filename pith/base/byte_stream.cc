#include "pith/base/byte_stream.h"

#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace pith {
namespace {

constexpr std::size_t kInputBytes = 64 << 10;
constexpr std::size_t kSearchBack = 32 << 10;
constexpr int kZstdWindowLog = 27;
constexpr std::string_view kGzipMagic("\x1F\x8B\x08", 3);
constexpr std::string_view kZstdMagic("\x28\xB5\x2F\xFD", 4);

class RawSource : public ByteSource {
 public:
  RawSource(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {
    struct stat status = {};
    waits_ = ::fstat(descriptor_, &status) == 0 && !S_ISREG(status.st_mode);
  }
  ~RawSource() override { ::close(descriptor_); }
  RawSource(const RawSource&) = delete;
  RawSource& operator=(const RawSource&) = delete;

  Result<std::size_t> read(std::span<char> buffer) override {
    // Of a pipe or a terminal nothing may come for ever. read() begins anew after a signal; poll()
    // does not, so that Ctrl-C ends the wait.
    pollfd ready = {descriptor_, POLLIN, 0};
    if (waits_ && ::poll(&ready, 1, -1) < 0 && errno == EINTR) {
      return Error{ErrorKind::kInterrupted, path_ + ": interrupted while waiting for more"};
    }
    for (;;) {
      const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
      if (count >= 0) {
        offset_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR) {
        return io_error(path_ + ": cannot read at byte " + std::to_string(offset_) + ": " +
                        std::strerror(errno));
      }
    }
  }
  std::uint64_t file_offset() const override { return offset_; }

 private:
  const int descriptor_;
  const std::string path_;
  bool waits_ = false;
  std::uint64_t offset_ = 0;
};

// What gzip and zstd share: an input window over the compressed source, and the damage.
class DecompressedSource : public ByteSource {
 public:
  DecompressedSource(std::unique_ptr<ByteSource> inner, std::string name, std::string_view format,
                     std::string_view magic)
      : inner_(std::move(inner)), name_(std::move(name)), format_(format), magic_(magic) {}

  Result<std::size_t> read(std::span<char> buffer) final {
    if (damage_) return *damage_;
    if (buffer.empty()) return std::size_t{0};
    std::size_t produced = 0;
    Status status = decompress(buffer, produced);
    if (!status) {
      damage_ = std::make_unique<Error>(status.error());
      if (produced == 0) return *damage_;
    }
    return produced;
  }

  std::uint64_t file_offset() const final { return inner_->file_offset() - (end_ - begin_); }

  // A damaged stream may be decoded as nonsense for a while, across the start of the next one: the
  // search begins up to kSearchBack before the place where the damage showed.
  Result<bool> skip_damage() final {
    begin_ = searchable_;
    for (;;) {
      const std::string_view rest(input_.data() + begin_, end_ - begin_);
      const std::size_t at = rest.find(magic_);
      if (at != std::string_view::npos) {
        begin_ += at;
        stream_begins();
        restart();
        damage_.reset();
        return true;
      }
      searchable_ = begin_ = end_ - std::min(rest.size(), magic_.size() - 1);
      PITH_ASSIGN(const bool more, refill());
      if (!more) return false;
    }
  }

 protected:
  // Produces at least one byte, or none at the end of the file.
  virtual Status decompress(std::span<char> buffer, std::size_t& produced) = 0;
  virtual void restart() = 0;

  // Adds bytes behind the unread ones; false at the end of the file.
  Result<bool> refill() {
    searchable_ = std::min(begin_, std::max(searchable_, begin_ - std::min(begin_, kSearchBack)));
    if (searchable_ > 0) {
      std::memmove(input_.data(), input_.data() + searchable_, end_ - searchable_);
      begin_ -= searchable_;
      end_ -= searchable_;
      searchable_ = 0;
    }
    PITH_ASSIGN(const std::size_t count,
                inner_->read(std::span<char>(input_.data() + end_, input_.size() - end_)));
    end_ += count;
    return count > 0;
  }

  // A member or frame starts at begin_.
  void stream_begins() { searchable_ = std::min(begin_ + 1, end_); }

  Error damaged(std::string_view what) const {
    return format_error(name_ + ": " + std::string(format_) + " data damaged at byte " +
                        std::to_string(file_offset()) + " of the file: " + std::string(what));
  }

  std::unique_ptr<ByteSource> inner_;
  std::vector<char> input_ = std::vector<char>(kInputBytes);
  std::size_t begin_ = 0, end_ = 0;  // unread part of input_
  std::size_t searchable_ = 0;       // before it no other member or frame starts

 private:
  const std::string name_;
  const std::string_view format_, magic_;
  std::unique_ptr<Error> damage_;
};

// ISA-L decodes gzip about three times as fast as zlib. It keeps up to eight bytes of input that it
// has not used yet; at a member's end it gives them back.
class GzipSource final : public DecompressedSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> inner, std::string name)
      : DecompressedSource(std::move(inner), std::move(name), "gzip", kGzipMagic) {}

 private:
  Status decompress(std::span<char> buffer, std::size_t& produced) override {
    while (produced == 0) {
      if (!in_member_) {
        PITH_ASSIGN(const bool more, find_member());
        if (!more) return {};
      }
      bool at_end = false;
      if (begin_ == end_) {
        PITH_ASSIGN(const bool more, refill());
        at_end = !more;  // what ISA-L holds may still give output
      }
      inflate_state& state = *state_;
      state.next_in = reinterpret_cast<std::uint8_t*>(input_.data() + begin_);
      state.avail_in = static_cast<std::uint32_t>(end_ - begin_);
      state.next_out = reinterpret_cast<std::uint8_t*>(buffer.data());
      state.avail_out = static_cast<std::uint32_t>(std::min<std::size_t>(buffer.size(), 1u << 30));
      const std::uint32_t room = state.avail_out;
      const int code = isal_inflate(&state);
      begin_ = end_ - state.avail_in;
      produced = room - state.avail_out;
      if (state.block_state == ISAL_BLOCK_FINISH) {
        in_member_ = false;
      } else if (code < 0 || code == ISAL_NEED_DICT) {
        return damaged(reason(code));
      } else if (at_end && produced == 0) {
        return damaged("it ends in the middle");
      }
    }
    return {};
  }

  static const char* reason(int code) {
    switch (code) {
      case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
      case ISAL_INVALID_WRAPPER:
      case ISAL_UNSUPPORTED_METHOD:
        return "incorrect header check";
      case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
      default:
        return "not a deflate stream";
    }
  }

  // Zero padding between and behind members (tapes, tar) is no damage.
  Result<bool> find_member() {
    for (;;) {
      while (begin_ < end_ && members_ > 0 && input_[begin_] == 0) ++begin_;
      if (begin_ < end_) break;
      PITH_ASSIGN(const bool more, refill());
      if (!more) return false;
    }
    PITH_TRY(gather_header());
    stream_begins();
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
    in_member_ = true;
    ++members_;
    return true;
  }

  // ISA-L forgets the sum over a header that comes in pieces, so one that has a sum (FHCRC) is
  // gathered first, as far as the window goes.
  Status gather_header() {
    const auto gather = [&](std::size_t count) -> Status {
      for (bool more = true; more && end_ - begin_ < count;) {
        PITH_ASSIGN(more, refill());
      }
      return {};
    };
    PITH_TRY(gather(4));
    constexpr char kHeaderSum = 2;
    if (end_ - begin_ < 4 || (input_[begin_ + 3] & kHeaderSum) == 0) return {};
    return gather(kInputBytes - kSearchBack);
  }

  void restart() override { in_member_ = false; }

  // Made by isal_inflate_init for every member; 88 KB, most of it needs no clearing.
  const std::unique_ptr<inflate_state> state_ = std::make_unique_for_overwrite<inflate_state>();
  bool in_member_ = false;
  std::uint64_t members_ = 0;
};

class ZstdSource final : public DecompressedSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> inner, std::string name)
      : DecompressedSource(std::move(inner), std::move(name), "zstd", kZstdMagic),
        context_(ZSTD_createDCtx()) {
    PITH_CHECK(context_ != nullptr, "no memory for zstd");
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~ZstdSource() override { ZSTD_freeDCtx(context_); }
  ZstdSource(const ZstdSource&) = delete;
  ZstdSource& operator=(const ZstdSource&) = delete;

 private:
  Status decompress(std::span<char> buffer, std::size_t& produced) override {
    while (produced == 0) {
      if (begin_ == end_ && !pending_) {
        PITH_ASSIGN(const bool more, refill());
        if (!more) {
          if (in_frame_) return damaged("it ends in the middle");
          return {};
        }
      }
      if (!in_frame_) stream_begins();
      ZSTD_inBuffer in{input_.data() + begin_, end_ - begin_, 0};
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t code = ZSTD_decompressStream(context_, &out, &in);
      begin_ += in.pos;
      produced = out.pos;
      if (ZSTD_isError(code)) return damaged(ZSTD_getErrorName(code));
      in_frame_ = code != 0;
      pending_ = in_frame_ && out.pos == out.size;  // more may wait inside the decoder
    }
    return {};
  }

  void restart() override {
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    in_frame_ = pending_ = false;
  }

  ZSTD_DCtx* const context_;
  bool in_frame_ = false, pending_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_raw(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status = {};
  if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
    const int code = errno;
    if (descriptor >= 0) ::close(descriptor);
    std::string message = path + ": cannot open: " + std::strerror(code);
    if (code == EACCES) message += "; check who may read it";
    return Error{code == ENOENT || code == ENOTDIR ? ErrorKind::kInput : ErrorKind::kIo,
                 std::move(message)};
  }
  if (S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    return input_error(path + ": is a folder; a file is needed here");
  }
  return std::unique_ptr<ByteSource>(std::make_unique<RawSource>(descriptor, path));
}

Result<std::unique_ptr<ByteSource>> open_file_or_stdin(const std::string& path) {
  if (path != "-") return open_raw(path);
  const int descriptor = ::dup(STDIN_FILENO);
  if (descriptor < 0) {
    return io_error(std::string("standard input: cannot open: ") + std::strerror(errno));
  }
  return std::unique_ptr<ByteSource>(std::make_unique<RawSource>(descriptor, "standard input"));
}

std::unique_ptr<ByteSource> decompress_gzip(std::unique_ptr<ByteSource> inner, std::string name) {
  return std::make_unique<GzipSource>(std::move(inner), std::move(name));
}

std::unique_ptr<ByteSource> decompress_zstd(std::unique_ptr<ByteSource> inner, std::string name) {
  return std::make_unique<ZstdSource>(std::move(inner), std::move(name));
}

Result<std::unique_ptr<ByteSource>> open_decompressed(const std::string& path) {
  PITH_ASSIGN(std::unique_ptr<ByteSource> raw, open_raw(path));
  auto source = std::make_unique<PeekableSource>(std::move(raw));
  PITH_ASSIGN(const std::string_view magic, source->peek(4));
  const bool gzip = magic.starts_with(kGzipMagic);
  const bool skippable = magic.size() == 4 && magic.substr(1) == std::string_view("\x2A\x4D\x18") &&
                         (magic[0] & 0xF0) == 0x50;
  const bool zstd = magic == kZstdMagic || skippable;
  if (gzip) return decompress_gzip(std::move(source), path);
  if (zstd) return decompress_zstd(std::move(source), path);
  return std::unique_ptr<ByteSource>(std::move(source));
}

Result<std::string_view> PeekableSource::peek(std::size_t count) {
  if (begin_ > 0) ahead_.erase(0, std::exchange(begin_, 0));
  while (ahead_.size() < count) {
    const std::size_t before = ahead_.size();
    ahead_.resize(count);
    Result<std::size_t> got = inner_->read(std::span<char>(ahead_.data() + before, count - before));
    ahead_.resize(before + (got ? *got : 0));
    if (!got && before == 0) return got.error();
    if (!got || *got == 0) break;
  }
  return std::string_view(ahead_).substr(0, count);
}

Result<std::size_t> PeekableSource::read(std::span<char> buffer) {
  if (begin_ == ahead_.size()) return inner_->read(buffer);
  const std::size_t count = std::min(buffer.size(), ahead_.size() - begin_);
  std::memcpy(buffer.data(), ahead_.data() + begin_, count);
  begin_ += count;
  return count;
}

LineReader::LineReader(std::unique_ptr<ByteSource> source, std::size_t max_line_bytes)
    : source_(std::move(source)), max_line_bytes_(max_line_bytes) {}

Result<bool> LineReader::fill() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kInputBytes) {
    buffer_.resize(std::max(4 * kInputBytes, 2 * buffer_.size()));
  }
  PITH_ASSIGN(const std::size_t count,
              source_->read(std::span<char>(buffer_.data() + end_, buffer_.size() - end_)));
  end_ += count;
  at_end_ = count == 0;
  return count > 0;
}

Result<bool> LineReader::next(std::string_view& line) {
  std::size_t searched = 0;
  bool skipping = false;
  line_offset_ = stream_offset_;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const std::size_t unread = end_ - begin_;
    const void* const found =
        unread > searched ? std::memchr(from + searched, '\n', unread - searched) : nullptr;
    const bool last = found == nullptr && at_end_;
    if (found != nullptr || last) {
      if (last && unread == 0 && !skipping) return false;
      const std::size_t length =
          last ? unread : static_cast<std::size_t>(static_cast<const char*>(found) - from);
      const std::size_t taken = last ? length : length + 1;
      begin_ += taken;
      stream_offset_ += taken;
      ++line_number_;
      if (!skipping && length <= max_line_bytes_) {
        line = std::string_view(from, length);
        return true;
      }
      ++lines_too_long_;
      skipping = false;
      searched = 0;
      line_offset_ = stream_offset_;
      continue;
    }
    searched = unread;
    if (unread > max_line_bytes_) {
      skipping = true;
      stream_offset_ += unread;
      begin_ = end_;
      searched = 0;
    }
    PITH_TRY(fill());
  }
}

struct ZstdCompressor::State {
  State(int level, int threads) : context(ZSTD_createCCtx()) {
    PITH_CHECK(context != nullptr, "no memory for zstd");
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    if (threads == 0) return;
    const std::size_t done = ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, threads);
    PITH_CHECK(!ZSTD_isError(done), "libzstd was built without threads");
    ZSTD_CCtx_setParameter(context, ZSTD_c_jobSize, kPieceBytes);
    ZSTD_CCtx_setParameter(context, ZSTD_c_overlapLog, 9);  // sees a whole window back: same size
  }
  ~State() { ZSTD_freeCCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void compress(std::string_view bytes, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      const std::size_t before = out.size();
      out.resize(before + ZSTD_CStreamOutSize());
      ZSTD_outBuffer produced{out.data() + before, out.size() - before, 0};
      const std::size_t left = ZSTD_compressStream2(context, &produced, &in, directive);
      PITH_CHECK(!ZSTD_isError(left), ZSTD_getErrorName(left));
      out.resize(before + produced.pos);
      if (directive == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
    }
  }

  static constexpr int kPieceBytes = 4 << 20;
  ZSTD_CCtx* const context;
};

ZstdCompressor::ZstdCompressor(int level, int threads)
    : state_(std::make_unique<State>(level, threads)) {}
ZstdCompressor::~ZstdCompressor() = default;
ZstdCompressor::ZstdCompressor(ZstdCompressor&&) noexcept = default;
ZstdCompressor& ZstdCompressor::operator=(ZstdCompressor&&) noexcept = default;

void ZstdCompressor::add(std::string_view bytes, std::string& out) {
  state_->compress(bytes, ZSTD_e_continue, out);
}

void ZstdCompressor::end_frame(std::string& out) { state_->compress({}, ZSTD_e_end, out); }

}  // namespace pith
