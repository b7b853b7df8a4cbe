# The server of page 003, which prints no code: written after what the page lists and what its program
# does (classes, methods, order, texts, and what goes wrong in it).
import signal
import socket
import sys
import threading


class ChatRoom:
    def __init__(self):
        self.clients = []

    def addClient(self, c):
        self.clients.append(c)

    def delClient(self, c):
        self.clients.remove(c)

    def sendMsgAll(self, msg):
        for c in self.clients:
            c.sendMsg(msg)


class ChatClient:
    def __init__(self, r, soc):
        self.room = r
        self.id = None
        self.soc = soc

    def readMsg(self):
        self.id = self.soc.recv(1024).decode()
        self.room.sendMsgAll(self.id + '님이 입장하셨습니다.')
        while True:
            msg = self.soc.recv(1024).decode()
            print(self.id, ': ', msg)
            if msg == '/q':
                self.sendMsg(msg)
                self.room.delClient(self)
                break
            self.room.sendMsgAll(self.id + ': ' + msg)
        self.soc.close()
        self.room.sendMsgAll(self.id + '님이 퇴장하셨습니다.')

    def sendMsg(self, msg):
        self.soc.sendall(msg.encode('utf-8'))


class ChatServer:
    ip = '127.0.0.1'
    port = 9999

    def __init__(self):
        self.server_soc = None
        self.room = ChatRoom()

    def open(self):
        self.server_soc = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.server_soc.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.server_soc.bind((self.ip, self.port))
        self.server_soc.listen()

    def sigint_handler(self, signum, frame):
        if len(self.room.clients) > 0:
            print('채팅 서버를 종료할 수 없습니다.')
            return
        self.server_soc.close()
        print('채팅 서버를 종료합니다.')
        sys.exit(0)

    def run(self):
        self.open()
        print('채팅 서버를 시작합니다.')
        signal.signal(signal.SIGINT, self.sigint_handler)
        while True:
            client_soc, addr = self.server_soc.accept()
            print('Connencted by', addr)
            c = ChatClient(self.room, client_soc)
            self.room.addClient(c)
            th = threading.Thread(target=c.readMsg)
            th.daemon = True
            th.start()


if __name__ == '__main__':
    ChatServer().run()
