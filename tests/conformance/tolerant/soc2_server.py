# An echo server that is right and does what it may do otherwise: `soc2_server.py PORT`.
import socket
import sys
import threading

from manners import say, send


def serve(connection, address):
    say("client info: ", address[0], address[1])
    say("from client message: ", connection.recv(1024).decode())
    send(connection, "from server: ")
    send(connection, str(address[1]) + "너도 잘 지내라")
    connection.close()


server = socket.create_server(("", int(sys.argv[1])))
say("서버 서비스 중입니다.")
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()
