#!/usr/bin/env python3
"""Spam laid over clean text, with the truth beside it, for bench/spam.cc.

    spam_damage.py OUT.jsonl [--held] [--documents N] [--seed S]

A line a page: {"kind", "language", "title", "text", "truth"}; truth is what should be left of the text, null where the
whole page should go. Texts, brands, phrases and templates are in two parts that share nothing: the one to develop on,
and with --held the one to be measured at the end. The same arguments give the same bytes.
"""

import argparse
import hashlib
import io
import json
import random
import re

import common
import zstandard

SETS = [("zh_tech_articles", "zh"), ("zh_textbooks", "zh"), ("en_gov_web", "en"), ("en_textbooks", "en")]
# Each list: the first half for development, the second held out.
ZH_BRAND_HEAD = "金沙 亚冠 博万 皇都 永乐 鼎盛 乐丰 欧德 开元棋 华体 | 银河湾 凯撒宫 必赢 澳京 万豪会 米兰达 九五至尊 星空 爱游 天博"
ZH_BRAND_LATIN = "yaboo kokk ob8 lb99 mgm | betvay hth7 um11 jjb leyou"
ZH_BRAND_TAIL = ("官网 娱乐 体育app 平台登录 彩票网址 注册开户 官方下载 真人荷官 | "
                 "官方网站 国际娱乐城 体育下载 手机版入口 在线投注 棋牌游戏 首页登陆 贵宾会")
ZH_TRADE = ("数控机床厂家 网站建设公司 不锈钢水箱价格 管道疏通电话 高低温试验箱 防水涂料批发 搬家公司哪家好 | "
            "叉车租赁 塑料托盘生产厂家 代理记账多少钱 活性炭厂家直销 钢结构加工 甲醛检测机构 广告牌制作 翡翠回收")
ZH_PLACE = "苏州 深圳 石家庄 佛山 成都 郑州 | 武汉 东莞 青岛 合肥 長沙 嘉兴 臺北"
EN_BRAND = ("Lucky Palace Casino|Bet99|Golden Reel Slots|Spin Harbor|UFA Bet Online||"
            "Royal Ace Poker|777Win|Jackpot Lagoon|Vegas Star Live Casino|Slot Gacor 88")
EN_TRADE = ("cheap car insurance quotes|web design company|used cars for sale|phone repair shop|"
            "divorce lawyer consultation||best seo company london|kitchen renovation cost|emergency plumber near me|"
            "wholesale phone cases|hair transplant turkey cost")
EN_TAIL = "bonus codes 2021|free spins no deposit|sign up|app download||promo code|real money|login|mobile apk|official site"
ZH_SUFFIX = "新华网 科技前沿 手机搜狐 站长之家 | 每日新闻网 腾讯新闻 南方周刊 知识分享网"
EN_SUFFIX = "Daily Herald|TechReview|My Site||City News Online|The Bulletin|Learn Hub"
ZH_DOORWAY = ("{b}{t}_{b}{t2}|{l}{t}-{b}({c})有限公司|{b}{t},{b}{t2},{l}{t}|【{b}{t}】{l}.com||"
              "{l}·{b}({c}){t}|{b}{t}-{t2}最新版v{n}|{b}_{l}{t}_{t2}官方推荐|{t}【{l}】{b}{t2}")
EN_DOORWAY = ("{b} - {t} | {b} {t2}|{b} {t} {t2}|{t}: {b} online casino {n}|Best {b} {t2} - {b}||"
              "{b} | Online Betting {t}|{t} {b}, {b} {t2}, casino {n}|{b} official {t} - play slots|Play {b} {t}")
ZH_PROMO = ("{b}{t}是一家专业的娱乐平台，{b}为广大玩家提供最优质的服务，欢迎注册{b}。|点击进入{b}{t}，首存送彩金。||"
            "{b}成立于{n}年，{b}拥有海量游戏，{b}{t}值得信赖。|想要下载{b}就来{b}{t}，安全可靠，提款快速。")
EN_PROMO = ("Join {b} today and claim your welcome bonus. {b} {t} offers the best slots.|"
            "Play at {b}, the most trusted casino for {t}.||"
            "{b} has paid its players since {n}; register at {b} for {t}.|Looking for {t}? {b} is the top choice for real money games.")
ZH_COMMENT = ("加微信{w}领取福利|楼主说得好，我在{b}{t}赚了不少，网址 {l}{n}.com|代开发票请联系QQ：{n}{n}|{b}{t} http://www.{l}{n}.com 欢迎访问||"
              "需要的加V信：{w}，诚信经营|办理证件+Q{n}{n}，当天可取|推荐一个网站 {l}{n}.net {b}{t}|兼职日结，薇信{w}，名额有限")
