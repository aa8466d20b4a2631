#!/usr/bin/env node
import { basename } from 'node:path';
import { main } from '../main.ts';
import { realWorld } from '../net/world.ts';

const [, script = 'tcptraceroute', ...argv] = process.argv;
process.exitCode = await main('tcptraceroute', basename(script, '.js'), argv, realWorld());
