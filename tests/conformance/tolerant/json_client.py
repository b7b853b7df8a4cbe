# A JSON client that is right and does what it may do otherwise: `json_client.py PORT`.
import json
import socket
import sys
import time

from manners import say, send

connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
body = {"name": "jung", "count": 0}
for count in range(10):
    body["count"] = count
    text = json.dumps(body)
    say("send message: ", text.encode())
    send(connection, text[:9])
    send(connection, text[9:])
    say("From Server: ", json.loads(connection.recv(2048)))
    time.sleep(3)
connection.close()
