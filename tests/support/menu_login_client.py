# A client as later copies of page 001 describe it: Login, Register and ChangePw, each followed by two texts
# that are sent one right after the other. The server's answer is what it does next. Prompts go to stdout.
import socket
import sys

PROMPTS = {
    "Login": ("ID : ", "PW : "),
    "Register": ("New ID : ", "New PW : "),
    "ChangePw": ("New PW : ", "Reinput PW : "),
}
CHOICES = {
    "": ("Login", "Register"),
    "WrongId": ("Login", "Register"),
    "WrongPw": ("Login", "ChangePw"),
}


def ask(prompt):
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if line == "":
        sys.exit("end of input")
    return line.rstrip("\n")


server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
state = ""
while state != "Success":
    if state in CHOICES:
        choice = ask("/".join(CHOICES[state]) + " : ")
        state = CHOICES[state][int(choice) - 1]
        server.send(state.encode())
    else:
        first, second = ask(PROMPTS[state][0]), ask(PROMPTS[state][1])
        server.send(first.encode())
        server.send(second.encode())
        state = server.recv(1024).decode()
        print("<" + state + ">", flush=True)
        if state == "":
            sys.exit("the server has closed the connection")
