# A client of the case converter that is right and does what it may do otherwise: `case_client.py PORT`.
import socket
import sys

from manners import ask, say, send

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
sentence = ask("Input sentence : ")
if sentence.islower():
    mode = "1"
elif sentence.isupper():
    mode = "2"
else:
    say("1. To upper case")
    say("2. To Lower case")
    mode = ask("Input number : ")
send(connection, sentence)
send(connection, mode)
# It has sent all, and says so before it reads. And the word on the slide is spelled rightly.
connection.shutdown(socket.SHUT_WR)
answer = b""
while data := connection.recv(1024):
    answer += data
say("From Server :", answer.decode())
connection.close()
