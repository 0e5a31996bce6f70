#include "pith/curate/pipeline/curate_config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <optional>
#include <utility>

#include "pith/base/closest_word.h"
#include "pith/base/files.h"
#include "pith/base/toml_nesting.h"

namespace pith {
namespace {

std::string number_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  std::string text = Json(value).dump();
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

// Takes values out of a parsed file; the first fault is kept.
class TomlReader : public SettingVisitor {
 public:
  TomlReader(std::string path, const toml::table& file) : path_(std::move(path)), file_(file) {}

  void table(std::string_view name, std::string_view) override {
    tables_.emplace_back(name);
    names_.emplace_back();
    const toml::node* node = file_.get(name);
    table_ = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table_ == nullptr) {
      fail(node->source(),
           std::string(name) + " is no table; write it as [" + std::string(name) + "]");
    }
  }
  void flag(std::string_view name, bool& value, std::string_view) override {
    const toml::node* node = find(name);
    if (node == nullptr) return;
    const auto given = node->value_exact<bool>();
    if (!given) return fail(node->source(), std::string(name) + " must be true or false");
    value = *given;
  }
  void count(std::string_view name, std::size_t& value, std::string_view) override {
    const toml::node* node = find(name);
    if (node == nullptr) return;
    const auto given = node->value_exact<std::int64_t>();
    if (!given || *given < 0) {
      return fail(node->source(), std::string(name) + " must be an integer of at least 0");
    }
    value = static_cast<std::size_t>(*given);
  }
  void number(std::string_view name, double& value, double least, double most,
              std::string_view) override {
    if (const toml::node* node = find(name)) read(name, *node, value, least, most);
  }
  void numbers(std::string_view name, std::span<double> values, double least, double most,
               std::string_view) override {
    const toml::node* node = find(name);
    if (node == nullptr) return;
    const toml::array* given = node->as_array();
    if (given == nullptr || given->size() != values.size()) {
      return fail(node->source(), std::string(name) + " must be a list of " +
                                      std::to_string(values.size()) + " numbers");
    }
    for (std::size_t i = 0; i < values.size(); ++i) read(name, (*given)[i], values[i], least, most);
  }
  void choice(std::string_view name, std::string& value, std::span<const std::string_view> choices,
              std::string_view) override {
    const toml::node* node = find(name);
    if (node == nullptr) return;
    const auto given = node->value_exact<std::string>();
    if (!given || std::ranges::find(choices, *given) == choices.end()) {
      std::string list;
      for (const std::string_view known : choices) {
        list += (list.empty() ? "\"" : ", \"") + std::string(known) + "\"";
      }
      return fail(node->source(), std::string(name) + " must be one of " + list);
    }
    value = *given;
  }

  // What is left over in the file is a mistake.
  Status finish(const std::vector<std::string>& others) {
    for (const auto& [key, node] : file_) {
      if (std::ranges::find(others, key.str()) != others.end()) continue;
      const auto place = std::ranges::find(tables_, key.str());
      if (place == tables_.end()) {
        fail(key.source(), "unknown table [" + std::string(key.str()) + "]; did you mean [" +
                               closest(key.str(), tables_) + "]?");
        break;
      }
      const auto& names = names_[static_cast<std::size_t>(place - tables_.begin())];
      const toml::table* table = node.as_table();
      if (table == nullptr) continue;  // table() said so
      for (const auto& [name, value] : *table) {
        if (std::ranges::find(names, name.str()) != names.end()) continue;
        fail(name.source(), "unknown name \"" + std::string(name.str()) + "\" in [" + *place +
                                "]; did you mean " + closest(name.str(), names) + "?");
      }
    }
    if (error_) return *error_;
    return {};
  }

 private:
  static std::string closest(std::string_view word, const std::vector<std::string>& known) {
    const auto best = std::ranges::min_element(
        known, {}, [&](const std::string& name) { return edit_distance(word, name); });
    return best == known.end() ? std::string() : *best;
  }
  const toml::node* find(std::string_view name) {
    names_.back().emplace_back(name);
    return table_ == nullptr ? nullptr : table_->get(name);
  }
  void read(std::string_view name, const toml::node& node, double& value, double least,
            double most) {
    const auto integer = node.value_exact<std::int64_t>();
    const auto given = integer ? static_cast<double>(*integer) : node.value_exact<double>();
    if (!given || !(*given >= least) || !(*given <= most)) {
      return fail(node.source(), std::string(name) + " must be a number from " +
                                     number_text(least) + " to " + number_text(most));
    }
    value = *given;
  }
  void fail(const toml::source_region& source, const std::string& what) {
    if (error_) return;
    error_ = input_error("[config] " + path_ + " line " + std::to_string(source.begin.line) + ": " +
                         what);
  }

