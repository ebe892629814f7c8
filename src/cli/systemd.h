/* What a service manager (systemd) hands a program and wants to hear from it. By a datagram of our own and not by libsystemd:
 * the protocol is a line of text to a socket and two variables, stable by promise, and a library more would be loaded (and kept
 * up to date) for it. */
#ifndef CLI_SYSTEMD_H
#define CLI_SYSTEMD_H

#include <stdbool.h>
#include <stdint.h>

/* Sends "READY=1" and the like to NOTIFY_SOCKET; nothing without one. */
void systemd_tell(const char *state);
/* Sockets that listen already (LISTEN_FDS): the one named "metrics" (LISTEN_FDNAMES), and the first other one; −1: none. The
 * variables are taken away, so that no child takes them for its own. */
void systemd_sockets(int *listen, int *metrics);
/* How often it wants to hear "WATCHDOG=1", in nanoseconds; 0: never. */
uint64_t systemd_watchdog(void);

#endif
