/*
 * Sends UDP probes to many destinations, one sendto each, and counts their port unreachables with recvmmsg: what a plain
 * C program does, for comparison. Usage: throughput SOURCE FIRST-DESTINATION DESTINATIONS ATTEMPTS. Prints JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 32, PAYLOAD = 12, BUFFER = 4 << 20, QUIET_MS = 1000, BASE_PORT = 33434 };

struct probe {
  struct ip ip;
  struct udphdr udp;
  char payload[PAYLOAD];
};

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static int open_socket(int protocol) {
  int fd = socket(AF_INET, SOCK_RAW, protocol);
  if (fd < 0) {
    perror("socket");
    exit(1);
  }
  return fd;
}

static unsigned char packets[BATCH][2048], controls[BATCH][256];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

/* Counts the port unreachables among all that has arrived. */
static long drain(int fd) {
  long found = 0;
  int count;
  do {
    for (int i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){packets[i], sizeof packets[i]};
      messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
      messages[i].msg_hdr.msg_control = controls[i];
      messages[i].msg_hdr.msg_controllen = sizeof controls[i];
    }
    count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) found += packets[i][20] == 3 && packets[i][21] == 3;
  } while (count == BATCH);
  return found;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  in_addr_t source = inet_addr(argv[1]);
  unsigned long first = ntohl(inet_addr(argv[2]));
  long destinations = atol(argv[3]), attempts = atol(argv[4]), answered = 0;
  int sender = open_socket(IPPROTO_RAW), receiver = open_socket(IPPROTO_ICMP), on = 1, size = BUFFER;
  setsockopt(receiver, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  setsockopt(receiver, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  struct probe probe = {.ip = {.ip_v = 4, .ip_hl = 5, .ip_ttl = 1, .ip_p = IPPROTO_UDP}};
  probe.ip.ip_src.s_addr = source;
  probe.udp.uh_sport = htons(40000);
  probe.udp.uh_ulen = htons(sizeof probe.udp + PAYLOAD);
  double start = now();
  for (long attempt = 0; attempt < attempts; attempt++) {
    for (long i = 0; i < destinations; i++) {
      struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(first + i)};
      probe.ip.ip_dst = to.sin_addr;
      probe.ip.ip_id = htons(attempt + 1);
      probe.udp.uh_dport = htons(BASE_PORT + 1 + attempt);
      if (sendto(sender, &probe, sizeof probe, 0, (struct sockaddr *)&to, sizeof to) < 0) {
        perror("sendto");
        return 1;
      }
      if (i % BATCH == 0) answered += drain(receiver);
    }
  }
  struct pollfd readable = {.fd = receiver, .events = POLLIN};
  long sent = destinations * attempts;
  while ((answered += drain(receiver)) < sent && poll(&readable, 1, QUIET_MS) > 0)
    ;
  printf("{\"sent\":%ld,\"answered\":%ld,\"seconds\":%.6f}\n", sent, answered, now() - start);
  return 0;
}
