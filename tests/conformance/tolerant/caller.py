# A caller that is right and does what it may do otherwise: `caller.py HOST PORT`. The word that the slide
# spells wrongly is spelled rightly.
import socket
import sys
import time

from manners import pause, say

address = (sys.argv[1], int(sys.argv[2]))
calling = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
calling.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
say("UDP Broadcast to check devices")
while True:
    pause()
    calling.sendto(b"broadcast message", address)
    say("Broadcast message")
    end = time.monotonic() + 3
    while (left := end - time.monotonic()) > 0:
        calling.settimeout(left)
        try:
            _, answerer = calling.recvfrom(1024)
        except TimeoutError:
            break
        say(f"Message from client {answerer}")
