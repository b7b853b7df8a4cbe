# A chat room with nicknames that is right and does what it may do otherwise: `my_server.py PORT`.
import os
import signal
import socket
import sys
import threading

from manners import accept, leave, lines, pause, say, send

clients = []


def tell_all(text):
    for each in clients:  # also those who come meanwhile
        try:
            send(each, text)
        except OSError:
            pass  # it has left meanwhile


def serve(connection):
    name = connection.recv(1024).decode()
    tell_all(name + "님이 입장하셨습니다.")
    while True:
        message = connection.recv(1024).decode()
        say(name, ": ", message)
        if message in ("", "/q"):
            break
        tell_all(name + ": " + message)
    if message == "/q":
        send(connection, message)
    # The connection ends first, and the list is told later.
    leave(connection)
    pause()
    clients.remove(connection)
    tell_all(name + "님이 퇴장하셨습니다.")


def interrupted(*_):
    if clients:
        say("채팅 서버를 종료할 수 없습니다.")
        return
    say("채팅 서버를 종료합니다.")
    lines.join()
    os._exit(0)


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.signal(signal.SIGINT, interrupted)
say("채팅 서버를 시작합니다.")
while True:
    connection, address = accept(server)
    say("Connected by", address)
    pause()
    clients.append(connection)
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
