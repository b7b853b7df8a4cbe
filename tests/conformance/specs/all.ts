// All exercises that can be checked, in the course's order.

import type { Exercise } from "../spec.ts";
import { caseClient, caseServer } from "./case.ts";
import {
  chatClient,
  chatClientArgs,
  chatClientNickname,
  chatServer,
  chatServerNoEcho,
} from "./chat.ts";
import { cinemaClient, cinemaServer } from "./cinema.ts";
import { jsonClient, jsonServer } from "./json.ts";
import { loginClient, loginServer } from "./login.ts";
import { membershipClient, membershipServer } from "./membership.ts";
import { myClient, myServer } from "./my.ts";
import { soc1Client, soc1Server, soc2Client, soc2Server } from "./soc.ts";
import { broadcaster, callee, caller, listener, notify, receiver } from "./udp.ts";

export const EXERCISES: readonly Exercise[] = [
  cinemaServer,
  cinemaClient,
  membershipServer,
  membershipClient,
  caseServer,
  caseClient,
  loginServer,
  loginClient,
  soc1Server,
  soc1Client,
  soc2Server,
  soc2Client,
  myServer,
  myClient,
  chatServer,
  chatClient,
  chatServerNoEcho,
  chatClientArgs,
  chatClientNickname,
  jsonServer,
  jsonClient,
  listener,
  notify,
  broadcaster,
  receiver,
  caller,
  callee,
];
