#include "cli/systemd.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

enum { SYSTEMD_FIRST = 3, SYSTEMD_MOST = 8 };

static int64_t systemd_number(const char *name)
{
    const char *text = getenv(name);
    int64_t n;
    return text != NULL && text_int(&n, text, strlen(text)) ? n : -1;
}

void systemd_tell(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = path == NULL ? 0 : strlen(path);
    if (len < 2 || len >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@')) return;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@') to.sun_path[0] = 0; /* a name that is no file */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    close(fd);
}

static bool systemd_listens(int fd)
{
    int yes = 0;
    socklen_t len = sizeof yes;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &yes, &len) == 0 && yes != 0;
}

void systemd_sockets(int *listen, int *metrics)
{
    const char *names = getenv("LISTEN_FDNAMES");
    int64_t count = systemd_number("LISTEN_FDS");
    *listen = *metrics = -1;
    if (systemd_number("LISTEN_PID") != getpid()) count = 0;
    for (int i = 0; i < count && i < SYSTEMD_MOST; i++) {
        size_t len = names == NULL ? 0 : strcspn(names, ":");
        int fd = SYSTEMD_FIRST + i, *to = len == 7 && memcmp(names, "metrics", 7) == 0 ? metrics : listen;
        if (names != NULL) names += len + (names[len] == ':');
        fcntl(fd, F_SETFD, FD_CLOEXEC);
        if (*to < 0 && systemd_listens(fd)) *to = fd;
    }
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
}

uint64_t systemd_watchdog(void)
{
    int64_t usec = systemd_number("WATCHDOG_USEC"), pid = systemd_number("WATCHDOG_PID");
    return usec > 0 && (pid < 0 || pid == getpid()) ? (uint64_t)usec * 1000 : 0;
}
