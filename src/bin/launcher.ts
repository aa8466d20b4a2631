/** Starts a command. dist/ has a copy of this file for each command, under the command's name. */
import './no-debugger.ts';
import { load, start } from './compiled.ts';

start(load(), require);
