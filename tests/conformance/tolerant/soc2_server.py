# An echo server that is right and does what it may do otherwise: `soc2_server.py PORT`.
import socket
import sys

from manners import leave, say, send


def serve(connection, address):
    say("client info: ", address[0], address[1])
    say("from client message: ", connection.recv(1024).decode())
    send(connection, "from server: ")
    send(connection, str(address[1]) + "너도 잘 지내라")
    leave(connection)


server = socket.create_server(("", int(sys.argv[1])))
say("서버 서비스 중입니다.")
while True:
    serve(*server.accept())  # one after the other, as the original does
