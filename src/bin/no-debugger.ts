/**
 * Takes SIGUSR1, on which Node would open its inspector: who may send the signal to a run with more rights than his own
 * would run code in it. Imported first, so that it is the first statement of a command. It is never undone, for then the
 * signal would end the process.
 */
process.on('SIGUSR1', () => undefined);