  const std::string path_;
  const toml::table& file_;
  const toml::table* table_ = nullptr;
  std::vector<std::string> tables_;
  std::vector<std::vector<std::string>> names_;  // of each table
  std::optional<Error> error_;
};

class TomlPrinter : public SettingVisitor {
 public:
  std::string text;
  void table(std::string_view name, std::string_view about) override {
    text += (text.empty() ? "[" : "\n[") + std::string(name) + "]  # " + std::string(about) + "\n";
  }
  void flag(std::string_view name, bool& value, std::string_view about) override {
    line(name, value ? "true" : "false", about);
  }
  void count(std::string_view name, std::size_t& value, std::string_view about) override {
    line(name, std::to_string(value), about);
  }
  void number(std::string_view name, double& value, double, double,
              std::string_view about) override {
    line(name, number_text(value), about);
  }
  void numbers(std::string_view name, std::span<double> values, double, double,
               std::string_view about) override {
    std::string list;
    for (const double value : values) list += (list.empty() ? "" : ", ") + number_text(value);
    line(name, "[" + list + "]", about);
  }
  void choice(std::string_view name, std::string& value, std::span<const std::string_view> choices,
              std::string_view about) override {
    std::string list;
    for (const std::string_view known : choices) {
      list += (list.empty() ? "" : ", ") + std::string(known);
    }
    line(name, "\"" + value + "\"", std::string(about) + ": " + list);
  }

 private:
  void line(std::string_view name, const std::string& value, std::string_view about) {
    const std::size_t begin = text.size();
    text += std::string(name) + " = " + value;
    if (!about.empty()) {
      text.resize(std::max(text.size() + 2, begin + 40), ' ');
      text += "# " + std::string(about);
    }
    text += '\n';
  }
};

class JsonWriter : public SettingVisitor {
 public:
  Json finish() {
    if (!name_.empty()) json_.set(name_, std::move(table_));
    return std::move(json_);
  }
  void table(std::string_view name, std::string_view) override {
    if (!name_.empty()) json_.set(name_, std::move(table_));
    name_ = name, table_ = Json::object();
  }
  void flag(std::string_view name, bool& value, std::string_view) override {
    table_.set(name, value);
  }
  void count(std::string_view name, std::size_t& value, std::string_view) override {
    table_.set(name, value);
  }
  void number(std::string_view name, double& value, double, double, std::string_view) override {
    table_.set(name, value);
  }
  void numbers(std::string_view name, std::span<double> values, double, double,
               std::string_view) override {
    Json list = Json::array();
    for (const double value : values) list.push_back(value);
    table_.set(name, std::move(list));
  }
  void choice(std::string_view name, std::string& value, std::span<const std::string_view>,
              std::string_view) override {
    table_.set(name, value);
  }

 private:
  Json json_ = Json::object(), table_ = Json::object();
  std::string name_;
};

class JsonReader : public SettingVisitor {
 public:
  explicit JsonReader(const Json& json) : json_(json) {}
  void table(std::string_view name, std::string_view) override { table_ = &json_[name]; }
  void flag(std::string_view name, bool& value, std::string_view) override {
    value = (*table_)[name].as_bool(value);
  }
  void count(std::string_view name, std::size_t& value, std::string_view) override {
    value = static_cast<std::size_t>((*table_)[name].as_int(static_cast<std::int64_t>(value)));
  }
  void number(std::string_view name, double& value, double, double, std::string_view) override {
    value = (*table_)[name].as_double(value);
  }
  void numbers(std::string_view name, std::span<double> values, double, double,
               std::string_view) override {
    const JsonArray& items = (*table_)[name].items();
    for (std::size_t i = 0; i < std::min(values.size(), items.size()); ++i) {
      values[i] = items[i].as_double(values[i]);
    }
  }
  void choice(std::string_view name, std::string& value, std::span<const std::string_view>,
              std::string_view) override {
    if ((*table_)[name].is_string()) value = (*table_)[name].as_string();
  }

