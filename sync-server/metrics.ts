/**
 * Numbers for the operator, in Prometheus' text format. Labels come from fixed lists (frame types, refusal codes, close
 * codes): none names a space, a person or an address, and none grows with the number of users.
 */
import { cpuUsage, memoryUsage } from "node:process";

/** Upper bounds in seconds: a commit on a good disk takes a millisecond, one that blocks a second is an alarm. */
const COMMIT_BOUNDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;

const COUNTERS = {
  frames: { help: "Frames received, by type.", label: "type" },
  refusals: { help: "Requests refused, by code.", label: "code" },
  closes: { help: "Connections closed, by close code.", label: "code" },
  http: { help: "HTTP answers, by status.", label: "status" },
  failures: { help: "Failures that are no refusals; see the log.", label: null },
} as const;

const GAUGES = {
  connections: "Open connections.",
  spaces: "Spaces.",
  stored_bytes: "Bytes counted into quotas.",
} as const;

export type CounterName = keyof typeof COUNTERS;

export interface Metrics {
  count(name: CounterName, label?: string | number): void;
  /** One transaction: how long it took and how many writes shared it. */
  commit(seconds: number, writes: number): void;
  render(gauges: Readonly<Record<keyof typeof GAUGES, number>>): string;
}

export function createMetrics(): Metrics {
  const empty = (): Map<string | number, number> => new Map();
  const counts = { frames: empty(), refusals: empty(), closes: empty(), http: empty(), failures: empty() };
  const buckets = COMMIT_BOUNDS.map(() => 0);
  let commits = 0;
  let commitSeconds = 0;
  let writes = 0;

  function renderCounters(): string[] {
    return (Object.keys(COUNTERS) as CounterName[]).flatMap((name) => {
      const { help, label } = COUNTERS[name];
      const values: (readonly [string | number, number])[] = [...counts[name]];
      if (values.length === 0) values.push(["", 0]);
      const lines = values.map(
        ([value, n]) => `lomme_${name}_total${label && value ? `{${label}="${value}"}` : ""} ${n}`,
      );
      return [`# HELP lomme_${name}_total ${help}`, `# TYPE lomme_${name}_total counter`, ...lines];
    });
  }

  function renderCommits(): string[] {
    return [
      "# HELP lomme_commit_seconds Duration of a transaction, fsync included.",
      "# TYPE lomme_commit_seconds histogram",
      ...COMMIT_BOUNDS.map((bound, index) => `lomme_commit_seconds_bucket{le="${bound}"} ${buckets[index]}`),
      `lomme_commit_seconds_bucket{le="+Inf"} ${commits}`,
      `lomme_commit_seconds_sum ${commitSeconds}`,
      `lomme_commit_seconds_count ${commits}`,
      "# HELP lomme_writes_total Writes committed.",
      "# TYPE lomme_writes_total counter",
      `lomme_writes_total ${writes}`,
    ];
  }

  return {
    count(name, label = "") {
      const values = counts[name];
      values.set(label, (values.get(label) ?? 0) + 1);
    },
    commit(seconds, size) {
      commits++;
      commitSeconds += seconds;
      writes += size;
      COMMIT_BOUNDS.forEach((bound, index) => {
        if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
      });
    },
    render(gauges) {
      const { user, system } = cpuUsage();
      const gauge = (name: string, help: string, value: number, type = "gauge"): string[] => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} ${type}`,
        `${name} ${value}`,
      ];
      return `${[
        ...renderCounters(),
        ...renderCommits(),
        ...Object.entries(GAUGES).flatMap(([name, help]) =>
          gauge(`lomme_${name}`, help, gauges[name as keyof typeof GAUGES]),
        ),
        ...gauge("process_resident_memory_bytes", "Resident memory.", memoryUsage().rss),
        ...gauge("process_cpu_seconds_total", "CPU time.", (user + system) / 1e6, "counter"),
      ].join("\n")}\n`;
    },
  };
}
