/** The UDP ports that this process has reserved, each with the function that releases it. */
const reservations = new Map<number, () => void>();

/**
 * Notes a reserved UDP port.
 * @param close - closes the socket that holds it
 * @returns a function that releases the port; it may be called more than once
 */
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

/** Releases a reserved UDP port, for a socket of ours to take at once. Does nothing to other ports. */
export function handOverUdpPort(port: number): void {
  reservations.get(port)?.();
}
