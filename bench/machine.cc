// What this machine can do: the rate of the best product of matrices in 32-bit floats, bfloat16 and
// int8, and of memory, on one thread and on all that are asked for. Shares of a peak that other
// benchmarks print are of these.
//
//   machine [THREADS] [SECONDS]      a line of JSON; SECONDS (0.2) a measurement
//
// A product counts as 2 M N K operations. Every thread has matrices of its own, of the shapes of a
// training step (256 rows, widths 128 to 768) and of a cube of 1024; the best shape counts. Memory:
// bytes read by sums over 256 MiB, and read and written by a copy scaled.

#include <omp.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <dnnl.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "pith/tensor/aligned_array.h"
#include "pith/tensor/cpu/bf16_gemm.h"
#include "pith/tensor/cpu/gemm.h"
#include "pith/tensor/cpu/int8_gemm.h"
#include "pith/tensor/precision.h"

namespace pith {
namespace {

struct Shape {
  std::size_t M, N, K;
  double operations() const {
    return 2.0 * static_cast<double>(M) * static_cast<double>(N) * static_cast<double>(K);
  }
};
const Shape kShapes[] = {{256, 384, 128}, {256, 128, 352}, {256, 768, 256},
                         {256, 256, 704}, {256, 768, 768}, {1024, 1024, 1024}};

using Work = std::function<void()>;      // once
using MakeWork = std::function<Work()>;  // on its thread; empty: this machine has none

// How often a second all threads together do their work.
double rate(int threads, double seconds, const MakeWork& make) {
  std::atomic<bool> stop{false}, missing{false};
  std::vector<double> rates(static_cast<std::size_t>(threads));
  std::barrier start(threads);
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    workers.emplace_back([&, i] {
      omp_set_num_threads(1);
      const Work work = make();
      if (!work) missing = true;
      if (work) work();
      start.arrive_and_wait();
      if (missing) return;
      const auto begin = std::chrono::steady_clock::now();
      std::chrono::duration<double> passed{0};
      double done = 0;
      while (passed.count() < seconds) {
        for (int k = 0; k < 4; ++k) work();
        done += 4;
        passed = std::chrono::steady_clock::now() - begin;
      }
      rates[i] = done / passed.count();
    });
  }
  for (std::thread& worker : workers) worker.join();
  double sum = 0;
  for (const double one : rates) sum += one;
  return missing ? 0 : sum;
}

Work float_product(const Shape& s) {
  auto a = std::make_shared<AlignedFloats>(s.M * s.K),
       b = std::make_shared<AlignedFloats>(s.N * s.K),
       c = std::make_shared<AlignedFloats>(s.M * s.N);
  return [=] {
    gemm(Transpose::kNo, Transpose::kYes, s.M, s.N, s.K, 1, a->data(), s.K, b->data(), s.K, 0,
         c->data(), s.N);
  };
}

Work bf16_product(const Shape& s) {
  if (!supports(Precision::kBfloat16)) return {};
  auto a = std::make_shared<AlignedArray<Bfloat16>>(s.M * s.K);
  auto b = std::make_shared<AlignedArray<Bfloat16>>(bf16_panels(s.N) * bf16_panel_size(s.K));
  auto c = std::make_shared<AlignedFloats>(s.M * s.N);
  return [=] {
    gemm_bf16(s.M, s.N, s.K, a->data(), s.K, {b->data(), bf16_panel_size(s.K)}, false, c->data(),
              s.N);
  };
}

Work int8_product(const Shape& s) {
  if (!supports(Precision::kInt8)) return {};
  auto a = std::make_shared<AlignedArray<std::uint8_t>>(s.M * int8_row_stride(s.K));
  auto b = std::make_shared<AlignedArray<std::int8_t>>(int8_panels(s.N) * int8_panel_size(s.K));
  auto offsets = std::make_shared<std::vector<std::int32_t>>(s.N + kInt8Panel);
  auto scales = std::make_shared<AlignedFloats>(s.M + s.N + kInt8Panel);
  auto c = std::make_shared<AlignedFloats>(s.M * s.N);
  return [=] {
    gemm_int8(s.M, s.N, s.K, {a->data(), int8_row_stride(s.K), scales->data()},
              {b->data(), scales->data(), offsets->data()}, c->data(), s.N);
  };
}

// oneDNN's matmul with weights in whatever layout it likes best.
Work onednn_product(const Shape& s, dnnl::memory::data_type left, dnnl::memory::data_type right,
                    dnnl::memory::data_type out) {
  using dnnl::memory;
  const auto dimension = [](std::size_t n) { return static_cast<memory::dim>(n); };
  const memory::dim M = dimension(s.M), N = dimension(s.N), K = dimension(s.K);
  try {
    dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    const memory::desc a({M, K}, left, memory::format_tag::ab);
    const memory::desc b({K, N}, right, memory::format_tag::any);
    const memory::desc c({M, N}, out, memory::format_tag::ab);
    const dnnl::matmul::primitive_desc description({a, b, c}, engine);
    auto stream = std::make_shared<dnnl::stream>(engine);
    auto product = std::make_shared<dnnl::matmul>(description);
    const std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, memory(a, engine)},
        {DNNL_ARG_WEIGHTS, memory(description.weights_desc(), engine)},
        {DNNL_ARG_DST, memory(c, engine)}};
    return [=] {
      product->execute(*stream, arguments);
      stream->wait();
    };
  } catch (const dnnl::error&) {
    return {};
  }
}

