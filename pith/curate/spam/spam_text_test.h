#pragma once

#include <string>
#include <string_view>
#include <vector>

// Honest texts into which the tests of spam plant damage.
namespace pith {

inline const std::vector<std::string>& honest_chinese() {
  static const std::vector<std::string> sentences = {
      "上周三上午，市水务局召开会议，研究今年汛期的防洪工作。",
      "会议要求各部门提前检查河道和水库，发现问题及时处理。",
      "去年夏天的暴雨让城南的几条街道积水超过半米，居民出行十分困难。",
      "今年春天，施工队更换了老旧的排水管道，并且增加了三座泵站。",
      "负责人介绍说，新的泵站每小时可以排出两万立方米的雨水。",
      "附近的学校也组织了一次演练，学生们学习了怎样安全离开教室。",
      "气象台预计六月中旬会有连续的降雨，请大家注意收听天气预报。",
      "市民如果发现井盖缺失或者路面塌陷，可以向社区工作人员报告。",
      "专家认为，保护湿地同样重要，因为湿地能够储存大量的水。",
      "经过三年的努力，这条河的水质已经明显好转，鱼和鸟都回来了。",
      "许多老人每天早晨到河边散步，他们说这里的空气比以前新鲜得多。",
      "下一步，政府计划在两岸种植更多的树木，并修建一条步行道路。"};
  return sentences;
}

inline const std::vector<std::string>& honest_english() {
  static const std::vector<std::string> sentences = {
      "The city council met on Wednesday to discuss the plans for the new library. ",
      "Members of the public were invited to ask questions about the cost of the building. ",
      "Most of the people who came were in favor of a larger room for children. ",
      "The old library was built more than fifty years ago and the roof needs to be replaced. ",
      "During the winter the heating system failed three times and the staff had to close early. ",
      "An engineer explained that the walls are sound but the windows let out too much heat. ",
      "The new building will have a reading garden, a hall for meetings and a small cafe. ",
      "Work is expected to begin in the spring and to take about eighteen months. ",
      "Until then the books will be moved to a school near the center of the town. ",
      "Some residents asked whether the number of parking spaces will be enough. ",
      "The mayor said that the bus service would be improved before the library opens. ",
      "A final decision will be made at the next meeting of the council in March. "};
  return sentences;
}

inline std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence;
  return text;
}

// `text` with `phrase` put before each of the `places`, pieces of the text in their order.
inline std::string planted(std::string text, std::string_view phrase,
                           const std::vector<std::string>& places) {
  std::size_t at = 0;
  for (const std::string& place : places) {
    at = text.find(place, at);
    text.insert(at, phrase);
    at += phrase.size() + place.size();
  }
  return text;
}

}  // namespace pith
