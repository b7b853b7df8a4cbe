# A JSON echo server that is right and does what it may do otherwise: `json_server.py PORT`.
import json
import socket
import sys
import threading

from manners import leave, say, send


def serve(connection, address):
    say("Got connection from", address)
    for _ in range(10):
        data = connection.recv(2048)
        if not data:
            break
        value = json.loads(data)
        say("r_data :", value)
        text = json.dumps(value, ensure_ascii=False, separators=(" ,", ":"), sort_keys=True)
        send(connection, text)
    say("client at", address, "disconnected...")
    leave(connection)


server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
