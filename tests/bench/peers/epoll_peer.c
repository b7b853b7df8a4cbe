#define _GNU_SOURCE
/*
 * The servers of the benchmark as a plain epoll loop, to show what the kernel allows:
 *   epoll_peer room|line-room|udp
 * Not a server for use: a client that does not read loses messages.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MEMBERS = 65536, EVENTS = 512, BUFFER = 256 * 1024 };

static int members[MEMBERS]; /* their file descriptors */
static int count;

static int listen_on(int type)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t length = sizeof address;
    int s = socket(AF_INET, type | (type == SOCK_STREAM ? SOCK_NONBLOCK : 0), 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&address, length) < 0) {
        perror("bind");
        exit(1);
    }
    if (type == SOCK_STREAM)
        listen(s, 4096);
    getsockname(s, (struct sockaddr *)&address, &length);
    fprintf(stderr, "listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    return s;
}

static void answer_datagrams(void)
{
    int u = listen_on(SOCK_DGRAM);
    char data[1024], host[INET_ADDRSTRLEN];
    struct sockaddr_in from;

    while (1) {
        socklen_t length = sizeof from;
        ssize_t size = recvfrom(u, data, sizeof data, 0, (struct sockaddr *)&from, &length);
        inet_ntop(AF_INET, &from.sin_addr, host, sizeof host);
        printf("Message [%.*s] from %s:%d\n", (int)size, data, host, ntohs(from.sin_port));
        sendto(u, "Hello UDP Client", 16, 0, (struct sockaddr *)&from, length);
    }
}

static void send_all(const char *data, size_t size)
{
    for (int i = 0; i < count; i++)
        send(members[i], data, size, MSG_NOSIGNAL);
}

static void leave(int fd)
{
    for (int i = 0; i < count; i++)
        if (members[i] == fd) {
            members[i] = members[--count];
            break;
        }
    close(fd);
}

/* Line messages that come in the same turn go out together; raw ones each in a write of its own. */
static void serve_room(int lines)
{
    static char turn[BUFFER], held[MEMBERS][64];
    static int held_size[MEMBERS];
    struct epoll_event events[EVENTS], event = { .events = EPOLLIN };
    int one = 1, s = listen_on(SOCK_STREAM), epoll = epoll_create1(0);

    event.data.fd = s;
    epoll_ctl(epoll, EPOLL_CTL_ADD, s, &event);
    while (1) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        size_t queued = 0;
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == s) {
                int c;
                while ((c = accept4(s, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    event.data.fd = c;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, c, &event);
                    held_size[c] = 0;
                    members[count++] = c;
                }
                continue;
            }
            char data[2048];
            ssize_t size = recv(fd, data, sizeof data, 0);
            if (size <= 0) {
                leave(fd);
            } else if (!lines) {
                send_all(data, size);
            } else {
                char *begin = data, *end;
                if (queued + sizeof held[fd] + sizeof data > sizeof turn) {
                    send_all(turn, queued);
                    queued = 0;
                }
                while ((end = memchr(begin, '\n', data + size - begin))) {
                    memcpy(turn + queued, held[fd], held_size[fd]);
                    queued += held_size[fd];
                    held_size[fd] = 0;
                    memcpy(turn + queued, begin, end + 1 - begin);
                    queued += end + 1 - begin;
                    begin = end + 1;
                }
                if ((size_t)(data + size - begin) <= sizeof held[fd] - held_size[fd]) {
                    memcpy(held[fd] + held_size[fd], begin, data + size - begin);
                    held_size[fd] += data + size - begin;
                }
            }
        }
        if (queued > 0)
            send_all(turn, queued);
    }
}

int main(int argc, char **argv)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max < MEMBERS ? files.rlim_max : MEMBERS;
    setrlimit(RLIMIT_NOFILE, &files);
    if (argc == 2 && strcmp(argv[1], "udp") == 0)
        answer_datagrams();
    serve_room(argc == 2 && strcmp(argv[1], "line-room") == 0);
}