 private:
  const Json& json_;
  const Json* table_ = nullptr;
};

}  // namespace

void CurateConfig::settings(SettingVisitor& v) {
  v.table("spam", "what was put into the text of others, and pages that only lead elsewhere");
  v.flag("enabled", spam.enabled, "");
  spam_settings(spam, v);
  v.table("c4_lines", "C4's rules about lines, made for pages with headings, lists and code");
  c4_line_settings(c4_lines, v);
  for (const auto& filter : filters) {
    v.table(filter->name(), filter->about());
    v.flag("enabled", filter->enabled, "");
    filter->settings(v);
  }
  v.table("privacy", "what is masked in kept text");
  for (std::size_t kind = 0; kind < kPiiKinds; ++kind) {
    v.flag(pii_name(static_cast<PiiKind>(kind)), mask.wanted[kind], "");
  }
  v.table("decontaminate", "how much of an item of --evaluation makes a document a copy of it");
  v.share("share", overlap.share, "of the item's grams, in one stretch of the document");
  v.count("least_grams", overlap.least_grams, "and so many at least, or all of a short item");
  v.count("words", overlap.words, "of a gram");
  v.count("signs", overlap.signs, "of a gram, Chinese and Japanese");
  v.count("least_words", overlap.least_words, "a shorter item is not looked for");
  v.table("classify", "columns that say what kind of text a kept document is");
  v.flag("format", format_enabled, "article, forum, product, documentation, code, ...");
  v.flag("reading_level", reading_level_enabled, "like a school grade; English, Chinese");
  v.flag("languages", mixed_languages_enabled, "of documents in more than one");
  v.share("class_least_score", class_least_score,
          "a document whose class of --class is less probable has none");
  v.table("condense", "long documents without the parts that only say again what the rest says");
  v.flag("enabled", condense.enabled, "");
  v.count("min_bytes", condense.min_bytes, "shorter documents stay whole");
  v.share("coverage", condense.coverage, "of what a document speaks of, that stays covered");
  v.table("near_duplicates", "documents that are alike; the longest of each cluster is kept");
  v.flag("enabled", near_duplicates_enabled, "");
  v.share("similarity", near_duplicate_similarity, "Jaccard similarity of sets of 5-word shingles");
  v.table("repeated_text", "what stands in several documents; the first that has it keeps it");
  repeated_text_settings(repeated_text, v);
  selection_settings(selection, v);
  v.table("topics", "what the kept documents are about, found in them");
  v.flag("enabled", topics_enabled, "");
  v.count("topics", topics.topics, "0: as many as the documents give, 4 to 96");
  v.count("sample", topic_sample, "documents that topics are learned from, at most");
  v.table("summaries", "a column of sentences that say most of what a document says");
  v.flag("enabled", summaries_enabled, "");
  v.count("sentences", summaries.sentences, "at most");
}

Status read_curate_config(const std::string& path, const std::vector<std::string>& others,
                          CurateConfig& config) {
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 20));
  PITH_TRY(check_toml_nesting(text, path));
  try {
    const toml::table file = toml::parse(text, path);
    TomlReader reader(path, file);
    config.settings(reader);
    return reader.finish(others);
  } catch (const toml::parse_error& error) {
    return input_error("[config] " + path + " line " + std::to_string(error.source().begin.line) +
                       ": is no TOML: " + std::string(error.description()));
  } catch (const std::exception& error) {
    return input_error("[config] " + path + ": cannot be read: " + error.what());
  }
}

std::string print_curate_config(CurateConfig& config) {
  TomlPrinter printer;
  config.settings(printer);
  return std::move(printer.text);
}

std::vector<std::string> curate_config_tables() {
  CurateConfig config;
  const Json json = to_json(config);
  std::vector<std::string> names;
  for (const auto& [name, table] : json.members()) names.push_back(name);
  return names;
}

void from_json(const Json& json, CurateConfig& config) {
  JsonReader reader(json);
  config.settings(reader);
}

Json to_json(CurateConfig& config) {
  JsonWriter writer;
  config.settings(writer);
  return writer.finish();
}

}  // namespace pith
