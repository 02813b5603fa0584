// SPDX-License-Identifier: AGPL-3.0-only
import type { BuildTarget } from "./targets.ts";

type BinaryFormat = BuildTarget["format"];

const elf64LittleEndian = "7f454c460201";
const elfMachines: Readonly<Record<number, BinaryFormat>> = { 62: "elf-x64", 183: "elf-arm64" };
const machO64 = 0xfeedfacf;
const machOCpuArm64 = 0x0100000c;

/**
 * What kind of executable or library `bytes` begin with, or undefined. Formats: System V ABI (ELF header, e_machine at
 * offset 18) and Apple's `mach-o/loader.h` (mach_header_64, cputype at offset 4).
 */
export function binaryFormat(bytes: Uint8Array): BinaryFormat | undefined {
  if (bytes.byteLength < 32) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.subarray(0, 6).toHex() === elf64LittleEndian) return elfMachines[view.getUint16(18, true)];
  if (view.getUint32(0, true) === machO64 && view.getUint32(4, true) === machOCpuArm64) return "macho-arm64";
  return undefined;
}
