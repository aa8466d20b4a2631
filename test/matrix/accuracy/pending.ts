/** Kinds of networks over which verdicts are known to claim what is not so. */
export const PENDING: ReadonlySet<string> = new Set([
  'reset-tuned',
  'syn-proxy',
  'forged-error',
  'picky',
  'port-forwarding',
  'other-address',
  'wrong-word',
]);
