"""What pith curate is given in the real world: wrong paths, closed folders, full disks, bombs, torn files, kills.

A mistake of the user ends with exit code 2 and a message that names it; a broken record is counted and passed over; an
interrupted run goes on and ends with the same bytes; memory stays within its bound."""

import gzip
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import time

import zstandard
from program import PITH, SANITIZED, SLOWER, fails, html, run, run_json, scratch

MB = 1_000_000
WORDS = ("the of and to that have with be river stone morning people village carried slowly through valley bright market ancient "
         "wooden bridge children walked under heavy clouds music near harbour ships arrived from islands").split()
SIGNS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"


def sentences(seed, count):
    """Words in a random order: what every filter keeps, and no two alike."""
    chooser = random.Random(seed)
    return [" ".join(chooser.choices(WORDS, k=chooser.randrange(8, 16))).capitalize() + "." for _ in range(count)]


def prose(seed):
    return "\n\n".join(" ".join(sentences(seed * 10 + part, 5)) for part in range(6))


def chinese(seed):
    chooser = random.Random(seed)
    return "\n\n".join("".join("".join(chooser.choices(SIGNS, k=18)) + "。" for _ in range(5)) for _ in range(6))


folder = scratch()
folder.chmod(0o755)
pages = folder / "pages"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def json_lines(texts):
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


for i in range(30):
    write(pages / f"en{i:03}.html", html(f"Chapter {i}", prose(i)))
for i in range(10):
    write(pages / f"zh{i:03}.html", html(f"第{i}章", chinese(i), "zh-CN"))
write(pages / "copy.html", html("Chapter 0", prose(0)))
write(pages / "short.html", html("Short", "Too short."))


def summary(out):
    return json.loads((out / "curate.json").read_text())


def digest(out):
    """A hash of all that a curation wrote but its times and its page."""
    whole = hashlib.sha256()
    for path in sorted(p for p in out.rglob("*") if p.is_file() and p.name not in ("report.html", "curate.json")):
        whole.update(str(path.relative_to(out)).encode() + path.read_bytes())
    return whole.hexdigest()


