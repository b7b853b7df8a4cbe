# A chat server that is right and does what it may do otherwise: `chat_server.py PORT [no-echo]`.
import socket
import sys
import threading

from manners import accept, leave, pause, say, send

no_echo = "no-echo" in sys.argv
clients = []
lock = threading.Lock()


def serve(connection, address):
    pause()
    say("connection from : ", address)
    while True:
        message = connection.recv(2048)
        if message in (b"", b"bye"):
            break
        with lock:
            others = [each for each in clients if not (no_echo and each is connection)]
        for each in others:
            try:
                send(each, message.decode())
            except OSError:
                pass  # it has left meanwhile
    # The connection ends first, and the list is told later.
    leave(connection)
    pause()
    with lock:
        clients.remove(connection)
    say("Client at ", address, " disconnected...")


server = socket.create_server(("0.0.0.0", int(sys.argv[1])))
say("Chat Server start")
while True:
    connection, address = accept(server)
    pause()
    with lock:
        clients.append(connection)
        say("# of client:", len(clients))
    threading.Thread(target=serve, args=(connection, address), daemon=True).start()
