# A client that greets, right, and does what it may do otherwise: `soc1_client.py PORT`.
import socket
import sys

from manners import leave, pause, send

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
send(connection, "안")
send(connection, "녕!")
pause()
leave(connection)
