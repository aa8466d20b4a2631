/** The UDP ports reserved by this process, and how each is let go. */
const reservations = new Map<number, () => void>();

/** Notes a reserved port; answers how it is let go, which may be called more than once. */
export function udpReservation(port: number, close: () => void): () => void {
  let isHeld = true;
  const release = (): void => {
    if (isHeld) close();
    isHeld = false;
    if (reservations.get(port) === release) reservations.delete(port);
  };
  reservations.set(port, release);
  return release;
}

/** Lets a reserved UDP port go, for a socket of ours to take its place at once; of no effect on others. */
export function handOverUdpPort(port: number): void {
  reservations.get(port)?.();
}
