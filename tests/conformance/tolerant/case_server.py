# A case converter that is right and does what it may do otherwise: `case_server.py PORT`.
import socket
import sys

from manners import leave, say, send


def serve(connection):
    sentence = connection.recv(1024).decode()
    mode = connection.recv(1024).decode()
    answer = {"1": sentence.upper(), "2": sentence.lower()}.get(mode, "Error")
    send(connection, answer[:1])
    send(connection, answer[1:])
    leave(connection)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
say("The server is ready to receive")
while True:
    connection, _ = server.accept()
    serve(connection)  # one after the other, as the original does
