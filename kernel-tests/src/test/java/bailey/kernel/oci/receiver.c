/*
 * receiver SOCKET
 *
 * Listens at SOCKET, takes one message with a descriptor, and prints the message. Of a process it prints
 * its number as well; a descriptor of seccomp(2) it answers one call by, with EDOM, and prints of which
 * process that was.
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void print_process(int fd) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  FILE *info = fopen(path, "r");
  while (info && fgets(line, sizeof line, info))
    if (!strncmp(line, "Pid:", 4)) printf("%s", line);
}

static void answer(int fd) {
  struct seccomp_notif request;
  struct seccomp_notif_resp response;
  memset(&request, 0, sizeof request);
  if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &request)) return;
  memset(&response, 0, sizeof response);
  response.id = request.id, response.error = -EDOM;
  if (!ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &response)) printf("answered %d\n", request.pid);
}

int main(int count, char **arguments) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (count != 2 || strlen(arguments[1]) >= sizeof address.sun_path) return 2;
  strcpy(address.sun_path, arguments[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1)) return 3;
  int from = accept(listener, 0, 0);
  char text[65536] = {0}, control[64];
  struct iovec part = {text, sizeof text - 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  if (recvmsg(from, &message, 0) < 0) return 4;
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  if (!rights || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(sizeof(int))) return 5;
  int fd;
  memcpy(&fd, CMSG_DATA(rights), sizeof fd);
  printf("%s\n", text);
  fflush(stdout);
  print_process(fd);
  answer(fd);
  return 0;
}
