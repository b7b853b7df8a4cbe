# A client of the echo server that is right and does what it may do otherwise: `soc2_client.py PORT`.
import socket
import sys

from manners import leave, pause, say, send

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
send(connection, "스승의 은혜는")
send(connection, " 하늘 같아서 . . .")
pause()
say("수신자료: ", connection.recv(1024).decode())
leave(connection)
