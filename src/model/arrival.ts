/** What the TTL and the time of a reply's arrival tell of its way. */

/** The TTLs that systems send with. */
const INITIAL_TTLS = [64, 128, 255];
/** Ways back from a router and from the hop behind it do not differ by more routers than that. */
const MOST_FURTHER = 12;
/** A time is shorter than another where it is so by this share and so many milliseconds. */
const SHORTER_SHARE = 0.08;
const SHORTER_MS = 0.3;

/** The routers that a reply has come over, by the TTL that its system will have sent it with. @param ttl - 1 to 255 */
export function routersBack(ttl: number): number {
  return (INITIAL_TTLS.find((initial) => initial >= ttl) ?? ttl) - ttl;
}

/**
 * Tells whether a reply may come from the hop behind a router. What has come over no more routers than the router's own
 * was sent by that router, and what has come over many more has been given a TTL of its own.
 * @param own - TTL of the reply on arrival
 * @param router - the same of the router's time exceeded
 */
export function isFromBehind(own: number, router: number): boolean {
  const further = routersBack(own) - routersBack(router);
  return further > 0 && further <= MOST_FURTHER;
}

/** Tells whether a time is shorter than another by more than chance. Both in milliseconds. */
export function isShorter(ms: number, other: number): boolean {
  return ms < other - Math.max(SHORTER_MS, other * SHORTER_SHARE);
}
