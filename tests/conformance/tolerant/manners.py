# What all the programs of this folder do otherwise than the originals, and rightly so: they take their
# time before they accept and before they send, print late, end their lines in CRLF, say more than was asked
# for, and close their connections in order: each waits for the other's end.
import atexit
import os
import queue
import random
import socket
import sys
import threading
import time

lines = queue.Queue()
# With OTHERWISE in the environment, what only labels a value at the console is worded otherwise.
otherwise = "OTHERWISE" in os.environ


def pause():
    """A thread is not always the next to run."""
    time.sleep(random.uniform(0, 0.02))


def print_late():
    while True:
        text = lines.get()
        time.sleep(random.uniform(0, 0.08))
        # Past what the checker does for Python's print: bytes, flushed when it pleases the program.
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        lines.task_done()


def say(*values):
    """As print, but later, on lines of its own, and with a note that nobody asked for."""
    label = [] if otherwise and len(values) > 1 else [values[0]]
    lines.put(" ".join(map(str, [*label, *values[1:]])) + "\r\n")
    if random.random() < 0.5:
        lines.put("(it is %s)\r\n" % time.strftime("%H:%M:%S"))


def ask(prompt):
    """As input, with a prompt of its own before the one that the course shows."""
    lines.put("please answer> " + ("" if otherwise else prompt))
    line = sys.stdin.readline()
    if line == "":
        raise EOFError
    return line.rstrip("\r\n")


def accept(server):
    """Who has connected waits for a while before the program looks."""
    time.sleep(random.uniform(0, 0.3))
    return server.accept()


def send(connection, text):
    pause()
    connection.sendall(text.encode("utf-8"))


def leave(connection):
    """Says that nothing more will come, and closes when the other end has said so too."""
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(1024):
        pass
    connection.close()


threading.Thread(target=print_late, daemon=True).start()
lines.put("*** my program, version 2 ***\r\n")
atexit.register(lines.join)
