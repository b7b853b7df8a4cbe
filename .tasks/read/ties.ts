// What stands for what: the calls and names of the Python originals, tied to those of the scripts, with a
// sentence on the difference. Plain data; align.ts looks it up in both texts.

import type { Text } from "./text.ts";

/** What is tied: the group of a pattern, which is looked for where no comment and no string is. */
export interface Tie {
  id: string;
  /** What Python calls it; none where it has no such thing. */
  name?: string;
  python?: RegExp;
  script?: RegExp;
  /** How the two differ. */
  difference: Text;
  /** Why there is no partner, where there is none. Without it such a place is not tied at all. */
  alone?: Text;
}

export const TIES: readonly Tie[] = [
  {
    id: "socket",
    name: "socket.socket",
    python: /(?<!\w)((?:socket\.)?socket)\s*\(/gd,
    script: /\bnew\s+(MessageListener|ClientSocket|UdpSocket)\b/gd,
    difference: {
      ko:
        "파이썬은 빈 소켓을 만든 다음 `bind`, `listen`, `connect`를 부릅니다. Deno는 이미 열린 소켓을 한 번에 주므로, 그것을 파이썬처럼 쓸 수 있게 클래스로 감쌉니다.",
      en:
        "Python makes an empty socket, then calls `bind`, `listen` or `connect` on it. Deno gives one that is open already; a class wraps it, so that it is used as in Python.",
    },
  },
  {
    id: "bind",
    name: "bind",
    python: /\.(bind)\s*\(/gd,
    script: /\b(Deno\.listen(?:Datagram)?)\(/gd,
    difference: {
      ko:
        "`Deno.listen`은 소켓을 만들고 주소에 묶고 듣기 시작하는 일을 한 번에 합니다. UDP에서는 `Deno.listenDatagram`입니다.",
      en:
        "`Deno.listen` makes the socket, binds it to its address and listens, all in one call. For UDP it is `Deno.listenDatagram`.",
    },
  },
  {
    id: "bind-any",
    script: /\b(Deno\.listenDatagram)\((?=[^;]*port: 0)/gd,
    difference: {
      ko:
        "여기서는 포트 0에 묶습니다. 파이썬에서 `bind`를 부르지 않은 소켓에는 운영체제가 첫 `sendto` 때 포트를 줍니다.",
      en:
        "Bound to port 0 here. A Python socket without `bind` gets its port from the system at the first `sendto`.",
    },
    alone: {
      ko: "`bind` 없이 보내면 운영체제가 포트를 줍니다.",
      en: "A socket that sends without `bind` gets a port from the system.",
    },
  },
  {
    id: "listen",
    name: "listen",
    python: /\.(listen)\s*\(/gd,
    script: /\b(Deno\.listen)\(/gd,
    difference: {
      ko:
        "`Deno.listen` 안에 들어 있습니다. 기다리는 줄의 길이는 괄호 안의 수 대신 `tcpBacklog`로 정합니다.",
      en:
        "Part of `Deno.listen`. How many may wait to be accepted is said with `tcpBacklog` in place of the number in brackets.",
    },
  },
  {
    id: "reuse",
    name: "setsockopt",
    python: /\.(setsockopt)\s*\(\s*socket\.SOL_SOCKET,\s*socket\.SO_REUSEADDR/gd,
    script: /\b(Deno\.listen)\(/gd,
    difference: {
      ko:
        "Deno는 TCP 서버의 `SO_REUSEADDR`를 스스로 켭니다(윈도우에서는 필요 없습니다). 그래서 방금 끝낸 서버의 포트를 바로 다시 쓸 수 있습니다.",
      en:
        "Deno sets `SO_REUSEADDR` on a TCP server by itself (Windows needs none), so the port of a server that has just ended can be had again at once.",
    },
  },
  {
    id: "broadcast",
    name: "setsockopt",
    python: /\.(setsockopt)\s*\(\s*socket\.SOL_SOCKET,\s*socket\.SO_BROADCAST/gd,
    script: /\b(Deno\.listenDatagram)\(/gd,
    difference: {
      ko: "Deno는 UDP 소켓의 `SO_BROADCAST`를 언제나 켜 둡니다.",
      en: "Deno sets `SO_BROADCAST` on every UDP socket by itself.",
    },
  },
  {
    id: "connect",
    name: "connect",
    python: /\.(connect)\s*\(/gd,
    script: /\b(Deno\.connect)\(/gd,
    difference: {
      ko: "소켓을 만들고 연결하는 일을 한 번에 합니다. 주소는 튜플이 아니라 객체로 줍니다.",
      en:
        "Makes the socket and connects it in one call. The address is an object in place of a tuple.",
    },
  },
  {
    id: "accept",
    name: "accept",
    python: /\.(accept)\s*\(/gd,
    script: /\.(accept)\(/gd,
    difference: {
      ko:
        "하는 일과 돌려주는 것이 같습니다. 다만 `await`로 기다리므로, 그동안 다른 클라이언트도 차례를 얻습니다.",
      en:
        "Does and gives the same. It waits with `await`, though, so other clients have their turn meanwhile.",
    },
  },
  {
    id: "recv",
    name: "recv",
    python: /\.(recv)\s*\(/gd,
    script: /\.(recv)\(/gd,
    difference: {
      ko:
        "바이트 대신 메시지 하나를 문자열로 줍니다. 연결이 끝나면 파이썬은 끝없이 `b''`를 주지만, 서버에서는 `null`이 오고 클라이언트에서는 예외가 납니다.",
      en:
        "Gives one message as text in place of bytes. Where the connection has ended, Python gives `b''` for ever; here a server gets `null`, and in a client it throws.",
    },
  },
  {
    id: "send",
    name: "send, sendall",
    python: /\.(sendall|send)\s*\(/gd,
    script: /\.(send)\(/gd,
    difference: {
      ko:
        "문자열을 그대로 넘기면 소켓이 UTF-8로 바꾸어 언제나 전부 보냅니다. 서버는 줄에 세우고 바로 다음 일을 하고, 클라이언트는 운영체제에 넘어갈 때까지 `await`로 기다립니다.",
      en:
        "Takes text, turns it into UTF-8 and always sends all of it. A server queues it and goes on at once; a client awaits that the system has it.",
    },
  },
  {
    id: "sendto",
    name: "sendto",
    python: /\.(sendto)\s*\(/gd,
    script: /\.(sendto)\(/gd,
    difference: {
      ko:
        "인수의 순서는 같고, 바이트 대신 문자열을 넘깁니다. 보내지 못하면 예외 대신 `false`를 주고 stderr에 한 줄을 남깁니다.",
      en:
        "Takes the same arguments, with text in place of bytes. Where it can't be sent it gives `false` and a line on stderr in place of an exception.",
    },
  },
  {
    id: "recvfrom",
    name: "recvfrom",
    python: /\.(recvfrom)\s*\(/gd,
    script: /\.(recvfrom)\(/gd,
    difference: {
      ko:
        "버퍼의 크기를 말하지 않습니다. 긴 데이터그램도 잘리지 않고 옵니다. 괄호 안에 쓰는 수는 기다릴 시간(초)입니다.",
      en:
        "Takes no size of a buffer: a long datagram comes whole. A number in brackets is how many seconds to wait.",
    },
  },
  {
    id: "settimeout",
    name: "settimeout",
    python: /\.(settimeout)\s*\(/gd,
    script: /\.(recvfrom)\((?=[^)])/gd,
    difference: {
      ko: "기다릴 시간을 소켓이 아니라 `recvfrom`을 부를 때마다 초로 줍니다.",
      en: "The time to wait is given to each call of `recvfrom`, and not to the socket.",
    },
    alone: {
      ko: "보내기만 하는 프로그램이라 기다릴 것이 없습니다.",
      en: "This program only sends: there is nothing to wait for.",
    },
  },
  {
    id: "close",
    name: "close",
    python: /\.(close)\b/gd,
    script: /\.(close)\(/gd,
    difference: {
      ko: "보내려던 것이 다 나간 다음에 닫습니다. 클라이언트는 그것을 `await`로 기다립니다.",
      en: "Closes when all that was to be sent has gone out. A client awaits that.",
    },
  },
  {
    id: "thread",
    name: "threading.Thread",
    python: /\b(threading\.Thread)\s*[)(]/gd,
    script: /\b(?:extends|new)\s+(Thread)\b/gd,
    difference: {
      ko:
        "운영체제의 스레드가 아니라 이벤트 루프 위의 async 함수입니다. `await`에서만 차례가 바뀌므로 잠금(lock)이 필요 없습니다.",
      en:
        "No thread of the system but an async function on the event loop. Only an `await` lets others run, so no lock is needed.",
    },
  },
  {
    id: "thread-each",
    script: /\bnew\s+(Thread)\(\w+, async/gd,
    difference: {
      ko: "원본은 한 번에 한 클라이언트만 맡습니다. 여기서는 클라이언트마다 따로 돌아갑니다.",
      en: "The original serves one client at a time. Here each has a thread of its own.",
    },
    alone: {
      ko: "원본은 한 번에 한 클라이언트만 맡습니다. 여기서는 클라이언트마다 따로 돌아갑니다.",
      en: "The original serves one client at a time. Here each has a thread of its own.",
    },
  },
  {
    id: "init-thread",
    name: "threading.Thread.__init__",
    python: /\b(threading\.Thread\.__init__)/gd,
    script: /\b(super)\(/gd,
    difference: {
      ko:
        "부모 클래스를 준비하는 일입니다. 괄호 안에는 이 스레드가 맡을 클라이언트를 줄 수 있습니다.",
      en: "Makes the parent class ready. It may be given the client that the thread serves.",
    },
  },
  {
    id: "init",
    name: "__init__",
    python: /\bdef\s+(__init__)/gd,
    script: /\b(constructor)\(/gd,
    difference: {
      ko: "`readonly csocket`처럼 매개변수 앞에 쓰면 `self.csocket = ...`까지 한 것이 됩니다.",
      en: "`readonly csocket` before a parameter does what `self.csocket = ...` does as well.",
    },
  },
  {
    id: "run",
    name: "run",
    python: /\bdef\s+(run)\b/gd,
    script: /\basync\s+(run)\(/gd,
    difference: {
      ko: "`async` 함수입니다. 기다리는 곳마다 `await`를 쓰고, 그때 다른 일이 차례를 얻습니다.",
      en: "An `async` function: it awaits wherever it waits, and others have their turn then.",
    },
  },
  {
    id: "start",
    name: "start",
    python: /\.(start)\s*\(/gd,
    script: /\.(start)\(/gd,
    difference: {
      ko: "`run`을 시작하고, 끝나기를 기다리지 않고 다음 줄로 갑니다.",
      en: "Begins `run` and goes on without waiting for its end.",
    },
  },
  {
    id: "daemon",
    name: "daemon",
    python: /\.(daemon)\b/gd,
    difference: {
      ko: "필요 없습니다. `main`이 끝나면 프로그램이 끝납니다.",
      en: "Not needed: the program ends when `main` does.",
    },
    alone: {
      ko: "필요 없습니다. `main`이 끝나면 프로그램이 끝납니다.",
      en: "Not needed: the program ends when `main` does.",
    },
  },
  {
    id: "int-input",
    name: "int(input())",
    python: /\b(int)\s*\(\s*input\b/gd,
    script: /(?<![.\w])(inputInt|ask)\(/gd,
    difference: {
      ko: "숫자가 아닌 것을 치면 `ValueError`로 끝나는 대신 stderr에 한 줄을 쓰고 다시 묻습니다.",
      en:
        "What is no number is told on stderr and asked for again, in place of a `ValueError` that ends it.",
    },
  },
  {
    id: "input",
    name: "input",
    python: /(?<![.\w])(input)\s*\(/gd,
    script: /(?<![.\w])(input|inputInt|inputSecret|ask)\(/gd,
    difference: {
      ko:
        "`await`로 기다립니다. 터미널에서는 그동안 온 메시지가 치던 줄 위에 나타나고, 치던 글은 그대로 있습니다.",
      en:
        "It is awaited. At a terminal what arrives meanwhile appears above the line being typed, which stays.",
    },
  },
  {
    id: "print",
    name: "print",
    python: /(?<![.\w])([Pp]rint)\s*\(/gd,
    script: /(?<![.\w])(print)\(/gd,
    difference: {
      ko:
        "찍히는 글자가 같습니다. `console.log`와 달리 주소는 `('127.0.0.1', 53422)`, 바이트는 `b'...'`로, 파이썬이 찍는 그대로입니다.",
      en:
        "Prints the same characters. Unlike `console.log` it writes an address as `('127.0.0.1', 53422)` and bytes as `b'...'`, just as Python does.",
    },
  },
  {
    id: "dumps",
    name: "json.dumps",
    python: /\b(json\.dumps)\s*\(/gd,
    script: /(?<![.\w])(dumps)\(/gd,
    difference: {
      ko:
        "`JSON.stringify`와 달리 쉼표와 쌍점 뒤에 빈칸을 넣고 한글을 `\\uXXXX`로 쓰므로, 나가는 바이트가 파이썬과 같습니다.",
      en:
        "Unlike `JSON.stringify` it puts a space after comma and colon and writes `\\uXXXX`, so the bytes are Python's.",
    },
  },
  {
    id: "loads",
    name: "json.loads",
    python: /\b(json\.loads)\s*\(/gd,
    script: /(?<![.\w])(loads)\(/gd,
    difference: {
      ko: "객체를 `Map`으로 주어 키의 순서를 지키고, `1.0`과 `1`을 파이썬처럼 구별합니다.",
      en:
        "Gives an object as a `Map`, which keeps the order of its keys, and tells `1.0` from `1`.",
    },
  },
  {
    id: "sleep",
    name: "time.sleep",
    python: /\b(time\.sleep)\s*\(/gd,
    script: /(?<![.\w])(sleep)\(/gd,
    difference: {
      ko: "초 단위인 것도 같습니다. `await`로 기다리는 동안 다른 일은 계속됩니다.",
      en: "In seconds too. It is awaited, and everything else goes on meanwhile.",
    },
  },
  {
    id: "argv",
    name: "sys.argv",
    python: /((?:\bsys\.)?\bargv)\b/gd,
    script: /\b(flags\._)/gd,
    difference: {
      ko:
        "파이썬의 `argv`는 프로그램 이름부터 셉니다. 여기서는 `parseFlags`가 옵션을 떼고 남은 것만 `_`에 줍니다.",
      en:
        "Python's `argv` counts from the program's name. Here `parseFlags` takes the flags off and leaves only the rest in `_`.",
    },
  },
  {
    id: "quit",
    name: "quit",
    python: /(?<![.\w])(quit)\s*\(/gd,
    script: /\b(return\s+2)\b/gd,
    difference: {
      ko: "`main`이 돌려주는 수가 종료 상태입니다. 2는 쓰는 법이 틀렸다는 뜻입니다.",
      en: "What `main` returns is the exit status: 2 says that it was used wrongly.",
    },
  },
  {
    id: "exit",
    name: "sys.exit",
    python: /\b(sys\.exit)\s*\(/gd,
    script: /\bthrow new (Failure)\(/gd,
    difference: {
      ko: "까닭을 stderr에 한 줄로 쓰고 종료 상태 1로 끝냅니다.",
      en: "Says why in one line on stderr, and ends with status 1.",
    },
  },
  {
    id: "encode",
    name: "encode, bytes",
    python: /\.(encode)\s*\(|(?<![.\w])(bytes)\s*\(/gd,
    script: /\bnew\s+(TextEncoder)\b/gd,
    difference: {
      ko: "문자열을 UTF-8 바이트로 바꿉니다.",
      en: "Turns text into bytes, in UTF-8.",
    },
    alone: {
      ko: "필요 없습니다. 소켓에 문자열을 넘기면 소켓이 UTF-8로 바꿉니다.",
      en: "Not needed: the socket takes text and turns it into UTF-8.",
    },
  },
  {
    id: "decode",
    name: "decode",
    python: /\.(decode)\s*\(/gd,
    script: /(?<![.\w])(decode)\(/gd,
    difference: {
      ko: "UTF-8이 아니면 역추적(traceback) 대신 누가 무엇을 보냈는지 한 줄로 말합니다.",
      en: "Where it is not UTF-8, one line says who sent that, in place of a traceback.",
    },
    alone: {
      ko: "필요 없습니다. `recv`가 이미 문자열을 줍니다.",
      en: "Not needed: `recv` gives text already.",
    },
  },
  {
    id: "gethostname",
    name: "socket.gethostname",
    python: /\b(socket\.gethostname)\s*\(/gd,
    difference: {
      ko: "원본에서도 쓰이지 않는 값이라 뺐습니다.",
      en: "Left out: the original does not use it either.",
    },
    alone: {
      ko: "원본에서도 쓰이지 않는 값이라 뺐습니다.",
      en: "Left out: the original does not use it either.",
    },
  },
  {
    id: "isupper",
    name: "isupper",
    python: /\.(isupper)\s*\(/gd,
    script: /\b(isUpper)\(/gd,
    difference: {
      ko:
        "문자열의 메서드가 아니라 함수입니다. 자바스크립트에는 없어서 파이썬의 규칙대로 만들었습니다.",
      en: "A function and not a method: JavaScript has none, so it is made after Python's rule.",
    },
  },
  {
    id: "islower",
    name: "islower",
    python: /\.(islower)\s*\(/gd,
    script: /\b(isLower)\(/gd,
    difference: {
      ko:
        "문자열의 메서드가 아니라 함수입니다. 자바스크립트에는 없어서 파이썬의 규칙대로 만들었습니다.",
      en: "A function and not a method: JavaScript has none, so it is made after Python's rule.",
    },
  },
  {
    id: "upper",
    name: "upper",
    python: /\.(upper)\s*\(/gd,
    script: /\.(toUpperCase)\(/gd,
    difference: { ko: "같은 일을 합니다.", en: "Does the same." },
  },
  {
    id: "lower",
    name: "lower",
    python: /\.(lower)\s*\(/gd,
    script: /\.(toLowerCase)\(/gd,
    difference: { ko: "같은 일을 합니다.", en: "Does the same." },
  },
  {
    id: "capitalize",
    name: "capitalize",
    python: /\.(capitalize)\s*\(/gd,
    script: /(?<![.\w])(capitalize)\(/gd,
    difference: {
      ko: "문자열의 메서드가 아니라 함수입니다. 첫 글자만 대문자로, 나머지는 소문자로 만듭니다.",
      en: "A function and not a method: the first letter in upper case, the rest in lower case.",
    },
  },
  {
    id: "main",
    name: "__name__",
    python: /\b(__name__)\b/gd,
    script: /\b(import\.meta\.main)\b/gd,
    difference: {
      ko:
        "이 파일을 직접 실행했을 때만 참입니다. 다른 파일이 불러 쓸 때는 아무것도 시작하지 않습니다.",
      en: "True only where this very file was started. Where another imports it, nothing begins.",
    },
    alone: {
      ko: "원본은 파일을 실행하면 위에서부터 바로 시작합니다.",
      en: "The original begins at its top when it is started.",
    },
  },
  {
    id: "main-function",
    script: /\bexport async function (main)\(/gd,
    difference: {
      ko:
        "원본에서는 파일의 맨 바깥에 있는 코드입니다. `main`에 담았으므로 `sockets.ts`가 이름으로 부를 수 있습니다.",
      en:
        "The original's code outside of all functions. In a `main` it can be called by name from `sockets.ts`.",
    },
    alone: {
      ko: "원본에서는 파일의 맨 바깥에 있는 코드입니다.",
      en: "In the original this code stands outside of all functions.",
    },
  },
  {
    id: "flags",
    script: /\b(parseFlags)\(/gd,
    difference: {
      ko:
        "원본의 주소는 코드에 적힌 그대로입니다. 여기서는 그것이 기본값이고, `--host`와 `--port`로 바꿀 수 있습니다.",
      en:
        "The original's address stands in its code. Here that is the default, and `--host` and `--port` change it.",
    },
    alone: {
      ko: "원본의 주소는 코드에 적힌 그대로이고, 바꿀 수 없습니다.",
      en: "The original's address stands in its code and can't be changed.",
    },
  },
  {
    id: "repr",
    name: 'f"{}"',
    python: /(?<=\{)(\w+)(?=\})/gd,
    script: /(?<![.\w])(repr)\(/gd,
    difference: {
      ko:
        "파이썬의 f-문자열은 값을 파이썬이 쓰는 모양으로 넣습니다. 여기서는 `repr`가 그 모양을 만듭니다.",
      en: "Python's f-string writes a value as Python does. Here `repr` makes it look so.",
    },
  },
  {
    id: "append",
    name: "append",
    python: /\.(append)\s*\(/gd,
    script: /\.(add)\(/gd,
    difference: {
      ko: "리스트가 아니라 `Set`이어서 `append` 대신 `add`입니다.",
      en: "A `Set` and not a list: `add` in place of `append`.",
    },
  },
  {
    id: "remove",
    name: "remove",
    python: /\.(remove)\s*\(/gd,
    script: /\.(delete)\(/gd,
    difference: {
      ko: "`Set`에 없는 것을 빼도 예외가 나지 않으므로 먼저 물어볼 필요가 없습니다.",
      en: "Taking off what is not in the `Set` raises nothing, so there is no need to ask first.",
    },
  },
  {
    id: "len",
    name: "len",
    python: /(?<![.\w])(len)\s*\((?!sys|argv)/gd,
    script: /\.(size)\b/gd,
    difference: {
      ko: "`Set`과 `Map`의 개수는 `size`입니다.",
      en: "A `Set` and a `Map` have `size`.",
    },
  },
  {
    id: "range",
    name: "range",
    python: /\bin\s+(range)\s*\(/gd,
    script: /\b(for)\s*\(let\b/gd,
    difference: {
      ko: "0부터 하나씩 세는 `for` 문입니다.",
      en: "A `for` loop that counts up from 0.",
    },
  },
  {
    id: "slice",
    name: "[0:1]",
    python: /\w(\[\d*:\d*\])/gd,
    script: /\.(slice)\(/gd,
    difference: {
      ko: "잘라 내는 자리를 괄호 안에 씁니다.",
      en: "The places to cut stand in brackets.",
    },
  },
  {
    id: "split",
    name: "split",
    python: /\.(split)\s*\(/gd,
    script: /(?<![.\w])(parseAccount)\(/gd,
    difference: {
      ko:
        "첫 쉼표에서만 나누므로 비밀번호에 쉼표가 있어도 됩니다. 형식이 틀리면 `undefined`입니다.",
      en:
        "Split at the first comma only, so a password may hold more of them. Gives `undefined` where the form is wrong.",
    },
  },
  {
    id: "dict",
    name: "dict",
    python: /=\s*(dict)\s*\(/gd,
    script: /\b(UserTable)\.open\(/gd,
    difference: {
      ko: "비밀번호를 친 그대로가 아니라 해시로만 가지고 있습니다.",
      en: "Keeps a password only as a hash, and not as it was typed.",
    },
  },
  {
    id: "int",
    name: "int",
    python: /(?<![.\w])(int)\s*\((?!\s*input)/gd,
    script: /(?<![.\w])(int|argument)\(/gd,
    difference: {
      ko: "숫자가 아니어도 `ValueError`로 서버가 죽지 않습니다.",
      en: "What is no number raises no `ValueError` that ends the program.",
    },
  },
  {
    id: "str",
    name: "str",
    python: /(?<![.\w])(str)\s*\(/gd,
    difference: {
      ko: "필요 없습니다. 문자열에 수를 더하면 문자열이 됩니다.",
      en: "Not needed: a number added to text becomes text.",
    },
    alone: {
      ko: "필요 없습니다. 문자열에 수를 더하면 문자열이 됩니다.",
      en: "Not needed: a number added to text becomes text.",
    },
  },
  {
    id: "except",
    name: "except",
    python: /\b(except)\s*:/gd,
    script: /\b(catch)\s*\(/gd,
    difference: {
      ko:
        "`except:`는 Ctrl+C까지 삼킵니다. 여기서는 시간이 다 된 것만 넘기고 나머지는 다시 던집니다.",
      en:
        "`except:` swallows Ctrl+C too. Here only the end of the time is passed over, and the rest thrown again.",
    },
  },
  {
    id: "exception",
    name: "except",
    python: /\b(except)\s+Exception/gd,
    script: /\b(catch)\s*\(/gd,
    difference: {
      ko: "무엇이 던져졌는지 `e`에 담기는 것도 같습니다.",
      en: "The same, with what was thrown in `e`.",
    },
  },
];
