# A server for one connection that is right and does what it may do otherwise: `soc1_server.py PORT`.
import socket
import sys

from manners import leave, pause, say

server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
say("server service 중 ...")
connection, address = server.accept()
pause()
say("client address: ", address)
say("from client message: ", connection.recv(1024).decode())
leave(connection)
server.close()
