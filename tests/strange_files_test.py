"""Input that nobody would write by hand: names, links and folders that file systems allow, nesting without end, entity bombs,
encodings that change within a file, one line or millions of files, one document, an evaluation set that is everywhere.

Each gives a clear result, within its bound of memory, and is never an internal error. Sizes are scaled down; docs/fuzzing.md has
the figures of the large ones."""

import gzip
import json
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import time

import zstandard
from program import PITH, SANITIZED, SLOWER, chinese, fails, html, prose, run, run_json, scratch

MB = 1 << 20
folder = scratch()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def summary(out):
    return json.loads((out / "curate.json").read_text())


def documents(out):
    """What was kept and what was dropped, every line of it UTF-8."""
    for path in sorted([*(out / "documents").iterdir(), *(out / "dropped").iterdir()]):
        for line in zstandard.ZstdDecompressor().stream_reader(path.open("rb")).read().decode().split("\n")[:-1]:
            yield json.loads(line)


def same_documents(a, b):
    return all((a / part / path.name).read_bytes() == path.read_bytes() for part in ("documents", "dropped") for path in (b / part).iterdir())


def measured(*words, limit=120):
    """The result of pith and its peak of resident memory in bytes (0 where a sanitizer makes it mean nothing).

    Linux counts the peak of who starts a program as the program's: the steps here hold no large texts."""
    with subprocess.Popen([PITH, *map(str, words), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        timer = __import__("threading").Timer(limit * SLOWER, process.kill)
        timer.start()
        out, errors = process.stdout.read(), process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words}: {process.returncode}\n{errors[-2000:]}"
    return json.loads(out.splitlines()[-1]), 0 if SANITIZED else usage.ru_maxrss * 1024


def names_and_links():
    """Links that go round, pipes that nobody writes to, sockets, devices: passed over, and counted."""
    raw, out = folder / "names", folder / "out_names"
    write(raw / "page.html", html("Page", prose(1)))
    names = [b"new\nline.html", b"bad\xff\xfe.html", b"\xe4\xb8.html", b"\x1b]0;title\x07.html", b'quote".html', b"-o.html", b" .html", "页面.html".encode(),
             b"n" * 250 + b".txt"]
    for i, name in enumerate(names):
        with open(os.path.join(os.fsencode(raw), name), "wb") as file:
            file.write(html(f"Page {i}", prose(2 + i)).encode())
    (raw / "round").symlink_to(raw)
    (raw / "below").mkdir()
    (raw / "below" / "up").symlink_to("..")
    (raw / "a").symlink_to("b")
    (raw / "b").symlink_to("a")
    (raw / "nowhere.html").symlink_to("missing")
    (raw / "zero.html").symlink_to("/dev/zero")
    (raw / "link.html").symlink_to("page.html")  # a file like any other, and a copy of it
    os.mkfifo(raw / "pipe.html")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(raw)  # the path of a socket is short
        listening.bind("socket.html")
        os.chdir("/")
    result = run_json("curate", raw, "-o", out)
    assert result["documents_in"] == 2 + len(names) and result["broken_records"] == 0, result
    assert summary(out)["skipped_files"] == {"link to a folder": 2, "no regular file": 6}, summary(out)["skipped_files"]
    assert "exact_duplicate" in result["dropped"], result
    for given in ("pipe.html", "socket.html", "zero.html"):
        fails("curate", raw / given, "-o", folder / "out_pipe", says=[given, "is a pipe, a socket or a device"])
        fails("curate", raw, "--like", raw / given, "-o", folder / "out_pipe", says=[given, "is a pipe, a socket or a device"])
    fails("curate", raw / "a", "-o", folder / "out_pipe", says="exist")
    assert not (folder / "out_pipe").exists()


def resumed():
    """Killed at a file whose name is no UTF-8, which the work folder's JSON cannot hold, it goes on."""
    raw, out, whole = folder / "resumed", folder / "out_resumed", folder / "out_resumed_whole"
    raw.mkdir()
    text = "\n\n".join(prose(i) for i in range(20)).encode()
    for i in range(120):
        with open(os.path.join(os.fsencode(raw), b"f\xff%03d.txt" % i), "wb") as file:
            file.write(b"%d " % i + text * (MB // len(text)))
    run("curate", raw, "-o", whole, "--threads", 1)
    for _ in range(20):
        process = subprocess.Popen([PITH, "curate", raw, "-o", out, "--threads", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and not list((out / ".curate" / "shards").glob("*.json")):
            time.sleep(0.002)
        process.kill()
        process.wait()
        if not (out / "curate.json").exists():
            break
        shutil.rmtree(out)  # it was done before it was killed
    assert list((out / ".curate" / "shards").glob("*.json")), "it was never killed between two shards"
    run("curate", raw, "-o", out)
    assert same_documents(out, whole)
    shutil.rmtree(raw)


def nested():
    """Folders, elements, brackets and tables within each other."""
    raw, out = folder / "nested", folder / "out_nested"
    deep = raw
    for _ in range(400):
        deep /= "d"
    write(deep / "page.html", html("Deep", prose(1)))
    for name, opening, closing in (("div", "<div>", "</div>"), ("list", "<ul><li>x", ""), ("table", "<table><tr><td>", ""), ("b", "<b>a", ""),
                                   ("font", "<a href=x><font>", "</font>"), ("svg", "<svg><g>", ""), ("template", "<template>", "")):
        write(raw / f"{name}.html", "<html><body>" + opening * 100_000 + f"<p>{prose(2)}</p>" + closing * 100_000)
    write(raw / "deep.jsonl", '{"text":"a","x":' + "[" * 200_000 + "]" * 200_000 + "}\n" + '{"a":' * 100_000 + "\n" + json.dumps({"text": prose(3)}) + "\n")
    write(raw / "ld.html", '<script type="application/ld+json">' + '{"a":[' * 100_000 + f"</script><p>{prose(4)}</p>")
    few = "ulimit -n 128; exec \"$@\""
    done = subprocess.run(["bash", "-c", few, "bash", PITH, "curate", raw, "-o", out, "--json"], capture_output=True, text=True, timeout=200 * SLOWER)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["documents_in"] + result["broken_records"] == 1 + 7 + 3 + 1, result
    assert result["documents_in"] >= 10, result
    # A path that the system does not take: said in a few lines.
    here = os.open(folder, os.O_RDONLY)
    name = "n" * 250
    for _ in range(20):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    done = fails("curate", folder / name, "-o", folder / "out_long", says="File name too long")
    assert len(done.stderr) < 1500, len(done.stderr)
    shutil.rmtree(folder / name)
    for text in ("a = " + "[" * 50_000, "a." * 300_000 + "a = 1", "[" + "a." * 300_000 + "a]", "a = {" * 100_000):
        config = write(folder / "deep.toml", text)
        fails("curate", raw, "--config", config, "-o", folder / "out_toml", says="deep.toml")
        fails("train", raw, "--config", config, "--steps", 1, "-o", folder / "out_toml", says="deep.toml")


def wild_settings():
    """Numbers in a file of settings that nothing can be made of."""
    pages = folder / "pages"
    for i in range(6):
        write(pages / f"{i}.html", html(f"Page {i}", prose(i)))
    write(folder / "set.txt", prose(1).replace("\n", " ") + "\n")
    for i, text in enumerate(("[topics]\ntopics = 9223372036854775807\n", "[topics]\nsample = 9223372036854775807\n", "[topics]\nsample = 0\n",
                              "[summaries]\nenabled = true\nsentences = 9223372036854775807\n", "[decontaminate]\nwords = 0\nsigns = 0\nleast_words = 0\n",
                              "[decontaminate]\nwords = 9223372036854775807\nshare = 0\nleast_grams = 0\n", "[near_duplicates]\nsimilarity = 0\n",
                              "[c4_lines]\nmin_words_per_line = 9223372036854775807\n")):
        config = write(folder / f"wild{i}.toml", text)
        done = run("curate", pages, "--config", config, "--evaluation", folder / "set.txt", "-o", folder / f"out_wild{i}", ok=False, timeout=100 * SLOWER)
        assert done.returncode in (0, 2), (text, done.returncode, done.stderr)


def entities():
    """What would grow to gigabytes in an XML parser is text here."""
    raw, out = folder / "entities", folder / "out_entities"
    laughs = "".join(f'<!ENTITY l{i} "{"&l%d;" % (i - 1) * 10}">' for i in range(1, 10))
    write(raw / "laughs.html", f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{laughs}]><html><body><p>{prose(1)} &l9;</p></body></html>')
    write(raw / "laughs.xhtml", f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">{laughs}]><html xmlns="http://www.w3.org/1999/xhtml"><p>{prose(2)} &l9;</p></html>')
    write(raw / "outside.html", f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>&x; {prose(3)}</p></html>')
    write(raw / "references.html", "<html><p>" + "&NotEqualTilde;&#x10FFFF;&#55555555555555555555;&amp" * 200_000)
    result, peak = measured("curate", raw, "-o", out)
    assert result["documents_in"] == 4 and peak < 400 * MB, (result, peak)
    for document in documents(out):
        assert len(document["text"]) < 12_000_000 and "root:" not in document["text"]
    assert sum("&l9;" in document["text"] for document in documents(out)) == 2, "an entity that no reader of HTML knows stays as it is"


def mixed_encodings():
    """One file in several encodings: what is of the first is read, the rest is marked; a file alike within reads as always."""
    raw, out = folder / "encodings", folder / "out_encodings"
    text = chinese(1)
    pieces = [prose(1).encode(), text.encode("gb18030"), text.encode(), "Все люди рождаются свободными. ".encode("cp1251") * 20, text.encode("big5", "ignore")]
    write(raw / "all.txt", b"\n\n".join(pieces))
    write(raw / "declared.html", html("x", "@").replace("utf-8", "gbk").encode().replace(b"@", text.encode("gbk") + b"<p>" + text.encode() + b"<p>" + text.encode("utf-16")))
    write(raw / "mostly_utf8.txt", (prose(2) + text * 5).encode() + b"\xe9\xff" + prose(3).encode())
    write(raw / "half_utf16.txt", prose(4).encode("utf-16") + prose(5).encode())
    write(raw / "marks.txt", b"\xef\xbb\xbf\xff\xfe\xfe\xff" + prose(6).encode())
    write(raw / "lines.jsonl", json.dumps({"text": prose(7)}).encode() + b"\n" + b'{"text":"' + text.replace("\n", " ").encode("gbk") + b'"}\n')
    result = run_json("curate", raw, "-o", out)
    assert result["documents_in"] + result["broken_records"] + sum(summary(out)["skipped_files"].values()) == 7, (result, summary(out)["skipped_files"])
    texts = {document["file_path"].rsplit("/", 1)[-1]: document["text"] for document in documents(out)}
    assert text[:50] in texts["mostly_utf8.txt"] and prose(3)[:40] in texts["mostly_utf8.txt"], texts["mostly_utf8.txt"][:200]


def one_line():
    """300 MB without a line break, in every kind of file: within a bound of 330 MB, and named."""
    raw, out = folder / "line", folder / "out_line"

    def gz(begin, unit, end=b""):
        return gzip.compress(begin) + gzip.compress(unit * (16 * MB // len(unit)), 6) * 19 + gzip.compress(end)

    write(raw / "words.txt.gz", gz(b"", b"word after "))
    write(raw / "one_word.txt.gz", gz(b"", b"a"))
    write(raw / "page.html.gz", gz(b"<html><p>", b"word after "))
    write(raw / "attribute.html.gz", gz(b"<html><p title='", b"x"))
    write(raw / "notes.md.gz", gz(b"# ", b"word after "))
    write(raw / "object.jsonl.gz", gz(b'{"text":"', b"word after ", b'"}\n' + json.dumps({"text": prose(1)}).encode() + b"\n"))
    write(raw / "brackets.jsonl.gz", gz(b"", b"["))
    write(raw / "header.warc.gz", gz(b"WARC/1.0\r\nx: ", b"y"))
    result, peak = measured("curate", raw, "-o", out, "--memory", "330M")
    broken = summary(out)["broken_records"]
    assert result["documents_in"] == 1 and broken["count"] == 8, (result, broken)
    assert {e["file"].rsplit("/", 1)[-1] for e in broken["examples"]} == {p.name for p in raw.iterdir()}, broken
    assert peak < 330 * MB, f"{peak / MB:.0f} MB"
    # The same line as a document, and as text.
    tokenizer = folder / "tokenizer.json"
    write(folder / "few" / "a.jsonl", "".join(json.dumps({"text": prose(i)}) + "\n" for i in range(5)))
    run("tokenizer", folder / "few", "-o", tokenizer, "--vocab", 300)
    for verb in (["train", raw / "object.jsonl.gz", "-o", folder / "out_train", "--steps", 1], ["tokenizer", raw / "object.jsonl.gz", "-o", folder / "t.json"]):
        fails(*verb, "--memory", "400M", says=["object.jsonl.gz", "longer than"])
    lines = (folder / "few" / "a.jsonl").read_text()
    write(folder / "word.jsonl", lines + json.dumps({"text": "a" * 12 * MB}) + "\n")
    fails("train", folder / "word.jsonl", "-o", folder / "out_train", "--steps", 1, "--tokenizer", tokenizer, "--memory", "400M",
          says=["12.6 MB without a space", "--memory"])
    words = subprocess.run(["bash", "-c", f"zcat {raw / 'words.txt.gz'} | head -c 50000000 | {PITH} encode --tokenizer {tokenizer} | wc -w; exit ${{PIPESTATUS[2]}}"],
                           capture_output=True, text=True, timeout=200 * SLOWER)
    assert words.returncode == 0 and int(words.stdout) > 10_000_000, words
    done = subprocess.run(["bash", "-c", f"zcat {raw / 'one_word.txt.gz'} | {PITH} encode --tokenizer {tokenizer}"], capture_output=True, text=True, timeout=200 * SLOWER)
    assert done.returncode == 2 and "break it into lines" in done.stderr, done.stderr


def many_files():
    """Memory grows by less than 500 bytes a file, and nothing with the square of their number."""
    peaks = []
    for count in (2_000, 20_000):
        raw = folder / f"many{count}"
        for i in range(count):
            if i % 1000 == 0:
                (raw / f"{i // 1000}").mkdir(parents=True)
            (raw / f"{i // 1000}" / f"note{i}.txt").write_text(f"Note {i}")
        result, peak = measured("curate", raw, "-o", folder / f"out_many{count}", "--threads", 1)
        assert result["documents_in"] == count, result
        peaks.append(peak)
        shutil.rmtree(raw)
    assert peaks[1] - peaks[0] < 18_000 * 500, f"{(peaks[1] - peaks[0]) / 18_000:.0f} bytes a file"


def single():
    """One document, one example, one document a language: a cluster, a class and a topic of one."""
    raw, out = folder / "single", folder / "out_single"
    write(raw / "a.html", html("One", prose(1)))
    result = run_json("curate", raw, "-o", out)
    assert result["documents_kept"] == 1 and summary(out)["documents_kept"] == 1, result
    write(folder / "example" / "e.txt", prose(2))
    write(raw / "b.html", html("Two", prose(30)))
    write(raw / "c.html", html("三", chinese(3), "zh-CN"))
    result = run_json("curate", raw, "--like", folder / "example", "-o", folder / "out_example")
    assert result["target"]["examples"] == 1 and result["documents_kept"] >= 1, result
    # The example is the corpus.
    same = run_json("curate", folder / "example", "--like", folder / "example", "-o", folder / "out_same")
    assert same["documents_in"] == 1, same
    run("curate", raw, "-o", folder / "out_parquet", "--format", "parquet", ok=False)


def evaluation_everywhere():
    """A set that is in the corpus many times, in one document and in many, and whose items all begin alike."""
    raw, out = folder / "everywhere", folder / "out_everywhere"
    chooser = random.Random(5)
    words = ["".join(chooser.choices("abcdefghijklmnopqrstuvwxyz", k=6)) for _ in range(500)]
    questions = ["Which of the following best describes the " + " ".join(chooser.choices(words, k=8)) + "?" for _ in range(3000)]
    evaluation = write(folder / "questions.jsonl", "".join(json.dumps({"question": q}) + "\n" for q in questions))
    write(raw / "all.txt", "\n".join(questions))
    write(raw / "again.txt", "\n".join(questions[0] + " " + questions[1] for _ in range(3000)))
    write(raw / "copies.jsonl", "".join(json.dumps({"text": f"{prose(i % 40)} {questions[7]} {i}"}) + "\n" for i in range(400)))
    write(raw / "clean.jsonl", "".join(json.dumps({"text": f"{prose(i)} Which of the following best describes the weather? {i}"}) + "\n" for i in range(50)))
    result, peak = measured("curate", raw, "--evaluation", evaluation, "--evaluation", evaluation, "--no-filters", "-o", out, "--memory", "330M")
    assert result["dropped"]["decontaminate.overlap"]["documents"] == 402, result
    assert result["decontaminate"] == [{"path": str(evaluation), "items": 3000, "too_short": 0, "found": 3000}], result["decontaminate"]
    assert peak < 330 * MB, f"{peak / MB:.0f} MB"


def foreign_parquet():
    """Files of another schema: passed over with the name of a column that would do; and files of no rows, or no columns."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        print("note: no pyarrow, so foreign Parquet files are not tried")
        return
    raw, out = folder / "parquet", folder / "out_foreign"
    raw.mkdir()
    text = pa.array([prose(i) for i in range(3)])
    tables = {"content": {"content": text}, "numbers": {"text": pa.array([1, 2, 3])}, "lists": {"text": pa.array([["a"], [], None])},
              "records": {"text": pa.array([{"a": "b"}] * 3)}, "large": {"text": text.cast(pa.large_string())}, "nulls": {"text": pa.array([None] * 3, pa.string())},
              "bytes": {"text": pa.array([b"caf\xe9 \xff" + prose(9).encode()] * 2, pa.binary())}, "empty": {"text": pa.array([], pa.string())},
              "other_types": {"text": text, "url": pa.array([1, 2, 3]), "date": pa.array([True, None, False]), "quality": pa.array(["x", None, "y"])}}
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), raw / f"{name}.parquet")
    whole = (raw / "content.parquet").read_bytes()
    write(raw / "cut.parquet", whole[:-20])
    write(raw / "head.parquet", b"PAR1" + bytes(100) + b"PAR1")
    result = run_json("curate", raw, "-o", out, ok=False)
    broken = {e["file"].rsplit("/", 1)[-1]: e["reason"] for e in summary(out)["broken_records"]["examples"]}
    assert {"content.parquet", "numbers.parquet", "lists.parquet", "records.parquet", "nulls.parquet", "cut.parquet", "head.parquet"} == set(broken), broken
    assert "content" in broken["content.parquet"] and "--text-field" in broken["content.parquet"], broken
    assert result["documents_in"] == 3 + 2 + 3, result
    for name in ("content", "numbers", "lists", "cut", "head"):
        fails("train", raw / f"{name}.parquet", "-o", folder / "out_p", "--steps", 1, says=f"{name}.parquet")


def stopped_while_waiting():
    """One Ctrl-C ends a program that waits for standard input."""
    tokenizer = folder / "tokenizer.json"
    for words in (["extract", "-"], ["encode", "--tokenizer", tokenizer], ["decode", "--tokenizer", tokenizer]):
        process = subprocess.Popen([PITH, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(0.5 * SLOWER)
        process.send_signal(signal.SIGINT)
        try:
            assert process.wait(timeout=20 * SLOWER) == 130, (words, process.returncode)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{words} waits on after Ctrl-C") from None
        assert "interrupted" in process.stderr.read()
        process.stdin.close()


steps = [names_and_links, resumed, nested, wild_settings, entities, mixed_encodings, one_line, many_files, single, evaluation_everywhere, foreign_parquet,
         stopped_while_waiting]
for step in steps:
    begin = time.monotonic()
    step()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{step.__name__}: {time.monotonic() - begin:.1f} s, {children.ru_utime + children.ru_stime:.1f} s of processor so far", flush=True)
print("passed")
