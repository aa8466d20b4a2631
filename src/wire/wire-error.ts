/** Why octets could not be read as a header. */
export type WireErrorCode = 'truncated' | 'malformed';

/** Octets that are no valid header. Thrown by every decoder; nothing else is. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  /** The header that was being read, as its RFC calls it. */
  readonly header: string;
  /** Offset of the offending octet from the start of that header. */
  readonly offset: number;

  constructor(code: WireErrorCode, header: string, offset: number, detail: string) {
    super(`${header} ${code} at octet ${offset}: ${detail}`);
    this.code = code;
    this.header = header;
    this.offset = offset;
  }
}
