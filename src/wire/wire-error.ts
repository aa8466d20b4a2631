/** The two ways in which octets are no header: too few of them, or wrong ones. */
export type WireErrorCode = 'truncated' | 'malformed';

/** Octets are no valid header. Decoders throw this and nothing else. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  /** The header being read, by the name its RFC gives it. */
  readonly header: string;
  /** The offset of the offending octet in that header. */
  readonly offset: number;

  constructor(code: WireErrorCode, header: string, offset: number, detail: string) {
    super(`${header} ${code} at octet ${offset}: ${detail}`);
    this.code = code;
    this.header = header;
    this.offset = offset;
  }
}
