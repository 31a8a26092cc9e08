/* A program that is never still: busy MODE COUNTER. It makes new tasks as fast as it can until it is killed, and counts them
   in the first 8 bytes of the file COUNTER.

   fork    children; some live until 40 later ones are there, some end at once, some have a child themselves
   thread  threads that end soon, 20 at a time
   vfork   children that share its memory until they execute or end */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RING = 40, THREADS = 20 };

static _Atomic unsigned long *made;
static sem_t room;

static void live(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == 1) _exit(0);
  for (;;) pause();
}

static void forks(void) {
  pid_t ring[RING] = {0};
  signal(SIGCHLD, SIG_IGN);
  for (unsigned n = 0;; n++) {
    pid_t pid = fork();
    if (pid < 0) continue;
    if (pid == 0) {
      if (n % 2) _exit(0);
      if (n % 8 == 0 && fork() == 0) live();
      live();
    }
    atomic_fetch_add(made, 1);
    if (n % 2) continue;
    if (ring[n / 2 % RING]) kill(ring[n / 2 % RING], SIGKILL);
    ring[n / 2 % RING] = pid;
  }
}

static void *thread(void *unused) {
  usleep(500);
  sem_post(&room);
  return unused;
}

static void threads(void) {
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 65536);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  sem_init(&room, 0, THREADS);
  for (;;) {
    pthread_t id;
    sem_wait(&room);
    if (pthread_create(&id, &small, thread, NULL)) sem_post(&room);
    else atomic_fetch_add(made, 1);
  }
}

static void vforks(void) {
  static unsigned n; /* the child shares the stack */
  for (;; n++) {
    pid_t pid = vfork();
    if (pid == 0) {
      if (n % 4 == 0) execl("/bin/true", "true", (char *)NULL);
      _exit(0);
    }
    if (pid > 0) {
      atomic_fetch_add(made, 1);
      waitpid(pid, NULL, 0);
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int fd = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, 8)) return 2;
  made = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (made == MAP_FAILED) return 2;
  if (!strcmp(argv[1], "fork")) forks();
  if (!strcmp(argv[1], "thread")) threads();
  if (!strcmp(argv[1], "vfork")) vforks();
  return 2;
}