def measured(*words, limit):
    """Runs pith within `limit` seconds; returns its result and its peak of resident memory (0 where it means nothing)."""
    begin = time.monotonic()
    with subprocess.Popen([PITH, *map(str, words), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out = process.stdout.read()
        errors = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words}: {process.returncode}\n{errors}"
    assert time.monotonic() - begin < limit * SLOWER, f"{words} took {time.monotonic() - begin:.0f} s"
    return json.loads(out.splitlines()[-1]), 0 if SANITIZED else usage.ru_maxrss * 1024


def wrong_paths():
    missing, empty, out = folder / "missing", folder / "empty", folder / "out_paths"
    empty.mkdir()
    fails("curate", missing, "-o", out, says=str(missing))
    fails("curate", empty, "-o", out, says=["empty", str(empty)])
    fails("curate", pages, missing, "-o", out, says=str(missing))  # one good, one not
    fails("curate", pages, "-o", pages / "en000.html", says="not a folder")
    fails("curate", pages, "-o", pages / "en000.html" / "below", says="en000.html")
    fails("curate", pages, "--like", missing, "-o", out, says=["--like", str(missing)])
    fails("curate", pages, "--like", empty, "-o", out, says=["--like", str(empty)])
    fails("curate", pages, "--class", "a", "-o", out, says=["--class", "NAME=FOLDER"])
    fails("curate", pages, "--class", f"a={missing}", "--class", f"b={pages}", "-o", out, says=["--class", str(missing)])
    fails("curate", pages, "--class", f"a={empty}", "--class", f"b={pages}", "-o", out, says=["--class", "empty", str(empty)])
    fails("curate", pages, "--class", f"a={pages}", "-o", out, says=["--class a", "only class"])
    fails("curate", pages, "--class", f"a={pages}", "--class", f"a={pages}", "-o", out, says=["--class a", "twice"])
    fails("curate", pages, says="-o")
    fails("curate", pages, "-o", out, "--language", "klingon", says=["--language", "klingon"])
    fails("curate", pages, "-o", out, "--keep-bytes", "-5M", says="--keep-bytes")
    fails("extract", pages, says=str(pages))
    fails("extract", missing, says=str(missing))
    assert not out.exists(), "a mistake left something behind"
    write(folder / "pictures" / "a.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    fails("curate", folder / "pictures", "-o", out, says=["no document", "binary"])
    write(folder / "blank" / "a.txt", " \n")
    blank = run_json("curate", folder / "blank", "-o", folder / "out_blank")
    assert blank["documents_kept"] == 0 and blank["dropped"]["extract.no_text"]["documents"] == 1, blank


def no_permission():
    """As a user for whom permissions count."""
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    program = shutil.copy(PITH, folder / "pith") if drop else PITH

    def anyone(*words):
        return subprocess.run([*drop, program, *map(str, words)], capture_output=True, text=True)

    def denied(*words, says):
        done = anyone(*words)
        assert done.returncode == 2, f"{words}: {done.returncode}\n{done.stderr}"
        for text in says:
            assert text in done.stderr.lower(), f"{words}: {done.stderr}"

    closed = folder / "closed"
    write(closed / "good.txt", prose(1))
    secret = write(closed / "secret.txt", prose(2))
    out = folder / "out_closed"
    out.mkdir()
    out.chmod(0o777)
    secret.chmod(0)
    denied("curate", secret, "-o", out / "a", says=["permission", "secret.txt"])
    denied("curate", closed, "--like", secret, "-o", out / "a", says=["permission", "secret.txt"])
    denied("extract", secret, says=["permission", "secret.txt"])
    # Found in a folder it is one broken record; the rest is read.
    assert anyone("curate", closed, "-o", out / "b").returncode == 0
    broken = summary(out / "b")["broken_records"]
    assert broken["count"] == 1 and broken["examples"][0]["file"] == str(secret), broken
    assert "permission" in broken["examples"][0]["reason"].lower() and summary(out / "b")["documents_in"] == 1
    shutil.rmtree(out / "b")
    secret.chmod(0o644)
    (closed / "inner").mkdir(mode=0)
    denied("curate", closed, "-o", out / "b", says=["permission", "inner"])
    (closed / "inner").rmdir()
    out.chmod(0o555)
    denied("curate", closed, "-o", out / "c", says=["permission", str(out)])
    assert not list(out.iterdir()), list(out.rglob("*"))


def full_disk():
    small = folder / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        print("note: no tmpfs may be mounted here, so the full disk is not tried")
        return
    try:
        fails("curate", pages, "-o", small / "out", says=["No space left", str(small)])
        assert not (small / "out" / "curate.json").exists()
        subprocess.run(["mount", "-o", "remount,size=32m", str(small)], check=True)
        run("curate", pages, "-o", small / "out")  # room again: goes on
        run("curate", pages, "-o", folder / "out_large")
        assert digest(small / "out") == digest(folder / "out_large")
    finally:
        subprocess.run(["umount", str(small)], check=True)


def broken_records():
    raw, out = folder / "raw", folder / "out_raw"
    lines = [json.dumps({"text": prose(i), "url": f"http://example.org/{i}"}) for i in range(20)]
    lines[3] = '{"no_text": 1}'
    lines[5] = '{"text": "cut'
    lines[7] = '{"text": ["a", "list"]}'
    write(raw / "lines.jsonl", "\n".join(lines))
    packed = json_lines(prose(i) for i in range(100, 400)).encode()
    gz, zst = gzip.compress(packed), zstandard.compress(packed)
    write(raw / "cut.jsonl.gz", gz[: len(gz) // 2])
    write(raw / "cut.jsonl.zst", zst[: len(zst) * 9 // 10])
    write(raw / "latin.txt", prose(77).encode() + b" caf\xe9 \xff\xfe\xfa " + prose(78).encode())
    write(raw / "utf8.jsonl", b'{"text": "' + prose(79).replace("\n", " ").encode() + b' \xff\xc0 end"}')
    body = html("Record", prose(90)).encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    record = (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/r\r\n"
              b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(http)) + http + b"\r\n\r\n"
    write(raw / "cut.warc", record + b"garbage\r\n\r\n" + record.replace(b"/r\r\n", b"/s\r\n") + record[: len(record) // 2])
    write(raw / "pretty.json", json.dumps([{"text": prose(5)}] * 3, indent=1))
    result = run_json("curate", raw, "-o", out)
    broken = summary(out)["broken_records"]
    by_file = {}
    for example in broken["examples"]:
        by_file.setdefault(example["file"].rsplit("/", 1)[-1], []).append(example)
    counts = {name: len(examples) for name, examples in sorted(by_file.items())}
    assert counts == {"cut.jsonl.gz": 1, "cut.jsonl.zst": 1, "cut.warc": 2, "lines.jsonl": 3, "pretty.json": 1}, counts
    assert broken["count"] == result["broken_records"] == 8
    assert "--text-field" in by_file["lines.jsonl"][0]["reason"]
    assert by_file["lines.jsonl"][0]["offset"] == sum(len(line) + 1 for line in lines[:3])
    assert by_file["cut.warc"][0]["offset"] == len(record)
    # What is whole was read: 17 lines, the records before both cuts, two pages, two texts.
    assert result["documents_in"] > 17 + 100 + 2 + 2, result
    texts = b"".join(zstandard.ZstdDecompressor().stream_reader(path.open("rb")).read()
                     for part in ("documents", "dropped") for path in sorted((out / part).iterdir())).decode()  # UTF-8 throughout
    assert "\N{REPLACEMENT CHARACTER}" in texts and "example.org/s" in texts
    # Nothing but broken records: what is wrong with the first is said.
    write(folder / "all_broken" / "a.jsonl", '{"content": "x"}\n' * 5)
    fails("curate", folder / "all_broken", "-o", folder / "out_b", says=["5 broken", "a.jsonl", "--text-field"])


def bombs():
    """Gigabytes in a few megabytes: bounded memory and time, and what is beside them is read."""
    def gz_of(begin, unit, megabytes, end=b""):
        block = gzip.compress(unit * (16 * MB // len(unit)), 6)
        return gzip.compress(begin) + block * (megabytes // 16) + gzip.compress(end)

    raw, out = folder / "bombs", folder / "out_bombs"
    write(raw / "zeros.html.gz", gz_of(b"<p>", b"\0", 2048))
    write(raw / "page.html.gz", gz_of(b"<html>", b"<p>word ", 2048))
    # A line of a gigabyte between two good ones.
    good = [json.dumps({"text": prose(i)}).encode() + b"\n" for i in (1, 2)]
    write(raw / "line.jsonl.gz", gz_of(good[0] + b'{"text": "', b"a", 1024, b'"}\n' + good[1]))
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: 1600000000\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"
    write(raw / "record.warc.gz", gz_of(record, b"x", 1024))
    write(raw / "header.warc.gz", gz_of(b"WARC/1.0\r\n", b"x: y\r\n", 512))
    compressor = zstandard.ZstdCompressor(level=1).compressobj()
    parts = [compressor.compress(bytes(MB)) for _ in range(1024)]
    write(raw / "zeros.txt.zst", b"".join(parts) + compressor.flush())
    write(raw / "good.html", html("Good", prose(5)))
    result, peak = measured("curate", raw, "-o", out, limit=120)
    assert result["documents_in"] == 3, result  # two lines and the page
    reasons = {e["file"].rsplit("/", 1)[-1] for e in summary(out)["broken_records"]["examples"]}
    assert {"page.html.gz", "line.jsonl.gz", "record.warc.gz", "header.warc.gz"} <= reasons, reasons
    assert peak < 500 * MB, f"bombs took {peak / MB:.0f} MB"


def examples():
    out = folder / "out_like"
    write(folder / "like_blank" / "a.txt", " \n\n")
    fails("curate", pages, "--like", folder / "like_blank", "-o", out, says="--like")
    write(folder / "like_picture" / "a.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    fails("curate", pages, "--like", folder / "like_picture", "-o", out, says="--like")
    assert not out.exists()
    # In a language that no document of the input has.
    write(folder / "like_russian" / "a.txt", "Сегодня утром мы пошли в лес и увидели там большую серую птицу.\n" * 3)
    fails("curate", pages, "--like", folder / "like_russian", "-o", out, says=["--like", "(ru)"])
    # Like nothing in the input: what is least unlike is kept, and the figures say so.
    other = folder / "out_other"
    write(folder / "like_other" / "a.txt", "Photosynthesis converts sunlight into chemical energy inside chloroplasts of plant cells. " * 3)
    result = run_json("curate", pages, "--like", folder / "like_other", "-o", other)
    assert result["documents_kept"] > 0 and result["documents_dropped"] > 0, result
    assert result["target"]["examples"] == 1, result


def foreign_output():
    out = folder / "foreign"
    photo = write(out / "holiday.jpg", b"picture")
    fails("curate", pages, "-o", out, says="holiday.jpg")
    assert [p.name for p in out.iterdir()] == ["holiday.jpg"] and photo.read_bytes() == b"picture"
    mine = folder / "out_mine"
    run("curate", pages, "-o", mine)
    before = digest(mine)
    fails("curate", pages, "-o", mine, "--keep-bytes", "10k", says=["another curation", "keep_bytes"])
    assert digest(mine) == before
    assert run_json("curate", pages, "-o", mine)["already_done"]


def big_corpus(path, megabytes):
    """Lines of text, no two documents alike."""
    chooser, lines = random.Random(7), sentences(7, 20_000)
    size = 0
    with open(path, "w") as file:
        while size < megabytes * MB:
            size += file.write(json.dumps({"text": " ".join(chooser.choices(lines, k=chooser.randrange(10, 60)))}) + "\n")
    return path


def interrupted():
    """Killed, stopped, on one thread and on two, within a bound of memory: always the same bytes."""
    big = big_corpus(folder / "big.jsonl", 80)
    whole = folder / "out_whole"
    begin = time.monotonic()
    result, peak = measured("curate", big, "-o", whole, "--threads", 2, "--memory", "330M", limit=280)
    seconds = time.monotonic() - begin
    assert peak < 330 * MB, f"peak of {peak / MB:.0f} MB beyond --memory"
    assert result["documents_in"] > 20_000
    expected = digest(whole)

    out = folder / "out_killed"
    command = [PITH, "curate", str(big), "-o", str(out), "--threads", "1", "--memory", "330M", "--json"]
    chooser = random.Random(os.getpid())
    kills = 0
    for stop_with, code in ((signal.SIGKILL, -9), (signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, 130)):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            printed, errors = process.communicate(timeout=chooser.uniform(0.05, 0.2) * seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(stop_with)
            printed, errors = process.communicate(timeout=60 * SLOWER)
            kills += 1
            if process.returncode != 0:  # it may have ended just then
                assert process.returncode == code, (stop_with, process.returncode, errors)
                assert printed == "" and not (out / "curate.json").exists()
                if stop_with != signal.SIGKILL:
                    assert "same command goes on" in errors, errors
    run(*command[1:])
    assert kills >= 2, "the input is too small to be interrupted in"
    assert digest(out) == expected, "an interrupted curation ends with other bytes"
    assert sorted(p.name for p in out.iterdir()) == ["curate.json", "documents", "dropped", "report.html"]


def memory():
    """Pages so large and so full of elements that a few of them at once would break the bound."""
    raw, out = folder / "large", folder / "out_large_pages"
    for i in range(8):
        write(raw / f"{i}.html", "<html>" + f"<p>w{i}" * (11 * MB // 5))
    write(raw / "too_large.html", "<html>" + "<p>w" * (4 * MB))
    result, peak = measured("curate", raw, "-o", out, "--threads", 2, "--memory", "330M", limit=120)
    assert peak < 330 * MB, f"peak of {peak / MB:.0f} MB beyond --memory"
    assert result["documents_in"] == 8 and result["broken_records"] == 1, result
    assert "larger than" in summary(out)["broken_records"]["examples"][0]["reason"]
    fails("curate", raw, "-o", folder / "out_little", "--memory", "20M", says=["--memory", "at least"])


wrong_paths()
no_permission()
full_disk()
broken_records()
bombs()
examples()
foreign_output()
memory()
interrupted()
print("passed")
