# A case converter that is right and does what it may do otherwise: `case_server.py PORT`.
import socket
import sys
import threading

from manners import pause, say, send


def serve(connection):
    sentence = connection.recv(1024).decode()
    mode = connection.recv(1024).decode()
    answer = {"1": sentence.upper(), "2": sentence.lower()}.get(mode, "Error")
    send(connection, answer[:1])
    send(connection, answer[1:])
    pause()
    connection.close()


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
say("The server is ready to receive")
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
