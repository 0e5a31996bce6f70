#include "pith/train/train_result.h"

#include "pith/base/files.h"

namespace pith {
namespace {

// The names of a result's fields; visit(name, field), or visit.if_any(name, field) of those that
// are left out when they are 0.
template <class Fields, class Visit>
void visit_fields(Fields& result, const Visit& visit) {
  visit("parameters", result.parameters);
  visit("active_parameters", result.active_parameters);
  visit("tokens", result.tokens);
  visit("tokens_per_second", result.tokens_per_second);
  visit("loss", result.loss);
  visit("bits_per_byte", result.bits_per_byte);
  visit("seconds", result.seconds);
  visit("steps", result.steps);
  visit("skipped_steps", result.skipped_steps);
  visit("planned_steps", result.planned_steps);
  visit("expected_bits_per_byte", result.expected_bits_per_byte);
  visit("expected_within", result.expected_within);
  visit.if_any("budget_seconds", result.budget_seconds);
  visit.if_any("budget_seconds_spent", result.budget_seconds_spent);
  visit.if_any("joules", result.joules);
  visit("checkpoint_seconds", result.checkpoint_seconds);
  visit("sample", result.sample);
}

struct Writer {
  Json& json;
  template <class Field>
  void operator()(const char* name, const Field& field) const {
    json.set(name, field);
  }
  void if_any(const char* name, double field) const {
    if (field > 0) json.set(name, field);
  }
};

struct Reader {
  const Json& json;
  void operator()(const char* name, std::uint64_t& field) const {
    field = static_cast<std::uint64_t>(json[name].as_int());
  }
  void operator()(const char* name, std::int64_t& field) const { field = json[name].as_int(); }
  void operator()(const char* name, double& field) const { field = json[name].as_double(); }
  void operator()(const char* name, std::string& field) const { field = json[name].as_string(); }
  void if_any(const char* name, double& field) const { field = json[name].as_double(); }
};

}  // namespace

Json to_json(const TrainResult& result) {
  Json json = Json::object();
  visit_fields(result, Writer{json});
  return json;
}

Result<TrainResult> read_train_result(const std::string& path) {
  PITH_ASSIGN(const std::string text, read_file(path, 1 << 20));
  PITH_ASSIGN(const Json json, parse_json(text, path));
  TrainResult result;
  visit_fields(result, Reader{json});
  result.already_done = true;
  return result;
}

}  // namespace pith
