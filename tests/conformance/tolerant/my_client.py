# A client of the room with nicknames that is right and does what it may do otherwise:
# `my_client.py PORT`.
import socket
import sys
import threading

from manners import ask, leave, say, send

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
say("서버 접속 완료")


def talk():
    send(connection, ask("닉네임: "))
    while True:
        line = ask("")
        send(connection, line)
        if line == "/q":
            break


talking = threading.Thread(target=talk)
talking.start()
while True:
    message = connection.recv(1024).decode()
    if message in ("", "/q"):
        break
    say(message)
leave(connection)
talking.join()
