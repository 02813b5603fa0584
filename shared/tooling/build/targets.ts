// SPDX-License-Identifier: AGPL-3.0-only

/** A package on the npm registry, pinned by content. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** npm's `dist.integrity`. */
  readonly integrity: string;
}

/** What one build target is made of. */
export interface BuildTarget {
  /** Bun's name for the platform. */
  readonly bunTarget: Bun.Build.CompileTarget;
  /** The Bun that goes into the file. */
  readonly runtime: PinnedPackage;
  /** The native library. */
  readonly addon: PinnedPackage;
  readonly variant: "cpu" | "metal" | "vulkan" | "cuda";
  /** What the file and each library in it must be. */
  readonly format: "elf-x64" | "elf-arm64" | "macho-arm64";
}

const bunLinuxX64: PinnedPackage = {
  name: "@oven/bun-linux-x64",
  version: "1.4.5",
  integrity: "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==",
};

/**
 * Every file Hearth is built as. The add-on's version stands here for each target because the registry does not hold
 * all of them in the same version: the macOS package stops at 3.21.1, whose add-on lacks only
 * `copySequenceStateFromOtherSequence` (the engine detects it).
 */
export const buildTargets = {
  "linux-x64": {
    bunTarget: "bun-linux-x64",
    runtime: bunLinuxX64,
    addon: {
      name: "@node-llama-cpp/linux-x64",
      version: "3.22.1",
      integrity: "sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==",
    },
    variant: "cpu",
    format: "elf-x64",
  },
  "linux-x64-vulkan": {
    bunTarget: "bun-linux-x64",
    runtime: bunLinuxX64,
    addon: {
      name: "@node-llama-cpp/linux-x64-vulkan",
      version: "3.22.1",
      integrity: "sha512-bBxqU+JOcBu1nb5Qj2zcMci+JByT1E8EajHvYodyNfVIPkEhXh+/HMwR1/BT7xP08YK0hks+kM8fglER0P8JEg==",
    },
    variant: "vulkan",
    format: "elf-x64",
  },
  "linux-x64-cuda": {
    bunTarget: "bun-linux-x64",
    runtime: bunLinuxX64,
    addon: {
      name: "@node-llama-cpp/linux-x64-cuda",
      version: "3.22.1",
      integrity: "sha512-8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA==",
    },
    variant: "cuda",
    format: "elf-x64",
  },
  "linux-arm64": {
    bunTarget: "bun-linux-arm64",
    runtime: {
      name: "@oven/bun-linux-aarch64",
      version: "1.4.5",
      integrity: "sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
    },
    addon: {
      name: "@node-llama-cpp/linux-arm64",
      version: "3.22.1",
      integrity: "sha512-W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ==",
    },
    variant: "cpu",
    format: "elf-arm64",
  },
  "darwin-arm64": {
    bunTarget: "bun-darwin-arm64",
    runtime: {
      name: "@oven/bun-darwin-aarch64",
      version: "1.4.5",
      integrity: "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
    },
    addon: {
      name: "@node-llama-cpp/mac-arm64-metal",
      version: "3.21.1",
      integrity: "sha512-6MIDAZV7DXD9R1+jEXWJkFuolni3GATGE6mmuyFYc6ZmtOh9djAy15df0T0AXK3sCmVKL+fQcOAWZezxx4MvQQ==",
    },
    variant: "metal",
    format: "macho-arm64",
  },
} as const satisfies Readonly<Record<string, BuildTarget>>;

export type BuildTargetName = keyof typeof buildTargets;

/** Whether a word from the command line names a target. */
export function isBuildTargetName(name: string): name is BuildTargetName {
  return Object.hasOwn(buildTargets, name);
}

/** The target of the machine this runs on, or undefined when Hearth is not built for it. */
export function hostTargetName(platform: string, architecture: string): BuildTargetName | undefined {
  const name = `${platform}-${architecture}`;
  return isBuildTargetName(name) ? name : undefined;
}
