import { probeTypes } from '../../probes/index.ts';
import type { ProbeType } from '../engine/probe-type.ts';
import { UsageError } from '../model/errors.ts';
import type { ProbeRequest } from '../model/plan.ts';

/** The probe type that a request names. @throws UsageError when the registry has none of that name */
export function requestedType({ name: wanted }: ProbeRequest): ProbeType {
  const type = probeTypes.find(({ name }) => name === wanted);
  if (!type) throw new UsageError(`no probe is called ${wanted}`);
  return type;
}
