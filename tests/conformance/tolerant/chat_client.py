# A chat client that is right and does what it may do otherwise: `chat_client.py HOST PORT [nickname]`.
import socket
import sys
import threading

from manners import ask, say, send

if len(sys.argv) < 3:
    say("usage :  python3", sys.argv[0], "ip# port#")
    sys.exit()

asks_name = "nickname" in sys.argv
prefix = "[" + ask("name : ") + "] " if asks_name else ""
connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
say("chat client start")


def receive():
    while message := connection.recv(2048):
        say("receive : ", message.decode())


receiving = threading.Thread(target=receive, daemon=True)
receiving.start()
while True:
    line = ask("")
    send(connection, line if line == "bye" else prefix + line)
    if line == "bye":
        break
connection.shutdown(socket.SHUT_WR)
receiving.join()  # until the server has closed, too
