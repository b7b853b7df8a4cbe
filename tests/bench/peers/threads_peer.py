# The servers of the benchmark with a thread for each client, as the course's originals have it:
#   python3 threads_peer.py room|line-room|json|udp
import json
import socket
import sys
import threading

members = set()


def room(c):
    members.add(c)
    while data := c.recv(2048):
        for member in list(members):
            member.sendall(data)


def line_room(c):
    members.add(c)
    for line in c.makefile("rb"):
        for member in list(members):
            member.sendall(line)


def answer_json(c):
    for _ in range(10):
        data = c.recv(2048)
        r_data = json.loads(data.decode())
        print("r_data :", r_data)
        c.sendall(json.dumps(r_data).encode())
    c.recv(2048)


def serve(client, c):
    try:
        client(c)
    except OSError:
        pass  # the client has gone
    members.discard(c)
    c.close()


def listen(kind, family):
    s = socket.socket(socket.AF_INET, family)
    s.bind(("127.0.0.1", 0))
    if family == socket.SOCK_STREAM:
        s.listen(4096)
    print(f"listening on 127.0.0.1:{s.getsockname()[1]}", file=sys.stderr, flush=True)
    return s


kind = sys.argv[1]
if kind == "udp":
    u = listen(kind, socket.SOCK_DGRAM)
    while True:
        c, addr = u.recvfrom(1024)
        print(f"Message [{c}] from {addr}")
        u.sendto(b"Hello UDP Client", addr)

client = {"room": room, "line-room": line_room, "json": answer_json}[kind]
s = listen(kind, socket.SOCK_STREAM)
while True:
    c, addr = s.accept()
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(client, c), daemon=True).start()
