// A chat client in C, as somebody writes it who knows C: `chat_client HOST PORT`. Through a pipe, printf
// keeps what it prints.
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count < 3) return 2;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
    inet_pton(AF_INET, arguments[1], &address.sin_addr);
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (struct sockaddr *)&address, sizeof address) < 0) return 1;
    printf("chat client start\n");
    struct pollfd ends[] = {{.fd = server, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
    char bytes[2049];
    while (poll(ends, 2, -1) > 0) {
        if (ends[0].revents) {
            ssize_t length = read(server, bytes, 2048);
            if (length <= 0) return 0;
            bytes[length] = 0;
            printf("receive :  %s\n", bytes);
        }
        if (ends[1].revents) {
            ssize_t length = read(0, bytes, 2048);
            if (length <= 0) return 0;
            bytes[length] = 0;
            for (char *line = strtok(bytes, "\n"); line; line = strtok(NULL, "\n")) {
                write(server, line, strlen(line));
                if (strcmp(line, "bye") == 0) {
                    shutdown(server, SHUT_WR);
                    ends[1].fd = -1;
                }
            }
        }
    }
}
