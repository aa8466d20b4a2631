/** The facts that the head of a trace names. */
import type { TraceStart } from '../measure/trace-event.ts';
import type { Plan } from '../model/plan.ts';
import type { World } from '../ports/world.ts';
import type { TraceFacts } from '../render/renderer.ts';

/** Joins what a trace found out with what the user typed. */
export function factsOf(
  { endpoints, probeType: type, sourcePort, length, transport }: TraceStart,
  plan: Plan,
  program: string,
  world: Pick<World, 'serviceName'>,
): TraceFacts {
  const { host, target, family, source, givenSource, device } = endpoints;
  const port = plan.probe.port ?? type.defaultPort;
  const service = type.traits.showsService ? world.serviceName(port) : undefined;
  return {
    program,
    family,
    host: host.name,
    typedHost: plan.host,
    target,
    source,
    ...(givenSource === undefined ? {} : { givenSource }),
    get device() {
      return device();
    },
    ...(sourcePort === undefined ? {} : { sourcePort }),
    port,
    ...(service === undefined ? {} : { service }),
    firstTtl: plan.firstTtl,
    maxTtl: plan.maxTtl,
    attempts: plan.attempts,
    length,
    lengthGiven: plan.length !== undefined,
    fieldKey: type.fieldKey,
    probe: type.name,
    transport,
  };
}
