#include "pith/curate/spam/spam_cues.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pith {
namespace {

// One line a kind, cues between bars. Latin ones are whole words in lower case.
constexpr std::pair<SpamCue, std::string_view> kCues[] = {
    {SpamCue::kTrade,
     "娱乐城|娱乐场|娱乐平台|娱乐官网|娱乐|博彩|彩票|棋牌|百家乐|赌场|赌博|投注|真人荷官|真人视讯|"
     "荷官|老虎机|"
     "体育app|体育平台|体育官网|体育官方|体育下载|体育网址|体育手机|彩金|时时彩|六合彩|幸运8|"
     "威尼斯人|现金网|"
     "首存|返水|贵宾会|皇冠|轮盘|下注|赔率|盘口|赌球|赛车pk10|北京赛车|快三|私彩|外围|信用盘|"
     "开元棋|电竞竞猜|注册开户|真人娱乐|"
     "成人视频|激情视频|情色|三级片|av在线|代开发票|办证|刻章|迷药|壮阳|伟哥|"
     "娛樂城|娛樂|博彩|彩票|賭場|賭博|投注|百家樂|老虎機|"
     "casino|casinos|poker|slots|slot|betting|bet|gambling|jackpot|roulette|blackjack|baccarat|"
     "sportsbook|"
     "payday|viagra|cialis|levitra|replica|escort|escorts|togel|judi|gacor|sbobet|bookmaker|"
     "lottery|"
     "real money|free spins|no deposit|pay day loans|weight loss pills|essay writing service"},
    {SpamCue::kCall,
     "官网|官方|下载|中文版|登录器|登录|登陆|注册|开户|手机版|客户端|入口|网址|首页|平台|最新版|"
     "在线|网页版|app|安卓|苹果版|"
     "ios|apk|推荐|靠谱|国际|线路|官方网站|官網|下載|登錄|註冊|手機版|網址|入口|平臺|"
     "sign up|login|log in|download|promo code|promo codes|bonus|bonus codes|bonus "
     "code|"
     "official site|register|cheap|buy|welcome bonus"},
    {SpamCue::kContact,
     "微信|薇信|威信|微信号|加v|v信|加微|加q|qq|扣扣|电话|热线|whatsapp|telegram|http|https|www|"
     "飞机|"
     "com|net|cc|vip|top|biz|xyz|ru|"
     "加薇|联系方式|手机号"},
    {SpamCue::kComment,
     "楼主|诚信经营|日结|名额有限|领取福利|当天可取|欢迎访问|欢迎光临|兼职|代办|办理证件|可取|稳赚|"
     "赚了|"
     "推荐一个网站|需要的加|发票|免费领|私聊|有需要的|"
     "great post|nice post|nice article|great article|thanks for sharing|visit my|my site|my "
     "website|my page|"
     "my blog|my web|check out my|look at my|i earn|a day with|earn money|click here|check www|"
     "feel free to visit|here is my|take a look at"},
    {SpamCue::kBrand,
     "华体会|海德体育|爱游戏体育|亚博|欧宝体育|必威|乐鱼体育|乐鱼app|开云体育|半岛体育|米兰体育|"
     "江南体育|星空体育|"
     "九游会|雷火电竞|博鱼体育|天博体育|云开体育|火狐体育|华体网|万博体育|新葡京|葡京|乐虎国际|"
     "龙八国际|凯发k8|凯发娱乐|"
     "凯发国际|尊龙凯时|利来国际|环亚国际|伟德国际|伟德体育|沙巴体育|皇冠体育|金宝搏|金宝博|乐天堂|"
     "大发体育|沐鸣|杏彩|"
     "恒行|贵宾会|乐橙|竞博|雷竞技|竞技宝|米乐m6|亚盈|幸运飞艇|澳洲幸运|极速赛车|贝博|爱博体育|"
     "完美体育|华宇娱乐|"
     "澳门银河|澳门金沙|澳门永利|金沙娱乐|永利娱乐|币游国际|王者威尼斯人|開雲體育|澳門銀河|"
     "澳門金沙|新葡京|貴賓會|"
     "yabo|betway|kaiyun|leyu|bet365|365bet|bt365|manbetx|fun88|dafabet|sbobet|ufabet|1xbet|"
     "betvictor|vwin|raybet|"
     "rb88|w88|188bet|12bet|22bet|melbet|mostbet|parimatch"},
};

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct Entry {
  std::uint32_t first = 0;  // hash of the first token
  std::string_view text;
  SpamCue cue = SpamCue::kTrade;
};

struct CueTable {
  std::vector<Entry> entries;  // by first, the longest first
  std::array<std::uint64_t, 64> filter{};

