/** A terminal that text is shown on. */
export interface Terminal {
  /** Columns and rows, as they are when asked. */
  readonly width: number;
  readonly height: number;
  /** Whether the user wants colours: NO_COLOR is unset. */
  readonly colour: boolean;
}

/** Where a command writes. */
export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
  /** The terminal behind standard output, if it is one, at the moment of asking. */
  readonly terminal?: Terminal | undefined;
}
