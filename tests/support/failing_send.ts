// `deno run --preload` of a test: makes `send` of a chat server throw where the message is "throw". It
// stands for a mistake in the handler of one member.

import { MessageSocket } from "../../lib/socket.ts";

const { send } = MessageSocket.prototype;

MessageSocket.prototype.send = function (message) {
  if (/\bthrow$/.test(message)) throw new RangeError("no such seat");
  send.call(this, message);
};
