// SPDX-License-Identifier: AGPL-3.0-only

/** Test files that run together. */
export interface TestGroup {
  readonly name: string;
  /** Which files belong to it. */
  readonly glob: string;
  /** `together`: in one run with two workers. `one-by-one`: a process a file, since they measure, kill or fill things. */
  readonly mode: "together" | "one-by-one";
  /** For one test, milliseconds, unless the test says otherwise. */
  readonly testTimeoutMs: number;
}

/** The tests beside the code. */
export const unitTestGroup: TestGroup = {
  name: "unit",
  glob: "{appliance,cloud,shared,installers,firmware-config}/**/*.test.{ts,tsx}",
  mode: "together",
  testTimeoutMs: 10_000,
};

/** All tiers, in the order they run: what is quick and small first. */
export const testGroups: readonly TestGroup[] = [
  unitTestGroup,
  {
    name: "contract, property, regression, security",
    glob: "test/{contract,property,regression,security}/**/*.test.{ts,tsx}",
    mode: "together",
    testTimeoutMs: 60_000,
  },
  {
    name: "integration",
    glob: "test/integration/**/*.integration.test.{ts,tsx}",
    mode: "one-by-one",
    testTimeoutMs: 120_000,
  },
  { name: "faults", glob: "test/faults/**/*.test.{ts,tsx}", mode: "one-by-one", testTimeoutMs: 300_000 },
  { name: "bench", glob: "test/bench/**/*.test.{ts,tsx}", mode: "one-by-one", testTimeoutMs: 120_000 },
  { name: "end to end", glob: "test/e2e/**/*.e2e.test.{ts,tsx}", mode: "one-by-one", testTimeoutMs: 180_000 },
];
