/** Numbers that every simulated host has. */

/** The initial sequence number, the SCTP tags and the cookie. */
export const HOST_NUMBER = 0x5eed_0001;
/** The receive window, in octets. */
export const WINDOW = 65535;
