# The client of page 003, which prints no code: written after what the page lists and what its program
# does (methods, order, texts, and what goes wrong in it).
import socket
import threading


class ChatClient:
    ip = '127.0.0.1'
    port = 9999

    def __init__(self):
        self.client_soc = None

    def myconnect(self):
        self.client_soc = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.client_soc.connect((self.ip, self.port))
        print('서버 접속 완료')

    def sendMsg(self):
        msg = input('닉네임: ')
        self.client_soc.sendall(msg.encode('utf-8'))
        while True:
            msg = input()
            self.client_soc.sendall(msg.encode('utf-8'))
            if msg == '/q':
                break

    def recvMsg(self):
        while True:
            msg = self.client_soc.recv(1024).decode()
            if msg == '/q':
                self.close()
                break
            print(msg)

    def run(self):
        self.myconnect()
        t = threading.Thread(target=self.sendMsg)
        t.start()
        t2 = threading.Thread(target=self.recvMsg)
        t2.start()

    def close(self):
        self.client_soc.close()


if __name__ == '__main__':
    ChatClient().run()
