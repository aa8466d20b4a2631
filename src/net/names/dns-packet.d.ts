/** The part of dns-packet that is used here; the package has no types of its own. */
declare module 'dns-packet' {
  interface Question {
    readonly name: string;
    readonly type: string;
    readonly class?: string;
  }

  interface TextRecord {
    readonly name: string;
    readonly type: 'A' | 'AAAA' | 'CNAME' | 'PTR';
    readonly class?: string;
    readonly data: string;
  }

  interface TxtRecord {
    readonly name: string;
    readonly type: 'TXT';
    readonly class?: string;
    /** One or more strings. `decode` gives the octets of each. */
    readonly data: readonly (Buffer | string)[];
  }

  interface Message {
    readonly id: number;
    readonly type: 'query' | 'response';
    readonly flags: number;
    readonly questions: readonly Question[];
    readonly answers?: readonly (TextRecord | TxtRecord)[];
  }

  interface Codec<T> {
    /** Throws when malformed. */
    readonly decode: {
      (octets: Buffer, offset: number): T;
      /** The number of octets that the last call took. */
      readonly bytes: number;
    };
  }

  const packet: {
    readonly RECURSION_DESIRED: number;
    readonly TRUNCATED_RESPONSE: number;
    encode(message: Message): Buffer;
    readonly question: Codec<Question>;
    readonly answer: Codec<TextRecord | TxtRecord>;
  };
  export default packet;
}
