/** The terminal that shows the text. */
export interface Terminal {
  /** Columns, at the moment of asking. */
  readonly width: number;
  /** Rows, at the moment of asking. */
  readonly height: number;
  /** False when NO_COLOR is set, as the user wants no colours, or the terminal is dumb. */
  readonly colour: boolean;
  /** Whether it shows UTF-8, by the locale of the process. */
  readonly isUtf8: boolean;
  /** False when the terminal is dumb: nothing on it can be written over. */
  readonly redraws: boolean;
}

/** The two streams that a command writes to. */
export interface Output {
  stdout(text: string): void;
  stderr(text: string): void;
  /** The terminal behind standard output, at the moment of asking; undefined when there is none. */
  readonly terminal?: Terminal | undefined;
}
