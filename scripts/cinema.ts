#!/usr/bin/env -S deno run --allow-net
/**
 * 과제 1 : 영화관 예약 시스템
 *
 * Cinema reservation, server and client in one file. A client asks for a film (`영화 A` to `영화 E`) and
 * takes one of its seats, 0 to 4.
 * Try it: `deno run --allow-net scripts/cinema.ts` in two terminals, `server` in one, `client` in the
 * other, with address 127.0.0.1 and port 9999 in both.
 */
import { capitalize, int } from "../lib/builtins.ts";
import { input, print } from "../lib/console.ts";
import { UsageError } from "../lib/errors.ts";
import { ask, parseFlags, run } from "../lib/script.ts";
import { BACKLOG, ClientSocket, MessageListener, type SocketOptions } from "../lib/socket.ts";
import { openTable, type Table } from "../lib/table.ts";
import { Thread } from "../lib/threading.ts";

/** What the server takes beside its address. */
type ServerOptions = SocketOptions & { data?: string };

async function ClientMain(server: string, port: number, flags: SocketOptions) {
  const s = new ClientSocket(await Deno.connect({ hostname: server, port }), flags);

  const cinemaName = await s.recv();
  print(`${cinemaName} 영화관에 어서오세요`);

  const cinema = await input("조회 할 영화 이름을 입력하시오 : ");
  await s.send(`Q${cinema}`);

  const cinemaState = await s.recv();

  if (cinemaState === "SUCCESS") {
    const seatNumber = await input("예약 할 좌석 번호를 입력하시오 : ");
    await s.send(`R${seatNumber}`);

    const result = await s.recv();

    print(`예약 상태 ${result}`);
  } else {
    print("좌석이 없습니다.");
  }

  await s.send("E");

  await s.close();
}

async function ServerMain(host: string, hostname: string, port: number, flags: ServerOptions) {
  const cinemaReservedList = new Map<string, Table>(); // of each film the seats that are taken
  for (const cinema of ["영화 A", "영화 B", "영화 C", "영화 D", "영화 E"]) {
    cinemaReservedList.set(cinema, await openTable(cinema, flags.data));
  }

  const s = new MessageListener(Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG }), flags);

  while (true) {
    const [clientSocket, clientAddr] = await s.accept();

    print("클라이언트가 연결되었습니다 :", clientAddr);

    clientSocket.send(hostname);

    new Thread(clientSocket, async () => {
      let curCinemaName = ""; // the film that this client has chosen

      while (true) {
        const recv = await clientSocket.recv();
        if (recv === null) break; // gone without an E

        const command = recv.slice(0, 1);
        const value = recv.slice(1);

        print(`전달받은 메시지 : ${recv}`);

        if (command === "Q") {
          print("영화를 조회합니다.");
          if (cinemaReservedList.has(value)) {
            clientSocket.send("SUCCESS");
            curCinemaName = value;
            print("있는 영화");
          } else {
            clientSocket.send("FAIL");
            print("없는 영화");
          }
        } else if (command === "R") {
          print(`${curCinemaName}:${value} 예약을 확인합니다.`);
          const seats = cinemaReservedList.get(curCinemaName);
          const seat = int(value) ?? -1;
          if (!seats) {
            clientSocket.send("예약 실패 : 영화를 먼저 조회하시오");
            print("예약 실패");
          } else if (seat < 5 && seat >= 0) {
            if (!await seats.add(`${seat}`, "1")) { // looks and takes in one step: 1 is reserved
              clientSocket.send("예약 실패 : 이미 예약됨");
              print("이미 예약된 좌석");
            } else {
              clientSocket.send("예약 성공");
              print("예약 성공");
            }
          } else {
            clientSocket.send("out of index");
            print("예약 실패");
          }
        } else if (command === "E") {
          break;
        } else {
          clientSocket.send("알 수 없는 명령");
        }
      }
      print("클라이언트 연결이 종료되었습니다.");
      clientSocket.close();
    }).start();
  }
}

export async function main(args = Deno.args) {
  const flags = await parseFlags(args, "cinema", {
    role: undefined,
    host: undefined,
    port: undefined,
    name: undefined,
    framing: "auto",
    data: undefined,
  });
  const programType = flags.role ?? await input("Input <server> OR <client> : ");
  const host = flags.host ?? await ask("host", "서버 IP 주소를 입력하시오 : ");
  const port = flags.port ?? await ask("port", "포트 번호를 입력하시오 : ");

  if (capitalize(programType) === capitalize("server")) {
    const hostname = flags.name ?? await ask("name", "영화관 이름을 입력하시오 : ");
    await ServerMain(host, hostname, port, { ...flags, port });
  } else if (capitalize(programType) === capitalize("client")) {
    if (flags.data) throw new UsageError("--data is for the server");
    if (flags.name) throw new UsageError("--name is for the server");
    await ClientMain(host, port, flags);
  } else {
    print("Wrong program type");
    throw new UsageError(`"${programType}" is neither server nor client`);
  }
}

if (import.meta.main) await run(main);
