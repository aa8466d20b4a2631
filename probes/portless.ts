/** Traits of probes that filters and sentences know by the number of their IP protocol only. */
import type { ProbeTraits } from '../src/model/probe-traits.ts';
import { BY_NUMBER_EVERYWHERE } from './filter-words.ts';

/** Such a probe has no ports. Its target answers in kind, or says that it does not have the protocol. */
export const portless: ProbeTraits = {
  hasPorts: false,
  filters: BY_NUMBER_EVERYWHERE,
  targetComplaints: ['protocol'],
  answerState: () => 'reached',
  answerName: () => 'answer',
  flowName: ({ protocol }) => `IP protocol ${protocol}`,
  socket: 'raw',
  showsService: false,
};