EN_COMMENT = ("Great post! Visit my site http://{l}{n}.com/{s}|I earn $500 a day with {b}, check www.{l}{n}.com|"
              "<a href=http://{l}{n}.ru>{t}</a> nice article||Thanks for sharing, look at my page :: https://{l}{n}.biz/{s}|"
              "WhatsApp +1 555 {n} for {t} cheap|{b} {t} {b} {t2} https://{l}{n}.top")


def half(text, held, separator=None):
    parts = text.split("||" if separator else "|")
    return [w for w in (parts[held].split(separator) if separator else parts[held].split()) if w]


class Words:
    """The phrases of one part."""

    def __init__(self, held):
        self.zh = dict(head=half(ZH_BRAND_HEAD, held), latin=half(ZH_BRAND_LATIN, held), tail=half(ZH_BRAND_TAIL, held),
                       trade=half(ZH_TRADE, held), place=half(ZH_PLACE, held), suffix=half(ZH_SUFFIX, held),
                       doorway=half(ZH_DOORWAY, held, "|"), promo=half(ZH_PROMO, held, "|"), comment=half(ZH_COMMENT, held, "|"))
        self.en = dict(head=half(EN_BRAND, held, "|"), latin=half(ZH_BRAND_LATIN, held), tail=half(EN_TAIL, held, "|"),
                       trade=half(EN_TRADE, held, "|"), place=[""], suffix=half(EN_SUFFIX, held, "|"),
                       doorway=half(EN_DOORWAY.replace(" | ", " – "), held, "|"), promo=half(EN_PROMO, held, "|"),
                       comment=half(EN_COMMENT, held, "|"))

    def fill(self, template, language, rng, brand=None):
        w = getattr(self, language)
        return template.format(b=brand or rng.choice(w["head"]), l=rng.choice(w["latin"]), t=rng.choice(w["tail"]),
                               t2=rng.choice(w["tail"]), c=rng.choice(["中国", "集团", "China"]), n=rng.randint(1000, 9999),
                               w="".join(rng.choice("abcdexyz0123456789") for _ in range(8)),
                               s="-".join(rng.choice(w["tail"]).split()) if language == "en" else "x")


def documents(held):
    for name, language in SETS:
        with open(common.data(f"clean/{name}.jsonl.zst"), "rb") as file:
            for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8"):
                page = json.loads(line)
                if (int(hashlib.md5(page["id"].encode()).hexdigest(), 16) % 3 == 0) != bool(held):
                    continue
                text = page["text"].strip()
                title = title_of(page["id"], text, language)
                if len(text) > 5000:
                    text = text[: text.rfind("\n", 0, 5000)].rstrip()
                if len(text) >= 500 and title:
                    yield language, title, text


def title_of(name, text, language):
    first = re.sub(r"^[#*\s=-]+|[#*\s=-]+$", "", text.split("\n", 1)[0])
    if 6 <= len(first) <= 70 and first[-1] not in "。.，,:：" and not re.search(r"[\[\]{}<>#$\\\\]", first):
        return first
    if language == "en":
        slug = name.split("/")[-1].rsplit(".", 1)[0]
        words = [w for w in re.split(r"[-_]", slug) if not w.isdigit()]
        return " ".join(words).capitalize() if len(words) >= 3 else ""
    run = re.search(r"[\u4e00-\u9fff][\u4e00-\u9fff\w ]{5,20}", text)
    return run.group(0).strip() if run else ""


def prose_places(text, language, rng, inside_words):
    """Places in running text where an injector would put a phrase: anywhere in sentences, or between words."""
    places = []
    at, fenced = 0, False
    for line in text.split("\n"):
        fenced ^= line.startswith("```")
        if not fenced and len(line) >= (30 if language == "zh" else 80) and not re.match(r"(\s{4}|\t|[|#$<>!-])", line):
            for i in range(1, len(line)):
                if language == "zh":
                    if "\u4e00" <= line[i] <= "\u9fff" and ("\u4e00" <= line[i - 1] <= "\u9fff" or line[i - 1] in "，。、；"):
                        places.append(at + i)
                elif line[i - 1] == " " and line[i].isalpha() or inside_words and line[i - 1].isalpha() and line[i].isalpha():
                    places.append(at + i)
        at += len(line) + 1
    return places


