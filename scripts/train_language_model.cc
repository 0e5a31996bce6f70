// Trains the model of pith/curate/classify/language.cc: embeddings of hashed n-grams, their mean, a
// matrix (fastText's architecture, Joulin et al. 2016), the classes of a text's script against each
// other.
//
//   train_language_model EXAMPLES CLASSES [--epochs N] [--test TSV] [-o MODEL.inc]
//
// CLASSES: lines of script, tab, code; those of a script together, as language.cc lists its
// scripts. EXAMPLES: lines of the class's number, tab, text. scripts/train_language_model.py writes
// both. --test: lines of set, code, text; prints the mean accuracy over the languages of each set.
// One thread; the same input gives the same model.
//
//   g++ -std=c++20 -O3 -march=native -ffast-math -I. scripts/train_language_model.cc
//   pith/text/unicode.cc
//       pith/text/utf8.cc pith/text/unicode_tables.cc -o train_language_model
//
// Half of an example's features, at random, are left out at each step: real texts lack most of what
// examples have. Embeddings are kept as 9 levels, -4 to 4, two to a character. They are rounded
// after training, each dimension by a step of its own, and the matrix then learns to live with that
// for two epochs more.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "pith/curate/classify/language_features.h"

namespace {

constexpr std::size_t kDimensions = 32;
constexpr std::uint64_t kLeftOut = 500;  // of 1000 features, at random: short texts lack most
constexpr float kRate = 0.35F, kMatrixRate = 0.1F, kMostLevel = 4;

struct Class {
  std::string script, code;
  std::size_t first = 0, last = 0;  // of its script
};

struct Example {
  std::size_t label, begin, end;  // of the features
};

using Row = std::array<float, kDimensions>;

struct Trainer {
  std::vector<Class> classes;
  std::vector<Example> examples;
  std::vector<std::uint32_t> features;
  std::vector<Row> embeddings = std::vector<Row>(pith::kLanguageBuckets);
  std::vector<float> squares = std::vector<float>(pith::kLanguageBuckets, 1e-6F);
  std::vector<Row> matrix;
  std::vector<float> bias, matrix_squares;
  std::vector<std::uint32_t> seen;  // features of an example that are not left out
  std::mt19937_64 random{7};

  // Descends on one example; gives its loss.
  float step(const Example& example, float rate, bool frozen) {
    Row mean{};
    seen.clear();
    for (std::size_t f = example.begin; f < example.end; ++f) {
      if (frozen || random() % 1000 >= kLeftOut) seen.push_back(features[f]);
    }
    if (seen.empty()) seen.push_back(features[example.begin]);
    for (const std::uint32_t bucket : seen) {
      const Row& row = embeddings[bucket];
      for (std::size_t d = 0; d < kDimensions; ++d) mean[d] += row[d];
    }
    const float share = 1.0F / static_cast<float>(seen.size());
    for (float& x : mean) x *= share;
    const auto [first, last] = std::pair(classes[example.label].first, classes[example.label].last);
    float logits[256], most = -1e9F, sum = 0;
    for (std::size_t c = first; c < last; ++c) {
      float logit = bias[c];
      for (std::size_t d = 0; d < kDimensions; ++d) logit += matrix[c][d] * mean[d];
      logits[c - first] = logit;
      most = std::max(most, logit);
    }
    for (std::size_t c = first; c < last; ++c)
      sum += logits[c - first] = std::exp(logits[c - first] - most);
    Row gradient{};
    for (std::size_t c = first; c < last; ++c) {
      const float error = logits[c - first] / sum - (c == example.label ? 1.0F : 0.0F);
      for (std::size_t d = 0; d < kDimensions; ++d) gradient[d] += error * matrix[c][d];
      float square = error * error;
      for (const float x : mean) square += error * error * x * x / kDimensions;
      matrix_squares[c] += square;
      const float pace = rate * kMatrixRate / std::sqrt(matrix_squares[c]) * error;
      for (std::size_t d = 0; d < kDimensions; ++d) matrix[c][d] -= pace * mean[d];
      bias[c] -= pace;
    }
    const float loss = -std::log(std::max(1e-9F, logits[example.label - first] / sum));
    if (frozen) return loss;
    float square = 0;
    for (const float x : gradient) square += x * x;
    square *= share * share / kDimensions;
    for (const std::uint32_t bucket : seen) {
      squares[bucket] += square;
      const float pace = rate * kRate * share / std::sqrt(squares[bucket]);
      Row& row = embeddings[bucket];
      for (std::size_t d = 0; d < kDimensions; ++d) row[d] -= pace * gradient[d];
    }
    return loss;
  }

