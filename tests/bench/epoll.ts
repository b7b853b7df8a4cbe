// Sockets straight from the C library (Linux), for the load generator: without promises and objects
// between it and the kernel it is quicker than any server measured, so that it is never what is
// measured. Each function is the system call of that name; see its manual page.

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
});

const AF_INET = 2, SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_NONBLOCK = 0o4000;
const IPPROTO_TCP = 6, TCP_NODELAY = 1;
const MSG_NOSIGNAL = 0x4000;
const EPOLL_CTL_ADD = 1, EPOLL_CTL_MOD = 3;
export const EPOLLIN = 1, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16;

/** `struct epoll_event` is packed on x86-64 only. */
const EVENT_SIZE = Deno.build.arch === "x86_64" ? 12 : 16;
const EVENT_DATA = EVENT_SIZE - 8;
const EVENTS_AT_ONCE = 512;

const one = new Uint8Array(new Uint32Array([1]).buffer);

/** `struct sockaddr_in` of a port at 127.0.0.1; made once, since thousands connect to the same. */
const address = new DataView(new ArrayBuffer(16));
address.setUint16(0, AF_INET, true);
address.setUint8(4, 127);
address.setUint8(7, 1);

function loopback(port: number): DataView<ArrayBuffer> {
  address.setUint16(2, port);
  return address;
}

function open(type: number, port: number): number {
  const fd = libc.socket(AF_INET, type | SOCK_NONBLOCK, 0);
  if (fd < 0) throw new Error("socket failed: too many open files? Try ulimit -n 20000");
  if (type === SOCK_STREAM) libc.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, one, 4);
  libc.connect(fd, loopback(port), 16); // in progress: EPOLLOUT tells when it is done
  return fd;
}

/** A TCP socket that has begun to connect to 127.0.0.1; gives its file descriptor. */
export function openTcp(port: number): number {
  return open(SOCK_STREAM, port);
}

/** A UDP socket that sends to, and hears, that port at 127.0.0.1 only; gives its file descriptor. */
export function openUdp(port: number): number {
  return open(SOCK_DGRAM, port);
}

/** Sends all of it, which is short. Throws where the kernel does not take it. */
export function send(fd: number, bytes: Uint8Array<ArrayBuffer>): void {
  const count = libc.send(fd, bytes, BigInt(bytes.length), MSG_NOSIGNAL);
  if (count !== bytes.length) throw new Error("send failed: the server closed the connection");
}

/** What has arrived, up to the size of the buffer: its number of bytes, 0 at the end, or negative. */
export function recv(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  return libc.recv(fd, buffer, BigInt(buffer.length), 0);
}

export function close(fd: number): void {
  libc.close(fd);
}

/** Waits for whichever of many sockets is ready. */
export class Epoll {
  readonly #fd = libc.epoll_create1(0);
  readonly #events = new Uint8Array(EVENT_SIZE * EVENTS_AT_ONCE);
  readonly #view = new DataView(this.#events.buffer);
  readonly #event = new Uint8Array(EVENT_SIZE);

  #control(operation: number, fd: number, events: number, index: number) {
    const view = new DataView(this.#event.buffer);
    view.setUint32(0, events, true);
    view.setUint32(EVENT_DATA, index, true);
    libc.epoll_ctl(this.#fd, operation, fd, this.#event);
  }

  /** Watches a socket for these events; `wait` tells of it by `index`. */
  add(fd: number, events: number, index: number): void {
    this.#control(EPOLL_CTL_ADD, fd, events, index);
  }

  /** Watches it for other events from now on. */
  change(fd: number, events: number, index: number): void {
    this.#control(EPOLL_CTL_MOD, fd, events, index);
  }

  /** Calls `ready` for each socket that is ready, waiting up to so many milliseconds for the first. */
  wait(milliseconds: number, ready: (index: number, events: number) => void): number {
    const count = libc.epoll_wait(this.#fd, this.#events, EVENTS_AT_ONCE, milliseconds);
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_SIZE;
      ready(this.#view.getUint32(at + EVENT_DATA, true), this.#view.getUint32(at, true));
    }
    return count;
  }
}