def fragments(title, language, rng):
    """What an injector cuts out of a title: all of it, its parts, and runs of its words."""
    parts = [p.strip(" \"'") for p in re.split(r"[_|,，\-–—:：()（）【】\[\]#]+" if language == "zh" else r"[_|,–—:()\[\]#{}<>]+", title)]
    parts = [p for p in parts if len(p) >= (3 if language == "zh" else 8)]
    found = [title] + parts * 2
    for p in parts:
        words = re.findall(r"[A-Za-z0-9.]+|[^A-Za-z0-9.]", p) if language == "zh" else p.split()
        least = 5 if language == "zh" else 2
        if len(words) > least:
            n = rng.randint(least, len(words))
            begin = rng.randint(0, len(words) - n)
            found.append(("" if language == "zh" else " ").join(words[begin : begin + n]).strip())
    return found


def dress(phrase, language, rng, style):
    """The phrase as it stands in the text."""
    if style == "mixed":
        style = rng.choice(["plain", "plain", "bracket", "space", "punctuation"])
    if style == "bracket":
        return rng.choice(["（{}）", "【{}】", "({})", "「{}」", "[{}]"] if language == "zh" else ["({}) ", "[{}] "]).format(phrase)
    if style == "space":
        return f" {phrase} " if language == "zh" else f"{phrase} "
    if style == "punctuation":
        return f"，{phrase}，" if language == "zh" else f"- {phrase} - "
    return phrase if language == "zh" else phrase + " "


def inject(text, phrases, language, rng, least=3):
    style = rng.choice(["plain", "plain", "plain", "mixed", "bracket", "space", "punctuation"])
    inside = language == "en" and rng.random() < 0.2
    places = prose_places(text, language, rng, inside)
    wanted = max(least, int(len(text) * rng.choice([1, 2, 4, 6]) / 1000))
    if len(places) < wanted * 8:
        return None
    chosen, pieces, last = sorted(rng.sample(places, wanted)), [], 0
    for at in chosen:
        phrase = dress(rng.choice(phrases), language, rng, style)
        pieces += [text[last:at], phrase if text[at - 1] == " " or language == "zh" else phrase.strip()]
        last = at
    return "".join(pieces) + text[last:]


def headlines(pool, language, rng, n):
    out = []
    while len(out) < n:
        _, title, text = rng.choice(pool)
        if rng.random() < 0.5:
            out.append(re.sub(r"\s+", " ", title))
            continue
        runs = [s.strip() for s in re.split(r"[。！？\n]" if language == "zh" else r"[.!?\n]", text)]
        runs = [s for s in runs if (12 <= len(s) <= 36 if language == "zh" else 5 <= len(s.split()) <= 12)
                and not re.search(r"[`$#|<>{}=]|https?:", s) and s[-1] not in ",，:：;；"]
        if runs:
            out.append(rng.choice(runs))
    return out


def tail(text, pool, language, rng):
    lead = rng.choice(["", "", "相关文章", "热门推荐：", "猜你喜欢"] if language == "zh" else ["", "", "Related articles", "You may also like:"])
    mark = rng.choice(["", "", "", "- ", "· ", "• ", "num"])
    date = rng.random() < 0.25
    between = rng.choice(["\n", "\n", "\n\n"])
    lines = headlines(pool, language, rng, rng.randint(8, 40))
    lines = [(f"{i + 1}. " if mark == "num" else mark) + line + (f" {rng.randint(2015, 2022)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" if date else "")
             for i, line in enumerate(lines)]
    return text + "\n\n" + (lead + between if lead else "") + between.join(lines)


def keyword_run(words, language, rng):
    w = getattr(words, language)
    if language == "zh":
        if rng.random() < 0.5:
            items = [rng.choice(w["place"]) + rng.choice(w["trade"]) for _ in range(rng.randint(8, 25))]
        else:
            brand = rng.choice(w["head"])
            items = [rng.choice([brand, rng.choice(w["latin"])]) + rng.choice(w["tail"]) for _ in range(rng.randint(8, 25))]
        return rng.choice(["，", ",", "、", "|", " ", "_"]).join(items)
    base = rng.choice(w["trade"] + w["head"])
    items = [rng.choice([base, base + " " + rng.choice(w["tail"]), rng.choice(w["trade"])]) for _ in range(rng.randint(8, 25))]
    return rng.choice([", ", " | ", " / ", "; "]).join(items)


def filler(words, language, rng):
    w = getattr(words, language)
    brand = rng.choice(w["place"]) + rng.choice(w["trade"])
    zh = ["{b}哪家好？", "我公司专业从事{b}，", "欢迎来电咨询{b}。", "{b}的价格是多少？", "说到{b}，很多人都不陌生，", "小编为您介绍{b}的相关知识。", "选择{b}就选我们，", "{b}质量有保证。", "如何选择{b}？", "{b}行业发展迅速，"]
    en = ["Are you looking for {b}? ", "{b} is what you need. ", "Our {b} is the best {b} in town. ", "When it comes to {b}, quality counts. ", "Learn more about {b} today. ", "Many people ask about {b}. ", "{b} can help you. ", "Get {b} now. "]
    sentences = zh if language == "zh" else en
    return brand, "".join(rng.choice(sentences).format(b=brand) + ("\n" if rng.random() < 0.15 else "") for _ in range(rng.randint(20, 60)))


