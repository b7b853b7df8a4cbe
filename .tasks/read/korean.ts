// The Korean of what the pages take over from elsewhere in English: README's tables, the labels of its
// diagrams, and the lines of lib/exercises.ts. The English is the key, so whoever changes it there sees
// tests/read_test.ts ask for the Korean.

import type { Text } from "./text.ts";

const KOREAN: Record<string, string> = {
  // What the scripts do: lib/exercises.ts.
  "Cinema reservation, server and client in one.":
    "영화관 예약. 서버와 클라이언트가 한 파일에 있습니다.",
  "Sign-up and login, server and client in one.":
    "회원가입과 로그인. 서버와 클라이언트가 한 파일에 있습니다.",
  "Case converter: answers each sentence in upper or lower case.":
    "대소문자 변환: 받은 문장을 대문자나 소문자로 바꾸어 답합니다.",
  "Case converter: sends a sentence, shows it in the other case.":
    "대소문자 변환: 문장을 보내고, 바뀐 문장을 보여 줍니다.",
  "Login: answers whether an id and a password belong together.":
    "로그인: ID와 비밀번호가 맞는지 답합니다.",
  "Login: sends an id and a password, shows the server's answer.":
    "로그인: ID와 비밀번호를 보내고 서버의 답을 보여 줍니다.",
  "Takes one connection, prints what it says, and ends.": "연결 하나를 받아 온 말을 찍고 끝납니다.",
  "Connects to soc1_server, says hello, and ends.": "soc1_server에 연결해 인사하고 끝납니다.",
  "Answers each client's message with its port number and a greeting.":
    "클라이언트의 메시지에 그 포트 번호와 인사말로 답합니다.",
  "Sends one message to soc2_server and prints the answer.":
    "soc2_server에 메시지 하나를 보내고 답을 찍습니다.",
  "Chat room with nicknames; /q leaves it.": "별명을 쓰는 채팅방. /q로 나갑니다.",
  "Joins the room of my_server under a nickname; /q leaves it.":
    "별명을 정하고 my_server의 방에 들어갑니다. /q로 나갑니다.",
  "Chat server: every message goes to all clients.":
    "채팅 서버: 모든 메시지가 모든 클라이언트에게 갑니다.",
  "Chat client: sends each line typed, shows what others send.":
    "채팅 클라이언트: 친 줄을 보내고 남들이 보낸 것을 보여 줍니다.",
  "Chat server: every message goes to all other clients.":
    "채팅 서버: 모든 메시지가 보낸 사람을 뺀 모두에게 갑니다.",
  "Chat client that takes the server's address from the command line.":
    "서버의 주소를 명령줄에서 받는 채팅 클라이언트.",
  "Chat client that puts your nickname before every message.":
    "메시지마다 앞에 별명을 붙이는 채팅 클라이언트.",
  "JSON server: answers ten JSON texts of each client with the same value.":
    "JSON 서버: 클라이언트마다 JSON 열 개를 받아 같은 값으로 답합니다.",
  "JSON client: sends a dictionary as JSON, shows what comes back.":
    "JSON 클라이언트: 딕셔너리를 JSON으로 보내고 돌아온 것을 보여 줍니다.",
  "Prints examples of JSON and of dictionaries.": "JSON과 딕셔너리의 예를 찍습니다.",
  "UDP server: prints every datagram and answers it.":
    "UDP 서버: 온 데이터그램을 찍고 하나씩 답합니다.",
  "UDP client: sends the listener a datagram and prints its answer.":
    "UDP 클라이언트: listener에 데이터그램을 보내고 답을 찍습니다.",
  "UDP broadcast: sends everyone on the local network a datagram, again and again.":
    "UDP 브로드캐스트: 같은 네트워크의 모두에게 데이터그램을 거듭 보냅니다.",
  "UDP broadcast: prints what the broadcaster sends.":
    "UDP 브로드캐스트: broadcaster가 보내는 것을 찍습니다.",
  "UDP broadcast: calls everyone on the local network and prints who answers.":
    "UDP 브로드캐스트: 같은 네트워크의 모두를 부르고 답한 쪽을 찍습니다.",
  "UDP broadcast: answers every call of the caller.":
    "UDP 브로드캐스트: caller의 부름에 매번 답합니다.",

  // README's table of the exercises.
  "an empty heading": "제목만 있음",
  "described only": "설명만 있음",
  "shown as a session": "대화형 예로 보임",
  "asked for": "실행하면 물어봄",
  "its arguments": "명령줄 인수",
  "none": "없음",

  // README's table of what breaks.
  "the sentence and the mode arrive as one recv: the server waits for a mode that has come, the client for an answer, for ever":
    "문장과 모드가 recv 한 번에 붙어서 옵니다. 서버는 이미 온 모드를, 클라이언트는 오지 않을 답을 끝없이 기다립니다.",
  "the server tells them apart however they are cut or merged; the client leaves 20 ms between them and ends its sending side":
    "서버는 어떻게 붙고 나뉘어 와도 둘을 가려냅니다. 클라이언트는 둘 사이에 20ms를 두고, 다 보내면 보내는 쪽을 끝냅니다.",
  "a client that closes without its goodbye makes recv return `b''` for ever: a core at 100 %, and cinema and membership never accept again":
    "인사 없이 끊은 클라이언트가 있으면 recv가 끝없이 `b''`를 줍니다. 코어 하나가 100%가 되고, cinema와 membership은 다시는 연결을 받지 않습니다.",
  "the end of the connection is the goodbye": "연결이 끝난 것을 작별 인사로 받아들입니다.",
  "one client at a time; a silent one keeps all others out":
    "한 번에 한 클라이언트만 맡습니다. 말이 없는 클라이언트 하나가 나머지를 모두 막습니다.",
  "all clients at once": "모든 클라이언트를 동시에 맡습니다.",
  "a reset connection ends the server": "연결 하나가 재설정(reset)되면 서버가 끝납니다.",
  "costs that connection": "그 연결만 끊깁니다.",
  "seat 7 raises IndexError, seat -1 books seat 4, seat `x` raises ValueError, `R` before `Q` raises KeyError; each ends the server":
    "좌석 7은 IndexError, 좌석 `x`는 ValueError, `Q`보다 먼저 온 `R`은 KeyError로 서버를 끝냅니다. 좌석 -1은 4번 좌석을 예약합니다.",
  "`out of index`, and `예약 실패 : 영화를 먼저 조회하시오`":
    "`out of index`, 또는 `예약 실패 : 영화를 먼저 조회하시오`라고 답합니다.",
  "the chosen film belongs to the server": "고른 영화를 서버가 하나만 기억합니다.",
  "belongs to the connection": "연결마다 따로 기억합니다.",
  "a comma in the password ends the server": "비밀번호에 쉼표가 있으면 서버가 끝납니다.",
  "split at the first comma": "첫 쉼표에서만 나눕니다.",
  "passwords are kept as typed": "비밀번호를 친 그대로 가지고 있습니다.",
  "kept as salted PBKDF2 hashes, never shown on a terminal":
    "소금을 친 PBKDF2 해시로만 가지고 있고, 터미널에는 보이지 않습니다.",
  "a client that vanished stays on the list; a broadcast raises when it reaches it, and whoever joined later hears nothing":
    "사라진 클라이언트가 명단에 남습니다. 모두에게 보내다가 그 차례에 예외가 나서, 나중에 들어온 사람은 아무것도 듣지 못합니다.",
  "leaves the room, and the room is told": "방에서 나간 것으로 하고, 방에 알립니다.",
  "the server goes away and the console fills with `receive :` lines":
    "서버가 사라지면 화면이 `receive :` 줄로 가득 찹니다.",
  "one line, exit status 1": "한 줄로 알리고 종료 상태 1로 끝납니다.",
  "two messages sent at once arrive as one; a long one is cut at 2,048 bytes, in mid-character too":
    "잇달아 보낸 두 메시지가 하나로 붙어서 옵니다. 긴 메시지는 2,048바이트에서 글자 가운데라도 잘립니다.",
  "clients leave 20 ms between two; up to 64 KiB stay whole; `--framing line` is exact":
    "클라이언트가 메시지 사이에 20ms를 둡니다. 64KiB까지 온전하고, `--framing line`이면 언제나 정확합니다.",
  "a client that does not read stops the whole room as soon as its buffers are full":
    "읽지 않는 클라이언트 하나의 버퍼가 차면 방 전체가 멈춥니다.",
  "is dropped when 1 MiB waits for it": "1MiB가 밀리면 그 클라이언트만 끊습니다.",
  "no TCP_NODELAY: a round trip takes 44 ms":
    "TCP_NODELAY가 없어서 한 번 오가는 데 44ms가 걸립니다.",
  "TCP_NODELAY": "TCP_NODELAY를 켭니다.",
  "anything that is not one whole JSON text in one recv ends the server":
    "recv 한 번에 온전한 JSON 하나가 오지 않으면 서버가 끝납니다.",
  "any number of texts in a segment, any number of segments for a text; what is not JSON costs that connection":
    "한꺼번에 여러 개가 와도, 하나가 여러 조각으로 와도 됩니다. JSON이 아니면 그 연결만 끊깁니다.",
  "when bind fails, `finally` raises NameError over the real error":
    "bind에 실패하면 `finally`의 NameError가 진짜 오류를 가립니다.",
  "one line that names the port": "어느 포트인지 한 줄로 말합니다.",
  "`recvfrom(1024)` cuts longer datagrams off without a word":
    "`recvfrom(1024)`는 더 긴 데이터그램을 말없이 잘라 버립니다.",
  "prints all, up to 65,507 bytes": "65,507바이트까지 모두 찍습니다.",
  "an answer that can't be sent ends it": "답을 보내지 못하면 끝나 버립니다.",
  "one line, and on": "한 줄로 알리고 계속합니다.",
  "no answer, or one that is not UTF-8: a traceback":
    "답이 없거나 UTF-8이 아니면 역추적(traceback)이 찍힙니다.",
  "no route: `OSError` ends it": "길이 없으면 `OSError`로 끝납니다.",
  "one line, and on with the next round": "한 줄로 알리고 다음 차례로 넘어갑니다.",
  "a second one on the machine: `Address already in use`":
    "한 컴퓨터에서 두 개를 켜면 `Address already in use`가 납니다.",
  "they share the port": "포트를 함께 씁니다.",
  "each answer restarts its 3 seconds, so a chatty device holds the round for ever; `except:` swallows Ctrl+C":
    "답이 올 때마다 3초를 다시 세므로, 자꾸 답하는 기기가 있으면 한 차례가 끝나지 않습니다. `except:`는 Ctrl+C도 삼킵니다.",
  "3 seconds a round, later answers in the next; Ctrl+C ends it":
    "한 차례는 3초이고, 늦은 답은 다음 차례에 찍습니다. Ctrl+C로 끝납니다.",

  // The labels of README's diagrams.
  "loop": "반복",
  "alt": "만약",
  "else": "아니면",
  "client": "클라이언트",
  "server": "서버",
  "another client": "다른 클라이언트",
  "another receiver": "다른 receiver",
  "another callee": "다른 callee",
  "listener, port 20001": "listener, 포트 20001",
  "255.255.255.255, port 37020": "255.255.255.255, 포트 37020",
  "255.255.255.255, port 37021": "255.255.255.255, 포트 37021",
  "'메가박스' (the cinema's name)": "'메가박스' (영화관 이름)",
  "there is such a film": "그런 영화가 있음",
  "the seat is free": "빈 좌석",
  "it is taken": "이미 예약된 좌석",
  "it is none of 0 to 4": "0~4가 아닌 좌석",
  "there is none": "그런 영화가 없음",
  "until 3 is chosen": "3을 고를 때까지",
  "1, sign up": "1, 회원가입",
  "2, log in": "2, 로그인",
  "'가입 성공' or '가입 실패 : 기 가입자'": "'가입 성공' 또는 '가입 실패 : 기 가입자'",
  "'로그인 성공', '로그인 실패 : 패스워드 오류' or '로그인 실패 : 미 가입자'":
    "'로그인 성공', '로그인 실패 : 패스워드 오류' 또는 '로그인 실패 : 미 가입자'",
  "'Hi' (the sentence)": "'Hi' (문장)",
  "'1' for upper case, '2' for lower case": "'1'은 대문자로, '2'는 소문자로",
  "these two may arrive as one": "이 둘은 하나로 붙어서 올 수 있음",
  "FIN (the original only after the answer)": "FIN (원본은 답을 받은 뒤에)",
  "'HI', or 'Error' for any other mode": "'HI', 다른 모드면 'Error'",
  "'jung↵' (the ID)": "'jung↵' (ID)",
  "'1234↵' (the password)": "'1234↵' (비밀번호)",
  "these two may arrive as one, which does not matter here":
    "이 둘은 붙어서 올 수 있지만 여기서는 괜찮음",
  "'Login success↵', 'Wrong password↵' or 'Unknown ID↵'":
    "'Login success↵', 'Wrong password↵' 또는 'Unknown ID↵'",
  "ends": "끝남",
  "'from server: 53422너도 잘 지내라' (53422 is the client's port)":
    "'from server: 53422너도 잘 지내라' (53422는 클라이언트의 포트)",
  "'정은' (the first message is the nickname)": "'정은' (첫 메시지가 별명)",
  "'안녕' (not from chat_server_no_echo)": "'안녕' (chat_server_no_echo는 보내지 않음)",
  "ten times, every 3 seconds": "3초마다, 열 번",
  "without an answer it gives up after 5 seconds": "답이 없으면 5초 뒤에 그만둠",
  "every second": "1초마다",
  "a round of 3 seconds, then a second of rest": "한 차례 3초, 그리고 1초 쉼",
};

/** What is the same in both languages: bytes in quotes, names, addresses. */
const SAME =
  /^('[^']*'|connect|FIN|\w+\.py|[\d.:]+|정은|철수|notify|listener|broadcaster|receiver|caller|callee)?$/;

/** A text in both languages; in English alone where there is no Korean for it. */
export function inKorean(en: string): Text {
  return { ko: KOREAN[en] ?? en, en };
}

/** Whether there is Korean for it, or needs none. */
export function hasKorean(en: string): boolean {
  return Object.hasOwn(KOREAN, en) || SAME.test(en);
}