  void start() {
    std::normal_distribution<float> noise(0, 0.3F);
    matrix.resize(classes.size());
    bias.assign(classes.size(), 0);
    for (Row& row : matrix) {
      for (float& x : row) x = noise(random);
    }
  }

  void descend(int epochs, bool frozen) {
    matrix_squares.assign(classes.size(), frozen ? 1.0F : 1e-2F);
    std::vector<std::size_t> order(examples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const double steps = static_cast<double>(examples.size()) * epochs;
    double done = 0;
    for (int epoch = 0; epoch < epochs; ++epoch) {
      for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
      double loss = 0;
      for (const std::size_t i : order) {
        loss +=
            static_cast<double>(step(examples[i], static_cast<float>(1 - done++ / steps), frozen));
      }
      std::fprintf(stderr, "epoch %d loss %.4f\n", epoch,
                   loss / static_cast<double>(examples.size()));
    }
  }

  // Rounds the embeddings to whole levels; the matrix takes the steps' sizes on.
  void quantise() {
    std::vector<double> counts(embeddings.size());
    for (const std::uint32_t f : features) counts[f] += 1;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      double most = 0;
      for (const Row& row : embeddings)
        most = std::max(most, std::abs(static_cast<double>(row[d])));
      double best = 1e300, best_step = 1;
      for (double step = most / 4; step > most / 80; step *= 0.93) {
        double error = 0;
        for (std::size_t b = 0; b < embeddings.size(); b += 3) {
          const double x = static_cast<double>(embeddings[b][d]);
          const double off = x - step * std::clamp(std::round(x / step), -4.0, 4.0);
          error += counts[b] * off * off;
        }
        if (error < best) best = error, best_step = step;
      }
      const auto step = static_cast<float>(best_step);
      for (Row& row : embeddings)
        row[d] = std::clamp(std::round(row[d] / step), -kMostLevel, kMostLevel);
      for (Row& row : matrix) row[d] *= step;
    }
  }

  void test(const char* path, const pith::FoldedPoints& folded) const {
    std::map<std::string, std::map<std::string, std::pair<int, int>>> sets;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const std::size_t one = line.find('\t'), two = line.find('\t', one + 1);
      const std::string code = line.substr(one + 1, two - one - 1);
      const std::string_view text = std::string_view(line).substr(two + 1);
      std::array<int, pith::kScriptCount> letters{};
      for (std::size_t at = 0; at < text.size();) {
        const pith::DecodedPoint point = pith::decode_point(text.substr(at));
        at += point.bytes;
        letters[static_cast<std::size_t>(pith::script_of(point.code_point))] +=
            pith::is_letter(point.code_point);
      }
      const auto most = std::max_element(letters.begin(), letters.end()) - letters.begin();
      const std::string_view script = pith::script_name(static_cast<pith::Script>(most));
      std::size_t first = classes.size(), last = 0;
      for (std::size_t c = 0; c < classes.size(); ++c) {
        if (classes[c].script == script && classes[c].code == code)
          first = classes[c].first, last = classes[c].last;
      }
      if (first >= last) continue;
      Row mean{};
      float count = 0;
      pith::for_each_language_feature(text, folded, [&](std::size_t bucket) {
        for (std::size_t d = 0; d < kDimensions; ++d) mean[d] += embeddings[bucket][d];
        count += 1;
      });
      std::size_t best = first;
      float best_logit = -1e9F;
      for (std::size_t c = first; c < last; ++c) {
        float logit = bias[c];
        for (std::size_t d = 0; d < kDimensions; ++d)
          logit += matrix[c][d] * mean[d] / std::max(1.0F, count);
        if (logit > best_logit) best_logit = logit, best = c;
      }
      auto& hits = sets[line.substr(0, one)][code];
      hits.first += classes[best].code == code;
      hits.second += 1;
    }
    for (const auto& [name, codes] : sets) {
      double sum = 0;
      for (const auto& [code, hits] : codes) sum += static_cast<double>(hits.first) / hits.second;
      std::fprintf(stderr, "  %s %.2f %% of %zu\n", name.c_str(),
                   100 * sum / static_cast<double>(codes.size()), codes.size());
    }
  }