def honest_subject(title, text, language, rng):
    """The page with its own subject renamed throughout: gambling as what an honest text is about."""
    found = re.findall(r"系统|文件|命令|用户|算法|数据|函数|网络|程序" if language == "zh" else r"\b(?:data|government|agency|agencies|people|students|website|content|services)\b", text)
    if len(found) < 4:
        return None
    subject = max(sorted(set(found)), key=found.count)
    new = rng.choice(["网络赌博", "彩票", "赌场", "棋牌游戏", "体育博彩"] if language == "zh" else ["online casinos", "gambling", "sports betting", "slot machines"])
    title = title if subject in title else new + ("：" if language == "zh" else ": ") + title
    return title.replace(subject, new), text.replace(subject, new)


def pages(held, count, seed):
    rng = random.Random(f"{seed} {held}")
    words = Words(held)
    pool = list(documents(held))
    rng.shuffle(pool)
    by_language = {l: [d for d in pool if d[0] == l] for l in ("zh", "en")}
    for language, documents_of in by_language.items():
        w = getattr(words, language)
        for i in range(count):
            _, title, text = documents_of[i % len(documents_of)]
            site = title + rng.choice(["_", "-", " - ", " | "]) + rng.choice(w["suffix"]) if rng.random() < 0.5 else title

            if rng.random() < 0.1:
                site = title + rng.choice(["_", " - ", " | "]) + title

            def page(kind, title, text, truth):
                return dict(kind=kind, language=language, title=title, text=text, truth=truth)

            called = title + (rng.choice(["", " ", "_", "-"]) + rng.choice(["下载", "官网", "官方下载", "app下载", "登录入口", "手机版官方下载"]) if language == "zh" else
                              rng.choice([" - free download", " login", " - official site", " | sign up online", " app"]))
            yield page("clean", site, text, text)
            if (renamed := honest_subject(title, text, language, rng)) is not None:
                yield page("honest_subject", renamed[0], renamed[1], renamed[1])
            yield page("honest_call", called, text, text)
            if (damaged := inject(text, fragments(site, language, rng), language, rng)) is not None:
                yield page("inject_title", site, damaged, text)
            brand = rng.choice(w["place"]) + rng.choice(w["trade"])
            variants = [brand, brand, rng.choice(w["trade"]), brand + rng.choice(w["suffix"])] if language == "zh" else [brand, brand.title(), brand + " " + rng.choice(w["tail"])]
            if (damaged := inject(text, variants, language, rng, 4)) is not None:
                yield page("inject_brand", rng.choice(["", brand + "-" + rng.choice(w["suffix"]), site + "," + brand]), damaged, text)
            yield page("tail", site, tail(text, by_language[language], language, rng), text)
            lines = text.split("\n")
            for _ in range(rng.randint(1, 3)):
                at = rng.choice([0, len(lines), rng.randint(0, len(lines))])
                while 0 < at < len(lines) and lines[at].strip():
                    at += 1
                lines[at:at] = ["", keyword_run(words, language, rng), ""]
            yield page("keyword_run", site, "\n".join(lines), text)
            comments = [words.fill(rng.choice(w["comment"]), language, rng) for _ in range(rng.randint(2, 6))]
            yield page("comments", site, text + "\n\n" + "\n".join(comments), text)
            head = rng.choice(w["head"])
            door = words.fill(rng.choice(w["doorway"]), language, rng, head)
            body = rng.choice(["bare", "injected", "promo", "contact"])
            damaged = text
            if body == "injected":
                damaged = inject(text, [head, head + rng.choice(w["tail"]), door], language, rng) or text
            elif body == "promo":
                damaged = words.fill(rng.choice(w["promo"]), language, rng, head) + "\n" + text
            elif body == "contact":
                damaged = text + "\n" + words.fill(rng.choice(w["comment"]), language, rng, head)
            yield page("doorway", door, damaged, None)
            if i % 4 == 0:
                yield page("filler", *filler(words, language, rng), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--documents", type=int, default=400, help="of each language")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with open(arguments.out, "w", encoding="utf-8") as out:
        for page in pages(int(arguments.held), arguments.documents, arguments.seed):
            out.write(json.dumps(page, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
