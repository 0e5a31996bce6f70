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
    done = subprocess.run([str(PITH), *map(str, words)], capture_output=True, text=True, **options)
    if ok and done.returncode != 0:
        raise AssertionError(f"pith {' '.join(map(str, words))} exited with {done.returncode}:\n{done.stderr}")
    return done


def run_json(*words, **options):
    return json.loads(run(*words, "--json", **options).stdout.splitlines()[-1])


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


SUBJECTS = ["the kernel", "a package", "the installer", "this mirror", "the archive", "a maintainer", "the network",
            "the user", "a boot loader", "the shell", "a volume", "the scheduler", "the compiler"]
VERBS = ["loads", "describes", "replaces", "verifies", "configures", "signs", "removes", "updates", "reads", "stores"]
OBJECTS = ["the old files", "each partition", "a new key", "every dependency", "its own log", "the boot menu",
           "a list of hosts", "the default settings", "some user data", "the whole system", "an empty disk"]
CHINESE = ["系统安装程序会读取配置文件。", "软件包管理器负责解决依赖关系。", "用户可以在终端中输入命令。", "内核在启动时加载驱动程序。",
           "网络设置保存在这个目录里。", "我们建议您先备份重要的数据。", "镜像站点每天更新四次。", "这一章介绍文件系统的基本概念。"]


def prose(seed, sentences=30):
    """English text that no two seeds share, in paragraphs."""
    import random

    chooser = random.Random(seed)
    lines = []
    for _ in range(sentences):
        parts = [chooser.choice(SUBJECTS), chooser.choice(VERBS), chooser.choice(OBJECTS), "and then", chooser.choice(SUBJECTS),
                 chooser.choice(VERBS), chooser.choice(OBJECTS), "with", str(chooser.randrange(1000)), "of them"]
        lines.append(" ".join(parts).capitalize() + ".")
    return "\n\n".join(" ".join(lines[i : i + 5]) for i in range(0, len(lines), 5))


def chinese(seed, sentences=40):
    import random

    chooser = random.Random(seed)
    return "\n\n".join("".join(chooser.choice(CHINESE) + f"第{chooser.randrange(999)}条。" for _ in range(5)) for _ in range(sentences // 5))


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
