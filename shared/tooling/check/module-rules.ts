// SPDX-License-Identifier: AGPL-3.0-only

/** What the files of one area may import besides their own area and `shared/`. Prefixes of paths. */
export interface AreaRule {
  /** Path prefix of the area. */
  readonly area: string;
  readonly mayImport: readonly string[];
}

/** The module table of ARCHITECTURE.md. The first rule whose area fits a path counts. */
export const areaRules: readonly AreaRule[] = [
  { area: "appliance/app", mayImport: ["appliance"] },
  // Measures the guide with the knowledge module around it; run by hand, no part of the program.
  { area: "appliance/inference/guide-model/evaluation", mayImport: ["appliance"] },
  { area: "appliance/inference", mayImport: [] },
  { area: "appliance/agent", mayImport: ["appliance/inference", "appliance/gateway", "appliance/ops/storage"] },
  { area: "appliance/messaging", mayImport: ["appliance/agent", "appliance/gateway", "appliance/ops/storage"] },
  { area: "appliance/gateway", mayImport: ["appliance/ops/storage"] },
  { area: "appliance/lan", mayImport: ["appliance"] },
  { area: "appliance/offload", mayImport: ["appliance/inference/scheduler", "appliance/gateway/encryption"] },
  { area: "appliance/ops", mayImport: [] },
  { area: "cloud", mayImport: [] },
  // The build and the gate look at everything; the program never imports them.
  { area: "shared/tooling", mayImport: ["appliance", "cloud"] },
  { area: "shared", mayImport: [] },
  { area: "installers", mayImport: [] },
  { area: "firmware-config", mayImport: [] },
];

/** Modules that import nothing but these packages, so that a plugin or the other side of a wire can carry them. */
export const packageOnlyModules: ReadonlyMap<string, readonly string[]> = new Map([
  ["appliance/messaging/protocol", ["zod"]],
  ["shared/wire", ["zod"]],
]);

/** Directories that hold modules one level deeper than their siblings. */
const nestedAreas = ["appliance/messaging/adapters"];

/** The module a path belongs to: `appliance/app`, `appliance/<area>/<module>`, `shared/<module>`, `cloud/<module>`. */
export function moduleOf(path: string): string | undefined {
  const parts = path.split("/");
  const nested = nestedAreas.find((area) => path.startsWith(`${area}/`) && parts.length > 4);
  if (nested !== undefined) return parts.slice(0, 4).join("/");
  if (path.startsWith("appliance/app/")) return "appliance/app";
  if (parts[0] === "appliance") return parts.length > 3 ? parts.slice(0, 3).join("/") : undefined;
  if (parts[0] === "shared" || parts[0] === "cloud") return parts.length > 2 ? parts.slice(0, 2).join("/") : undefined;
  return undefined;
}
