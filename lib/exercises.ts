// The course's exercises, page by page, each with a line on what its script does: the first line of its
// usage, and what `sockets` lists.

/** Titles of the pages' exercises, and under each the scripts with a line on what they do. */
export const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "page 000, report 1: cinema reservation": {
    cinema: "Cinema reservation, server and client in one.",
  },
  "page 000, report 2: sign-up and login": {
    membership: "Sign-up and login, server and client in one.",
  },
  "page 001: upper and lower case": {
    case_server: "Case converter: answers each sentence in upper or lower case.",
    case_client: "Case converter: sends a sentence, shows it in the other case.",
  },
  "page 001: login": {
    login_server: "Login: answers whether an id and a password belong together.",
    login_client: "Login: sends an id and a password, shows the server's answer.",
  },
  "page 002: one connection": {
    soc1_server: "Takes one connection, prints what it says, and ends.",
    soc1_client: "Connects to soc1_server, says hello, and ends.",
  },
  "page 002: echo server": {
    soc2_server: "Answers each client's message with its port number and a greeting.",
    soc2_client: "Sends one message to soc2_server and prints the answer.",
  },
  "page 003: chat room": {
    my_server: "Chat room with nicknames; /q leaves it.",
    my_client: "Joins the room of my_server under a nickname; /q leaves it.",
  },
  "page 004, 4: chat": {
    chat_server: "Chat server: every message goes to all clients.",
    chat_client: "Chat client: sends each line typed, shows what others send.",
  },
  "page 004, 4-1: own messages hidden": {
    chat_server_no_echo: "Chat server: every message goes to all other clients.",
  },
  "page 004, 4-2: address from argv": {
    chat_client_args: "Chat client that takes the server's address from the command line.",
  },
  "page 004, 4-3: nickname": {
    chat_client_nickname: "Chat client that puts your nickname before every message.",
  },
  "page 004, 4-4: dictionaries as JSON": {
    json_server: "JSON server: answers ten JSON texts of each client with the same value.",
    json_client: "JSON client: sends a dictionary as JSON, shows what comes back.",
    json_types: "Prints examples of JSON and of dictionaries.",
  },
  "page 004, 5: UDP 1:1": {
    listener: "UDP server: prints every datagram and answers it.",
    notify: "UDP client: sends the listener a datagram and prints its answer.",
  },
  "page 004, 6: UDP broadcast": {
    broadcaster: "UDP broadcast: sends everyone on the local network a datagram, again and again.",
    receiver: "UDP broadcast: prints what the broadcaster sends.",
  },
  "page 004, 7: caller, callee": {
    caller: "UDP broadcast: calls everyone on the local network and prints who answers.",
    callee: "UDP broadcast: answers every call of the caller.",
  },
};

/** What the script of that name does, in a line. */
export function about(name: string): string | undefined {
  return Object.values(PAGES).find((scripts) => Object.hasOwn(scripts, name))?.[name];
}

/** Whether the script of that name uses UDP. */
export function usesUdp(name: string): boolean {
  return about(name)?.startsWith("UDP") === true;
}