  void write(const char* path) {
    std::FILE* file = std::fopen(path, "w");
    if (file == nullptr) std::exit((std::fprintf(stderr, "cannot write %s\n", path), 1));
    std::fprintf(file,
                 "// Generated by scripts/train_language_model.cc; do not edit.\nconstexpr "
                 "std::size_t kDimensions = %zu;\n",
                 kDimensions);
    for (std::size_t c = 0; c < classes.size(); ++c) {
      if (c == classes[c].first)
        std::fprintf(file, "constexpr std::string_view k%sCodes[] = {", classes[c].script.c_str());
      std::fprintf(file, "\"%s\"%s", classes[c].code.c_str(),
                   c + 1 == classes[c].last ? "};\n" : ", ");
    }
    std::fprintf(file,
                 "// The logit of a class: its column times the mean of levels, and its "
                 "bias.\nconstexpr float kMatrix[%zu][%zu] = {\n",
                 kDimensions, classes.size());
    for (std::size_t d = 0; d < kDimensions; ++d) {
      std::fputc('{', file);
      for (std::size_t c = 0; c < classes.size(); ++c)
        std::fprintf(file, "%s%.4fF", c == 0 ? "" : ",", static_cast<double>(matrix[c][d]));
      std::fputs("},\n", file);
    }
    std::fprintf(file, "};\nconstexpr float kBias[%zu] = {", classes.size());
    for (std::size_t c = 0; c < classes.size(); ++c)
      std::fprintf(file, "%s%.4fF", c == 0 ? "" : ",", static_cast<double>(bias[c]));
    std::fputs(
        "};\n// Two levels a character, a row of all dimensions a bucket.\nconstexpr char "
        "kLevels[] =\n",
        file);
    std::string text;
    for (const Row& row : embeddings) {
      for (std::size_t d = 0; d < kDimensions; d += 2) {
        const int pair = static_cast<int>(row[d] + 4) * 9 + static_cast<int>(row[d + 1] + 4);
        const char letter =
            static_cast<char>(pair < 57 ? 35 + pair : 36 + pair);  // without the backslash
        if (letter == '?' && text.ends_with('?')) text += "\"\"";  // no trigraph
        text += letter;
      }
      if (text.size() >= 10 * kDimensions)
        std::fprintf(file, "\"%s\"\n", text.c_str()), text.clear();
    }
    if (!text.empty()) std::fprintf(file, "\"%s\"\n", text.c_str());
    std::fputs(";\n", file);
    std::fclose(file);
  }
};

}  // namespace

int main(int argc, char** argv) {
  int epochs = 7;
  const char *test = nullptr, *out = nullptr;
  for (int i = 3; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--epochs") == 0) epochs = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--test") == 0) test = argv[i + 1];
    if (std::strcmp(argv[i], "-o") == 0) out = argv[i + 1];
  }
  if (argc < 3 || argc % 2 == 0) {
    return std::fprintf(
               stderr,
               "train_language_model EXAMPLES CLASSES [--epochs N] [--test TSV] [-o MODEL.inc]\n"),
           2;
  }
  Trainer trainer;
  std::ifstream classes(argv[2]), examples(argv[1]);
  for (std::string line; std::getline(classes, line);) {
    const std::size_t tab = line.find('\t');
    trainer.classes.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  auto& list = trainer.classes;
  for (std::size_t c = 0; c < list.size(); ++c) {
    list[c].first = c > 0 && list[c - 1].script == list[c].script ? list[c - 1].first : c;
    for (std::size_t k = list[c].first; k <= c; ++k) list[k].last = c + 1;
  }
  const auto folded = std::make_unique<pith::FoldedPoints>();
  for (std::string line; std::getline(examples, line);) {
    const std::size_t tab = line.find('\t'), begin = trainer.features.size();
    pith::for_each_language_feature(
        std::string_view(line).substr(tab + 1), *folded, [&](std::size_t bucket) {
          trainer.features.push_back(static_cast<std::uint32_t>(bucket));
        });
    if (trainer.features.size() > begin)
      trainer.examples.push_back(
          {std::strtoul(line.c_str(), nullptr, 10), begin, trainer.features.size()});
  }
  std::fprintf(stderr, "%zu classes, %zu examples, %zu features\n", list.size(),
               trainer.examples.size(), trainer.features.size());
  trainer.start();
  trainer.descend(epochs, false);
  if (test != nullptr) trainer.test(test, *folded);
  trainer.quantise();
  if (test != nullptr) trainer.test(test, *folded);
  trainer.descend(2, true);
  if (test != nullptr) trainer.test(test, *folded);
  if (out != nullptr) trainer.write(out);
  return 0;
}
