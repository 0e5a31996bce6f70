"""What the tests of the built program share: running it, a scratch folder, raw pages made on the spot."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(os.environ.get("PITH_SOURCE", Path(__file__).resolve().parent.parent))
PITH = Path(os.environ.get("PITH", SOURCE / "build/release/pith"))
DATA = Path(os.environ.get("PITH_DATA", SOURCE / "../shared/data"))
SKIP = 77
# A sanitizer multiplies time and memory, so a build with one is given more patience and held to no bound.
SANITIZED = "PITH_SANITIZED" in os.environ
SLOWER = 10 if SANITIZED else 1


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(SKIP)


def data(name):
    """A file of the optional data folder, or the end of the test."""
    path = DATA / name
    if not path.exists():
        skip(f"{name} is not in the data folder (set PITH_DATA)")
    return path


def run(*words, ok=True, **options):
    """Runs pith; with ok, fails loudly unless it exits with 0. Returns the CompletedProcess."""
    options = {"text": True, "timeout": 300 * SLOWER, **options}
    done = subprocess.run([str(PITH), *map(str, words)], capture_output=True, **options)
    if ok and done.returncode != 0:
        raise AssertionError(f"pith {' '.join(map(str, words))} exited with {done.returncode}:\n{done.stderr}")
    return done


def documented(verb):
    """What docs/verbs.md says of a verb."""
    page = (SOURCE / "docs/verbs.md").read_text(encoding="utf-8")
    return page.split(f"\n## pith {verb}\n")[1].split("\n## ")[0]


def run_json(*words, **options):
    """The object that --json prints; each of its fields is one that docs/verbs.md names."""
    result = json.loads(run(*words, "--json", **options).stdout.splitlines()[-1])
    known = documented(words[0]) + (documented("curate") + documented("train") if words[0] == "run" else "")
    for field in result:
        assert f"`{field}`" in known, f"docs/verbs.md does not name `{field}` of pith {words[0]} --json"
    return result


def fails(*words, code=2, says=(), **options):
    """Runs pith, which must exit with `code` and name every text of `says` on stderr, in few lines."""
    done = run(*words, ok=False, **options)
    assert done.returncode == code, f"{words}: exit code {done.returncode}, not {code}:\n{done.stderr}"
    for text in [says] if isinstance(says, str) else says:
        assert text in done.stderr, f"{words}: stderr does not say {text!r}:\n{done.stderr}"
    return done


def scratch():
    """A new folder that goes away with the process."""
    folder = Path(tempfile.mkdtemp(prefix="pith_test_"))
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


NOUNS = ["内核", "软件包", "安装程序", "镜像站点", "档案库", "维护者", "网络接口", "用户", "引导程序", "终端", "逻辑卷", "调度器", "编译器",
         "文件系统", "配置文件", "数据库", "服务器", "密钥", "日志", "分区", "驱动程序", "邮件", "浏览器", "脚本", "文档", "权限", "缓存", "图形界面"]
DOINGS = ["读取", "检查", "替换", "描述", "更新", "保存", "删除", "加载", "配置", "签署", "备份", "翻译", "同步", "压缩", "监视", "恢复"]


def prose(seed, sentences=30):
    """English text, other for every seed: paragraphs of the language reference that comes with Python."""
    from pydoc_data.topics import topics

    paragraphs = [part.replace("\n", " ") for name in sorted(topics) for part in topics[name].split("\n\n")
                  if len(part) > 150 and part[0].isalpha() and "|" not in part and "::=" not in part]
    count = max(1, sentences // 5)
    return "\n\n".join(paragraphs[(seed * count + i) % len(paragraphs)] for i in range(count))


def chinese(seed, sentences=40):
    import random

    chooser = random.Random(seed)

    def noun():
        return chooser.choice(NOUNS)

    def doing():
        return chooser.choice(DOINGS)

    patterns = [lambda: f"{noun()}在{doing()}{noun()}时，先要{doing()}{noun()}。", lambda: f"如果{noun()}没有{doing()}{noun()}，就请用户{doing()}它。",
                lambda: f"为了{doing()}{noun()}，{noun()}必须能够{doing()}{noun()}的内容。", lambda: f"{noun()}和{noun()}都可以{doing()}，但是{noun()}不能。",
                lambda: f"我们建议{doing()}{noun()}以后再{doing()}{noun()}。", lambda: f"这里的{noun()}是由{noun()}来{doing()}的。"]
    return "\n\n".join("".join(chooser.choice(patterns)() for _ in range(5)) for _ in range(sentences // 5))


def html(title, text, language="en"):
    paragraphs = "".join(f"<p>{part}</p>\n" for part in text.split("\n\n"))
    return (f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f'<nav><a href="/">Home</a> <a href="/next">Next</a></nav><main><h1>{title}</h1>{paragraphs}</main>'
            f"<footer>Copyright</footer></body></html>")


def corpus(folder, english_pages=60, chinese_pages=20):
    """A small raw corpus: pages in two languages, a duplicate, a page too short to keep."""
    folder.mkdir(parents=True, exist_ok=True)
    for i in range(english_pages):
        (folder / f"en{i:03}.html").write_text(html(f"Chapter {i}", prose(i)), encoding="utf-8")
    for i in range(chinese_pages):
        (folder / f"zh{i:03}.html").write_text(html(f"第{i}章", chinese(i), "zh-CN"), encoding="utf-8")
    (folder / "copy.html").write_text(html("Chapter 0", prose(0)), encoding="utf-8")
    (folder / "short.html").write_text(html("Short", "Too short."), encoding="utf-8")
    return folder
