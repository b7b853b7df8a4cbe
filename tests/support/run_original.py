# Runs one of the course's originals for a test:
#   python3 run_original.py ORIGINAL.py '{"9999": "0"}' ARGUMENT...
# Its fixed port and the like are replaced in the source; the file stays as it is. Bound to port 0 it
# says on stderr which port it got, in the words of our scripts.
import json
import os
import socket
import sys

path, literals, arguments = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
with open(path, encoding="utf-8") as file:
    source = file.read()
for literal, replacement in literals.items():
    if literal not in source:
        sys.exit(f"run_original.py: {path} has no {literal}")
    source = source.replace(literal, replacement)


class Socket(socket.socket):
    def bind(self, address):
        super().bind(address)
        if self.type == socket.SOCK_DGRAM:
            self.sayPort()

    def listen(self, *backlog):
        super().listen(*backlog)
        self.sayPort()

    def sayPort(self):
        print("listening on %s:%s" % self.getsockname(), file=sys.stderr, flush=True)


socket.socket = Socket
# Lines go out whole and at once, as at a terminal; and a thread runs on until it waits for something,
# so that two of them print in the same order each time. Not where the checker started it (see
# process_tree.ts): that takes it as it is.
if "TESTED_PROGRAM" not in os.environ:
    sys.stdout.reconfigure(line_buffering=True, write_through=False)
    sys.setswitchinterval(60)

sys.argv = [path, *arguments]
exec(compile(source, path, "exec"), {"__name__": "__main__"})