constexpr std::size_t kMemoryFloats = std::size_t{64} << 20;

Work memory_read() {
  auto values = std::make_shared<AlignedFloats>(kMemoryFloats);
  return [=] {
    const float* x = values->data();
    float sums[64] = {};
    for (std::size_t i = 0; i < kMemoryFloats; i += 64) {
      for (std::size_t k = 0; k < 64; ++k) sums[k] += x[i + k];
    }
    volatile float sink = sums[0] + sums[17];
    (void)sink;
  };
}

Work memory_copy() {
  auto from = std::make_shared<AlignedFloats>(kMemoryFloats / 2);
  auto to = std::make_shared<AlignedFloats>(kMemoryFloats / 2);
  return [=] {
    const float* x = from->data();
    float* y = to->data();
    for (std::size_t i = 0; i < kMemoryFloats / 2; ++i) y[i] = 2 * x[i];
  };
}

void print(const char* name, int threads, double seconds, double scale,
           const std::function<double(int, double)>& measure, bool last = false) {
  const double one = measure(1, seconds), all = threads > 1 ? measure(threads, seconds) : one;
  std::printf("\"%s\": {\"one\": %.1f, \"all\": %.1f}%s", name, one * scale, all * scale,
              last ? "" : ", ");
  std::fflush(stdout);
}

void run(int threads, double seconds) {
  using Type = dnnl::memory::data_type;
  using Product = std::function<Work(const Shape&)>;
  const auto product = [&](const char* name, const Product& make) {
    print(name, threads, seconds, 1e-9, [&](int workers, double each) {
      double best = 0;
      for (const Shape& shape : kShapes) {
        const double times = rate(workers, each, [&] { return make(shape); });
        best = std::max(best, times * shape.operations());
      }
      return best;
    });
  };
  std::printf("{\"threads\": %d, ", threads);
  product("float32", float_product);
  product("bfloat16", bf16_product);
  product("bfloat16 oneDNN",
          [](const Shape& s) { return onednn_product(s, Type::bf16, Type::bf16, Type::f32); });
  product("int8", int8_product);
  product("int8 oneDNN",
          [](const Shape& s) { return onednn_product(s, Type::u8, Type::s8, Type::s32); });
  const auto memory = [&](const char* name, const MakeWork& make, bool last) {
    print(
        name, threads, seconds, 1e-9 * 4 * static_cast<double>(kMemoryFloats),
        [&](int workers, double each) { return rate(workers, each, make); }, last);
  };
  memory("read GB/s", memory_read, false);
  memory("copy GB/s", memory_copy, true);
  std::printf("}\n");
}

}  // namespace
}  // namespace pith

int main(int count, char** arguments) {
  const int threads =
      count > 1 ? std::atoi(arguments[1]) : static_cast<int>(std::thread::hardware_concurrency());
  const double seconds = count > 2 ? std::atof(arguments[2]) : 0.2;
  if (threads < 1 || !(seconds > 0)) {
    std::fprintf(stderr, "usage: machine [THREADS] [SECONDS]\n");
    return 2;
  }
  pith::run(threads, seconds);
  return 0;
}
