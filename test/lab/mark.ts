/** What the far namespace's firewall and the responder agree on. */

/** The SO_MARK of what the responder sends, without which nothing leaves: "pt" in ASCII. */
export const RESPONDER_MARK = 0x7074;
/** The option type that stands for a loose source route: one for experiments. RFC 4727 section 2.2 */
export const HIDDEN_SOURCE_ROUTE = 158;
