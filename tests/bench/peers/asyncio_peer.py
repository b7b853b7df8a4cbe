# The servers of the benchmark on asyncio, with protocols, the quickest way it has:
#   python3 asyncio_peer.py room|line-room|json|udp
# asyncio sets TCP_NODELAY by itself.
import asyncio
import json
import sys

members = set()


class Room(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        members.add(transport)

    def data_received(self, data):
        for member in members:
            member.write(data)

    def connection_lost(self, error):
        members.discard(self.transport)


class LineRoom(Room):
    held = b""

    def data_received(self, data):
        *lines, self.held = (self.held + data).split(b"\n")
        for line in lines:
            message = line + b"\n"
            for member in members:
                member.write(message)


class AnswerJson(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        r_data = json.loads(data.decode())
        print("r_data :", r_data)
        self.transport.write(json.dumps(r_data).encode())


class AnswerDatagram(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        print(f"Message [{data}] from {addr}")
        self.transport.sendto(b"Hello UDP Client", addr)


async def main(kind):
    loop = asyncio.get_running_loop()
    if kind == "udp":
        listening, _ = await loop.create_datagram_endpoint(AnswerDatagram, ("127.0.0.1", 0))
        address = listening.get_extra_info("sockname")
    else:
        protocol = {"room": Room, "line-room": LineRoom, "json": AnswerJson}[kind]
        server = await loop.create_server(protocol, "127.0.0.1", 0, backlog=4096)
        address = server.sockets[0].getsockname()
    print(f"listening on 127.0.0.1:{address[1]}", file=sys.stderr, flush=True)
    await asyncio.Future()


asyncio.run(main(sys.argv[1]))