  CueTable() {
    std::vector<SpamToken> tokens;
    for (const auto& [cue, list] : kCues) {
      for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find('|', at), list.size());
        const std::string_view text = list.substr(at, end - at);
        tokens.clear();
        append_spam_tokens(text, tokens);
        entries.push_back({tokens[0].hash, text, cue});
        filter[tokens[0].hash % 4096 / 64] |= std::uint64_t{1} << (tokens[0].hash % 64);
        at = end + 1;
      }
    }
    std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
      return a.first != b.first ? a.first < b.first : a.text.size() > b.text.size();
    });
  }
};

// Behind an address of more bytes a site counts again: a line without end is not looked through for
// every site in it.
constexpr std::size_t kLongestAddress = 2048;

bool starts_with(std::string_view text, std::string_view cue) {
  if (text.size() < cue.size()) return false;
  for (std::size_t i = 0; i < cue.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
    if (c != cue[i]) return false;
  }
  return !letter(cue.back()) || text.size() == cue.size() || !letter(text[cue.size()]);
}

// A part of an address counts only where an address stands, and not as the target of a link or
// image in Markdown, which is no advertisement by itself.
bool holds_as_contact(std::string_view text, std::size_t at, const Entry& entry) {
  const std::string_view before = text.substr(at > 2 ? at - 2 : 0, std::min<std::size_t>(at, 2));
  const std::string_view after = text.substr(at + entry.text.size());
  if (entry.text.starts_with("http")) {
    const bool linked = before.ends_with('(') || before.ends_with('[') || before == "]:" ||
                        before == ": " || before == "\"" || before == "=\"";
    return after.starts_with("://") && !linked;
  }
  if (entry.text == "www") return after.starts_with(".") && !before.ends_with("//");
  if (letter(entry.text[0]) && entry.text.size() <= 3 && entry.text != "qq") {
    // The end of a bare name of a site: "kk8.com".
    if (!before.ends_with('.')) return false;
    const std::size_t look = std::min(at, kLongestAddress);
    const std::string_view ahead = text.substr(at - look, look);
    return ahead.substr(ahead.rfind('\n') + 1).find("//") == std::string_view::npos;
  }
  return true;
}

}  // namespace

void find_cues(std::string_view text, std::span<const SpamToken> tokens,
               std::vector<CueHit>& hits) {
  static const CueTable table;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::uint32_t hash = tokens[i].hash;
    if ((table.filter[hash % 4096 / 64] >> (hash % 64) & 1) == 0) continue;
    auto entry = std::ranges::lower_bound(table.entries, hash, {}, &Entry::first);
    for (; entry != table.entries.end() && entry->first == hash; ++entry) {
      if (!starts_with(text.substr(tokens[i].begin), entry->text)) continue;
      if (entry->cue == SpamCue::kContact && !holds_as_contact(text, tokens[i].begin, *entry))
        continue;
      std::size_t end = i + 1;
      while (end < tokens.size() && tokens[end].end <= tokens[i].begin + entry->text.size()) ++end;
      hits.push_back({i, end - i, entry->cue});
      i = end - 1;
      break;
    }
  }
}

}  // namespace pith
