/** Kinds of networks over which verdicts are known to claim what is not so. */
export const PENDING: ReadonlySet<string> = new Set(['wrong-word']);
