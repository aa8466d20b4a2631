/** All that is fuzzed. */
import type { Target } from '../target.ts';
import { argumentTargets } from './arguments.ts';
import { classifying } from './classify.ts';
import { dns } from './dns.ts';
import { files } from './files.ts';
import { whois } from './whois.ts';
import { wire } from './wire.ts';

export const targets: readonly Target[] = [wire, classifying, dns, whois, files, ...argumentTargets];
