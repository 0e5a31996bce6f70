"""`pith chat` in a pseudo-terminal and through pipes: streaming, Ctrl-C, Chinese, leaving."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

try:
    import torch  # noqa: F401
    import tokenizers  # noqa: F401
    import transformers  # noqa: F401
except ImportError as error:
    print(f"SKIP: {error}")
    sys.exit(77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from llama_folder import make_llama  # noqa: E402

PITH = sys.argv[1] if len(sys.argv) > 1 else os.environ["PITH"]
PATIENCE = 60  # seconds for what should be there at once: the machine may be busy


class Terminal:
    """`pith chat` with a terminal on both ends, as a person has it."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm"}
            os.execve(PITH, [PITH, "chat", *arguments], environment)
        self.seen = ""  # everything shown, without escape sequences
        self.place = 0  # what wait_for has passed
        self.raw = b""

    def pump(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other end is closed
            data = b""
        self.raw += data
        text = self.raw.decode("utf-8", "replace")
        self.seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
        return bool(data)

    def wait_for(self, text):
        """Reads until `text` is shown after what was waited for last; returns what came before."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen[self.place:]:
            alive = self.pump(0.1)
            assert time.monotonic() < end, f"no {text!r} in {self.seen[self.place:]!r}"
            assert alive or text in self.seen[self.place:], f"ended before {text!r}: {self.seen!r}"
        begin = self.place
        found = self.seen.index(text, begin)
        self.place = found + len(text)
        return self.seen[begin:found]

    def type(self, text):
        time.sleep(0.2)  # the prompt is there a moment before keys are keys
        os.write(self.fd, text.encode())

    def exit_code(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            self.pump(0.05)
        os.kill(self.pid, signal.SIGKILL)
        raise AssertionError(f"did not leave; shown: {self.seen!r}")


def pipe(folder, text, *arguments):
    return subprocess.run([PITH, "chat", folder, *arguments], input=text.encode(), timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_leaves_by_command_and_keys(folder):
    for keys in (["/quit\r"], ["\x04"], ["half a li", "\x03", "\x03"]):
        terminal = Terminal(folder)
        terminal.wait_for("> ")
        for i, key in enumerate(keys):
            terminal.type(key)
            if key == "\x03" and i + 1 < len(keys):
                terminal.wait_for("Ctrl-C again")
                terminal.wait_for("> ")
        assert terminal.exit_code() == 0, keys


def test_answers_and_goes_on(folder):
    terminal = Terminal(folder, "--tokens", "20", "--temperature", "0")
    terminal.wait_for("> ")
    terminal.type("hello\r")
    first = terminal.wait_for("\n> ")
    assert len(first) > len("hello\n"), first
    terminal.type("/reset\r")
    terminal.wait_for("forgotten")
    terminal.wait_for("> ")
    terminal.type("hello\r")
    assert terminal.wait_for("\n> ") == first, "a reset conversation answers as a new one"
    terminal.type("/help\r")
    terminal.wait_for("/reset")
    terminal.wait_for("> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0


def test_ctrl_c_stops_the_answer_and_not_the_program(folder):
    terminal = Terminal(folder, "--tokens", "100000")
    terminal.wait_for("> ")
    terminal.type("hello\r")
    terminal.wait_for("hello\n")
    while len(terminal.seen) < terminal.place + 20:  # it streams: text is there before the end
        assert terminal.pump(PATIENCE)
    assert not terminal.seen.endswith("\n> ")
    terminal.type("\x03")
    terminal.wait_for("\n> ")
    terminal.type("again\r")  # the program lives
    terminal.wait_for("again\n")
    while len(terminal.seen) < terminal.place + 5:
        assert terminal.pump(PATIENCE)
    terminal.type("\x03")
    terminal.wait_for("\n> ")
    terminal.type("\x03")  # a second one, nothing said since, leaves
    assert terminal.exit_code() == 0


def test_edits_chinese_by_characters(folder):
    terminal = Terminal(folder, "--tokens", "5", "--temperature", "0")
    terminal.wait_for("> ")
    # Two characters typed, the cursor left over one, another put between, the last deleted.
    terminal.type("机习\x1b[D器\x05x\x7f\r")
    shown = terminal.wait_for("\n> ")
    terminal.type("/quit\r")
    assert terminal.exit_code() == 0
    assert "�" not in shown.split("\n")[0], shown
    piped = pipe(folder, "机器习\n", "--tokens", "5", "--temperature", "0").stdout.decode()
    assert shown.endswith("\n" + piped.rstrip("\n")), f"{shown!r} is not {piped!r}"


def test_arrow_up_brings_the_last_line(folder):
    terminal = Terminal(folder, "--tokens", "5", "--temperature", "0")
    terminal.wait_for("> ")
    terminal.type("/help\r")
    terminal.wait_for("/quit")
    terminal.wait_for("\n> ")
    terminal.type("\x1b[A\r")
    terminal.wait_for("/quit")
    terminal.wait_for("\n> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0


def test_pipe_is_one_turn_a_line_without_decoration(folder):
    done = pipe(folder, "one\n\ntwo", "--tokens", "10", "--temperature", "0", "--json")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().split("\n")
    result = json.loads(lines[-2])
    assert result["turns"] == 2 and 0 < result["tokens"] <= 20
    assert b"> " not in done.stdout.split(b"\n")[0][:2]
    again = pipe(folder, "one\n\ntwo\n", "--tokens", "10", "--temperature", "0", "--json")
    assert again.stdout == done.stdout
    assert pipe(folder, "").stdout == b""
    broken = subprocess.run([PITH, "chat", folder, "--tokens", "5"], input=b"\xff\xfe broken\n",
                            stdout=subprocess.PIPE, timeout=120)
    assert broken.returncode == 0
    broken.stdout.decode("utf-8")


def test_template_style(folder):
    done = pipe(folder, "hello\nthere\n", "--tokens", "8", "--style", "template", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode().split("\n")[-2])["turns"] == 2
    bad = pipe(folder, "hello\n", "--style", "aloud")
    assert bad.returncode == 2 and b"aloud" in bad.stderr


def test_a_long_conversation_never_fails(folder):
    done = pipe(folder, "tell me more\n" * 60, "--tokens", "30", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode().split("\n")[-2])["turns"] == 60


def test_generate(folder):
    def run(*arguments):
        return subprocess.run([PITH, "generate", folder, *arguments], timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    whole = run("--prompt", "你好", "--tokens", "40", "--seed", "5")
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.decode("utf-8").startswith("你好")
    assert run("--prompt", "你好", "--tokens", "40", "--seed", "5").stdout == whole.stdout
    assert run("--prompt", "你好", "--tokens", "40", "--seed", "6").stdout != whole.stdout
    one = run("--prompt", "你好", "--tokens", "40", "--seed", "5", "--threads", "1")
    assert one.stdout == whole.stdout, "threads change the text"
    result = json.loads(run("--prompt", "你好", "--tokens", "40", "--seed", "5",
                            "--json").stdout.decode().split("\n")[-2])
    assert "你好" + result["text"] + "\n" == whole.stdout.decode()
    assert result["tokens"] == len(result["ids"]) and result["tokens_per_second"] > 0
    full = run("--prompt", "x", "--tokens", "9999")
    assert full.returncode == 0 and b"context of 256" in full.stderr, full.stderr
    for bad in (("--temperature", "nan"), ("--temperature", "-1"), ("--top-p", "0"),
                ("--top-p", "inf"), ("--top-k", "-3"), ("--tokens", "0"),
                ("--temperature", "warm"), ("--prompt", "long " * 2000)):
        done = run("--prompt", "x", *bad)
        assert done.returncode == 2, bad
        assert done.stdout in (b"", b"x", (bad[1]).encode()), done.stdout
        assert done.stderr.count(b"\n") == 1, done.stderr
    missing = subprocess.run([PITH, "generate", folder + "/none"], stderr=subprocess.PIPE)
    assert missing.returncode == 2 and b"no such folder" in missing.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        make_llama(folder)
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test(folder)
                print("ok", name)


main()
