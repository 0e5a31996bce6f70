"""`pith chat` and `pith generate` in a pseudo-terminal and through pipes: streaming, Ctrl-C, Chinese, leaving."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from llama_folder import make_llama
from program import PITH, SLOWER, fails, run, run_json, scratch, skip

try:
    import tokenizers  # noqa: F401
    import transformers  # noqa: F401
except ImportError as missing:
    skip(f"{missing.name} is not installed (scripts/setup test)")

PATIENCE = 60 * SLOWER  # seconds for what should be there at once: the machine may be busy
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]"  # but for tab, newline, return and escape


class Terminal:
    """`pith chat` with a terminal on both ends, as a person has it."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm"}
            os.execve(PITH, [PITH, "chat", *map(str, arguments)], environment)
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

    def wait_for_more(self, characters):
        """Reads until so many characters are shown after what was waited for last."""
        end = time.monotonic() + PATIENCE
        while len(self.seen) < self.place + characters:
            alive = self.pump(0.1)
            assert time.monotonic() < end and alive, f"no more came than {self.seen[self.place:]!r}"

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


    def resize(self, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


def pipe(folder, text, *words):
    return run("chat", folder, *words, input=text)


def test_says_what_to_type_and_leaves_by_command_and_keys(folder):
    for keys in (["/quit\r"], ["\x04"], ["half a li", "\x03", "\x03"]):
        terminal = Terminal(folder)
        banner = terminal.wait_for("> ")
        for part in (str(folder), "parameters", "press Enter", "Ctrl-C stops an answer", "Ctrl-D leaves", "/help"):
            assert part in banner, banner
        for i, key in enumerate(keys):
            terminal.type(key)
            if key == "\x03" and i + 1 < len(keys):
                terminal.wait_for("Ctrl-C again")
                terminal.wait_for("> ")
        assert terminal.exit_code() == 0, keys


def test_answers_and_goes_on(folder):
    terminal = Terminal(folder, "--tokens", 20, "--temperature", 0)
    terminal.wait_for("> ")
    terminal.type("\r")  # nothing said, nothing to go on with
    terminal.wait_for("\n> ")
    terminal.type("hello\r")
    first = terminal.wait_for("\n> ")
    assert len(first) > len("hello\n"), first
    terminal.type("\r")
    second = terminal.wait_for("\n> ")
    terminal.type("/reset\r")
    terminal.wait_for("forgotten")
    terminal.wait_for("> ")
    terminal.type("hello\r")
    assert terminal.wait_for("\n> ") == first, "a reset conversation answers as a new one"
    terminal.type("/hlep\r")
    terminal.wait_for("no command /hlep")
    terminal.type("/help\r")
    terminal.wait_for("/reset")
    terminal.wait_for("> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0
    both = pipe(folder, "hello\n", "--tokens", 40, "--temperature", 0).stdout
    shown = first + second.removeprefix("\n")
    assert shown == "hello\n" + re.sub(CONTROLS, "�", both.rstrip("\n")), f"{shown!r} is not {both!r}"


def test_ctrl_c_stops_the_answer_and_not_the_program(folder):
    terminal = Terminal(folder, "--tokens", 100000, "--temperature", 0)
    terminal.wait_for("> ")
    for message in ("hello", "again"):  # the program lives
        terminal.type(message + "\r")
        terminal.wait_for(message + "\n")
        terminal.wait_for_more(20)  # it streams: text is there before the end
        assert not terminal.seen.endswith("\n> ")
        terminal.type("\x03")
        terminal.wait_for("\n> ")
    terminal.type("\x03")  # a second one, nothing said since, leaves
    assert terminal.exit_code() == 0


def test_sigterm_ends_it_and_leaves_the_terminal_as_it_was(folder):
    terminal = Terminal(folder)
    before = termios.tcgetattr(terminal.fd)
    terminal.wait_for("> ")
    terminal.type("half a line")
    terminal.wait_for("half a line")
    os.kill(terminal.pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while not os.waitpid(terminal.pid, os.WNOHANG)[0]:
        terminal.pump(0.05)
        assert time.monotonic() < end, "SIGTERM at the prompt did not end it"
    assert termios.tcgetattr(terminal.fd)[3] == before[3], "the terminal does not echo any more"
    os.close(terminal.fd)


def test_edits_chinese_by_characters(folder):
    terminal = Terminal(folder, "--tokens", 5, "--temperature", 0)
    terminal.wait_for("> ")
    # Two characters typed, the cursor left over one, another put between, the last deleted.
    terminal.type("机习\x1b[D器\x05x\x7f\r")
    shown = terminal.wait_for("\n> ")
    terminal.type("/quit\r")
    assert terminal.exit_code() == 0
    assert "�" not in shown.split("\n")[0], shown
    piped = pipe(folder, "机器习\n", "--tokens", 5, "--temperature", 0).stdout
    assert shown.endswith("\n" + piped.rstrip("\n")), f"{shown!r} is not {piped!r}"


def test_arrow_up_brings_the_last_line(folder):
    terminal = Terminal(folder, "--tokens", 5, "--temperature", 0)
    terminal.wait_for("> ")
    for keys in ("/help\r", "\x1b[A\r"):
        terminal.type(keys)
        terminal.wait_for("/quit")
        terminal.wait_for("\n> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0


def test_windows_change_their_size(folder):
    terminal = Terminal(folder, "--tokens", 100000, "--temperature", 0)
    terminal.wait_for("> ")
    terminal.type("half ")
    for columns in (30, 120, 40):
        terminal.resize(columns)
        time.sleep(0.1)
    terminal.type("whole\r")
    terminal.wait_for("whole\n")
    terminal.wait_for_more(20)
    terminal.resize(60)
    terminal.wait_for_more(200)  # the answer goes on
    terminal.type("\x03")
    terminal.wait_for("\n> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0


def test_models_cannot_control_the_terminal(folder):
    words = ("--tokens", 300, "--temperature", 100, "--top-p", 1)
    assert re.search(CONTROLS, pipe(folder, "hello\n", *words).stdout), "this model writes no control characters"
    terminal = Terminal(folder, *words)
    terminal.wait_for("> ")
    begin = len(terminal.raw)
    terminal.type("hello\r")
    terminal.wait_for("\n> ")
    terminal.type("\x04")
    assert terminal.exit_code() == 0
    answer = terminal.raw[begin:].split(b"> ")[0]
    assert not re.search(CONTROLS.encode(), answer), answer


def test_pipe_is_one_turn_a_line_without_decoration(folder):
    words = ("--tokens", 10, "--temperature", 0)
    done = pipe(folder, "one\n\ntwo", *words, "--json")
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["turns"] == 2 and 0 < result["tokens"] <= 20
    assert not done.stdout.startswith("> ")
    assert pipe(folder, "one\n\ntwo\n", *words, "--json").stdout == done.stdout
    assert pipe(folder, "").stdout == ""
    run("chat", folder, "--tokens", 5, input=b"\xff\xfe broken\n", text=False).stdout.decode("utf-8")


def test_template_style(folder):
    assert run_json("chat", folder, "--tokens", 8, "--style", "template", input="hello\nthere\n")["turns"] == 2
    fails("chat", folder, "--style", "aloud", says="aloud")


def test_a_long_conversation_never_fails(folder):
    assert run_json("chat", short_context, "--tokens", 20, input="tell me more\n" * 60)["turns"] == 60


def test_generate(folder):
    words = ("generate", folder, "--prompt", "你好", "--tokens", 40, "--seed")
    whole = run(*words, 5).stdout
    assert whole.startswith("你好")
    assert run(*words, 5).stdout == whole
    assert run(*words, 6).stdout != whole
    assert run(*words, 5, "--threads", 1).stdout == whole, "threads change the text"
    result = run_json(*words, 5)
    assert "你好" + result["text"] + "\n" == whole
    assert result["tokens"] == len(result["ids"]) and result["tokens_per_second"] > 0
    stop = whole[10:13]
    assert run(*words, 5, "--stop", stop).stdout == whole[: whole.index(stop, 2)] + "\n"
    full = run("generate", short_context, "--prompt", "x", "--tokens", 9999, "--temperature", 0)
    assert "context of 256" in full.stderr, full.stderr
    for bad in (("--temperature", "nan"), ("--temperature", "-1"), ("--top-p", "0"), ("--top-p", "inf"), ("--top-k", "-3"),
                ("--tokens", "0"), ("--temperature", "warm"), ("--min-p", "2"), ("--repetition-penalty", "0")):
        done = fails("generate", folder, "--prompt", "x", *bad, says=bad)
        assert done.stdout == "" and done.stderr.count("\n") == 1, done
    done = fails("generate", folder, "--prompt", "long " * 20000, says="shorter")
    assert done.stdout == "" and done.stderr.count("\n") == 1, done
    fails("generate", folder / "none", says="is no folder")
    for words in (["generate", folder, "--prompt", "x"], ["chat", folder]):
        fails(*words, "--memory", "20M", says=["takes up to", "--memory at least that"])


def test_generate_stops_at_ctrl_c(folder):
    process = subprocess.Popen([PITH, "generate", folder, "--prompt", "x", "--tokens", "4000", "--temperature", "0"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.read(5)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130 and rest.endswith(b"\n") and b"stopped" in errors, (process.returncode, errors)


folder, short_context = scratch() / "model", scratch()
folder.mkdir()
make_llama(folder, ends=False, context=4096)
make_llama(short_context, ends=False, context=256)
for name, test in list(globals().items()):
    if name.startswith("test_"):
        begin = time.monotonic()
        test(folder)
        print(f"ok {name} ({time.monotonic() - begin:.1f} s)", flush=True)
