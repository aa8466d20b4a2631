/** The part of raw-socket 1.8.1 that is used here, as its source has it. */
declare module 'raw-socket' {
  /** The native socket. Its methods throw an Error that has the system's text and no code. */
  export interface SocketWrap {
    send(buffer: Buffer, offset: number, length: number, address: string, callback: () => void): void;
    recv(buffer: Buffer, callback: (buffer: Buffer, bytes: number, source: string) => void): void;
    setOption(level: number, option: number, value: number): void;
    setOption(level: number, option: number, value: Buffer, length: number): void;
    pause(receiving: boolean, sending: boolean): void;
    close(): void;
    on(event: 'recvReady' | 'error', listener: () => void): void;
    removeAllListeners(): void;
  }
  interface Socket {
    readonly wrap: SocketWrap;
  }
  /** The package's exports. */
  export interface RawSocketPackage {
    readonly AddressFamily: { readonly IPv4: number; readonly IPv6: number };
    readonly SocketLevel: {
      readonly SOL_SOCKET: number;
      readonly IPPROTO_IP: number;
      readonly IPPROTO_IPV6: number;
    };
    readonly SocketOption: {
      readonly SO_RCVBUF: number;
      readonly SO_SNDBUF: number;
      readonly IP_HDRINCL: number;
    };
    createSocket(options: { readonly protocol: number; readonly addressFamily: number }): Socket;
  }
}
